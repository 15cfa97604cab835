"""Blobs on their way in: hashed while they arrive, taken up again, and never longer than they may be."""

from __future__ import annotations

import pytest

from dockerlab.fs.scratch import FileContent
from dockerlab.oci.digest import Digest
from dockerlab.registry.spool import KEPT, Spool


@pytest.mark.parametrize("size", [0, 1, KEPT, KEPT + 1, 3 * KEPT])
def test_what_arrives_is_what_comes_out(size: int) -> None:
    data = bytes(number % 251 for number in range(size))
    counts: list[int] = []
    spool = Spool(size, counts.append)
    spool.begin(200)
    for at in range(0, size, 10_000):
        spool.write(data[at : at + 10_000])
    content = spool.content()
    assert (content.read(), content.digest) == (data, Digest.of(data))
    assert isinstance(content, FileContent) == (size > KEPT)
    assert counts[-1:] == ([size] if size else [])


def test_a_part_goes_on_and_a_whole_begins_anew() -> None:
    spool = Spool(6)
    spool.begin(200)
    spool.write(b"abc")
    spool.begin(206)
    spool.write(b"def")
    assert spool.content().read() == b"abcdef"
    spool.begin(200)
    spool.write(b"ABC")
    assert spool.content().read() == b"ABC"


def test_more_than_was_announced_is_hashed_and_not_kept() -> None:
    spool = Spool(3)
    spool.begin(200)
    spool.write(b"abc")
    spool.write(b"def")
    assert (spool.size, spool.digest) == (6, Digest.of(b"abcdef"))
    assert spool.content().read() == b"abc"
