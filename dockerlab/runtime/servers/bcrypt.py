"""bcrypt (Provos and Mazières, "A Future-Adaptable Password Scheme", 1999): the hashes that `htpasswd -B` makes.

Blowfish's boxes are the digits of pi, which are computed when the first password is looked at.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator, Sequence

ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
ROUNDS, BOX = 16, 256
MAGIC = b"OrpheanBeholderScryDoubt"
_WORD = 0xFFFFFFFF
_HASH = re.compile(r"\$2[aby]\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]{31})")
HIGHEST_COST = 12
"""Beyond that a check would take minutes here; nobody gets in by such a hash."""


def check_password(password: bytes, kept: str) -> bool:
    """Whether a password fits a hash."""
    match = _HASH.fullmatch(kept)
    if match is None or int(match[1]) > HIGHEST_COST:
        return False
    return hash_password(password, int(match[1]), decode(match[2])[:16]).endswith(match[3])


def hash_password(password: bytes, cost: int, salt: bytes) -> str:
    """'$2y$05$…' of a password; `salt` has 16 bytes."""
    key = (password + b"\0")[:72]
    cipher = Blowfish()
    cipher.expand(key, salt)
    for _ in range(1 << cost):
        cipher.expand(key)
        cipher.expand(salt)
    words = [int.from_bytes(MAGIC[at : at + 4], "big") for at in range(0, len(MAGIC), 4)]
    for _ in range(64):
        for at in range(0, len(words), 2):
            words[at], words[at + 1] = cipher.encrypt(words[at], words[at + 1])
    digest = b"".join(word.to_bytes(4, "big") for word in words)[:23]
    return f"$2y${cost:02}${encode(salt)}{encode(digest)}"


class Blowfish:
    """The block cipher, with the key schedule that bcrypt makes expensive."""

    def __init__(self) -> None:
        words = pi_words()
        self._subkeys = list(words[: ROUNDS + 2])
        self._boxes = [list(words[start : start + BOX]) for start in range(ROUNDS + 2, ROUNDS + 2 + 4 * BOX, BOX)]

    def expand(self, key: bytes, salt: bytes = b"") -> None:
        """Mix a key, and a salt, into the state."""
        stream = _stream(key)
        self._subkeys = [subkey ^ next(stream) for subkey in self._subkeys]
        salts = _stream(salt) if salt else itertools.repeat(0)
        left = right = 0
        for box in (self._subkeys, *self._boxes):
            for at in range(0, len(box), 2):
                left, right = self.encrypt(left ^ next(salts), right ^ next(salts))
                box[at], box[at + 1] = left, right

    def encrypt(self, left: int, right: int) -> tuple[int, int]:
        """One block of two words."""
        one, two, three, four = self._boxes
        for subkey in self._subkeys[:ROUNDS]:
            left ^= subkey
            mixed = (one[left >> 24] + two[left >> 16 & 255] ^ three[left >> 8 & 255]) + four[left & 255]
            left, right = right ^ mixed & _WORD, left
        return right ^ self._subkeys[ROUNDS + 1], left ^ self._subkeys[ROUNDS]


def _stream(data: bytes) -> Iterator[int]:
    """Words of a text that is repeated without end."""
    endless = itertools.cycle(data)
    while True:
        yield int.from_bytes(bytes(itertools.islice(endless, 4)), "big")


@functools.cache
def pi_words() -> Sequence[int]:
    """The digits of pi behind the point, as 32-bit words (Machin: pi = 16 arctan 1/5 - 4 arctan 1/239)."""
    count = ROUNDS + 2 + 4 * BOX
    bits = 32 * count + 64
    pi = 16 * _arctan(5, bits) - 4 * _arctan(239, bits)
    digits = (pi - (3 << bits)) >> 64
    return [digits >> 32 * (count - 1 - at) & _WORD for at in range(count)]


def _arctan(inverse: int, bits: int) -> int:
    """arctan(1 / inverse), times 2 to the power of `bits`."""
    power = total = (1 << bits) // inverse
    for divisor in itertools.count(3, 2):
        power //= -inverse * inverse
        if power in (0, -1):
            return total
        total += power // divisor
    return total


def encode(data: bytes) -> str:
    """bcrypt's own base 64, without padding."""
    number, bits = int.from_bytes(data, "big"), 8 * len(data)
    digits = -(-bits // 6)
    number <<= 6 * digits - bits
    return "".join(ALPHABET[number >> 6 * at & 63] for at in reversed(range(digits)))


def decode(text: str) -> bytes:
    """The bytes of a text in that base."""
    number = functools.reduce(lambda found, char: found << 6 | ALPHABET.index(char), text, 0)
    size = 6 * len(text) // 8
    return (number >> 6 * len(text) - 8 * size).to_bytes(size, "big")
