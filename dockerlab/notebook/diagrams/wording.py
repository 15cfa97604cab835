"""Words for pictures: clean text of one line, counts, lists and sizes, short enough for a box."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from dockerlab.cli.units import human_size_with_precision

JOINER = "\N{ZERO WIDTH JOINER}"
"""Holds an emoji together; every other character without a face is left out."""


def clean(text: str) -> str:
    """`text` without control characters (nor those that turn a line's direction), which no picture can carry."""
    return "".join(
        " " if character != JOINER and unicodedata.category(character)[0] == "C" else character for character in text
    )


def columns(character: str) -> int:
    """How many columns of a terminal a character fills."""
    if character == JOINER or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """At most `width` columns of `text` on one line, with an ellipsis where some are left out."""
    text = " ".join(clean(text).split())
    if sum(map(columns, text)) <= width:
        return text
    kept, left = "", width - 1
    for character in text:
        left -= columns(character)
        if left < 0:
            break
        kept += character
    return kept + "…"


def shorten_path(path: str, width: int) -> str:
    """The end of a path, which tells more than its beginning."""
    return shorten(clean(path)[::-1], width)[::-1]


def size_text(size: int) -> str:
    """A size as `docker images` prints it, in powers of 1000 with three digits, e.g. '77.8MB'."""
    return human_size_with_precision(size, 3)


def plural(count: int, noun: str) -> str:
    """'1 layer', '2 layers'."""
    return f"{count} {noun}{'' if count == 1 else 's'}"


def listing(names: Sequence[str], most: int = 3, width: int = 40) -> str:
    """'a, b and 5 more'."""
    shown = ", ".join(shorten(name, width) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown


def pad(text: str, width: int) -> str:
    """`text` with blanks up to `width` columns of a terminal."""
    return text + " " * (width - sum(map(columns, text)))


KEEPING = {"vfs": "a full copy of all files", "btrfs": "a snapshot", "zfs": "a clone"}
"""What storage drivers without an upper directory keep for each layer and container."""


def remark(driver: str) -> list[str]:
    """What is said where a storage driver keeps layers in another way than they are drawn."""
    if driver not in KEEPING:
        return []
    return [f"drawn as layers; storage driver {driver} keeps {KEEPING[driver]} for each, which shows the same files"]
