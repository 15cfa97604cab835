"""Digests: the names of bytes (OCI image-spec, descriptor.md, "Digests"), with the error texts of go-digest."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from dockerlab.errors import InvalidDigestError

SHORT = 12
"""How many hex digits Docker shows of a digest or an ID."""

_HEX = re.compile(r"[a-f0-9]*")
_ANY = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+")
ALGORITHMS = {"sha256": 64, "sha384": 96, "sha512": 128}
"""What go-digest knows, and how many hex digits each gives."""

CANONICAL = "sha256"
"""The algorithm of every digest that is computed rather than given."""


class Digest(str):
    """A validated text, as a rule 'sha256:<64 hex digits>'; anything else raises `InvalidDigestError`."""

    __slots__ = ()

    def __new__(cls, text: str) -> Digest:
        """Validate the text; a `Digest` passes as it is."""
        if isinstance(text, Digest):
            return text
        _validate(text)
        return super().__new__(cls, text)

    @classmethod
    def of(cls, data: bytes | Iterable[bytes | memoryview], algorithm: str = CANONICAL) -> Digest:
        """The digest of the bytes, given at once or in pieces."""
        sha = hashlib.new(algorithm)
        for piece in (data,) if isinstance(data, bytes) else data:
            sha.update(piece)
        return cls(f"{algorithm}:{sha.hexdigest()}")

    @property
    def algorithm(self) -> str:
        """What stands before the colon."""
        return self.partition(":")[0]

    @property
    def hex(self) -> str:
        """What stands behind the colon."""
        return self.partition(":")[2]

    @property
    def short(self) -> str:
        """The first 12 hex digits, as `docker images` shows an ID."""
        return self.hex[:SHORT]


def _validate(text: str) -> None:
    algorithm, colon, encoded = text.partition(":")
    if not (algorithm and colon and encoded):
        raise InvalidDigestError("invalid checksum digest format")
    if algorithm not in ALGORITHMS:
        known_shape = _ANY.fullmatch(text) is not None
        raise InvalidDigestError("unsupported digest algorithm" if known_shape else "invalid checksum digest format")
    if len(encoded) != ALGORITHMS[algorithm]:
        raise InvalidDigestError("invalid checksum digest length")
    if not _HEX.fullmatch(encoded):
        raise InvalidDigestError("invalid checksum digest format")
