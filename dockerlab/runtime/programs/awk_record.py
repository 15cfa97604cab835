"""awk's record and its fields, and where records come from (POSIX.1-2024, awk, "Regular Expressions", "Variables")."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.programs.awk_values import Input, Value, text
from dockerlab.runtime.programs.inputs import Source, text_of
from dockerlab.runtime.programs.regex import compile_pattern

MAX_FIELD = 32_767


def split(line: str, separator: str) -> list[str]:
    """A text cut at FS: blank runs for ' ', each for one character, else a regular expression."""
    if separator == " ":
        return line.split()
    if not line:
        return []
    if len(separator) == 1 and separator != "\\":
        return line.split(separator)
    return re.split(compile_pattern(separator, extended=True), line) if separator else list(line)


class Record:
    """$0 and its fields: each is made anew from the other when it is next needed."""

    def __init__(self) -> None:
        self._line = ""
        self._fields: list[Value] | None = []
        self._stale = False
        self.separator = " "
        self.joint = " "

    def set_line(self, line: str) -> None:
        """A new $0."""
        self._line, self._fields, self._stale = line, None, False

    @property
    def fields(self) -> list[Value]:
        """$1, $2, …"""
        if self._fields is None:
            self._fields = [Input(part) for part in split(self._line, self.separator) if part is not None]
        return self._fields

    @property
    def line(self) -> str:
        """$0."""
        if self._stale:
            self._line = self.joint.join(text(value) for value in self.fields)
            self._stale = False
        return self._line

    def get(self, index: int) -> Value:
        """$index; what lies beyond the last field is unset."""
        if index == 0:
            return Input(self.line)
        return self.fields[index - 1] if index <= len(self.fields) else Input("")

    def set(self, index: int, value: Value) -> None:
        """Assign to a field; $0 is joined anew."""
        if index == 0:
            self.set_line(text(value))
            return
        self.resize(max(index, len(self.fields)))
        self.fields[index - 1] = value
        self._stale = True

    def resize(self, size: int) -> None:
        """NF = size."""
        fields = self.fields
        del fields[size:]
        fields += [Input("")] * (size - len(fields))
        self._stale = True


class Reader:
    """Reads records from sources; `separator` is RS: a character, '' for paragraphs, or a regular expression."""

    def __init__(self, sources: Iterator[Source]) -> None:
        self._sources = sources
        self._source: Source | None = None
        self.name = ""
        self.started = False

    def next(self, separator: str) -> Generator[Wait, Any, str | None]:
        """The next record; None at the end of all sources."""
        while True:
            if self._source is None:
                self._source = next(self._sources, None)
                if self._source is None:
                    return None
                self.started, self.name = True, self._source.name
            found: str | None = yield from self._record(self._source, separator)
            if found is not None:
                return found
            self._source = None

    def skip_file(self) -> None:
        """nextfile."""
        self._source = None

    def _record(self, source: Source, separator: str) -> Generator[Wait, Any, str | None]:
        if separator == "":
            return (yield from self._paragraph(source))
        if len(separator) > 1:
            return (yield from self._by_pattern(source, separator))
        mark = separator.encode("utf-8", "surrogateescape")
        line = yield from source.readline(mark[-1:])
        return text_of(line.removesuffix(mark)) if line else None

    def _paragraph(self, source: Source) -> Generator[Wait, Any, str | None]:
        lines: list[bytes] = []
        while line := (yield from source.readline()):
            if line != b"\n":
                lines.append(line)
            elif lines:
                break
        return text_of(b"".join(lines).removesuffix(b"\n")) if lines else None

    def _by_pattern(self, source: Source, separator: str) -> Generator[Wait, Any, str | None]:
        data = yield from source.read_all()
        rest = text_of(data)
        if not rest:
            return None
        found = compile_pattern(separator, extended=True).search(rest)
        if not found or not found[0]:
            return rest.removesuffix("\n")
        source.give_back(rest[found.end() :].encode("utf-8", "surrogateescape"))
        return rest[: found.start()]
