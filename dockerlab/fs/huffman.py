"""The bits of deflate (RFC 1951): codes as text of '0' and '1' in the order in which they are sent.

Text is the quickest way to put bits together in Python: `int` takes any number of them at once.
"""

from __future__ import annotations

from functools import lru_cache

FIXED_BLOCK = "010"
"""Starts a block with the fixed codes (3.2.6) that is not the last one."""

LAST_FIXED_BLOCK = "110"
"""Starts the last block, with the fixed codes."""

STORED_BLOCK = "000"
"""Starts a block of plain bytes (3.2.4)."""

END_OF_BLOCK = "0000000"
"""Ends a block with the fixed codes."""

LAST_BLOCK = LAST_FIXED_BLOCK + END_OF_BLOCK
"""An empty last block."""

MAX_LENGTH = 258
"""Bytes that one match can repeat; at least 3."""

MAX_DISTANCE = 32_768


def _fixed(symbol: int) -> str:
    """The fixed code of a literal or length symbol (RFC 1951, 3.2.6)."""
    if symbol < 144:
        return f"{0b00110000 + symbol:08b}"
    if symbol < 256:
        return f"{0b110010000 + symbol - 144:09b}"
    if symbol < 280:
        return f"{symbol - 256:07b}"
    return f"{0b11000000 + symbol - 280:08b}"


def _extra(value: int, count: int) -> str:
    """Extra bits, lowest first."""
    return f"{value:0{count}b}"[::-1] if count else ""


def _length_codes() -> tuple[str, ...]:
    """The code of each match length, by length (3.2.5)."""
    codes = [""] * (MAX_LENGTH + 1)
    length = 3
    for symbol in range(257, 285):
        extra = max(0, (symbol - 261) // 4)
        for value in range(1 << extra):
            if length <= MAX_LENGTH:
                codes[length] = _fixed(symbol) + _extra(value, extra)
                length += 1
    codes[MAX_LENGTH] = _fixed(285)
    return tuple(codes)


LITERALS = tuple(_fixed(symbol) for symbol in range(256))
_LENGTHS = _length_codes()


@lru_cache(maxsize=4096)
def distance_code(distance: int) -> str:
    """The code of a distance of 1 to 32,768 bytes, in the fixed block (3.2.5: two codes for each power of two)."""
    if distance <= 4:
        return f"{distance - 1:05b}"
    extra = (distance - 1).bit_length() - 2
    symbol = 2 * extra + 2 + ((distance - 1) >> extra & 1)
    return f"{symbol:05b}" + _extra((distance - 1) & ((1 << extra) - 1), extra)


def literals(data: bytes) -> str:
    """The bytes as they are."""
    return "".join(map(LITERALS.__getitem__, data))


@lru_cache(maxsize=1024)
def repeat(distance: int, length: int) -> str:
    """`length` (3 or more) bytes repeated from `distance` bytes ago, as often as one match is too short."""
    whole, rest = divmod(length, MAX_LENGTH)
    if 0 < rest < 3:
        # A match is 3 bytes or more, so the last two share what is left.
        return (
            repeat(distance, MAX_LENGTH) * (whole - 1) + _match(distance, MAX_LENGTH - 3) + _match(distance, rest + 3)
        )
    return _match(distance, MAX_LENGTH) * whole + (_match(distance, rest) if rest else "")


def _match(distance: int, length: int) -> str:
    return _LENGTHS[length] + distance_code(distance)


# A block with codes of our own (3.2.7) for nothing but zeros: length 258 is '0', a zero '10', the end '11', and the
# only distance (1) '0'. The bits are the numbers of codes (286, 1, 18), the lengths of the codes' own codes
# (18: 1, 2: 2, 1: 2, by the order 16 17 18 0 8 7 9 6 10 5 11 4 12 3 13 2 14 1), and the code lengths in run lengths.
_ZERO_BLOCK = (
    "001"
    + _extra(29, 5)
    + _extra(0, 5)
    + _extra(14, 4)
    + "".join(_extra(length, 3) for length in (0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2))
    + "11"
    + ("0" + _extra(138 - 11, 7))
    + ("0" + _extra(117 - 11, 7))
    + "11"
    + ("0" + _extra(28 - 11, 7))
    + "10"
    + "10"
)


def zero_block(matches: int) -> str:
    """A whole block of 1 + 258 * `matches` zeros, two bits for every 258 of them."""
    return _ZERO_BLOCK + "10" + "00" * matches + "11"


def to_bytes(bits: str) -> bytes:
    """The bits as bytes, the last byte filled up with zeros."""
    return int(bits[::-1] or "0", 2).to_bytes((len(bits) + 7) // 8, "little")
