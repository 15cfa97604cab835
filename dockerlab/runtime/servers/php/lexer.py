"""PHP's text as tokens (php.net, "Basic syntax")."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass

_OPEN = re.compile(r"<\?php(?:\s|$)|<\?=")
_TOKEN = re.compile(
    r"""(?P<space>\s+|\#[^\n?]*|//[^\n?]*|/\*.*?\*/)
    |(?P<close>\?>\n?)
    |(?P<number>0x[0-9a-fA-F]+|\d+\.\d+|\d+)
    |(?P<variable>\$[A-Za-z_]\w*)
    |(?P<name>[A-Za-z_\\][\w\\]*)
    |(?P<double>"(?:\\.|[^"\\])*")
    |(?P<single>'(?:\\.|[^'\\])*')
    |(?P<mark>===|!==|<=>|\?\?=|\.\.\.|==|!=|<=|>=|&&|\|\||\?\?|\.=|\+=|-=|\*=|/=|\+\+|--|=>|->|::|[-+*/%.=<>!?:;,(){}\[\]&|@])
    """,
    re.VERBOSE | re.DOTALL,
)


class PhpError(Exception):
    """A page that can't be made; `text` is what PHP, or dockerlab, says about it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Token:
    """A word: its kind, its text, and its line."""

    kind: str
    text: str
    line: int


def tokens(source: str, path: str) -> Iterator[Token]:
    """The words of a page; what stands outside of tags is one of kind 'text'."""
    at = 0
    while at < len(source):
        opening = _OPEN.search(source, at)
        outside = source[at : opening.start() if opening else len(source)]
        if outside:
            yield Token("text", outside, source.count("\n", 0, at) + 1)
        if opening is None:
            return
        at = opening.end()
        if opening[0] == "<?=":
            yield Token("name", "echo", source.count("\n", 0, at) + 1)
        at = yield from _inside(source, at, path)


def _inside(source: str, at: int, path: str) -> Generator[Token, None, int]:
    """The words up to the closing tag; returns the place behind it."""
    while at < len(source):
        match = _TOKEN.match(source, at)
        line = source.count("\n", 0, at) + 1
        if match is None:
            raise PhpError(f'Parse error:  syntax error, unexpected character "{source[at]}" in {path} on line {line}')
        at = match.end()
        if match.lastgroup == "close":
            yield Token("mark", ";", line)
            return at
        if match.lastgroup != "space":
            yield Token(match.lastgroup or "", match[0], line)
    return at
