"""Go's path.Match: the wildcards of `docker images 'ub*'` and of `--filter reference=…`.

`*` stands for any text without a slash, `?` for one character that is not a slash, `[a-z]` and `[^a-z]` for one
of (or none of) a set, a backslash takes the next character as it is. Neither of them crosses a slash.
"""

from __future__ import annotations

import re
from functools import lru_cache

from dockerlab.errors import InvalidParameterError

_CLASS = re.compile(r"\[(?P<not>\^?)(?P<items>(?:(?:\\.|[^\\\-\]])(?:-(?:\\.|[^\\\-\]]))?)+)\]", re.S)
_ITEM = re.compile(r"(\\.|[^\\])(?:-(\\.|[^\\]))?", re.S)


def path_match(pattern: str, name: str) -> bool:
    """Whether the whole name fits the pattern; a pattern that makes no sense raises."""
    return _compile(pattern).fullmatch(name) is not None


@lru_cache(maxsize=256)
def _compile(pattern: str) -> re.Pattern[str]:
    pieces: list[str] = []
    position = 0
    while position < len(pattern):
        piece, position = _piece(pattern, position)
        pieces.append(piece)
    return re.compile("".join(pieces), re.S)


_WILD = {"*": "[^/]*", "?": "[^/]"}


def _piece(pattern: str, position: int) -> tuple[str, int]:
    """One element of the pattern as a regular expression, and where the next one begins."""
    char = pattern[position]
    if char == "[":
        return _character_class(pattern, position)
    if char == "\\":
        position += 1
        if position == len(pattern):
            raise InvalidParameterError("syntax error in pattern")
        return re.escape(pattern[position]), position + 1
    return _WILD.get(char, re.escape(char)), position + 1


def _character_class(pattern: str, position: int) -> tuple[str, int]:
    match = _CLASS.match(pattern, position)
    if match is None:
        raise InvalidParameterError("syntax error in pattern")
    ranges = [(low[-1], (high or low)[-1]) for low, high in _ITEM.findall(match["items"])]
    inside = "".join(f"{re.escape(low)}-{re.escape(high)}" for low, high in ranges if low <= high)
    if not inside:
        return ("." if match["not"] else "(?!)"), match.end()
    return f"[{match['not']}{inside}]", match.end()
