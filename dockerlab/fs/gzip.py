"""gzip (RFC 1952) around our own deflate: what layers are compressed with on their way to a registry."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from dockerlab.fs.content import CHUNK, Bytes, Concat, Content, Span
from dockerlab.fs.deflate import deflate, deflate_once
from dockerlab.fs.scratch import FileContent, Scratch
from dockerlab.oci.digest import Digest

_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Deflate, no name, no time, system unknown: as Go's compress/gzip writes it for Docker."""

_KEPT = 1 << 22
"""Bytes of packed content that stay in memory; more goes to a file, or is packed anew where no file can be had."""


_SHORT = 1 << 14
"""Bytes that are worth trying to pack in one block."""


class _Check:
    """The CRC-32 of what passes by."""

    def __init__(self) -> None:
        self.crc = 0

    def pass_on(self, chunk: bytes) -> bytes:
        self.crc = zlib.crc32(chunk, self.crc)
        return chunk


class Gzip(Content):
    """A content, compressed. It remembers its `source`, so that unpacking costs nothing."""

    def __init__(self, source: Content) -> None:
        self.source = source
        sha = hashlib.sha256()
        self.size = 0
        kept = _Kept()
        for piece in self._packed():
            sha.update(piece)
            self.size += len(piece)
            kept.add(piece)
        self.__dict__["digest"] = Digest("sha256:" + sha.hexdigest())
        self._kept = kept.content()

    def _packed(self) -> Iterator[bytes]:
        check = _Check()
        yield _HEADER
        yield from deflate(map(check.pass_on, self.source.chunks(CHUNK)))
        yield check.crc.to_bytes(4, "little") + (self.source.size & 0xFFFFFFFF).to_bytes(4, "little")

    def pieces(self, offset: int, length: int) -> Iterator[bytes | memoryview]:
        if self._kept is not None:
            yield from self._kept.pieces(offset, length)
        else:
            yield self._read(offset, length)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """All bytes in order, in pieces of at most `size`."""
        if self._kept is not None:
            yield from self._kept.chunks(size)
            return
        held = bytearray()
        for piece in self._packed():
            held += piece
            while len(held) >= size:
                yield bytes(held[:size])
                del held[:size]
        if held:
            yield bytes(held)

    def _read(self, offset: int, length: int) -> bytes:
        if self._kept is not None:
            return self._kept.read(offset, length)
        found = bytearray()
        start = 0
        for piece in self._packed():
            if start + len(piece) > offset and start < offset + length:
                found += piece[max(0, offset - start) : offset + length - start]
            start += len(piece)
            if start >= offset + length:
                break
        return bytes(found)


class _Kept:
    """Packed bytes that are kept: in memory, and from a certain length on in a file."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._scratch: Scratch | None = None
        self._file: BinaryIO | None = None
        self._failed = False

    def add(self, piece: bytes) -> None:
        """Keep some more."""
        try:
            if self._file is None and len(self._memory) + len(piece) > _KEPT:
                self._scratch = Scratch()
                self._file = self._scratch.path.open("wb")
                self._file.write(self._memory)
                self._memory.clear()
            if self._file is not None:
                self._file.write(piece)
        except OSError:
            self._failed = True
        if self._file is None and not self._failed:
            self._memory += piece

    def content(self) -> Content | None:
        """All that was kept, None where that was not possible."""
        if self._failed:
            return None
        if self._file is None or self._scratch is None:
            return Bytes(bytes(self._memory))
        size = self._file.tell()
        self._file.close()
        return FileContent(self._scratch, size)


def gzip_file(content: Content, name: str = "", seconds: int = 0) -> Content:
    """What the program gzip makes of a file: with its name and time (RFC 1952, 2.3.1), and short where the file is."""
    flags = b"\x08" if name else b"\0"
    named = name.encode("utf-8", "surrogateescape") + b"\0" if name else b""
    header = b"\x1f\x8b\x08" + flags + (seconds & 0xFFFFFFFF).to_bytes(4, "little") + b"\0\x03" + named
    packed = gzip(content)
    body: Content = Span(packed, len(_HEADER), packed.size - len(_HEADER))
    if content.size <= _SHORT:
        data = content.read()
        trailer = zlib.crc32(data).to_bytes(4, "little") + len(data).to_bytes(4, "little")
        body = min(body, Bytes(deflate_once(data) + trailer), key=lambda one: one.size)
    return Concat([Bytes(header), body])


def gzip(content: Content) -> Gzip:
    """The content, compressed: the same bytes on every machine."""
    return Gzip(content)
