"""Finding what COPY and ADD name: paths and wildcards in a tree, symlinks followed without leaving it."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlab.build.checksums import Headers, Sum, source_sum
from dockerlab.build.following import locate
from dockerlab.errors import UnavailableError
from dockerlab.fs.content import Content
from dockerlab.fs.tree import Directory, Node, walk
from dockerlab.oci.glob import path_match

_WILDCARDS = frozenset("*?[")


@dataclass(frozen=True)
class Source:
    """Something to copy: the path that it was named by and what stands there.

    `unpack` is False for what must not be unpacked even by ADD. `real` is the path behind symlinks, in `tree`.
    """

    path: str
    node: Node
    unpack: bool = True
    real: str = ""
    tree: Directory | None = None

    @property
    def base(self) -> str:
        """The last name of the path, '' for the root."""
        return posixpath.basename(self.path)

    @property
    def sum(self) -> Sum:
        """Its checksum, without times."""
        return source_sum(self.path, self.node)

    def legacy_sum(self, headers: Headers) -> Sum:
        """Its checksum as the legacy builder has it: under the real path, and symlinks by what they lead to."""
        return source_sum(self.real or self.path, self.node, self.tree, headers)


@dataclass(frozen=True)
class Download:
    """What a URL gave: content, the last name of its path, the time of change that the server told (ns, 0 for none)."""

    content: Content
    name: str
    mtime: int = 0


class BadStatusError(UnavailableError):
    """A server that answers, but not with the file; the text is the legacy builder's."""

    def __init__(self, url: str, status: int, words: str, body: str = "") -> None:
        super().__init__(f"failed to GET {url} with status {words}" + (f": {body}" if body else ""))
        self.status = status


def has_wildcards(text: str) -> bool:
    """Whether a source is a pattern; a backslash takes a wildcard's meaning away."""
    plain = True
    for char in text:
        if char in _WILDCARDS and plain:
            return True
        plain = char != "\\" or not plain
    return False


def expand(pattern: str, tree: Directory) -> list[str]:
    """The paths in the tree that fit a pattern, in order; a pattern without a wildcard is one path."""
    path = clean(pattern)
    if not has_wildcards(path):
        return [path]
    return [found for found, _ in walk(tree) if path_match(path, found)]


def clean(path: str) -> str:
    """A source's path below the root of its tree: 'a/b'; '' for the root, '../x' stays."""
    cleaned = posixpath.normpath(path.lstrip("/") or ".")
    return "" if cleaned == "." else cleaned


def find(
    patterns: Sequence[str], tree: Directory, missing: Callable[[str], Exception], excluded: Callable[[str], bool]
) -> list[Source]:
    """All that the patterns name; `missing` makes the error for a path that leads to nothing."""
    found = []
    for pattern in patterns:
        for path in expand(pattern, tree):
            place = locate(tree, path)
            if place is None:
                raise missing(path)
            if not excluded(path):
                found.append(Source(path, place[1], real=place[0], tree=tree))
    return found
