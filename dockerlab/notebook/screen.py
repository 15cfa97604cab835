"""`Screen`: what a terminal shows of the bytes that programs print: lines, colours, and the cursor's moves (ECMA-48).

As much as command-line programs use: carriage return, backspace, tab, moves, erasing, and SGR with its 16 colours.
What has scrolled out stays above, so a screen is a list of lines that grows, and forgets the oldest in the end.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from itertools import groupby

MOST_LINES, HEIGHT, TAB = 400, 24, 8
TOKEN = re.compile(
    r"\x1b\[([\d;?]*)([@-~])"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b[()].|\x1b[^\[\]()]|[\x00-\x1f\x7f]|[^\x00-\x1f\x7f]+"
)
UNFINISHED = re.compile(r"\x1b(?:\[[\d;?]*|\][^\x07\x1b]*|[()])?$")
SHADES = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 7: "inverse", 9: "struck"}
UNSHADE = {22: {"bold", "dim"}, 23: {"italic"}, 24: {"underline"}, 27: {"inverse"}, 29: {"struck"}}
Style = frozenset[str]
PLAIN: Style = frozenset()


class Screen:
    """Lines of characters with their styles; `first` is the number of the first line that is still there."""

    def __init__(self) -> None:
        self.first = 0
        self._lines: list[list[tuple[str, Style]]] = [[]]
        self._row = self._column = 0
        self._style = PLAIN
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""

    def feed(self, data: bytes) -> None:
        """Show what was printed."""
        text = self._rest + self._decoder.decode(data)
        cut = UNFINISHED.search(text)
        self._rest = text[cut.start() :] if cut else ""
        for match in TOKEN.finditer(text[: cut.start()] if cut else text):
            if match[2]:
                self._control(match[2], [int(each) if each.isdigit() else 0 for each in match[1].split(";")])
            elif match[0][0] >= " " and match[0][0] != "\x7f":
                self._put(match[0])
            else:
                self._move(match[0])
        extra = max(0, len(self._lines) - MOST_LINES)
        del self._lines[:extra]
        self.first += extra
        self._row = max(0, self._row - extra)

    def clear(self) -> None:
        """Leave only the line that the cursor is in."""
        self.first += self._row
        self._lines, self._row = self._lines[self._row :], 0

    def lines(self) -> Iterator[list[tuple[str, str]]]:
        """Each line as pieces of one style: its names, and the text."""
        for line in self._lines:
            yield [
                (" ".join(sorted(style)), "".join(character for character, _ in piece))
                for style, piece in groupby(line, lambda cell: cell[1])
            ]

    @property
    def text(self) -> str:
        """All of it, without styles."""
        return "\n".join("".join(character for character, _ in line).rstrip() for line in self._lines)

    def _put(self, text: str) -> None:
        line = self._lines[self._row]
        line += [(" ", PLAIN)] * (self._column - len(line))
        line[self._column : self._column + len(text)] = [(character, self._style) for character in text]
        self._column += len(text)

    def _move(self, token: str) -> None:
        if token == "\n":
            self._to(self._row + 1, 0)
        elif token == "\r":
            self._column = 0
        elif token == "\b":
            self._column = max(0, self._column - 1)
        elif token == "\t":
            self._column += TAB - self._column % TAB

    def _to(self, row: int, column: int) -> None:
        self._row, self._column = max(0, row), max(0, column)
        while len(self._lines) <= self._row:
            self._lines.append([])

    def _control(self, final: str, numbers: list[int]) -> None:
        count = numbers[0] or 1
        if final == "m":
            self._shade(numbers)
        elif final in "AB":
            self._to(self._row + (count if final == "B" else -count), self._column)
        elif final in "CD":
            self._to(self._row, self._column + (count if final == "C" else -count))
        elif final == "G":
            self._column = count - 1
        elif final in "Hf":
            top = max(0, len(self._lines) - HEIGHT)
            self._to(top + min(count, HEIGHT) - 1, (numbers[1] or 1) - 1 if len(numbers) > 1 else 0)
        elif final in "JK":
            self._erase(final, numbers[0])

    def _erase(self, final: str, how: int) -> None:
        """From the cursor on (0), up to it (1), or everything (2, 3)."""
        if final == "J" and how >= 2:
            self.first += len(self._lines)
            self._lines, self._row, self._column = [[]], 0, 0
            return
        line = self._lines[self._row]
        line[: self._column] = [(" ", PLAIN)] * min(len(line), self._column) if how else line[: self._column]
        if how != 1:
            del line[0 if how == 2 else self._column :]
        if final == "J" and how == 0:
            del self._lines[self._row + 1 :]

    def _shade(self, numbers: list[int]) -> None:
        style, waiting = set(self._style), list(numbers)
        while waiting:
            number = waiting.pop(0)
            if number == 0:
                style.clear()
            elif number in SHADES:
                style.add(SHADES[number])
            elif number in UNSHADE:
                style -= UNSHADE[number]
            else:
                self._colour(style, number, waiting)
        self._style = frozenset(style)

    @staticmethod
    def _colour(style: set[str], number: int, waiting: list[int]) -> None:
        """30-37 and 90-97 are letters' colours, 40-47 and 100-107 the ground's; 38 and 48 choose from a table."""
        ground = number // 10 in (4, 10)
        kind = "bg" if ground else "fg"
        if number in (38, 48):
            mode, *more = waiting or [0]
            del waiting[: 2 if mode == 5 else 4]
            chosen = more[0] if mode == 5 and more and more[0] < 16 else None
        else:
            chosen = number % 10 + (8 if number >= 90 else 0) if number % 10 < 8 else None
        style.difference_update({each for each in style if each.startswith(kind)})
        if chosen is not None:
            style.add(f"{kind}{chosen}")
