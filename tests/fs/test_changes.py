"""`docker diff` between two trees, as moby compares them."""

from __future__ import annotations

from dockerlab.fs.changes import Change, compare
from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, insert, remove

SECOND = 1_000_000_000


def file(text: bytes = b"x", *, mode: int = 0o644, mtime: int = 0) -> File:
    return File(Metadata(mode, mtime=mtime), Bytes(text))


OLD = insert(insert(EMPTY, "etc/passwd", file()), "usr/lib/x", file())


def lines(new: Directory) -> list[str]:
    return [str(change) for change in compare(OLD, new)]


def test_no_change() -> None:
    assert compare(OLD, OLD) == []
    assert lines(insert(OLD, "etc/passwd", file())) == []


def test_added_changed_deleted_with_their_directories() -> None:
    new = insert(insert(remove(OLD, "usr/lib/x"), "etc/passwd", file(mode=0o600)), "new/a", file())
    assert lines(new) == ["C /etc", "C /etc/passwd", "A /new", "A /new/a", "C /usr", "C /usr/lib", "D /usr/lib/x"]


def test_a_deleted_directory_is_one_line() -> None:
    assert compare(OLD, remove(OLD, "usr")) == [Change("D", "/usr")]


def test_a_directorys_own_time_does_not_count() -> None:
    assert lines(insert(OLD, "etc", Directory(Metadata(0o755, mtime=9), {"passwd": file()}))) == []


def test_times_count_by_the_second_where_one_has_no_more() -> None:
    # moby, pkg/archive: sameFsTime; a layer's tar has whole seconds.
    before = insert(OLD, "f", file(mtime=5 * SECOND))
    assert compare(before, insert(OLD, "f", file(mtime=5 * SECOND + 1))) == []
    assert compare(before, insert(OLD, "f", file(mtime=6 * SECOND))) == [Change("C", "/f")]
    exact = insert(OLD, "f", file(mtime=5 * SECOND + 1))
    assert compare(exact, insert(OLD, "f", file(mtime=5 * SECOND + 2))) == [Change("C", "/f")]


def test_contents_count_where_the_clock_stood_still() -> None:
    assert lines(insert(OLD, "etc/passwd", file(b"y"))) == ["C /etc", "C /etc/passwd"]
