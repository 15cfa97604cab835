"""Contents of which everything is known but the bytes: those are made when somebody reads them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

from dockerlab.fs.content import CHUNK, Content
from dockerlab.fs.gzip import Gzip
from dockerlab.oci.digest import Digest


class Deferred(Content):
    """A content of known size and digest."""

    def __init__(self, make: Callable[[], Content], size: int, digest: Digest) -> None:
        self._make = make
        self.size = size
        self.__dict__["digest"] = digest

    @cached_property
    def _content(self) -> Content:
        return self._make()

    def _read(self, offset: int, length: int) -> bytes:
        return self._content.read(offset, length)

    def chunks(self, size: int = CHUNK) -> Iterator[bytes]:
        """All bytes in order, in pieces of at most `size`."""
        return self._content.chunks(size)


class PackedLayer(Gzip):
    """A packed archive of known size and digest; unpacking it gives the source back, reading it packs it."""

    def __init__(self, source: Deferred, size: int, digest: Digest) -> None:
        # Not Gzip's own: it would pack everything at once to learn the digest.
        self.source = source
        self.size = size
        self.__dict__["digest"] = digest
        self._kept = None
