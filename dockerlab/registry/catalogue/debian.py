"""Debian and Ubuntu: merged /usr, dpkg's database, the required packages, and filler up to the real size."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.registry.catalogue.accounts import DEBIAN_GROUPS, DEBIAN_USERS, accounts
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load

_FOLDERS = (
    "/boot /dev /home /media /mnt /opt /proc /run/lock /srv /sys /usr/games /usr/include /usr/lib64 /usr/local/bin "
    "/usr/local/etc /usr/local/games /usr/local/include /usr/local/lib /usr/local/sbin /usr/local/share /usr/local/src "
    "/usr/src /var/backups /var/cache/apt/archives/partial /var/lib/apt/lists/partial /var/lib/dpkg/updates "
    "/var/lib/misc /var/log/apt /var/opt /var/spool /etc/apt/apt.conf.d /etc/apt/preferences.d /etc/apt/trusted.gpg.d "
    "/etc/apt/sources.list.d /etc/default /etc/profile.d /etc/skel /etc/init.d /etc/cron.daily /etc/pam.d"
)
_LINKS = {
    "/bin": "usr/bin", "/sbin": "usr/sbin", "/lib": "usr/lib",
    "/lib64": "usr/lib64", "/var/run": "/run",
    "/var/lock": "/run/lock", "/usr/bin/awk": "/etc/alternatives/awk",
    "/etc/mtab": "/proc/mounts",
    "/etc/alternatives/awk": "/usr/bin/mawk", "/usr/bin/nawk": "/etc/alternatives/nawk",
    "/etc/os-release": "../usr/lib/os-release",
    "/etc/alternatives/nawk": "/usr/bin/mawk", "/usr/bin/which": "/etc/alternatives/which",
    "/etc/alternatives/which": "/usr/bin/which.debianutils", "/usr/bin/pager": "/etc/alternatives/pager",
    "/etc/alternatives/pager": "/usr/bin/more", "/usr/local/man": "share/man",
}  # fmt: skip
_LIBRARIES = "/usr/lib/x86_64-linux-gnu"
_LANGUAGES = (
    "af ar be bg bn ca cs cy da de el eo es et eu fa fi fr ga gl gu he hi hr hu id is it ja ka kk km kn ko ku ky lt lv "
    "mk ml mr ms nb ne nl nn pa pl pt pt_BR ro ru sk sl sq sr sv ta te th tr uk uz vi zh_CN zh_TW"
).split()
_PROFILE = """\
# /etc/profile: for login shells.
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
else
  PATH="/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games"
fi
export PATH
"""
_BASHRC = "# ~/.bashrc: for interactive shells.\n[ -z \"$PS1\" ] && return\nPS1='\\u@\\h:\\w\\$ '\n"


@dataclass(frozen=True)
class Package:
    """One of dpkg's packages, as a suite has it."""

    name: str
    version: str
    row: Mapping[str, Any]

    @property
    def paragraph(self) -> str:
        """What the status file says about it (dpkg's status format, deb-control(5))."""
        essential = "Essential: yes\n" if self.row.get("essential") else ""
        architecture = "all" if self.row.get("all") else "amd64"
        return (
            f"Package: {self.name}\n{essential}Status: install ok installed\n"
            f"Priority: {self.row.get('priority', 'required')}\nSection: {self.row['section']}\n"
            f"Installed-Size: {self.row['kb']}\nArchitecture: {architecture}\nVersion: {self.version}\n"
            f"Description: part of the base system ({self.name})\n"
        )


def packages(suite: str) -> Iterator[Package]:
    """The base packages of a suite, by name."""
    data = load("debian")
    facts = data["suites"][suite]
    rows = {facts.get("rename", {}).get(name, name): row for name, row in data["packages"].items()}
    for name in sorted(rows.keys() - set(facts.get("without", ()))):
        version = facts.get("versions", {}).get(name) or _derived(rows[name]["version"], facts)
        yield Package(name, version, rows[name])


def _derived(version: str, facts: Mapping[str, Any]) -> str:
    """Another suite's version of a package, where its own isn't in the data."""
    bare = re.sub(r"[+~]deb12u\d+$", "", version)
    if facts.get("ubuntu"):
        return f"{bare}ubuntu0.1"
    return bare + facts["revision"] if "revision" in facts else version


def plant(tree: Tree, facts: Mapping[str, Any]) -> None:
    """Fill the tree of a Debian or Ubuntu image."""
    tree.folders(_FOLDERS)
    tree.folder("/root", 0o700)
    tree.folder("/tmp", 0o1777)
    tree.folder("/var/tmp", 0o1777)
    tree.folder("/var/mail", 0o2775, gid=8)
    for path, target in _LINKS.items():
        tree.link(path, target)
    _settings(tree, facts)
    installed = list(packages(facts["codename"]))
    tree.text("/var/lib/dpkg/status", "\n".join(package.paragraph for package in installed))
    modes = load("debian")["modes"]
    for package in installed:
        _install(tree, package, modes, slim=facts.get("slim", False))
    _fill_up(tree, facts["size"])


