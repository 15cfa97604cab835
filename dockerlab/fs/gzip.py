"""gzip (RFC 1952) around our own deflate: what layers are compressed with on their way to a registry."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator

from dockerlab.fs.content import CHUNK, Content
from dockerlab.fs.deflate import deflate
from dockerlab.oci.digest import Digest

_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
"""Deflate, no name, no time, system unknown: as Go's compress/gzip writes it for Docker."""

_KEPT = 1 << 22
"""Bytes of packed content that stay in memory; more is packed anew when it is read."""


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
        size = 0
        kept: list[bytes] = []
        for piece in self._packed():
            sha.update(piece)
            size += len(piece)
            if size <= _KEPT:
                kept.append(piece)
        self.size = size
        self.__dict__["digest"] = Digest("sha256:" + sha.hexdigest())
        self._kept = b"".join(kept) if size <= _KEPT else None

    def _packed(self) -> Iterator[bytes]:
        check = _Check()
        yield _HEADER
        yield from deflate(map(check.pass_on, self.source.chunks(CHUNK)))
        yield check.crc.to_bytes(4, "little") + (self.source.size & 0xFFFFFFFF).to_bytes(4, "little")

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """All bytes in order, in pieces of at most `size`."""
        if self._kept is not None:
            yield from super().chunks(size)
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
            return self._kept[offset : offset + length]
        found = bytearray()
        start = 0
        for piece in self._packed():
            if start + len(piece) > offset and start < offset + length:
                found += piece[max(0, offset - start) : offset + length - start]
            start += len(piece)
            if start >= offset + length:
                break
        return bytes(found)


def gzip(content: Content) -> Gzip:
    """The content, compressed: the same bytes on every machine."""
    return Gzip(content)
