"""Patterns (POSIX.1-2024 XCU 2.14): `*`, `?`, `[…]`, and bash's `@(a|b)` kinds, made into regular expressions."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from typing import TypeAlias

Run: TypeAlias = tuple[str, bool]
"""A piece of text, and whether it was quoted (then no character in it is special)."""

_SPECIAL = re.compile(r"[*?\[]")
_CLASSES = {
    "alnum": "A-Za-z0-9",
    "alpha": "A-Za-z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": "\\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def is_pattern(runs: Iterable[Run]) -> bool:
    """Whether an unquoted character of it is special."""
    return any(not quoted and _SPECIAL.search(text) for text, quoted in runs)


def marked(runs: Iterable[Run]) -> str:
    """Runs as one text in which quoted characters have a backslash before them."""
    return "".join(re.sub(r"(.)", r"\\\1", text, flags=re.DOTALL) if quoted else text for text, quoted in runs)


@functools.lru_cache(maxsize=512)
def expression(pattern: str, lazy: bool = False) -> str:
    """The regular expression of a marked pattern; `lazy` makes `*` match as little as possible."""
    return _Translator(pattern, lazy).translate()


def matcher(runs: Iterable[Run]) -> re.Pattern[str]:
    """A compiled pattern that matches from the beginning; use `fullmatch`."""
    return re.compile(expression(marked(runs)), re.DOTALL)


class _Translator:
    """Walks a marked pattern once."""

    def __init__(self, pattern: str, lazy: bool) -> None:
        self._pattern = pattern
        self._any = ".*?" if lazy else ".*"

    def translate(self) -> str:
        made, at = [], 0
        while at < len(self._pattern):
            piece, at = self._piece(at)
            made.append(piece)
        return "".join(made)

    def _piece(self, at: int) -> tuple[str, int]:
        pattern, char = self._pattern, self._pattern[at]
        if char in "?*+@!" and pattern[at + 1 : at + 2] == "(":
            found = self._group(char, at + 2)
            if found:
                return found
        if char == "\\" and at + 1 < len(pattern):
            return re.escape(pattern[at + 1]), at + 2
        if char == "*":
            return self._any, at + 1
        if char == "?":
            return ".", at + 1
        if char == "[":
            return self._bracket(at)
        return re.escape(char), at + 1

    def _bracket(self, at: int) -> tuple[str, int]:
        pattern = self._pattern
        match = re.compile(r"\[([!^]?)(\\?\]?(?:\[:\w+:\]|\\.|[^\]\\])*)\]", re.DOTALL).match(pattern, at)
        if not match or not match[2]:
            return "\\[", at + 1
        body = re.sub(r"\[:(\w+):\]|(\\?)(.)", _member, match[2], flags=re.DOTALL)
        return f"[{'^' if match[1] else ''}{body}]", match.end()

    def _group(self, kind: str, at: int) -> tuple[str, int] | None:
        """bash's extended patterns."""
        depth, end = 1, at
        while end < len(self._pattern) and depth:
            char = self._pattern[end]
            end += 2 if char == "\\" else 1
            depth += (char == "(") - (char == ")")
        if depth:
            return None
        choices = "|".join(expression(choice) for choice in _split_choices(self._pattern[at : end - 1]))
        if kind == "!":
            return f"(?:(?!(?:{choices})$).*)", end
        return f"(?:{choices}){'' if kind == '@' else kind}", end


def _member(match: re.Match[str]) -> str:
    if match[1]:
        return _CLASSES.get(match[1], "")
    char = match[3]
    if char == "-" and not match[2]:
        return "-"
    return f"\\{char}" if char in r"\]^[-&~|" else char


def _split_choices(text: str) -> list[str]:
    choices, depth, start, at = [], 0, 0, 0
    while at < len(text):
        char = text[at]
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            choices.append(text[start:at])
            start = at + 1
        at += 2 if char == "\\" else 1
    return [*choices, text[start:]]