def _settings(tree: Tree, facts: Mapping[str, Any]) -> None:
    """The files of /etc that people look at."""
    ubuntu = facts["family"] == "ubuntu"
    tree.text("/usr/lib/os-release", _os_release(facts))
    tree.text("/etc/debian_version", _DEBIAN_VERSIONS.get(facts["codename"], facts.get("point", "")) + "\n")
    tree.text("/etc/issue", f"{_pretty(facts)} \\n \\l\n\n")
    tree.text("/etc/issue.net", f"{_pretty(facts)}\n")
    tree.text("/etc/host.conf", "multi on\n")
    tree.text("/etc/hostname", "localhost\n")
    tree.text("/etc/hosts", "127.0.0.1\tlocalhost\n")
    tree.text("/etc/resolv.conf", "")
    tree.text("/etc/fstab", "# UNCONFIGURED FSTAB FOR BASE SYSTEM\n")
    tree.text(
        "/etc/shells", "# /etc/shells: valid login shells\n/bin/sh\n/usr/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/dash\n"
    )
    tree.text("/etc/profile", _PROFILE)
    tree.text("/etc/bash.bashrc", _BASHRC)
    tree.text("/root/.bashrc", _BASHRC)
    tree.text("/root/.profile", "[ -f ~/.bashrc ] && . ~/.bashrc\n")
    tree.text("/etc/environment", "")
    tree.text("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\n")
    tree.text("/etc/login.defs", "MAIL_DIR /var/mail\nUID_MIN 1000\nUID_MAX 60000\nUMASK 022\n")
    tree.text("/etc/motd", "" if ubuntu else "The files of this system are simulated by dockerlab.\n")
    has_user = facts["codename"] in ("noble", "questing")
    accounts(tree, "/bin/bash", DEBIAN_USERS, DEBIAN_GROUPS, "ubuntu" if has_user else "")
    if has_user:
        tree.folder("/home/ubuntu", 0o750, 1000, 1000)
    if ubuntu:
        numbers = {"DISTRIB_ID": "Ubuntu", "DISTRIB_RELEASE": facts["version"], "DISTRIB_CODENAME": facts["codename"]}
        lines = [f"{key}={value}\n" for key, value in numbers.items()]
        tree.text("/etc/lsb-release", f'{"".join(lines)}DISTRIB_DESCRIPTION="{_pretty(facts)}"\n')


_DEBIAN_VERSIONS = {
    "questing": "forky/sid", "noble": "trixie/sid", "jammy": "bookworm/sid", "focal": "bullseye/sid",
    "bionic": "buster/sid",
}  # fmt: skip


def _support(facts: Mapping[str, Any]) -> str:
    """What Ubuntu adds to the number of a release with long-term support."""
    return " LTS" if facts.get("lts", True) else ""


def _pretty(facts: Mapping[str, Any]) -> str:
    if facts["family"] == "ubuntu":
        return f"Ubuntu {facts['point']}{_support(facts)}"
    return f"Debian GNU/Linux {facts['version']} ({facts['codename']})"


def _os_release(facts: Mapping[str, Any]) -> str:
    """os-release(5), without the addresses of real sites."""
    ubuntu = facts["family"] == "ubuntu"
    version = (
        f"{facts['point']}{_support(facts)} ({facts['title']})"
        if ubuntu
        else f"{facts['version']} ({facts['codename']})"
    )
    fields = [
        ("PRETTY_NAME", _pretty(facts)),
        ("NAME", "Ubuntu" if ubuntu else "Debian GNU/Linux"),
        ("VERSION_ID", facts["version"]),
        ("VERSION", version),
    ]
    quoted = "".join(f'{key}="{value}"\n' for key, value in fields)
    plain = f"VERSION_CODENAME={facts['codename']}\nID={facts['family']}\n"
    like = f"ID_LIKE=debian\nUBUNTU_CODENAME={facts['codename']}\n" if ubuntu else ""
    return f"{quoted}{plain}{like}"


def _install(tree: Tree, package: Package, modes: Mapping[str, str], *, slim: bool) -> None:
    """Put a package's files into the tree."""
    paths: list[str] = []
    for path, size in package.row.get("programs", {}).items():
        tree.program(path, size, int(modes.get(path, "755"), 8))
        paths.append(path)
    for path, target in package.row.get("links", {}).items():
        tree.link(path, target)
        paths.append(path)
    if package.name.startswith("lib") and not package.row.get("all"):
        path = f"{_LIBRARIES}/{package.name.split(':')[0]}.so"
        tree.filler(path, _library_size(package))
        paths.append(path)
    if not slim:
        path = f"/usr/share/doc/{package.name}/copyright"
        tree.text(path, f"{package.name} {package.version}: simulated by dockerlab, the files are filler.\n")
        paths.append(path)
    tree.text(f"/var/lib/dpkg/info/{package.name}.list", "/.\n" + "".join(f"{path}\n" for path in paths))


def _library_size(package: Package) -> int:
    """About as large as the package's main file would be, in bytes."""
    return max(4, int(package.row["kb"]) * 3 // 10) << 10


def _fill_up(tree: Tree, size: int) -> None:
    """Locales, character sets and Perl modules up to the image's size, to the byte."""
    left = size - tree.size
    each = left // (2 * len(_LANGUAGES))
    for language in _LANGUAGES:
        tree.filler(f"/usr/share/locale/{language}/LC_MESSAGES/messages.mo", each)
    charsets = [f"{_LIBRARIES}/gconv/CHARSET{number:02}.so" for number in range(20)]
    for path in charsets:
        tree.filler(path, (left - each * len(_LANGUAGES)) // 40)
    tree.filler(f"{_LIBRARIES}/perl-base/modules.pl", size - tree.size)


__all__ = ["Package", "packages", "plant"]
