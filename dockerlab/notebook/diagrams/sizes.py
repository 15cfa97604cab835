"""Sizes as `docker images` prints them: powers of 1000, three digits."""

from __future__ import annotations

from dockerlab.cli.units import human_size_with_precision


def size_text(size: int) -> str:
    """E.g. '77.8MB'."""
    return human_size_with_precision(size, 3)
