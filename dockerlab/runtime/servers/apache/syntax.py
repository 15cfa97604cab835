"""The lines of Apache's configuration: directives, sections, variables, inclusion (docs/2.4/configuring).

What `<IfModule>` and `<IfDefine>` leave out is not there; a name that no loaded module knows is refused.
"""

from __future__ import annotations

import fnmatch
import functools
import importlib.resources
import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.fs.filesystem import FileSystem

BUILT_IN = frozenset({"core", "so", "http", "log_config", "logio", "unixd", "version", "watchdog"})
"""Modules that need not be loaded."""
_VARIABLE = re.compile(r"\$\{([^}]+)\}")
_WORD = re.compile(r'"((?:\\.|[^"\\])*)"?|\'((?:\\.|[^\'\\])*)\'?|(\S+)')
DEEPEST = 40


class ConfigError(DockerlabError):
    """A configuration that Apache refuses; the text is all that it says."""


@dataclass(frozen=True)
class Entry:
    """A directive, or a section with what stands in it. Names are compared in lower case."""

    name: str
    args: tuple[str, ...]
    file: str
    line: int
    raw: str = ""
    """The arguments as they stand there."""
    block: tuple[Entry, ...] = ()

    @property
    def key(self) -> str:
        """The name in lower case."""
        return self.name.lower()

    def error(self, text: str) -> ConfigError:
        """A complaint about the directive."""
        return ConfigError(f"AH00526: Syntax error on line {self.line} of {self.file}:\n{text}\n")


@functools.cache
def known_names() -> Mapping[str, frozenset[str]]:
    """Module → the directives that it brings, in lower case."""
    text = importlib.resources.files(__package__).joinpath("directives.json").read_text("utf-8")
    rows = json.loads(text)["directives"].items()
    return {module: frozenset(names.lower().split()) for module, names in rows}


