"""Builtins that read: read, mapfile, getopts (POSIX.1-2024 XCU read, getopts)."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.builtins.values import check_name
from dockerlab.runtime.shell.fields import DEFAULT_IFS
from dockerlab.runtime.shell.state import Shell, Steps, applet_name
from dockerlab.runtime.terminals import unechoed

_NAME = re.compile(r"[A-Za-z_]\w*(\[.*\])?\Z")


@dataclass
class _Reading:
    """The options of `read`."""

    raw: bool = False
    silent: bool = False
    delimiter: str = "\n"
    count: int = -1
    array: str = ""
    fd: int = 0
    prompt: str = ""


@builtin("read")
def _read(shell: Shell, words: list[str]) -> Steps:
    how, names = _read_options(words)
    for name in names:
        if not _NAME.match(name):
            return _bad_name(shell, name)
    if how.prompt and shell.proc.is_terminal(how.fd):
        shell.proc.err(how.prompt)
    try:
        with unechoed(shell.proc.fds.get(how.fd)) if how.silent else nullcontext():
            text, found = yield from _read_record(shell, how)
    except FileSystemError as error:
        shell.message(f"read error: {how.fd}: {error.strerror}", builtin="read")
        return 1
    ifs = shell.variables.get("IFS")
    ifs = DEFAULT_IFS if ifs is None else ifs
    if how.array:
        fields = _fields(text, ifs, 1 << 30)
        shell.variables.set(how.array, {str(number): field for number, field in enumerate(fields)})
        return int(not found)
    names = names or ["REPLY"]
    values = [_plain(text)] if names == ["REPLY"] and len(words) < 3 and shell.dialect.name != "sh" else []
    values = values or _fields(text, ifs, len(names))
    for number, name in enumerate(names):
        shell.variables.set(name, values[number] if number < len(values) else "")
    return int(not found)


def _read_options(words: list[str]) -> tuple[_Reading, list[str]]:
    how, at = _Reading(), 1
    while at < len(words) and words[at].startswith("-") and len(words[at]) > 1:
        option, at = words[at], at + 1
        if option == "--":
            break
        for place, letter in enumerate(option[1:], start=2):
            if letter not in "pdnNuat":
                how.raw, how.silent = how.raw or letter == "r", how.silent or letter == "s"
                continue
            value = option[place:]
            if not value:
                value, at = (words[at] if at < len(words) else ""), at + 1
            _set_option(how, letter, value)
            break
    return how, words[at:]


def _set_option(how: _Reading, letter: str, value: str) -> None:
    if letter in "nN":
        how.count = int(value) if value.isdigit() else -1
    elif letter == "u":
        how.fd = int(value) if value.isdigit() else 0
    elif letter == "d":
        how.delimiter = value[:1] or "\0"
    elif letter == "a":
        how.array = value
    elif letter == "p":
        how.prompt = value


def _bad_name(shell: Shell, name: str) -> int:
    if shell.dialect.name == "ash":
        shell.proc.err(f"{applet_name(shell)}: read: '{name}': bad variable name\n")
        return 1
    shell.complain("variable name", name, builtin="read")
    return 1 if shell.dialect.name == "bash" else 2


def _read_record(shell: Shell, how: _Reading) -> Generator[Wait, Any, tuple[str, bool]]:
    """A line, its escapes marked with NUL; whether its delimiter was found. Never reads past it."""
    collected = ""
    while True:
        piece, found = yield from _read_piece(shell, how)
        if how.raw:
            return collected + piece, found
        # A backslash at the end continues the line (XCU read).
        escapes = len(piece) - len(piece.rstrip("\\"))
        if found and escapes % 2 and how.count < 0:
            collected += piece[:-1]
            continue
        text = re.sub(r"\\(.)", "\0\\1", collected + piece, flags=re.DOTALL)
        return text.removesuffix("\\"), found


def _read_piece(shell: Shell, how: _Reading) -> Generator[Wait, Any, tuple[str, bool]]:
    proc = shell.proc
    if how.delimiter == "\n" and how.count < 0:
        line = yield from shell.readline(how.fd)
        text = line.decode("utf-8", "surrogateescape").replace("\0", "")
        return text.removesuffix("\n"), text.endswith("\n")
    data, wanted = b"", how.delimiter.encode()
    while how.count < 0 or len(data) < how.count:
        byte = yield from proc.read(1, how.fd)
        if not byte or byte == wanted:
            return data.decode("utf-8", "surrogateescape"), bool(byte)
        data += byte
    return data.decode("utf-8", "surrogateescape"), True


def _plain(text: str) -> str:
    return text.replace("\0", "")


def _fields(text: str, ifs: str, count: int) -> list[str]:
    """The line split by IFS; the last field takes the rest, without the blanks around it."""
    blanks = "".join(char for char in ifs if char in DEFAULT_IFS)
    fields: list[str] = []
    at = _skip(text, 0, blanks)
    while at < len(text) and len(fields) + 1 < count:
        end = at
        while end < len(text) and text[end] not in ifs:
            end += 2 if text[end] == "\0" else 1
        fields.append(text[at:end])
        at = _skip(text, end, blanks)
        if at < len(text) and text[at] in ifs and text[at] not in blanks:
            at = _skip(text, at + 1, blanks)
    if at < len(text) or not fields:
        fields.append(_last(text[at:], ifs, blanks))
    return [_plain(field) for field in fields]


def _last(rest: str, ifs: str, blanks: str) -> str:
    """The last field: blanks at its end go, and a single other separator does."""
    while rest and rest[-1] in blanks and rest[-2:-1] != "\0":
        rest = rest[:-1]
    others = [char for char in rest if char in ifs and char not in blanks]
    return rest[:-1] if len(others) == 1 and rest[-1] in others and rest[-2:-1] != "\0" else rest


def _skip(text: str, at: int, blanks: str) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


@builtin("mapfile", feature="arrays")
@builtin("readarray", feature="arrays")
def _mapfile(shell: Shell, words: list[str]) -> Steps:
    how, names = _read_options([words[0], *(word for word in words[1:] if word != "-t")])
    data = yield from shell.proc.read_all(how.fd)
    lines = data.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    if "-t" in words:
        lines = [line.removesuffix("\n") for line in lines]
    shell.variables.set(names[0] if names else "MAPFILE", {str(at): line for at, line in enumerate(lines)})
    return 0


@builtin("getopts")
def _getopts(shell: Shell, words: list[str]) -> int:
    if len(words) < 3:
        shell.message("usage: getopts optstring name [arg ...]", builtin="getopts" * (shell.dialect.name != "bash"))
        return 2
    letters, name, arguments = words[1], words[2], words[3:] or shell.parameters
    check_name(shell, name, "getopts")
    index = int(shell.variables.get("OPTIND") or 1)
    if index == 1 and shell.option_index > 1 and not (arguments and len(arguments[0]) > shell.option_index):
        shell.option_index = 0
    shell.variables.set("OPTARG", "")
    word = arguments[index - 1] if index <= len(arguments) else ""
    if len(word) < 2 or word[0] != "-" or word == "--":
        shell.variables.set("OPTIND", str(index + (word == "--")))
        shell.variables.set(name, "?")
        shell.option_index = 0
        return 1
    place = max(shell.option_index, 1)
    _next_option(shell, name, letters, arguments, index, place)
    return 0


def _next_option(shell: Shell, name: str, letters: str, arguments: list[str], index: int, place: int) -> None:
    word, quiet = arguments[index - 1], letters.startswith(":")
    letter = word[place]
    known = letters.find(letter) if letter != ":" else -1
    rest = word[place + 1 :]
    index, shell.option_index = (index, place + 1) if rest else (index + 1, 0)
    if known < 0:
        _refuse(shell, name, letter, "?", quiet, _UNKNOWN)
    elif letters[known + 1 : known + 2] != ":":
        shell.variables.set(name, letter)
    elif rest or index <= len(arguments):
        shell.variables.set(name, letter)
        shell.variables.set("OPTARG", rest or arguments[index - 1])
        index, shell.option_index = index + 1, 0
    else:
        _refuse(shell, name, letter, ":" if quiet else "?", quiet, _NO_ARGUMENT)
    shell.variables.set("OPTIND", str(index))


_UNKNOWN = ("Illegal option -{}", "illegal option -- {}")
_NO_ARGUMENT = ("No arg for -{} option", "option requires an argument -- {}")


def _refuse(shell: Shell, name: str, letter: str, mark: str, quiet: bool, texts: tuple[str, str]) -> None:
    shell.variables.set(name, mark)
    if quiet:
        shell.variables.set("OPTARG", letter)
        return
    shell.variables.unset("OPTARG")
    if shell.dialect.name == "bash":
        shell.proc.err(f"{shell.name}: {texts[1].format(letter)}\n")
    else:
        shell.proc.err(f"{texts[0].format(letter)}\n")
