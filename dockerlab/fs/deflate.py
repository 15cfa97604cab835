"""A deflate compressor of our own (RFC 1951), so that digests of compressed layers are the same on every machine.

zlib's output differs from build to build; this one depends on the bytes alone. It is made for layers: tar blocks of
512 bytes, of which many are zero, many repeat earlier ones, and some are noise. Each block is one of these:

- zeros and repeated blocks become matches, found by comparing whole blocks (fast at any size);
- noise is stored as it is;
- all else is worth an effort: LZ77 byte by byte up to a budget, beyond it only runs of zeros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dockerlab.fs import huffman
from dockerlab.fs.huffman import MAX_DISTANCE, MAX_LENGTH

BLOCK = 512
BUDGET = 1 << 18
"""Bytes of one stream that are searched byte by byte."""

_ZERO = bytes(BLOCK)
_MAX_STORED = 65_535
_ZERO_BLOCK_FROM = 4096
_NOISE = 50
"""Different bytes among 64 from which on they are taken for noise (random ones have about 57, text some 30)."""

_ZERO_RUN = re.compile(rb"\0{4,}")


def deflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The compressed stream of the pieces; where they are cut matters, so all but the last must be of one size."""
    stream = _Stream()
    for piece in pieces:
        _Piece(piece, stream).compress()
        yield stream.taken()
    stream.fixed(False)
    stream.bits.append(huffman.LAST_BLOCK)
    stream.align()
    yield stream.taken()


def deflate_once(data: bytes) -> bytes:
    """A short text as a single block, searched byte by byte: the stream that every compressor would make of a line."""
    stream = _Stream()
    stream.bits.append(huffman.LAST_FIXED_BLOCK)
    _Piece(data, stream).search()
    stream.bits.append(huffman.END_OF_BLOCK)
    stream.align()
    return stream.taken()


class _Stream:
    """Bits on their way out, and how much effort may still be spent."""

    def __init__(self) -> None:
        self.bits: list[str] = []
        self.done: list[bytes] = []
        self.budget = BUDGET
        self._in_block = False

    def fixed(self, wanted: bool) -> None:
        """Be inside a block with the fixed codes, or between blocks."""
        if wanted != self._in_block:
            self.bits.append(huffman.FIXED_BLOCK if wanted else huffman.END_OF_BLOCK)
            self._in_block = wanted

    def align(self) -> None:
        """Fill up the last byte with zero bits."""
        if self.bits:
            self.done.append(huffman.to_bytes("".join(self.bits)))
            self.bits.clear()

    def taken(self) -> bytes:
        """The whole bytes so far, which the stream forgets."""
        text = "".join(self.bits)
        whole = len(text) & ~7
        if whole:
            self.done.append(huffman.to_bytes(text[:whole]))
            self.bits = [text[whole:]] if text[whole:] else []
        data = b"".join(self.done)
        self.done.clear()
        return data

    def stored(self, data: bytes) -> None:
        """The bytes as they are (3.2.4)."""
        self.fixed(False)
        for start in range(0, len(data), _MAX_STORED):
            part = data[start : start + _MAX_STORED]
            self.bits.append(huffman.STORED_BLOCK)
            self.align()
            self.done.append(len(part).to_bytes(2, "little") + (len(part) ^ 0xFFFF).to_bytes(2, "little"))
            self.done.append(part)

    def match(self, distance: int, length: int) -> None:
        """Bytes repeated from earlier on."""
        self.fixed(True)
        self.bits.append(huffman.repeat(distance, length))

    def zeros(self, count: int) -> None:
        """A run of zeros, 1 or more."""
        if count >= _ZERO_BLOCK_FROM:
            self.fixed(False)
            matches = (count - 1) // MAX_LENGTH
            self.bits.append(huffman.zero_block(matches))
            count -= 1 + matches * MAX_LENGTH
        self.fixed(True)
        if count < 4:
            self.bits.append(huffman.LITERALS[0] * count)
        else:
            self.bits.append(huffman.LITERALS[0] + huffman.repeat(1, count - 1))


