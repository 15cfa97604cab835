"""Blobs that come over a wire: hashed while they arrive, kept in a file, never whole in memory.

What has arrived stays when a connection breaks, so that the next request can ask for the rest (RFC 9110, 14).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from dockerlab.fs.content import CHUNK, Bytes, Content
from dockerlab.oci.digest import Digest
from dockerlab.registry.wire import Sent, ignored

KEPT = 1 << 18
"""Bytes of a blob that stay in memory; a longer one goes to a file."""


class _Scratch:
    """A file that nobody else knows of; it goes with the last one who refers to it."""

    def __init__(self) -> None:
        number, name = tempfile.mkstemp(prefix="dockerlab-")
        os.close(number)
        self.path = Path(name)
        weakref.finalize(self, self.path.unlink, missing_ok=True)


class FileContent(Content):
    """The bytes of a scratch file, which is open only while it is read: a lab may have a thousand layers."""

    def __init__(self, scratch: _Scratch, size: int) -> None:
        self._scratch = scratch
        self.size = size

    def _read(self, offset: int, length: int) -> bytes:
        return b"".join(self.pieces(offset, length))

    def pieces(self, offset: int, length: int) -> Iterator[bytes | memoryview]:
        with self._scratch.path.open("rb") as file:
            file.seek(offset)
            while length:
                piece = file.read(min(CHUNK, length))
                yield piece
                length -= len(piece)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """All bytes in order, in pieces of at most `size`."""
        with self._scratch.path.open("rb") as file:
            while piece := file.read(size):
                yield piece


class Spool:
    """A blob on its way in. `limit` is how many bytes it may have at most: more of them are not kept.

    `moved` is told how many have arrived.
    """

    def __init__(self, limit: int, moved: Sent = ignored) -> None:
        self._limit, self._moved = limit, moved
        self.begun = False
        self.restart()

    def restart(self) -> None:
        """Forget what has arrived."""
        self._sha = hashlib.sha256()
        self._memory = bytearray()
        self._scratch: _Scratch | None = None
        self._file: BinaryIO | None = None
        self.size = 0

    def begin(self, status: int) -> None:
        """An answer begins: 206 goes on where the last one broke off, everything else starts afresh."""
        self.begun = True
        if status != 206:
            self.restart()

    def write(self, piece: bytes) -> None:
        """Take some bytes."""
        self.size += len(piece)
        self._sha.update(piece)
        if self.size <= self._limit:
            self._keep(piece)
        self._moved(self.size)

    def _keep(self, piece: bytes) -> None:
        if self._file is None and self.size > KEPT:
            self._scratch = _Scratch()
            self._file = self._scratch.path.open("wb")
            self._file.write(self._memory)
        if self._file is None:
            self._memory += piece
        else:
            self._file.write(piece)

    @property
    def digest(self) -> Digest:
        """Of all that has arrived, kept or not."""
        return Digest("sha256:" + self._sha.hexdigest())

    def content(self) -> Content:
        """What has arrived, now that it is whole."""
        content: Content = Bytes(bytes(self._memory))
        if self._file is not None and self._scratch is not None:
            self._file.close()
            content = FileContent(self._scratch, self.size)
        content.__dict__["digest"] = self.digest
        return content


def spooled(source: Content) -> Content:
    """The same bytes in a file, for a content that is made anew whenever it is read."""
    spool = Spool(source.size)
    for piece in source.chunks():
        spool.write(piece)
    return spool.content()
