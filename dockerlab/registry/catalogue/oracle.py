"""Oracle Linux: the small base that MySQL's images stand on, with GNU's tools, rpm and microdnf."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.registry.catalogue.accounts import DEBIAN_GROUPS, DEBIAN_USERS, accounts
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load

_FOLDERS = (
    "/afs /boot /dev /home /media /mnt /opt /proc /run/lock /srv /sys /usr/local/bin /usr/local/sbin /usr/local/lib "
    "/etc/yum.repos.d /etc/profile.d /var/cache /var/lib/dnf /var/lib/rpm /var/log /var/spool"
)
_LINKS = {
    "/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib", "/lib64": "usr/lib64", "/var/run": "../run",
    "/var/lock": "../run/lock", "/etc/redhat-release": "oracle-release", "/usr/bin/sh": "bash",
    "/usr/bin/awk": "gawk", "/etc/os-release": "../usr/lib/os-release", "/etc/mtab": "../proc/self/mounts",
}  # fmt: skip
_SHARED = ("bash", "coreutils", "findutils", "grep", "gzip", "sed", "tar", "libc-bin", "diffutils", "passwd", "login")
"""Packages of Debian's that bring programs of the same names."""
_OWN = {
    "/usr/bin/gawk": 712, "/usr/bin/microdnf": 126, "/usr/bin/rpm": 23, "/usr/bin/curl": 260, "/usr/bin/gpg": 1130,
}  # fmt: skip
_LIBRARIES = (
    "libc.so.6 libcrypto.so.3 libssl.so.3 libglib-2.0.so.0 libcurl.so.4 libdnf.so.2 librpm.so.9 libsqlite3.so.0 "
    "libxml2.so.2 libstdc++.so.6 libgcrypt.so.20 libgnutls.so.30 libp11-kit.so.0 locale/C.utf8/LC_CTYPE"
)


def plant(tree: Tree, facts: Mapping[str, Any]) -> None:
    """Fill the tree of an Oracle Linux image."""
    tree.folders(_FOLDERS)
    tree.folder("/root", 0o550)
    tree.folder("/tmp", 0o1777)
    tree.folder("/var/tmp", 0o1777)
    for path, target in _LINKS.items():
        tree.link(path, target)
    for name in _SHARED:
        row = load("debian")["packages"][name]
        for path, size in row.get("programs", {}).items():
            tree.program(path, size)
    for path, kilobytes in _OWN.items():
        tree.program(path, kilobytes << 10)
    _settings(tree, facts["version"])
    *first, last = _LIBRARIES.split()
    each = (facts["size"] - tree.size) // (len(first) + 1)
    for name in first:
        tree.filler(f"/usr/lib64/{name}", each, 0o755)
    tree.filler(f"/usr/lib64/{last}", facts["size"] - tree.size)


def _settings(tree: Tree, version: str) -> None:
    """The files of /etc that people look at."""
    tree.text("/etc/oracle-release", f"Oracle Linux Server release {version}\n")
    tree.text(
        "/usr/lib/os-release",
        f'NAME="Oracle Linux Server"\nVERSION="{version}"\nID="ol"\nID_LIKE="fedora"\nVARIANT="Server"\n'
        f'VARIANT_ID="server"\nVERSION_ID="{version}"\nPLATFORM_ID="platform:el9"\n'
        f'PRETTY_NAME="Oracle Linux Server {version}"\n',
    )
    tree.text("/etc/hostname", "localhost\n")
    tree.text("/etc/hosts", "127.0.0.1\tlocalhost\n")
    tree.text("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")
    tree.text("/etc/profile", "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin\n")
    tree.text("/etc/bashrc", "[ -z \"$PS1\" ] && return\nPS1='[\\u@\\h \\W]\\$ '\n")
    tree.text("/root/.bashrc", "[ -f /etc/bashrc ] && . /etc/bashrc\n")
    accounts(tree, "/bin/bash", DEBIAN_USERS, DEBIAN_GROUPS)
