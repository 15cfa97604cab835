"""Alpine: busybox with symbolic links for its applets, musl, and apk's database."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.registry.catalogue.accounts import ALPINE_GROUPS, ALPINE_USERS, accounts
from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import load

_BUSYBOX_SIZE = 808_712
_FOLDERS = (
    "/dev /home /media/cdrom /media/floppy /media/usb /mnt /opt /proc /run/lock /srv /sys /usr/lib /usr/local/bin "
    "/usr/local/lib /usr/local/share /usr/sbin /usr/share/man /usr/share/misc /var/cache/apk /var/cache/misc "
    "/var/empty /var/lib/apk /var/lib/misc /var/lib/udhcpd /var/local /var/log /var/mail /var/opt /var/spool/cron "
    "/etc/apk/keys /etc/conf.d /etc/crontabs /etc/init.d /etc/network/if-up.d /etc/periodic/daily /etc/profile.d "
    "/lib/apk/db /lib/modules-load.d"
)
_LINKS = {
    "/var/lock": "/run/lock", "/var/run": "/run", "/etc/mtab": "../proc/mounts",
    "/lib/libc.musl-x86_64.so.1": "ld-musl-x86_64.so.1",
}  # fmt: skip
_PROFILE = """\
export PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export PAGER=less
umask 022
PS1='\\h:\\w\\$ '
for script in /etc/profile.d/*.sh ; do
        if [ -r "$script" ] ; then
                . "$script"
        fi
done
unset script
"""


def plant(tree: Tree, facts: Mapping[str, Any]) -> None:
    """Fill the tree of an Alpine image."""
    tree.folders(_FOLDERS)
    tree.folder("/root", 0o700)
    tree.folder("/tmp", 0o1777)
    tree.folder("/var/tmp", 0o1777)
    for path, target in _LINKS.items():
        tree.link(path, target)
    tree.program("/bin/busybox", _BUSYBOX_SIZE)
    for folder, names in load("busybox")["alpine"].items():
        for name in names.split():
            tree.link(f"{folder}/{name}", "/bin/busybox")
    smaller = load("alpine")["sizes"].get(facts["version"].rpartition(".")[0], {})
    for path, (_, kilobytes) in load("alpine")["files"].items():
        mode = 0o755 if "bin/" in path or ".so" in path else 0o644
        tree.filler(path, smaller.get(path, kilobytes) << 10, mode)
    _settings(tree, facts)
    tree.filler("/usr/lib/engines-3/loader.so", facts["size"] - tree.size)


def _settings(tree: Tree, facts: Mapping[str, Any]) -> None:
    version = facts["version"]
    branch = version.rpartition(".")[0]
    tree.text("/etc/alpine-release", f"{version}\n")
    tree.text(
        "/etc/os-release",
        f'NAME="Alpine Linux"\nID=alpine\nVERSION_ID={version}\nPRETTY_NAME="Alpine Linux v{branch}"\n',
    )
    places = "".join(f"https://alpine.example/alpine/v{branch}/{part}\n" for part in ("main", "community"))
    tree.text("/etc/apk/repositories", places)
    tree.text("/etc/apk/arch", "x86_64\n")
    tree.text("/etc/apk/world", "alpine-baselayout\nalpine-keys\nalpine-release\napk-tools\nbusybox\nmusl-utils\n")
    tree.text("/lib/apk/db/installed", _database(branch))
    tree.text("/etc/motd", "Welcome to Alpine, simulated by dockerlab.\n")
    tree.text("/etc/issue", f"Welcome to Alpine Linux {branch}\nKernel \\r on \\m (\\l)\n\n")
    tree.text("/etc/hostname", "localhost\n")
    tree.text("/etc/hosts", "127.0.0.1\tlocalhost localhost.localdomain\n::1\t\tlocalhost localhost.localdomain\n")
    tree.text("/etc/profile", _PROFILE)
    tree.text("/etc/shells", "# valid login shells\n/bin/sh\n/bin/ash\n")
    tree.text("/etc/fstab", "/dev/cdrom\t/media/cdrom\tiso9660\tnoauto,ro 0 0\n")
    tree.text("/etc/nsswitch.conf", "hosts: files dns\n")
    accounts(tree, "/bin/sh", ALPINE_USERS, ALPINE_GROUPS)


def _database(branch: str) -> str:
    """The packages that are installed, in apk's format: one letter and a colon a line, an empty line after each."""
    data = load("alpine")
    versions = data["versions"].get(branch, {})
    records = []
    for name, row in data["packages"].items():
        depends = f"D:{row['depends']}\n" if "depends" in row else ""
        version = versions.get(name, row["version"])
        size = row["kb"] << 10
        records.append(
            f"P:{name}\nV:{version}\nA:x86_64\nS:{size * 2 // 5}\nI:{size}\nT:{row['description']}\n{depends}"
            f"o:{name}\n{_files(name)}\n"
        )
    return "".join(records)


def _files(package: str) -> str:
    """The lines that name a package's files (F: folder, R: file)."""
    paths = [path for path, (owner, _) in load("alpine")["files"].items() if owner == package]
    splits = (path.strip("/").rpartition("/") for path in paths)
    return "".join(f"F:{folder}\nR:{name}\n" for folder, _, name in splits)
