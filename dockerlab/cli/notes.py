"""Notes beside what a command prints: in plain characters, or coloured on a terminal (docker/cli, internal/tui)."""

from __future__ import annotations

_PLAIN = " Info -> "
_COLOURED = "\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo \u2192 \x1b[0m\x1b[0m"
_MARGIN = " " * len(_PLAIN)


def note(text: str, *, terminal: bool) -> str:
    """A blank line, then the note's lines behind a mark."""
    first, *more = (f"\x1b[3m{line}\x1b[0m" if terminal else line for line in text.split("\n"))
    return "".join(["\n", _COLOURED if terminal else _PLAIN, first, "\n", *(f"{_MARGIN}{line}\n" for line in more)])