@dataclass
class Parser:
    """Reads a configuration; `program` is the name in complaints, `defines` what -D gave."""

    fs: FileSystem
    program: str
    root: str
    defines: set[str]
    variables: dict[str, str]
    modules: set[str] = field(default_factory=lambda: set(BUILT_IN))
    undefined: list[str] = field(default_factory=list)
    """Variables that nobody had set."""

    def read(self, path: str) -> tuple[Entry, ...]:
        """A whole configuration."""
        try:
            text = self.fs.read(path).decode("utf-8", "surrogateescape")
        except FileSystemError as error:
            raise ConfigError(f"{self.program}: Could not open configuration file {path}: {error.strerror}\n") from None
        return self.parse(text, path)

    def parse(self, text: str, path: str, depth: int = 0) -> tuple[Entry, ...]:
        """The entries of a text."""
        lines = list(_joined(text))
        entries, rest = self._block(lines, 0, path, "", depth)
        if rest < len(lines):
            number, line = lines[rest]
            name = line.strip("</> \t")
            raise self._wrong(path, number, f"</{name}> without matching <{name}> section")
        return tuple(entries)

    def _wrong(self, path: str, number: int, text: str) -> ConfigError:
        return ConfigError(f"{self.program}: Syntax error on line {number} of {path}: {text}\n")

    def _block(
        self, lines: list[tuple[int, str]], at: int, path: str, section: str, depth: int, skip: bool = False
    ) -> tuple[list[Entry], int]:
        """Entries up to the end of a section (or of the text), and where that is."""
        found: list[Entry] = []
        while at < len(lines):
            number, line = lines[at]
            if line.startswith("</"):
                if section and line[2:].rstrip("> \t").lower() == section.lower():
                    return found, at
                if not section:
                    return found, at
                raise self._wrong(path, number, f"Expected </{section}> but saw {line}")
            at += 1
            if line.startswith("<"):
                entry, at = self._section(lines, at, number, line, path, depth, skip)
                found += entry
            elif not skip:
                found += self._directive(number, line, path, depth)
        if section:
            number = lines[-1][0] if lines else 1
            text = f"Expected </{section}> before end of configuration"
            raise self._wrong(path, number, text)
        return found, at

    def _section(
        self, lines: list[tuple[int, str]], at: int, number: int, line: str, path: str, depth: int, skip: bool
    ) -> tuple[list[Entry], int]:
        name, _, rest = line[1:].removesuffix(">").strip().partition(" ")
        args = words(self._filled(rest, path, number))
        condition = name.lower() in ("ifmodule", "ifdefine", "ifversion", "iffile", "ifdirective")
        wanted = not condition or self._holds(name.lower(), args[0] if args else "")
        inner, at = self._block(lines, at, path, name, depth, skip or not wanted)
        if skip or not wanted:
            return [], at + 1
        entry = Entry(name, tuple(args), path, number, rest, tuple(inner))
        self._check_name(entry, entry.name)
        return (inner if condition else [entry]), at + 1

    def _holds(self, name: str, word: str) -> bool:
        wanted, bare = not word.startswith("!"), word.lstrip("!")
        if name == "ifmodule":
            module = re.sub(r"^mod_|\.c$|_module$", "", bare)
            return (module in self.modules) == wanted
        if name == "ifdefine":
            return (bare in self.defines or bare in self.variables) == wanted
        return name != "iffile" or self.fs.exists(posixpath.join(self.root, bare)) == wanted

    def _directive(self, number: int, line: str, path: str, depth: int) -> Iterator[Entry]:
        name, _, rest = line.partition(" ") if "\t" not in line.split(" ", 1)[0] else line.partition("\t")
        filled = self._filled(rest.strip(), path, number)
        entry = Entry(name, tuple(words(filled)), path, number, filled)
        self._check_name(entry, name)
        if entry.key == "loadmodule":
            self._load(entry)
        elif entry.key == "define" and entry.args:
            self.variables[entry.args[0]] = entry.args[1] if len(entry.args) > 1 else ""
        elif entry.key == "serverroot" and entry.args:
            self.root = entry.args[0]
        elif entry.key == "defaultruntimedir" and "${" in rest and "${" in filled:
            text = f"{entry.name} must be a valid directory, absolute or relative to ServerRoot"
            raise self._wrong(path, number, text)
        elif entry.key in ("include", "includeoptional"):
            yield from self._included(entry, depth)
            return
        yield entry

    def _check_name(self, entry: Entry, name: str) -> None:
        names = known_names()
        if any(name.lower() in names.get(module, ()) for module in self.modules):
            return
        raise entry.error(
            f"Invalid command '{name}', perhaps misspelled or defined by a module not included in the server "
            "configuration"
        )

    def _load(self, entry: Entry) -> None:
        if len(entry.args) != 2:
            raise entry.error("LoadModule takes two arguments, a module name and the name of a shared object file")
        name, file = entry.args
        path = posixpath.join(self.root, file)
        # A machine without any module files has them in the program.
        if not self.fs.exists(path) and self.fs.is_dir(posixpath.dirname(path)):
            text = f"{path}: cannot open shared object file: No such file or directory"
            raise self._wrong(entry.file, entry.line, f"Cannot load {file} into server: {text}")
        self.modules.add(name.removesuffix("_module"))

    def _filled(self, text: str, path: str, number: int) -> str:
        """A text with the values of its variables; what nobody has set stays."""

        def value(match: re.Match[str]) -> str:
            if match[1] in self.variables:
                return self.variables[match[1]]
            self.undefined.append(match[1])
            return match[0]

        return _VARIABLE.sub(value, text)

    def _included(self, entry: Entry, depth: int) -> Iterator[Entry]:
        if depth > DEEPEST or not entry.args:
            raise entry.error(f"{entry.name} takes one argument, Name of the config file to be included")
        pattern = posixpath.join(self.root, entry.args[0])
        paths = sorted(self._matching(pattern))
        if not paths and entry.key == "include" and not any(char in pattern for char in "*?["):
            text = f"Could not open configuration file {pattern}: No such file or directory"
            raise self._wrong(entry.file, entry.line, text)
        for path in paths:
            yield from self.parse(self.fs.read(path).decode("utf-8", "surrogateescape"), path, depth + 1)

    def _matching(self, pattern: str) -> list[str]:
        """The files that a pattern means; a folder means all that is in it."""
        found = ["/"]
        for part in (part for part in pattern.split("/") if part):
            found = [posixpath.join(above, name) for above in found for name in self._names(above, part)]
        files = [path for path in found if self.fs.is_file(path)]
        inside = [
            posixpath.join(path, name) for path in found if self.fs.is_dir(path) for name in self.fs.listdir(path)
        ]
        return files + [path for path in inside if self.fs.is_file(path)]

    def _names(self, folder: str, pattern: str) -> list[str]:
        try:
            return [name for name in self.fs.listdir(folder) if fnmatch.fnmatchcase(name, pattern)]
        except FileSystemError:
            return []


def _joined(text: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, those that end in a backslash with what follows."""
    kept, start = "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        start = start or number
        if line.endswith("\\"):
            kept += line[:-1]
            continue
        whole, first, kept, start = (kept + line).strip(), start, "", 0
        if whole and not whole.startswith("#"):
            yield first, whole


def words(text: str) -> list[str]:
    """Arguments: in quotes or not, with backslashes before quotes."""
    found = []
    for match in _WORD.finditer(text):
        quoted = match[1] if match[1] is not None else match[2]
        found.append(match[3] if quoted is None else re.sub(r"\\([\"'\\])", r"\1", quoted))
    return found
