"""Contents are read by reference, in any part, and know their digest."""

from __future__ import annotations

import hashlib
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dockerlab.fs.content import EMPTY_CONTENT, Bytes, Concat, Content, Filler, Span, Zeros, content_of, join, resize

ALPHABET = bytes(range(256)) * 300

KINDS: dict[str, Content] = {
    "bytes": Bytes(ALPHABET),
    "zeros": Zeros(70_000),
    "filler": Filler("seed", 100_000),
    "span": Span(Bytes(ALPHABET), 1000, 5000),
    "row": Concat([Bytes(ALPHABET), Zeros(3), Bytes(b"abc"), Filler("x", 40_000), Bytes(b"d")]),
    "empty": EMPTY_CONTENT,
}


@pytest.mark.parametrize("content", KINDS.values(), ids=KINDS)
class TestEveryKind:
    def test_any_part_can_be_read(self, content: Content) -> None:
        whole = content.read()
        assert len(whole) == content.size
        for offset, length in ((0, 10), (32_250, 20), (content.size - 5, 50), (content.size + 1, 5), (17, None)):
            end = None if length is None else max(offset, 0) + length
            assert content.read(max(offset, 0), length) == whole[max(offset, 0) : end]

    def test_chunks_are_the_whole(self, content: Content) -> None:
        assert b"".join(content.chunks(999)) == content.read()

    def test_the_digest_is_sha256(self, content: Content) -> None:
        assert content.digest == "sha256:" + hashlib.sha256(content.read()).hexdigest()

    def test_equal_means_the_same_bytes(self, content: Content) -> None:
        assert content == Bytes(content.read())
        assert content != Bytes(content.read() + b"!")
        assert hash(content) == hash(Bytes(content.read()))


def test_a_span_of_a_span_goes_straight_to_the_source() -> None:
    source = Bytes(b"0123456789")
    inner = Span(Span(source, 2, 6), 1, 3)
    assert inner.read() == b"345"
    assert inner.content is source
    with pytest.raises(ValueError, match="span"):
        Span(source, 8, 3)


def test_filler_depends_on_its_seed_alone_and_packs_like_a_program() -> None:
    first = Filler("libc", 1 << 20)
    assert first.digest == Filler("libc", 1 << 20).digest
    assert first.digest != Filler("libm", 1 << 20).digest
    assert 2.4 < first.size / len(zlib.compress(first.read())) < 2.7


def test_filler_costs_no_memory() -> None:
    huge = Filler("disk", 1 << 40)
    assert len(huge.read((1 << 40) - 10)) == 10


def test_appending_many_small_pieces_makes_few_parts() -> None:
    content: Content = EMPTY_CONTENT
    for _ in range(1000):
        content = join(content, Bytes(b"line\n"))
    assert isinstance(content, Bytes)
    assert content.read() == b"line\n" * 1000


def test_resize_cuts_and_fills_with_zeros() -> None:
    assert resize(Bytes(b"hello"), 2).read() == b"he"
    assert resize(Bytes(b"hello"), 7).read() == b"hello\0\0"
    assert content_of(b"x").read() == b"x"


@given(st.lists(st.binary(max_size=40)), st.integers(0, 200), st.integers(0, 200))
def test_a_row_reads_like_the_joined_bytes(parts: list[bytes], offset: int, length: int) -> None:
    row = Concat([Bytes(part) if len(part) % 2 else Span(Bytes(b"!" + part), 1, len(part)) for part in parts])
    assert row.read(offset, length) == b"".join(parts)[offset : offset + length]
