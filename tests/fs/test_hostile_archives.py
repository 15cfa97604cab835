"""Archives that lie or attack are refused with `ArchiveError`, and with a text that says what is wrong."""

from __future__ import annotations

import gzip
import zlib

import pytest

from dockerlab.errors import ArchiveError
from dockerlab.fs import compression
from dockerlab.fs.archive import Entry, decompress, read_tar, tree_of, write_tar
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.world import Clock

GOOD = write_tar([Entry("etc/passwd", content=Bytes(b"root" * 200))]).read()

LYING: dict[str, tuple[list[Entry], str]] = {
    "out by dots": ([Entry("../evil")], "leaves the tree"),
    "out by dots in the middle": ([Entry("a/../../evil")], "leaves the tree"),
    "out by a directory": ([Entry("..", "d")], "leaves the tree"),
    "hard link out": ([Entry("a", "h", linkname="../../etc/shadow")], "hard link leaves the tree"),
    "hard link to what is not there": ([Entry("a", "h", linkname="etc/shadow")], "no such file"),
    "hard link to a directory": ([Entry("d", "d"), Entry("a", "h", linkname="d")], "no such file"),
    "hard link cycle": ([Entry("a", "h", linkname="b"), Entry("b", "h", linkname="a")], "no such file"),
    "hard link to itself": ([Entry("a"), Entry("a", "h", linkname="a")], "no such file"),
    "hard link through a symlink": (
        [Entry("d/f"), Entry("l", "l", linkname="d"), Entry("x", "h", linkname="l/f")],
        "no such file",
    ),
    "write through a symlink": ([Entry("l", "l", linkname="/etc"), Entry("l/passwd")], "through a symlink"),
    "directory through a symlink": ([Entry("l", "l", linkname="/"), Entry("l/d", "d")], "through a symlink"),
    "whiteout through a symlink": ([Entry("l", "l", linkname="/"), Entry("l/.wh.etc")], "through a symlink"),
    "file as directory": ([Entry("a"), Entry("a/b")], "contradicts an earlier entry: not a directory"),
    "symlink, then directory": ([Entry("a", "l", linkname="b"), Entry("a", "d")], "not a directory"),
    "directory, then file": ([Entry("a/b"), Entry("a")], "contradicts an earlier entry: is a directory"),
    "whiteout of the parent": ([Entry("a/.wh...")], "leaves the tree"),
    "whiteout of nothing": ([Entry("a/.wh.")], "has no name"),
    "no name": ([Entry("", "f")], "has no name"),
    "name too long": ([Entry("n" * 256)], "file name too long"),
    "path too long": ([Entry("/".join(["n" * 200] * 30))], "file name too long"),
    "bottomless": ([Entry("/".join("d" * 1500))], "file name too long"),
}


@pytest.mark.parametrize(("entries", "why"), LYING.values(), ids=LYING)
def test_lying_layers_are_refused(entries: list[Entry], why: str) -> None:
    with pytest.raises(ArchiveError, match=why):
        Layer.from_tar(Bytes(write_tar(entries).read()))


@pytest.mark.parametrize(
    ("damaged", "why"),
    [
        (GOOD[:300], "unexpected EOF"),
        (GOOD[:700], "unexpected EOF"),
        (b"x" * 1024, "invalid tar header"),
        (GOOD[:100] + b"9" + GOOD[101:], "invalid tar header"),
        (GOOD[:512] + GOOD[512:1536] + bytes(512) + b"y" * 512, "invalid tar header"),
        (gzip.compress(GOOD)[:-30], "unexpected EOF"),
        (gzip.compress(GOOD)[:10] + b"\xff" * 50, "invalid compressed data"),
        (gzip.compress(GOOD)[:-8] + bytes(8), "invalid compressed data"),
        (b"\x28\xb5\x2f\xfd" + GOOD, "zstd"),
    ],
    ids=["header cut", "content cut", "noise", "checksum", "after the end", "gzip cut", "gzip noise", "crc", "zstd"],
)
def test_damaged_archives_are_refused(damaged: bytes, why: str) -> None:
    with pytest.raises(ArchiveError, match=why):
        tree_of(read_tar(Bytes(damaged)))


def summed(archive: bytes) -> Bytes:
    """The archive with its first header's checksum set right."""
    blank = archive[:148] + b"        " + archive[156:]
    return Bytes(blank[:148] + b"%06o\0 " % sum(blank[:512]) + blank[156:])


def test_a_sparse_file_is_refused_clearly() -> None:
    header = bytearray(write_tar([Entry("sparse")]).read())
    header[156:157] = b"S"
    with pytest.raises(ArchiveError, match="sparse"):
        list(read_tar(summed(bytes(header))))


def test_a_long_name_without_an_end_is_refused() -> None:
    header = write_tar([Entry("x" * 300)]).read()
    with pytest.raises(ArchiveError, match="unexpected EOF"):
        list(read_tar(Bytes(header[:1024])))
    huge = bytearray(header)
    huge[124:136] = b"77777777777\0"
    with pytest.raises(ArchiveError, match="too long"):
        list(read_tar(summed(bytes(huge))))


def test_a_bomb_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "FREE_SIZE", 8 << 20)
    packer = zlib.compressobj(wbits=31)
    bomb = b"".join(packer.compress(bytes(1 << 20)) for _ in range(100)) + packer.flush()
    with pytest.raises(ArchiveError, match="beyond all measure"):
        decompress(Bytes(bomb))


def test_zeros_alone_are_no_bomb() -> None:
    # A layer with a file from `dd if=/dev/zero` packs a thousand to one, and is fine.
    packed = Bytes(gzip.compress(bytes(50 << 20)))
    assert decompress(packed).size == 50 << 20


def test_a_refused_layer_changes_nothing() -> None:
    lower = apply(Layer.of([Entry("etc/passwd", content=Bytes(b"root"))]), EMPTY)
    before = OverlayFs(lower, Clock()).tree()
    with pytest.raises(ArchiveError):
        Layer.of([Entry(".wh.etc"), Entry("../evil")])
    assert OverlayFs(lower, Clock()).tree() == before


def test_what_looks_odd_but_is_fine() -> None:
    odd = [
        Entry("loop", "l", linkname="loop"),
        Entry("./etc/../twice", content=Bytes(b"1")),
        Entry("/twice", content=Bytes(b"2")),
        Entry("d", "d", 0o700),
        Entry("d//", "d", 0o755),
    ]
    tree = tree_of(read_tar(write_tar(odd)))
    assert sorted(tree.entries) == ["d", "loop", "twice"]
    assert tree.entries["d"].meta.mode == 0o755
    assert tree.entries["twice"].size == 1
