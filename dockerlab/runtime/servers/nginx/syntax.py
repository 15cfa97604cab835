"""nginx's configuration language: words that end in ';' or open a block, and files that include others.

It follows the reader of nginx (ngx_conf_file.c): a mistake is told with the line at which the reader stands, and
what is read is checked at once, so that of two mistakes the first one is told.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.fs.filesystem import FileSystem

_SPACE = " \t\r\n"
_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", '"': '"', "'": "'", "\\": "\\"}
DEEPEST = 30
"""Files that may include each other."""


class ConfigError(DockerlabError):
    """A configuration that nginx refuses; the text is what stands behind `[emerg]`."""


@dataclass(frozen=True)
class Directive:
    """A word with its arguments, and what its block holds where it has one."""

    name: str
    args: tuple[str, ...]
    file: str
    line: int
    block: tuple[Directive, ...] = ()

    def error(self, text: str) -> ConfigError:
        """A complaint about it."""
        return ConfigError(f"{text} in {self.file}:{self.line}")


Check = Callable[[Directive, str, str, tuple[Directive, ...], "Directive | None"], str]
"""(directive, '{' or ';', context, those before it, the one around it) → the context of its block, or ConfigError."""


@dataclass
class Reader:
    """Reads statements of one text."""

    text: str
    name: str
    at: int = 0
    line: int = 1

    def statement(self) -> tuple[list[str], str]:
        """The next words and what ends them: ';', '{', '}' or '' at the end of the text."""
        words: list[str] = []
        while True:
            char = self._next_char()
            if char == "":
                if words:
                    raise self.error('unexpected end of file, expecting ";" or "}"')
                return [], ""
            if char in ";{}":
                # Words want an end or a block, and an end or a block wants words.
                if bool(words) == (char == "}"):
                    raise self.error(f'unexpected "{char}"')
                self.at += 1
                return words, char
            words.append(self._quoted(char) if char in "\"'" else self._bare())

    def error(self, text: str) -> ConfigError:
        """A complaint about where the reader stands."""
        return ConfigError(f"{text} in {self.name}:{self.line}")

    def _next_char(self) -> str:
        """Where the next word begins."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            elif char in _SPACE:
                self.line += char == "\n"
                self.at += 1
            else:
                return char
        return ""

    def _quoted(self, quote: str) -> str:
        self.at += 1
        word = self._until(lambda char: char == quote)
        if self.at >= len(self.text):
            raise self.error('unexpected end of file, expecting ";" or "}"')
        self.at += 1
        after = self.text[self.at : self.at + 1]
        if after and after not in f"{_SPACE};{{)":
            raise self.error(f'unexpected "{after}"')
        return word

    def _bare(self) -> str:
        return self._until(lambda char: char in _SPACE or char in ";{")

    def _until(self, ends: Callable[[str], bool]) -> str:
        """A word up to where it ends; '${' opens no block, and a backslash keeps what follows."""
        pieces: list[str] = []
        while self.at < len(self.text) and not (ends(self.text[self.at]) and not self._in_variable()):
            char = self.text[self.at]
            if char == "\\" and self.at + 1 < len(self.text):
                self.at += 1
                following = self.text[self.at]
                char = _ESCAPES.get(following, char + following)
            self.line += char == "\n"
            pieces.append(char)
            self.at += 1
        return "".join(pieces)

    def _in_variable(self) -> bool:
        return self.text[self.at] == "{" and self.at > 0 and self.text[self.at - 1] == "$"


@dataclass
class Files:
    """Reads a configuration with all that it includes; `sources` are the files in the order in which they came."""

    fs: FileSystem
    check: Check
    sources: dict[str, str] = field(default_factory=dict)
    prefix: str = "/etc/nginx"
    _around: list[Directive] = field(default_factory=list)

    def read(self, path: str, given: tuple[Directive, ...] = ()) -> tuple[Directive, ...]:
        """A whole configuration, which must not repeat what is `given` already."""
        self.prefix = posixpath.dirname(path)
        return tuple(self._file(path, "main", "", 0, list(given)))

    def given(self, text: str) -> tuple[Directive, ...]:
        """What stands on the command line (-g)."""
        reader = Reader(text if text.rstrip().endswith((";", "}")) else f"{text};", "command line")
        return tuple(self._block(reader, "main", 0, [], top=True))

    def _file(self, path: str, context: str, why: str, depth: int, before: list[Directive]) -> Iterator[Directive]:
        try:
            text = self.fs.read(path).decode("utf-8", "surrogateescape")
        except FileSystemError as error:
            raise ConfigError(f'open() "{path}" failed ({error.errno}: {error.strerror}){why}') from None
        self.sources.setdefault(path, text)
        yield from self._block(Reader(text, path), context, depth, before, top=True)

    def _block(
        self, reader: Reader, context: str, depth: int, before: list[Directive], *, top: bool
    ) -> Iterator[Directive]:
        while True:
            words, end = reader.statement()
            if end == "}" and top:
                raise reader.error('unexpected "}"')
            if end == "" and not top:
                raise reader.error('unexpected end of file, expecting "}"')
            if not words:
                return
            for directive in self._directive(reader, words, end, context, depth, before):
                # What is included counts as written here, and was added where it was read.
                if words[0] != "include":
                    before.append(directive)
                yield directive

    def _directive(
        self, reader: Reader, words: list[str], end: str, context: str, depth: int, before: list[Directive]
    ) -> Iterator[Directive]:
        directive = Directive(words[0], tuple(words[1:]), reader.name, reader.line)
        inner = self.check(directive, end, context, tuple(before), self._around[-1] if self._around else None)
        if directive.name == "include" and context != "free":
            yield from self._included(directive, context, depth, before)
        elif end == "{":
            self._around.append(directive)
            block = tuple(self._block(reader, inner, depth, [], top=False))
            self._around.pop()
            yield Directive(directive.name, directive.args, directive.file, directive.line, block)
        else:
            yield directive

    def _included(self, directive: Directive, context: str, depth: int, before: list[Directive]) -> Iterator[Directive]:
        if depth >= DEEPEST:
            raise directive.error("too many levels of include")
        pattern = posixpath.join(self.prefix, directive.args[0])
        why = f" in {directive.file}:{directive.line}"
        paths = self._matching(pattern) if any(char in pattern for char in "*?[") else [pattern]
        for path in paths:
            yield from self._file(path, context, why, depth + 1, before)

    def _matching(self, pattern: str) -> list[str]:
        """The files that a pattern means, sorted (glob(3))."""
        found = ["/"]
        for name in (name for name in pattern.split("/") if name):
            found = [posixpath.join(folder, each) for folder in found for each in self._names(folder, name)]
        return sorted(found)

    def _names(self, folder: str, pattern: str) -> list[str]:
        try:
            names = self.fs.listdir(folder)
        except FileSystemError:
            return []
        hidden = pattern.startswith(".")
        return [name for name in names if fnmatch.fnmatchcase(name, pattern) and name.startswith(".") == hidden]
