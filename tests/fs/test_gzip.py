"""Our own gzip: every gunzip reads it, its bytes never change, and it is fast where layers need it."""

from __future__ import annotations

import gzip as reference
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.fs.archive import Entry, decompress, write_tar
from dockerlab.fs.content import CHUNK, Bytes, Concat, Content, Filler, Zeros
from dockerlab.fs.gzip import gzip
from dockerlab.fs.huffman import LITERALS, distance_code, repeat

TEXT = b"".join(b"line %d of a text that repeats itself, more or less\n" % number for number in range(2000))

pieces = st.one_of(
    st.binary(max_size=600),
    st.builds(bytes, st.integers(0, 5000)),
    st.builds(lambda data, times: data * times, st.binary(min_size=1, max_size=5), st.integers(1, 600)),
    st.builds(lambda seed, size: Filler(seed, size).read(), st.text(max_size=3), st.integers(0, 70_000)),
    st.builds(lambda start, size: TEXT[start : start + size], st.integers(0, 999), st.integers(0, 3000)),
)


@settings(deadline=None)
@given(st.lists(pieces, max_size=8), st.booleans())
def test_what_goes_in_comes_out(parts: list[bytes], aligned: bool) -> None:
    padded = [part + bytes(-len(part) % 512 if aligned else 0) for part in parts]
    data = b"".join(padded + padded)
    assert reference.decompress(gzip(Bytes(data)).read()) == data


@pytest.mark.parametrize("size", [0, 1, 3, 4, 511, 512, 513, 1024, 4095, 4096, 4097, 4355, 65_536, CHUNK, CHUNK + 1])
def test_zeros_of_every_size(size: int) -> None:
    assert reference.decompress(gzip(Zeros(size)).read()) == bytes(size)


@pytest.mark.parametrize("distance", [1, 2, 3, 4, 5, 6, 7, 8, 9, 192, 193, 4097, 12_288, 24_577, 32_768])
def test_matches_at_every_distance(distance: int) -> None:
    data = Filler("d", distance).read()
    packed = gzip(Bytes(data * 3)).read()
    assert reference.decompress(packed) == data * 3


def test_the_fixed_codes_are_those_of_the_rfc() -> None:
    # RFC 1951, 3.2.6 and 3.2.5.
    assert (LITERALS[0], LITERALS[143], LITERALS[144], LITERALS[255]) == (
        "00110000", "10111111", "110010000", "111111111",
    )  # fmt: skip
    assert distance_code(32_768) == "11101" + "1" * 13
    assert repeat(1, 258) == "11000101" + "00000"
    assert repeat(1, 3) == "0000001" + "00000"
    # 260 is no match's length, nor does 258 leave a match's worth: 255 and 5 instead.
    assert repeat(1, 260) == ("11000100" + "00111" + "00000") + ("0000011" + "00000")


def test_the_bytes_are_the_same_for_ever() -> None:
    # Lessons show digests of compressed layers; a change here is a change of all of them.
    assert gzip(Bytes(b"")).read().hex() == "1f8b08000000000000ff03000000000000000000"
    layer = write_tar([Entry("etc/motd", content=Bytes(TEXT)), Entry("bin/sh", content=Filler("sh", 200_000))])
    assert gzip(layer).digest == "sha256:653e06b133c999852c7a639e52396059a241abe30cf20806c6e11cd0de00a213"


def test_the_bytes_do_not_depend_on_how_the_content_is_kept() -> None:
    row = Concat([Filler("a", 3 << 20), Zeros(5000), Bytes(TEXT)])
    assert gzip(row).digest == gzip(Bytes(row.read())).digest


@pytest.mark.parametrize(
    ("content", "least"),
    [(Filler("bin", 1 << 20), 2.4), (Zeros(1 << 20), 900), (Bytes(TEXT), 5)],
    ids=["filler", "zeros", "text"],
)
def test_how_small_it_gets(content: Content, least: float) -> None:
    assert content.size / gzip(content).size > least


def test_large_results_are_packed_anew_when_they_are_read() -> None:
    source = Filler("large", 14 << 20)
    packed = gzip(source)
    whole = packed.read()
    assert packed.size == len(whole) > 1 << 22
    assert packed.read(5_000_000, 100) == whole[5_000_000:5_000_100]
    assert b"".join(packed.chunks(100_000)) == whole
    assert zlib.decompress(whole, wbits=31) == source.read()


def test_unpacking_what_we_packed_costs_nothing() -> None:
    source = Filler("x", 1000)
    assert decompress(gzip(source)) is source