class _Piece:
    """A piece of the input, compressed without looking back at the pieces before."""

    def __init__(self, data: bytes, stream: _Stream) -> None:
        self.data = data
        self.stream = stream
        self.seen: dict[bytes, int] = {}
        self.words: dict[bytes, int] = {}

    def search(self) -> None:
        """Search all of it, in the block that is open."""
        self.stream.bits.extend(self._search(0, len(self.data)))

    def compress(self) -> None:
        """Go through the blocks; those of one kind that stand side by side are dealt with at once."""
        data, size = self.data, len(self.data)
        here = start = 0
        deal = self._effort
        while here < size:
            run = self._run(here)
            if run:
                deal(start, here)
                distance, length = run
                self.stream.match(distance, length) if distance else self.stream.zeros(length)
                here = start = here + length
                continue
            this = self._store if len(set(data[here : here + 64])) > _NOISE else self._effort
            if this != deal:
                deal(start, here)
                start, deal = here, this
            here += BLOCK
        deal(start, size)

    def _run(self, here: int) -> tuple[int, int] | None:
        """The zeros (distance 0) or the repetition that begins with the block here, and how long it is."""
        block = self.data[here : here + BLOCK]
        if len(block) < BLOCK:
            return None
        if block == _ZERO:
            return 0, BLOCK + self._common(here, here + BLOCK)
        there = self.seen.get(block)
        self.seen[block] = here
        if there is None or here - there > MAX_DISTANCE:
            return None
        return here - there, BLOCK + self._common(there + BLOCK, here + BLOCK)

    def _common(self, first: int, second: int) -> int:
        """How many bytes, in whole blocks, are the same from two places on."""
        data, length, step = self.data, 0, BLOCK
        room = (len(data) - second) // BLOCK * BLOCK
        while step >= BLOCK:
            step = min(step, room - length)
            if step and data[first + length : first + length + step] == data[second + length : second + length + step]:
                length += step
                step *= 2
            else:
                step = step // (2 * BLOCK) * BLOCK
        return length

    def _store(self, start: int, end: int) -> None:
        if start < end:
            self.stream.stored(self.data[start:end])

    def _effort(self, start: int, end: int) -> None:
        """Search byte by byte while the budget lasts."""
        if start >= end:
            return
        self.stream.fixed(True)
        middle = min(end, start + self.stream.budget)
        self.stream.budget -= middle - start
        self.stream.bits.extend(self._search(start, middle))
        self.stream.bits.extend(self._runs(middle, end))

    def _search(self, here: int, end: int) -> Iterator[str]:
        """LZ77: the longest match with where the next four bytes stood last."""
        data, words, codes = self.data, self.words, huffman.LITERALS
        while here < end:
            word = data[here : here + 4]
            there = words.get(word)
            words[word] = here
            if there is None or here - there > MAX_DISTANCE or end - here < 4:
                yield codes[data[here]]
                here += 1
                continue
            length = self._match_length(there, here, min(end - here, MAX_LENGTH))
            yield huffman.repeat(here - there, length)
            for inner in range(here + 1, here + min(length, 16)):
                words[data[inner : inner + 4]] = inner
            here += length

    def _match_length(self, there: int, here: int, most: int) -> int:
        """How far two places agree, by halves: 4 bytes do, more than `most` don't matter."""
        data = self.data
        if data[there : there + most] == data[here : here + most]:
            return most
        low, high = 4, most
        while high - low > 1:
            middle = (low + high) // 2
            if data[there + low : there + middle] == data[here + low : here + middle]:
                low = middle
            else:
                high = middle
        return low

    def _runs(self, here: int, end: int) -> Iterator[str]:
        """Literals, and matches for runs of zeros."""
        for found in _ZERO_RUN.finditer(self.data, here, end):
            yield huffman.literals(self.data[here : found.start()])
            yield huffman.LITERALS[0] + huffman.repeat(1, found.end() - found.start() - 1)
            here = found.end()
        yield huffman.literals(self.data[here:end])
