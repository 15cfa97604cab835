"""`--env-file` and `--label-file` (docker/cli, pkg/kvfile)."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Protocol

from dockerlab.cli.numbers import OptionError
from dockerlab.errors import CommandError, FileSystemError


class Files(Protocol):
    """Where files are read, and the client's environment: a Context."""

    env: Mapping[str, str]

    def read_file(self, path: str) -> bytes:
        """The bytes of a file."""


def env_files(files: Files, paths: Iterable[str]) -> list[str]:
    """The variables of files; a name alone takes the client's own value, and is left out where it has none."""
    return read_pairs(files.read_file, paths, files.env.get)


def read_pairs(
    read_file: Callable[[str], bytes], paths: Iterable[str], lookup: Callable[[str], str | None] | None = None
) -> list[str]:
    """The 'name=value' lines of files. A name alone takes the value that `lookup` has for it, or is left out."""
    pairs: list[str] = []
    for path in paths:
        if not path:
            raise OptionError("open : no such file or directory")
        try:
            pairs.extend(_pairs(_content(read_file, path), lookup))
        except OptionError as error:
            raise OptionError(f"invalid env file ({path}): {error}") from error
    return pairs


def _content(read_file: Callable[[str], bytes], path: str) -> bytes:
    """The bytes of a file. That a directory is none is found out by reading it, as what is wrong in a line is."""
    try:
        return read_file(path)
    except CommandError as error:
        if isinstance(error.__cause__, FileSystemError) and error.__cause__.errno == errno.EISDIR:
            raise OptionError(str(error)) from error
        raise


def _pairs(content: bytes, lookup: Callable[[str], str | None] | None) -> Iterator[str]:
    # A byte order mark is no part of the first name.
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    for number, raw in enumerate(lines, 1):
        line = _decoded(raw.removesuffix(b"\r"), raw, number).lstrip(" \t\v\f\r\u0085\u00a0")
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if any(character.isspace() for character in name):
            raise OptionError(f"variable '{name}' contains whitespaces")
        if not name:
            raise OptionError(f"no variable name on line '{line}'")
        if equals:
            yield f"{name}={value}"
        elif lookup is not None and (own := lookup(name)) is not None:
            yield f"{name}={own}"


def _decoded(line: bytes, raw: bytes, number: int) -> str:
    try:
        return line.decode()
    except UnicodeDecodeError as error:
        numbers = " ".join(str(byte) for byte in raw)
        raise OptionError(f"invalid utf8 bytes at line {number}: [{numbers}]") from error
