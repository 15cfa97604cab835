"""Who a container's process runs as: `--user` and USER looked up in the container's own /etc/passwd and /etc/group.

The rules are runc's (`libcontainer/user`, GetExecUser): a name or a number, optionally `:group`; a number need
not exist; a name must. The other groups of a user come from /etc/group unless a group was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dockerlab.errors import FileSystemError, InvalidParameterError
from dockerlab.fs.filesystem import FileSystem

_NUMBER = re.compile(r"[+-]?[0-9]+")
_MOST = (1 << 31) - 1
_NO_GROUP = "no matching entries in group file"


class UnknownGroupError(InvalidParameterError):
    """A group that /etc/group does not name."""


@dataclass(frozen=True)
class Account:
    """Who a process is, with the home directory that the passwd file names; `groups` are the supplementary ones."""

    uid: int = 0
    gid: int = 0
    groups: tuple[int, ...] = ()
    home: str = "/"
    name: str = ""


def find_user(fs: FileSystem, text: str, more: Iterable[str] = ()) -> Account:
    """The user that `text` ('', 'name', '1000', 'name:group', ':group') means in the files of `fs`.

    `more` are the groups of `--group-add`.
    """
    user = _named(fs, text)
    return replace(user, groups=tuple(dict.fromkeys((*user.groups, *(_further_group(fs, each) for each in more)))))


def _named(fs: FileSystem, text: str) -> Account:
    wanted, group = (*text.split(":"), "")[:2]
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
    if _NUMBER.fullmatch(wanted):
        return Account(uid=_checked(wanted))
    raise InvalidParameterError(f"unable to find user {wanted}: no matching entries in passwd file")


def _group_id(fs: FileSystem, wanted: str) -> int:
    for name, _, gid, *_ in _rows(fs, "/etc/group", 4):
        if wanted == name:
            return int(gid)
    if _NUMBER.fullmatch(wanted):
        return _checked(wanted)
    raise UnknownGroupError(f"unable to find group {wanted}: {_NO_GROUP}")


def _further_group(fs: FileSystem, wanted: str) -> int:
    try:
        return _group_id(fs, wanted)
    except UnknownGroupError:
        # It is moby that looks these up, and it begins the sentence with a capital.
        raise UnknownGroupError(f"Unable to find group {wanted}: {_NO_GROUP}") from None


def _checked(number: str) -> int:
    if not 0 <= int(number) <= _MOST:
        raise InvalidParameterError(f"uids and gids must be in range 0-{_MOST}")
    return int(number)


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
