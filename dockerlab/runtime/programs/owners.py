"""Owners as they are typed: 'user', 'user:group', ':group', by name or number (POSIX.1-2024, chown)."""

from __future__ import annotations

from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.programs.accounts import find_group, find_user


class OwnerError(ValueError):
    """A name that is nobody's; `what` is 'user' or 'group'."""

    def __init__(self, what: str, text: str) -> None:
        super().__init__(text)
        self.what = what


def parse_owner(fs: FileSystem, text: str) -> tuple[int | None, int | None]:
    """The numbers of user and group, None for what isn't named; raises OwnerError."""
    owner, colon, group = text.partition(":")
    if not colon and "." in owner and find_user(fs, owner) is None:
        owner, colon, group = owner.partition(".")
    uid = gid = None
    if owner:
        user = find_user(fs, owner)
        if user is None and not owner.isdigit():
            raise OwnerError("user", text)
        uid = int(owner) if user is None else user.uid
        if colon and not group and user is not None:
            gid = user.gid
    if group:
        gid = group_number(fs, group, text)
    return uid, gid


def group_number(fs: FileSystem, name: str, text: str = "") -> int:
    """The number of a group by name or number; raises OwnerError."""
    group = find_group(fs, name)
    if group is None and not name.isdigit():
        raise OwnerError("group", text or name)
    return int(name) if group is None else group.gid
