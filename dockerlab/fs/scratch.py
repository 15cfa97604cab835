"""Bytes in files that nobody else knows of: what is too long for memory, and too dear to be made twice."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Iterator
from pathlib import Path

from dockerlab.fs.content import CHUNK, Content


class Scratch:
    """A file that nobody else knows of; it goes with the last one who refers to it."""

    def __init__(self) -> None:
        number, name = tempfile.mkstemp(prefix="dockerlab-")
        os.close(number)
        self.path = Path(name)
        weakref.finalize(self, self.path.unlink, missing_ok=True)


class FileContent(Content):
    """The bytes of a scratch file, which is open only while it is read: a lab may have a thousand layers."""

    def __init__(self, scratch: Scratch, size: int) -> None:
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
