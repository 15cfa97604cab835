"""Trees of files as values: what a stack of layers amounts to, or what a folder held at one moment.

Nothing here changes: an edit makes a new tree that shares all untouched directories with the old one. The same
non-directory object under two names is one file with two hard links (POSIX.1, "link").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar, TypeAlias

from dockerlab.fs.content import Content

MAX_DEPTH = 200
"""Directories inside directories, at most: trees are walked by recursion. (Linux stops at about 2,000.)"""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What an inode says besides its kind: permission bits (07777), owner, time of change (ns), xattrs by name."""

    mode: int = 0o644
    uid: int = 0
    gid: int = 0
    mtime: int = 0
    xattrs: tuple[tuple[str, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class File:
    """A regular file."""

    kind: ClassVar[str] = "f"
    meta: Metadata
    content: Content

    @property
    def size(self) -> int:
        """Bytes of the content."""
        return self.content.size


@dataclass(frozen=True, slots=True)
class Symlink:
    """A symbolic link; the target is text, and may lead nowhere."""

    kind: ClassVar[str] = "l"
    meta: Metadata
    target: str

    @property
    def size(self) -> int:
        """Bytes of the target, as lstat(2) tells it."""
        return len(self.target.encode("utf-8", "surrogateescape"))


@dataclass(frozen=True, slots=True)
class Device:
    """A character ('c') or block ('b') device node."""

    meta: Metadata
    kind: str
    major: int
    minor: int
    size: ClassVar[int] = 0


@dataclass(frozen=True, slots=True)
class Fifo:
    """A named pipe."""

    kind: ClassVar[str] = "p"
    meta: Metadata
    size: ClassVar[int] = 0


@dataclass(frozen=True, eq=True)
class Directory:
    """A directory; `entries` must not be changed by anybody once it is here."""

    kind: ClassVar[str] = "d"
    meta: Metadata = Metadata(0o755)
    entries: Mapping[str, Node] = field(default_factory=dict)
    size: ClassVar[int] = 4096

    @property
    def links(self) -> Mapping[int, int]:
        """How many names each file with more than one has in this tree, by the file's `id()`; counted once."""
        counts: dict[int, int] | None = self.__dict__.get("_links")
        if counts is None:
            counts = _count_links(self)
            self.__dict__["_links"] = counts
        return counts

    __hash__ = None  # type: ignore[assignment]


Leaf: TypeAlias = File | Symlink | Device | Fifo
Node: TypeAlias = File | Directory | Symlink | Device | Fifo

EMPTY = Directory()
"""The tree of `scratch`."""


def _count_links(tree: Directory) -> dict[int, int]:
    counts: dict[int, int] = {}
    stack = [tree]
    while stack:
        for node in stack.pop().entries.values():
            if isinstance(node, Directory):
                stack.append(node)
            else:
                counts[id(node)] = counts.get(id(node), 0) + 1
    return {key: count for key, count in counts.items() if count > 1}


def names_of(path: str) -> list[str]:
    """The names along a path: '/a//b/' and 'a/b' are ['a', 'b']."""
    return [name for name in path.split("/") if name and name != "."]


def walk(tree: Directory, prefix: str = "") -> Iterator[tuple[str, Node]]:
    """Every node below the root with its path ('a/b'), parents first, siblings by name (as Go's filepath.Walk)."""
    stack = [(prefix, name, tree.entries[name]) for name in sorted(tree.entries, reverse=True)]
    while stack:
        parent, name, node = stack.pop()
        path = f"{parent}/{name}" if parent else name
        yield path, node
        if isinstance(node, Directory) and node.entries:
            stack.extend((path, child, node.entries[child]) for child in sorted(node.entries, reverse=True))


def lookup(tree: Directory, path: str) -> Node | None:
    """The node at a path, None where there is none; symlinks are not followed."""
    node: Node | None = tree
    for name in names_of(path):
        if not isinstance(node, Directory):
            return None
        node = node.entries.get(name)
    return node


def insert(tree: Directory, path: str, node: Node) -> Directory:
    """The tree with `node` at `path`, in place of what stood there; missing directories are made."""
    return _insert(tree, names_of(path), node)


def _insert(tree: Directory, names: list[str], node: Node) -> Directory:
    if not names:
        if not isinstance(node, Directory):
            raise ValueError("the root of a tree is a directory")
        return node
    name, *rest = names
    if rest:
        below = tree.entries.get(name)
        node = _insert(below if isinstance(below, Directory) else EMPTY, rest, node)
    return replace(tree, entries={**tree.entries, name: node})


def remove(tree: Directory, path: str) -> Directory:
    """The tree without what stands at `path`; the same tree where nothing stood there."""
    *parents, name = names_of(path)
    above = lookup(tree, "/".join(parents))
    if not isinstance(above, Directory) or name not in above.entries:
        return tree
    entries = {key: value for key, value in above.entries.items() if key != name}
    return _insert(tree, parents, replace(above, entries=entries))
