"""Blobs that come over a wire: hashed while they arrive, kept in a file, never whole in memory.

What has arrived stays when a connection breaks, so that the next request can ask for the rest (RFC 9110, 14).
"""

from __future__ import annotations

import hashlib
from typing import BinaryIO

from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.scratch import FileContent, Scratch
from dockerlab.oci.digest import CANONICAL, Digest
from dockerlab.registry.wire import Sent, ignored

KEPT = 1 << 18
"""Bytes of a blob that stay in memory; a longer one goes to a file."""


class Spool:
    """A blob on its way in. `limit` is how many bytes it may have at most: more of them are not kept.

    `moved` is told how many have arrived; `algorithm` is that of the digest which they are compared with.
    """

    def __init__(self, limit: int, moved: Sent = ignored, algorithm: str = CANONICAL) -> None:
        self._limit, self._moved, self._algorithm = limit, moved, algorithm
        self.begun = False
        self._file: BinaryIO | None = None
        self.restart()

    def restart(self) -> None:
        """Forget what has arrived."""
        if self._file is not None:
            self._file.close()
        self._sha = hashlib.new(self._algorithm)
        self._memory = bytearray()
        self._scratch: Scratch | None = None
        self._file = None
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
            self._scratch = Scratch()
            self._file = self._scratch.path.open("wb")
            self._file.write(self._memory)
        if self._file is None:
            self._memory += piece
        else:
            self._file.write(piece)

    @property
    def digest(self) -> Digest:
        """Of all that has arrived, kept or not."""
        return Digest(f"{self._algorithm}:{self._sha.hexdigest()}")

    def content(self) -> Content:
        """What has arrived, now that it is whole."""
        content: Content = Bytes(bytes(self._memory))
        if self._file is not None and self._scratch is not None:
            self._file.close()
            content = FileContent(self._scratch, self.size)
        if self._algorithm == CANONICAL:
            content.__dict__["digest"] = self.digest
        return content
