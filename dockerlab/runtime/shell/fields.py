"""From expanded text to fields: splitting by IFS, pathname expansion, braces (POSIX.1-2024 XCU 2.6.5, 2.6.6)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dockerlab.errors import FileSystemError
from dockerlab.runtime.shell.patterns import Run, is_pattern, matcher
from dockerlab.runtime.shell.syntax import Literal, Part, Word

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem

DEFAULT_IFS = " \t\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """Expanded text: `quoted` is neither split nor a pattern; `split` says that IFS may split it."""

    text: str
    quoted: bool
    split: bool = False


@dataclass(frozen=True, slots=True)
class Break:
    """Here one field ends and another begins, as between the parameters of "$@"."""


def split(pieces: Sequence[Piece | Break], ifs: str) -> list[list[Run]]:
    """Fields as runs of text."""
    return _Splitter(ifs).split(pieces)


class _Splitter:
    """Collects runs into fields. A field is there once it has text or quotes, or a separator that is no blank."""

    def __init__(self, ifs: str) -> None:
        self._blanks = "".join(char for char in ifs if char in DEFAULT_IFS)
        self._others = "".join(char for char in ifs if char not in DEFAULT_IFS)
        self._ifs = ifs
        self._fields: list[list[Run]] = []
        self._current: list[Run] | None = None

    def split(self, pieces: Sequence[Piece | Break]) -> list[list[Run]]:
        for piece in pieces:
            if isinstance(piece, Break):
                self._end()
            elif piece.split and self._ifs:
                self._split_text(piece)
            elif piece.text or piece.quoted:
                self._add(piece.text, piece.quoted)
        self._end()
        return self._fields

    def _add(self, text: str, quoted: bool) -> None:
        if self._current is None:
            self._current = []
        self._current.append((text, quoted))

    def _end(self, keep: bool = False) -> None:
        if self._current is not None:
            self._fields.append(self._current)
        elif keep:
            self._fields.append([])
        self._current = None

    def _split_text(self, piece: Piece) -> None:
        text, at = piece.text, 0
        while at < len(text):
            char = text[at]
            if char in self._blanks:
                at = self._skip(text, at)
                if self._current is not None and not (at < len(text) and text[at] in self._others):
                    self._end()
            elif char in self._others:
                self._end(keep=True)
                at = self._skip(text, at + 1)
            else:
                end = at
                while end < len(text) and text[end] not in self._ifs:
                    end += 1
                self._add(text[at:end], piece.quoted)
                at = end

    def _skip(self, text: str, at: int) -> int:
        while at < len(text) and text[at] in self._blanks:
            at += 1
        return at


def expand_path(fs: FileSystem, cwd: str, runs: Sequence[Run]) -> list[str]:
    """The files that a pattern matches, sorted; none when it matches nothing."""
    text = "".join(text for text, _ in runs)
    found = ["/"] if text.startswith("/") else [""]
    for component in _components(runs):
        found = [path for folder in found for path in _matches(fs, cwd, folder, component)]
    return sorted(found)


def _components(runs: Sequence[Run]) -> Iterator[list[Run]]:
    """A path's components as runs; a slash at the end leaves an empty last one."""
    current: list[Run] = []
    started = False
    for text, quoted in runs:
        first, *rest = re.split("/+", text)
        current.append((first, quoted))
        for piece in rest:
            if started or any(part for part, _ in current):
                yield current
            started = True
            current = [(piece, quoted)]
    yield current


def _matches(fs: FileSystem, cwd: str, folder: str, component: list[Run]) -> Iterator[str]:
    plain = "".join(text for text, _ in component)
    place = posixpath.join(cwd, folder)
    if not is_pattern(component):
        path = posixpath.join(folder, plain)
        if fs.is_dir(place) if not plain else _exists(fs, posixpath.join(place, plain)):
            yield path
        return
    try:
        names = fs.listdir(place)
    except FileSystemError:
        return
    pattern = matcher(component)
    if plain.startswith("."):
        names = [".", "..", *names]
    for name in names:
        if (plain.startswith(".") or not name.startswith(".")) and pattern.fullmatch(name):
            yield posixpath.join(folder, name)


def _exists(fs: FileSystem, path: str) -> bool:
    try:
        fs.stat(path, follow=False)
    except FileSystemError:
        return False
    return True


# Braces: bash's {a,b} and {1..5}, before all other expansions.

_RANGE = re.compile(r"(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?\Z|([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?\Z")


def expand_braces(word: Word) -> list[Word]:
    """The words that braces make of a word."""
    if not any(isinstance(part, Literal) and not part.quoted and "{" in part.text for part in word.parts):
        return [word]
    return [Word(tuple(parts)) for parts in _alternatives(_characters(word))]


def _characters(word: Word) -> list[Part]:
    """A word as parts in which each unquoted character stands alone."""
    parts: list[Part] = []
    for part in word.parts:
        if isinstance(part, Literal) and not part.quoted:
            parts += [Literal(char) for char in part.text]
        else:
            parts.append(part)
    return parts


def _char(part: Part) -> str:
    return part.text if isinstance(part, Literal) and not part.quoted else ""


def _alternatives(parts: list[Part]) -> list[list[Part]]:
    for start, part in enumerate(parts):
        if _char(part) != "{":
            continue
        choices, end = _choices(parts, start)
        if choices is None:
            continue
        tails = _alternatives(parts[end + 1 :])
        heads = [inner for choice in choices for inner in _alternatives(choice)]
        return [[*parts[:start], *head, *tail] for head in heads for tail in tails]
    return [parts]


def _choices(parts: list[Part], start: int) -> tuple[list[list[Part]] | None, int]:
    """What stands between a brace and the one that closes it; None where they are plain characters."""
    depth, commas = 0, [start]
    for at in range(start, len(parts)):
        char = _char(parts[at])
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 1:
            commas.append(at)
        if not depth:
            inside = [parts[left + 1 : right] for left, right in zip(commas, [*commas[1:], at], strict=True)]
            return (inside if len(inside) > 1 else _range(inside[0])), at
    return None, start


def _range(parts: list[Part]) -> list[list[Part]] | None:
    match = _RANGE.match("".join(_char(part) or "\0" for part in parts))
    if not match:
        return None
    if match[1] is not None:
        width = max(len(match[1]), len(match[2])) if re.match(r"-?0\d", match[1]) or re.match(r"-?0\d", match[2]) else 0
        numbers = _steps(int(match[1]), int(match[2]), match[3])
        return [[Literal(f"{number:0{width}d}")] for number in numbers]
    return [[Literal(chr(code))] for code in _steps(ord(match[4]), ord(match[5]), match[6])]


def _steps(first: int, last: int, step: str | None) -> range:
    size = abs(int(step or 1)) or 1
    return range(first, last + 1, size) if first <= last else range(first, last - 1, -size)
