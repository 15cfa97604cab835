"""/etc/passwd, /etc/group and /etc/shadow as the distributions ship them (passwd(5), group(5), shadow(5))."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from dockerlab.registry.catalogue.building import Tree

_NOLOGIN = "/usr/sbin/nologin"
DEBIAN_USERS = (
    ("daemon", 1, 1, "/usr/sbin"), ("bin", 2, 2, "/bin"), ("sys", 3, 3, "/dev"), ("sync", 4, 65534, "/bin"),
    ("games", 5, 60, "/usr/games"), ("man", 6, 12, "/var/cache/man"), ("lp", 7, 7, "/var/spool/lpd"),
    ("mail", 8, 8, "/var/mail"), ("news", 9, 9, "/var/spool/news"), ("uucp", 10, 10, "/var/spool/uucp"),
    ("proxy", 13, 13, "/bin"), ("www-data", 33, 33, "/var/www"), ("backup", 34, 34, "/var/backups"),
    ("list", 38, 38, "/var/list"), ("irc", 39, 39, "/run/ircd"), ("_apt", 42, 65534, "/nonexistent"),
    ("nobody", 65534, 65534, "/nonexistent"),
)  # fmt: skip
DEBIAN_GROUPS = (
    "root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 "
    "fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 "
    "irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534"
)
ALPINE_USERS = (
    ("bin", 1, 1, "/bin"), ("daemon", 2, 2, "/sbin"), ("lp", 4, 7, "/var/spool/lpd"), ("sync", 5, 0, "/sbin"),
    ("shutdown", 6, 0, "/sbin"), ("halt", 7, 0, "/sbin"), ("mail", 8, 12, "/var/mail"),
    ("news", 9, 13, "/usr/lib/news"),
    ("uucp", 10, 14, "/var/spool/uucppublic"), ("cron", 16, 16, "/var/spool/cron"), ("ftp", 21, 21, "/var/lib/ftp"),
    ("sshd", 22, 22, "/dev/null"), ("games", 35, 35, "/usr/games"), ("ntp", 123, 123, "/var/empty"),
    ("guest", 405, 100, "/dev/null"), ("nobody", 65534, 65534, "/"),
)  # fmt: skip
ALPINE_GROUPS = (
    "root:0 bin:1 daemon:2 sys:3 adm:4 tty:5 disk:6 lp:7 kmem:9 wheel:10 floppy:11 mail:12 news:13 uucp:14 cron:16 "
    "audio:18 cdrom:19 dialout:20 ftp:21 sshd:22 input:23 tape:26 video:27 netdev:28 kvm:34 games:35 shadow:42 "
    "www-data:82 users:100 ntp:123 abuild:300 utmp:406 ping:999 nogroup:65533 nobody:65534"
)
BUSYBOX_USERS = tuple(
    row for row in DEBIAN_USERS if row[0] in "daemon bin sys sync mail www-data backup nobody".split()
)
BUSYBOX_GROUPS = (
    "root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 kmem:9 wheel:10 cdrom:11 dialout:18 floppy:19 video:28 "
    "audio:29 tape:32 www-data:33 operator:37 utmp:43 plugdev:46 staff:50 lock:54 netdev:82 users:100 nobody:65534"
)

_PASSWORD_DAYS = 20_361


Row: TypeAlias = tuple[str, int, int, str]
"""A user: name, UID, GID, home."""


def passwd(rows: Iterable[Row], shells: Mapping[str, str]) -> str:
    """The text of /etc/passwd; who has no shell can't log in."""
    return "".join(
        f"{name}:x:{uid}:{gid}:{name}:{home}:{shells.get(name, _NOLOGIN)}\n" for name, uid, gid, home in rows
    )


def group(names: str) -> str:
    """The text of /etc/group, of words like 'root:0'."""
    return "".join(f"{name}:x:{gid}:\n" for name, _, gid in (word.partition(":") for word in names.split()))


def accounts(tree: Tree, shell: str, users: tuple[Row, ...], groups: str, more: str = "") -> None:
    """Write the three files; `more` is the name of a first ordinary user, where the image has one."""
    rows = [("root", 0, 0, "/root"), *users, *([(more, 1000, 1000, f"/home/{more}")] if more else [])]
    names = groups + (f" {more}:1000" if more else "")
    shells = {"root": shell, "sync": "/bin/sync", more: shell}
    tree.text("/etc/passwd", passwd(rows, shells))
    tree.text("/etc/group", group(names))
    shadow = "".join(f"{row[0]}:{'!' if row[0] == more else '*'}:{_PASSWORD_DAYS}:0:99999:7:::\n" for row in rows)
    tree.text("/etc/shadow", shadow, 0o640, 42)
