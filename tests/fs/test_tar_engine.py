"""The real engine's own archives: read, written again, and made anew, byte for byte (data/README.md)."""

from __future__ import annotations

import gzip
from dataclasses import replace
from pathlib import Path

import pytest

from dockerlab.fs.archive import entries_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.world import Clock

DATA = Path(__file__).parent / "data"
EXPORTS = [gzip.decompress((DATA / f"engine-{name}.tar.gz").read_bytes()) for name in ("export", "export-edges")]
COMMIT = gzip.decompress((DATA / "engine-commit-layer.tar.gz").read_bytes())
LONG = "long" * 20 + "/" + "deep" * 20


@pytest.mark.parametrize("export", EXPORTS, ids=["export", "edges"])
def test_an_export_comes_out_as_it_went_in(export: bytes) -> None:
    assert write_tar(read_tar(Bytes(export))).read() == export


@pytest.mark.parametrize("export", EXPORTS, ids=["export", "edges"])
def test_a_trip_through_a_tree_changes_nothing_either(export: bytes) -> None:
    tree = tree_of(read_tar(Bytes(export)))
    assert write_tar(entries_of(tree)).read() == export


def test_the_engine_compressed_is_the_same_archive() -> None:
    layer = Layer.from_tar(Bytes((DATA / "engine-commit-layer.tar.gz").read_bytes()))
    assert layer.tar.read() == COMMIT
    assert layer.size == 2 + 2 + 5 + 1 + 2 + 2  # linked.txt, sym, f, s2, ünï, file


def container_before_commit() -> OverlayFs:
    """The commands that the container ran: see each call's comment."""
    lower = OverlayFs(EMPTY, Clock())
    for directory in ("/lf", "/lf/dir", "/lf/dir/s"):
        lower.mkdir(directory)
    for name, text in (("dir/a", b"a\n"), ("linked.txt", b"k\n"), ("del.txt", b"")):
        lower.write(f"/lf/{name}", text)
    fs = OverlayFs(apply(lower.upper_layer(), EMPTY), Clock())
    fs.link("/lf/linked.txt", "/lf/linked2.txt")  # ln linked.txt linked2.txt
    fs.remove_tree("/lf/dir")  # rm -r dir
    fs.mkdir("/lf/dir", 0o2750)  # mkdir -m 2750 dir
    fs.unlink("/lf/del.txt")  # rm del.txt
    fs.symlink("xx", "/lf/sym")  # ln -s xx sym
    fs.write("/lf/f", b"12345", mode=0o4755)  # echo -n 12345 > f; chmod 4755 f
    fs.symlink("f", "/lf/s2")  # ln -s f s2
    fs.link("/lf/s2", "/lf/s3")  # ln s2 s3
    fs.mknod("/lf/nn", "b", 0o644, 3, 4)  # mknod nn b 3 4
    fs.mknod("/lf/ff", "p")  # mkfifo ff
    fs.write("/lf/ünï", b"x\n")  # echo x > ünï
    fs.mkdir(f"/lf/{LONG}", parents=True)  # mkdir -p longlong…/deepdeep…
    fs.write(f"/lf/{LONG}/file", b"y\n")  # echo y > longlong…/deepdeep…/file
    return fs


def test_a_commit_makes_the_engines_bytes() -> None:
    theirs = list(read_tar(Bytes(COMMIT)))
    ours = container_before_commit().upper_layer().entries
    assert [entry.path for entry in ours] == [entry.path for entry in theirs]
    timed = [replace(mine, mtime=real.mtime) for mine, real in zip(ours, theirs, strict=True)]
    made = write_tar(timed).read()
    assert made == COMMIT
