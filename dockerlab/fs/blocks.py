"""Blocks: the pieces in which a disk keeps files, and in which some file systems share them.

What one write changes is found by reference first: two contents that hold the same part at the same place don't
differ there, so an edit of a large file is not paid for with its size.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.fs.content import Concat, Content, Span


@dataclass(frozen=True, slots=True)
class Blocks:
    """How a file system cuts files up: blocks of `size` bytes; a file of less takes a multiple of `least`."""

    size: int
    least: int

    def count(self, size: int) -> int:
        """How many blocks a file of that size has."""
        return -(-size // self.size)

    def used(self, size: int) -> int:
        """Bytes of the disk that a file of that size takes."""
        return self.count(size) * self.size if size > self.size else -(-size // self.least) * self.least

    def bytes_of(self, count: int, size: int) -> int:
        """Bytes of the disk that `count` blocks of a file of that size take."""
        return count * self.size if size > self.size else min(count, 1) * self.used(size)


EXT4 = Blocks(4096, 4096)
BTRFS = Blocks(4096, 4096)
"""btrfs: the sector size of most machines (btrfs, "On-disk format": sectorsize)."""
ZFS = Blocks(131_072, 512)
"""zfs: the default recordsize; a file that fits into one record takes whole sectors (zfsprops(7), recordsize)."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a content that is one stretch of its `owner`, `shift` bytes further on there."""

    end: int
    owner: Content
    shift: int


def changed_blocks(old: Content, new: Content, block: int, end: int) -> set[int]:
    """The blocks of the first `end` bytes in which two contents differ; both have as many."""
    changed: set[int] = set()
    for start, stop in _unlike(old, new, end):
        for index in range(start // block, -(-stop // block)):
            place, length = index * block, min(block, end - index * block)
            if index not in changed and old.read(place, length) != new.read(place, length):
                changed.add(index)
    return changed


def _unlike(old: Content, new: Content, end: int) -> Iterator[tuple[int, int]]:
    """The ranges that are not the same bytes by reference."""
    if old is new or not end:
        return
    first, second, place = _pieces(old), _pieces(new), 0
    left, right = next(first), next(second)
    while True:
        stop = min(left.end, right.end, end)
        if left.owner is not right.owner or left.shift != right.shift:
            yield place, stop
        if stop == end:
            return
        place = stop
        left = next(first) if left.end == stop else left
        right = next(second) if right.end == stop else right


def _pieces(content: Content) -> Iterator[_Piece]:
    place = 0
    for part in Concat([content]).parts:
        owner, offset = (part.content, part.offset) if isinstance(part, Span) else (part, 0)
        yield _Piece(place + part.size, owner, offset - place)
        place += part.size
