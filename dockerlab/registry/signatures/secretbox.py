"""NaCl's secretbox, XSalsa20 with Poly1305: the lock of cosign's private keys (nacl.cr.yp.to, secretbox.html).

The library of compiled ciphers has Poly1305, but of the Salsa20 family only ChaCha20, so the stream is made here
(Bernstein, "Extending the Salsa20 nonce"). Keys of a few hundred bytes are all that it is for.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

_SIGMA = struct.unpack("<4I", b"expand 32-byte k")
_BLOCK = 64
_KEY = 32
"""The first bytes of the stream are Poly1305's key."""
TAG = 16
_WORD = 0xFFFFFFFF
_COLUMNS = ((0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11))
_ROWS = ((0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14))
_TURNS = ((1, 0, 3, 7), (2, 1, 0, 9), (3, 2, 1, 13), (0, 3, 2, 18))
"""In a quarter round the first word takes in the sum of the next two, turned by so many bits."""


def seal(data: bytes, nonce: bytes, key: bytes) -> bytes:
    """Lock data: the tag, then what was locked."""
    from cryptography.hazmat.primitives.poly1305 import Poly1305

    stream = _stream(key, nonce, _KEY + len(data))
    locked = _mixed(data, stream[_KEY:])
    return Poly1305.generate_tag(stream[:_KEY], locked) + locked


def unseal(box: bytes, nonce: bytes, key: bytes) -> bytes | None:
    """The data, None where the key is another one."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.poly1305 import Poly1305

    stream = _stream(key, nonce, _KEY + len(box) - TAG)
    try:
        Poly1305.verify_tag(stream[:_KEY], box[TAG:], box[:TAG])
    except InvalidSignature:
        return None
    return _mixed(box[TAG:], stream[_KEY:])


def _mixed(data: bytes, stream: bytes) -> bytes:
    return bytes(one ^ other for one, other in zip(data, stream, strict=True))


def _stream(key: bytes, nonce: bytes, length: int) -> bytes:
    """XSalsa20: a key of its own for the first 16 bytes of the nonce, then Salsa20 with the last 8."""
    state = _state(struct.unpack("<8I", key), struct.unpack("<4I", nonce[:16]))
    mixed = _rounds(state)
    subkey = tuple(mixed[at] for at in (0, 5, 10, 15, 6, 7, 8, 9))
    tail = struct.unpack("<2I", nonce[16:])
    blocks = [_salsa(_state(subkey, (*tail, number, 0))) for number in range(-(-length // _BLOCK))]
    return b"".join(blocks)[:length]


def _state(key: Sequence[int], middle: Sequence[int]) -> list[int]:
    one, two, three, four = _SIGMA
    return [one, *key[:4], two, *middle, three, *key[4:], four]


def _salsa(state: Sequence[int]) -> bytes:
    mixed = _rounds(state)
    return struct.pack("<16I", *((one + other) & _WORD for one, other in zip(state, mixed, strict=True)))


def _rounds(state: Sequence[int]) -> list[int]:
    """Twenty rounds over the columns and the rows of a square of words, in turn."""
    words = list(state)
    for _ in range(10):
        for quarter in (*_COLUMNS, *_ROWS):
            for target, near, far, turn in _TURNS:
                total = (words[quarter[near]] + words[quarter[far]]) & _WORD
                words[quarter[target]] ^= (total << turn & _WORD) | total >> (32 - turn)
    return words
