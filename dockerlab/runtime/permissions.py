"""Who may do what with a file (POSIX.1-2024 XBD 4.7; Linux, fs/attr.c and fs/namei.c): owners, modes, capabilities."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dockerlab.errors import FileSystemError
from dockerlab.runtime.capabilities import Capability

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.fs.stat import Stat

READ, WRITE, EXECUTE = 4, 2, 1
STICKY = 0o1000
SET_GROUP = 0o2000


class Actor(Protocol):
    """Whoever asks: a process."""

    @property
    def uid(self) -> int:
        """User ID."""

    @property
    def gid(self) -> int:
        """Group ID."""

    @property
    def groups(self) -> Sequence[int]:
        """Supplementary groups."""

    @property
    def fs(self) -> FileSystem:
        """The files that it sees."""

    def capable(self, capability: Capability) -> bool:
        """Whether it has a privilege."""


def may(actor: Actor, status: Stat, bits: int) -> bool:
    """Whether a process may read (4), write (2), execute or search (1)."""
    if actor.capable(Capability.DAC_OVERRIDE):
        return not bits & EXECUTE or status.kind == "d" or bool(status.mode & 0o111)
    if not bits & (WRITE | (0 if status.kind == "d" else EXECUTE)) and actor.capable(Capability.DAC_READ_SEARCH):
        return True
    if status.uid == actor.uid:
        granted = status.mode >> 6
    elif in_group(actor, status.gid):
        granted = status.mode >> 3
    else:
        granted = status.mode
    return granted & bits == bits


def in_group(actor: Actor, gid: int) -> bool:
    """Whether a group is one of the process's."""
    return gid == actor.gid or gid in actor.groups


def owns(actor: Actor, status: Stat) -> bool:
    """Whether a process may change a file's mode and times: its owner, or who has FOWNER."""
    return actor.uid == status.uid or actor.capable(Capability.FOWNER)


def may_give_away(actor: Actor, status: Stat, uid: int, gid: int) -> bool:
    """Whether a process may set owner and group: an owner may choose among his own groups, the rest takes CHOWN."""
    if actor.capable(Capability.CHOWN):
        return True
    return actor.uid == status.uid == uid and (gid == status.gid or in_group(actor, gid))


def granted_mode(actor: Actor, status: Stat, mode: int) -> int:
    """The mode that chmod(2) sets: set-group-ID is only for members of the group, or who has FSETID."""
    foreign = not in_group(actor, status.gid) and not actor.capable(Capability.FSETID)
    return mode & ~SET_GROUP if foreign else mode


def check_creatable(actor: Actor, path: str) -> None:
    """Refuse to make a name in a folder that may not be written (EACCES); a name that is there is no new one."""
    folder = actor.fs.find(posixpath.dirname(path.rstrip("/")) or "/")
    if folder is None or not folder.is_dir or may(actor, folder, WRITE | EXECUTE):
        return
    if not actor.fs.exists(path):
        raise FileSystemError(errno.EACCES, path)


def check_removable(actor: Actor, path: str) -> None:
    """Refuse to take a name out of a folder that may not be written (EACCES).

    In a sticky one only the folder's owner or the file's may (EPERM). What is missing is for others to tell.
    """
    folder, found = actor.fs.find(posixpath.dirname(path.rstrip("/")) or "/"), actor.fs.find(path, follow=False)
    if folder is None or found is None:
        return
    if not may(actor, folder, WRITE | EXECUTE):
        raise FileSystemError(errno.EACCES, path)
    if folder.mode & STICKY and not owns(actor, folder) and not owns(actor, found):
        raise FileSystemError(errno.EPERM, path)
