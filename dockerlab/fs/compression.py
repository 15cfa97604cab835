"""Unpacking gzip, bzip2 and xz, with a guard against archives that blow up ("bombs")."""

from __future__ import annotations

import bz2
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol

from dockerlab.errors import ArchiveError
from dockerlab.fs.content import CHUNK, EMPTY_CONTENT, Bytes, Concat, Content
from dockerlab.fs.gzip import Gzip

FREE_SIZE = 1 << 30
"""Unpacked bytes that are never suspicious."""

MAX_RATIO = 100
MAX_SIZE = 1 << 34
"""Beyond the free size: how many times its packed size content may grow, and how far at all."""


class _Unpacker(Protocol):
    """What bz2, lzma and our gunzip offer to unpack one stream piece by piece."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /, max_length: int) -> bytes: ...


class _Gunzip:
    """zlib's decompressor in the shape of the other two."""

    def __init__(self) -> None:
        self._zlib = zlib.decompressobj(wbits=31)
        self._full = False

    @property
    def needs_input(self) -> bool:
        return not self._full

    @property
    def eof(self) -> bool:
        return self._zlib.eof

    @property
    def unused_data(self) -> bytes:
        return self._zlib.unused_data

    def decompress(self, data: bytes, /, max_length: int) -> bytes:
        out = self._zlib.decompress(self._zlib.unconsumed_tail + data, max_length)
        self._full = bool(self._zlib.unconsumed_tail) or len(out) == max_length
        return out


_FORMATS: dict[bytes, Callable[[], _Unpacker]] = {
    b"\x1f\x8b": _Gunzip,
    b"BZh": bz2.BZ2Decompressor,
    b"\xfd7zXZ\0": lzma.LZMADecompressor,
}
_ZSTD = b"\x28\xb5\x2f\xfd"


def is_compressed(content: Content) -> bool:
    """Whether the content starts as a format does that `decompress` unpacks."""
    return content.read(0, 6).startswith(tuple(_FORMATS))


def decompress(content: Content) -> Content:
    """The content unpacked, or itself where it is not compressed."""
    if isinstance(content, Gzip):
        return content.source
    start = content.read(0, 6)
    if start.startswith(_ZSTD):
        raise ArchiveError("zstd compression is not supported")
    for magic, unpacker in _FORMATS.items():
        if start.startswith(magic):
            return Concat(_unpacked(content, unpacker))
    return content


def first_bytes(content: Content, count: int) -> bytes:
    """How the content begins once it is unpacked; fewer bytes, or none, where it can't be unpacked so far."""
    if isinstance(content, Gzip):
        return content.source.read(0, count)
    start = content.read(0, 6)
    for magic, unpacker in _FORMATS.items():
        if start.startswith(magic):
            return _first_unpacked(content, unpacker, count)
    return content.read(0, count)


def _first_unpacked(content: Content, unpacker: Callable[[], _Unpacker], count: int) -> bytes:
    found = b""
    try:
        for piece in _pieces(content, unpacker):
            found += piece
            if len(found) >= count:
                break
    except ArchiveError:
        pass
    return found[:count]


def _unpacked(content: Content, unpacker: Callable[[], _Unpacker]) -> Iterator[Content]:
    total = 0
    last = EMPTY_CONTENT
    for piece in _pieces(content, unpacker):
        total += len(piece)
        if total > FREE_SIZE and (total > MAX_SIZE or total > MAX_RATIO * content.size):
            raise ArchiveError("archive grows beyond all measure when unpacked")
        # What repeats is kept once: zeros, for one, must not fill the memory.
        if piece != last.data:
            last = Bytes(piece)
        yield last


def _pieces(content: Content, unpacker: Callable[[], _Unpacker]) -> Iterator[bytes]:
    """Unpack stream after stream (gzip, bzip2 and xz allow several in a row)."""
    stream = unpacker()
    try:
        for chunk in content.chunks():
            while chunk or not stream.needs_input:
                if stream.eof:
                    if not chunk.strip(b"\0"):
                        break
                    stream = unpacker()
                yield stream.decompress(chunk, CHUNK)
                chunk = stream.unused_data if stream.eof else b""
    except (zlib.error, OSError, lzma.LZMAError, EOFError) as error:
        raise ArchiveError(f"invalid compressed data: {error}") from error
    if not stream.eof:
        raise ArchiveError("unexpected EOF")
