"""Who a container's process runs as: `--user` and USER looked up in the container's own /etc/passwd and /etc/group.

The rules are runc's (`libcontainer/user`, GetExecUser): a name or a number, optionally `:group`; a number need
not exist; a name must. The other groups of a user come from /etc/group unless a group was given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from dockerlab.errors import FileSystemError, InvalidParameterError
from dockerlab.fs.filesystem import FileSystem


@dataclass(frozen=True)
class Account:
    """Who a process is, with the home directory that the passwd file names; `groups` are the supplementary ones."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    home: str = "/"
    name: str = ""


def find_user(fs: FileSystem, text: str) -> Account:
    """The user that `text` ('', 'name', '1000', 'name:group', ':group') means in the files of `fs`."""
    wanted, _, group = text.partition(":")
    user = _by_name_or_number(fs, wanted or "0")
    if group:
        gid = _group_id(fs, group)
        return replace(user, gid=gid, groups=(gid,))
    # Docker lists the main group among the others too, so that a negative permission for it holds (CVE-2022-36109).
    return replace(user, groups=tuple(dict.fromkeys((user.gid, *user.groups))))


def _by_name_or_number(fs: FileSystem, wanted: str) -> Account:
    for name, _, uid, gid, _, home, *_ in _rows(fs, "/etc/passwd", 7):
        if wanted == name or (wanted == uid and wanted.isdigit()):
            return Account(int(uid), int(gid), tuple(_groups_of(fs, name)), home, name)
    if wanted.isdigit():
        return Account(uid=int(wanted))
    raise InvalidParameterError(f"unable to find user {wanted}: no matching entries in passwd file")


def _group_id(fs: FileSystem, wanted: str) -> int:
    for name, _, gid, *_ in _rows(fs, "/etc/group", 4):
        if wanted == name:
            return int(gid)
    if wanted.isdigit():
        return int(wanted)
    raise InvalidParameterError(f"unable to find group {wanted}: no matching entries in group file")


def _groups_of(fs: FileSystem, user: str) -> Iterator[int]:
    for _, _, gid, members in _rows(fs, "/etc/group", 4):
        if user in members.split(","):
            yield int(gid)


def _rows(fs: FileSystem, path: str, width: int) -> Iterator[list[str]]:
    """The well-formed rows of a file of the passwd kind; no file, no rows."""
    try:
        text = fs.read(path).decode("utf-8", "replace")
    except FileSystemError:
        return
    for line in text.splitlines():
        fields = line.split(":")
        if len(fields) >= 4 and fields[2].isdigit() and (width < 7 or fields[3].isdigit()) and not line.startswith("#"):
            yield (fields + [""] * width)[:width]
