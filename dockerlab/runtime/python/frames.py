"""Where a script is: its source, and the frame of each function that runs (Data model, "Frame objects")."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import Any

from dockerlab.runtime.python.scopes import Scope


@dataclass(frozen=True, eq=False)
class Source:
    """A file's text, as tracebacks quote it."""

    file: str
    lines: tuple[str, ...]

    def line(self, number: int) -> str:
        """A line by its number, which counts from 1."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""


@dataclass(eq=False)
class Frame:
    """One call; `node` is what is being evaluated, so that a traceback can point to it."""

    name: str
    scope: Scope
    source: Source
    node: Any = None
    function: Any = None
    handling: BaseException | None = None
    """The exception whose handler runs."""


@dataclass(frozen=True)
class Entry:
    """One line of a traceback: the place in a frame where an exception passed through."""

    source: Source
    name: str
    node: ast.AST | None
    frame: Frame


def remember(error: BaseException, frame: Frame) -> None:
    """Note that an exception leaves a frame, or is caught in it; once for each."""
    entries: list[Entry] = error.__dict__.setdefault("lab_entries", [])
    if not entries or entries[0].frame is not frame:
        entries.insert(0, Entry(frame.source, frame.name, frame.node, frame))
