"""tmpfs with a size: what fits is written, the rest is ENOSPC (tmpfs(5))."""

from __future__ import annotations

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Zeros
from dockerlab.fs.tmpfs import Tmpfs, parse_size
from dockerlab.fs.tree import EMPTY
from dockerlab.world import Clock


@pytest.fixture
def fs() -> Tmpfs:
    """Ten bytes."""
    return Tmpfs(EMPTY, Clock(), 10)


def test_what_fits_stays_written_when_it_is_full(fs: Tmpfs) -> None:
    with pytest.raises(FileSystemError, match="No space left on device"):
        fs.write("/big", b"0123456789abc")
    assert fs.read("/big") == b"0123456789"
    with pytest.raises(FileSystemError):
        fs.write("/more", b"x")
    assert fs.read("/more") == b""


def test_growing_counts_only_what_is_new(fs: Tmpfs) -> None:
    fs.write("/a", b"12345")
    fs.write("/a", b"67890", append=True)
    fs.write("/a", b"overwrites")
    assert fs.used == 10


def test_removing_makes_room_once_the_last_name_is_gone(fs: Tmpfs) -> None:
    fs.write("/a", b"0123456789")
    fs.link("/a", "/b")
    fs.unlink("/a")
    assert fs.used == 10
    fs.unlink("/b")
    fs.write("/c", b"0123456789")
    fs.write("/d", b"")
    fs.rename("/d", "/c")
    assert fs.used == 0


def test_holes_count_as_they_are_written(fs: Tmpfs) -> None:
    with pytest.raises(FileSystemError):
        fs.write("/z", Zeros(1 << 40))


@pytest.mark.parametrize(
    ("text", "size"), [("100", 100), ("1m", 1 << 20), ("2K", 2048), ("1g", 1 << 30), ("x", None), ("", None)]
)
def test_sizes(text: str, size: int | None) -> None:
    assert parse_size(text) == size
