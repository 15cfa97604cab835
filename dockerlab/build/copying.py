"""Reading the owner and the mode that --chown and --chmod ask for."""

from __future__ import annotations

import re

from dockerlab.build.following import follow
from dockerlab.build.placing import Owner
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.tree import Directory, File


class OwnerError(InvalidParameterError):
    """A user or group that the image doesn't know; `kind` is 'user' or 'group'."""

    def __init__(self, kind: str, name: str) -> None:
        super().__init__(f"can't find {kind[0]}id for {kind} {name}: no such {kind}: {name}")
        self.kind = kind
        self.name = name

    @property
    def file(self) -> str:
        """Where such names stand."""
        return _FILES[self.kind]


_FILES = {"user": "etc/passwd", "group": "etc/group"}


def parse_owner(text: str, tree: Directory) -> Owner:
    """The owner that 'user:group' names, looked up in the tree's /etc/passwd and /etc/group.

    Without a group it is the number of the user, if that was a number; else the user's own group. Without anything
    the files stay whose they are.
    """
    if not text:
        return Owner(keep=True)
    user, colon, group = text.partition(":")
    uid, own_gid = _user(user, tree)
    if not colon:
        return Owner(uid, own_gid)
    return Owner(uid, _group(group, tree))


def _user(name: str, tree: Directory) -> tuple[int, int]:
    if name.isdigit():
        return int(name), int(name)
    for fields in _records(tree, "etc/passwd"):
        if fields[0] == name and len(fields) > 3:
            return int(fields[2]), int(fields[3])
    raise OwnerError("user", name)


def _group(name: str, tree: Directory) -> int:
    if name.isdigit():
        return int(name)
    for fields in _records(tree, "etc/group"):
        if fields[0] == name and len(fields) > 2:
            return int(fields[2])
    raise OwnerError("group", name)


def _records(tree: Directory, path: str) -> list[list[str]]:
    node = follow(tree, path)
    if not isinstance(node, File):
        return []
    return [line.split(":") for line in node.content.read().decode("utf-8", "replace").splitlines()]


def parse_mode(text: str) -> int | None:
    """The permission bits of --chmod, None where it isn't given."""
    if not text:
        return None
    if not re.fullmatch(r"[0-7]{1,5}", text) or int(text, 8) > 0o7777:
        raise InvalidParameterError(
            f"invalid chmod parameter: '{text}'. it should be octal string and between 0 and 07777"
        )
    return int(text, 8)
