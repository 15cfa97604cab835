"""Files for what is too long for memory: read by ranges, and gone with the last who refers to them."""

from __future__ import annotations

import gc

import pytest

from dockerlab.fs import gzip as packing
from dockerlab.fs.content import Bytes, Filler
from dockerlab.fs.gzip import gzip
from dockerlab.fs.scratch import FileContent, Scratch


def test_a_content_reads_ranges_of_its_file() -> None:
    scratch = Scratch()
    data = bytes(range(256)) * 100
    scratch.path.write_bytes(data)
    content = FileContent(scratch, len(data))
    assert content.read(5, 10) == data[5:15]
    assert b"".join(content.chunks(1000)) == data
    assert content == Bytes(data)


def test_the_file_goes_with_its_content() -> None:
    scratch = Scratch()
    path = scratch.path
    content = FileContent(scratch, 0)
    del scratch
    gc.collect()
    assert path.exists()
    del content
    gc.collect()
    assert not path.exists()


def test_long_packed_bytes_are_the_same_from_a_file_as_packed_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    source = Filler("long", 13_000_000)
    kept = gzip(source)
    monkeypatch.setattr(packing, "Scratch", _no_file)
    anew = gzip(source)
    assert (kept.digest, kept.size) == (anew.digest, anew.size)
    assert kept.read(4_000_000, 1000) == anew.read(4_000_000, 1000)
    assert b"".join(kept.chunks()) == b"".join(anew.chunks())


def _no_file() -> Scratch:
    raise OSError("no folder for temporary files")
