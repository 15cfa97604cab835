"""What differs between two trees, told as `docker diff` tells it (moby, pkg/archive: FileInfo.Changes)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from dockerlab.fs.stat import stat_of
from dockerlab.fs.tree import Directory, File, Node

SECOND = 1_000_000_000
CAPABILITY = "security.capability"


@dataclass(frozen=True, slots=True)
class Change:
    """One line of `docker diff`: 'A' added, 'C' changed, 'D' deleted, and an absolute path."""

    kind: str
    path: str

    def __str__(self) -> str:
        return f"{self.kind} {self.path}"


def compare(old: Directory, new: Directory) -> list[Change]:
    """The changes from one tree to the other, sorted by path; subtrees that both share cost nothing."""
    return sorted(_children(old, new, ""), key=lambda change: change.path)


def _children(old: Node | None, new: Directory, prefix: str) -> Iterator[Change]:
    """The changes below a directory. Only a directory's old entries can have been deleted one by one."""
    before = old.entries if isinstance(old, Directory) else {}
    for name, node in new.entries.items():
        yield from _child(before.get(name), node, f"{prefix}/{name}")
    yield from map(partial(Change, "D"), (f"{prefix}/{name}" for name in before if name not in new.entries))


def _child(old: Node | None, new: Node, path: str) -> Iterator[Change]:
    if old is new:
        return
    kind = "A" if old is None else "C" * _differs(old, new)
    below = list(_children(old, new, path)) if isinstance(new, Directory) else []
    if kind or below:
        # A directory is changed when something in it is, even though it stayed the same itself.
        yield Change(kind or "C", path)
    yield from below


def _differs(old: Node, new: Node) -> bool:
    """Whether two nodes differ in what moby looks at: not in the time of change of directories, for one."""
    first, second = stat_of(old, 1), stat_of(new, 1)
    if (first.kind, first.mode, first.uid, first.gid) != (second.kind, second.mode, second.uid, second.gid):
        return True
    if first.device != second.device or dict(first.xattrs).get(CAPABILITY) != dict(second.xattrs).get(CAPABILITY):
        return True
    return not isinstance(new, Directory) and (
        first.size != second.size or not _same_time(first.mtime, second.mtime) or not _same_content(old, new)
    )


def _same_time(first: int, second: int) -> bool:
    """Times are compared by the second where one of them has no more, as after a trip through a tar."""
    if first % SECOND and second % SECOND:
        return first == second
    return first // SECOND == second // SECOND


def _same_content(old: Node, new: Node) -> bool:
    """A real clock never stands still between two writes; the lab's may, so contents decide too."""
    return not (isinstance(old, File) and isinstance(new, File)) or old.content == new.content
