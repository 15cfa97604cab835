"""Sizes as the package managers print them."""

from __future__ import annotations


def size_text(size: int) -> str:
    """apt's: '159 kB', '9374 kB', '32.5 MB': powers of 1000, a new unit from 10000 on, a digit more below 100."""
    letters = ["", "k", "M", "G"]
    amount, power = float(size), 0
    while amount >= 10_000 and power < len(letters) - 1:
        amount, power = amount / 1000, power + 1
    if amount < 100 and power:
        return f"{amount:.1f} {letters[power]}B"
    return f"{amount:.0f} {letters[power]}B"


def mebibytes(size: int) -> str:
    """apk's: '13 MiB', '508 KiB'."""
    if size < 1 << 20:
        return f"{size >> 10} KiB"
    return f"{size >> 20} MiB" if size >= 10 << 20 else f"{size / (1 << 20):.1f} MiB"


def wheel_size(size: int) -> str:
    """pip's: '101 kB', '1.9 MB'."""
    return f"{size / 1e6:.1f} MB" if size >= 1_000_000 else f"{size // 1000} kB"
