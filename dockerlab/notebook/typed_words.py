"""What Tab makes of a line in a terminal: docker's words and names, programs, and the files of who reads the line."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from itertools import takewhile

from dockerlab import cli
from dockerlab.engine import Engine
from dockerlab.errors import DockerlabError
from dockerlab.notebook.completion import DOCKER
from dockerlab.runtime.process import DEFAULT_PATH, Process

BREAKS = frozenset("|;&(\n")
"""After one of these a command begins."""


def completed(text: str, found: list[str]) -> str:
    """The line with its last word grown as far as is certain; a blank after it where nothing can follow."""
    word = last_word(text)
    grown = common(found) if found else word
    if len(grown) < len(word):
        return text
    done = len(found) == 1 and not grown.endswith(("/", "=", ":"))
    return text[: len(text) - len(word)] + grown + (" " if done else "")


def common(words: list[str]) -> str:
    """What all begin with."""
    first, last = min(words), max(words)
    same = takewhile(lambda pair: pair[0] == pair[1], zip(first, last, strict=False))
    return "".join(letter for letter, _ in same)


def last_word(text: str) -> str:
    """The word that the cursor is in, at the end of the text."""
    at = max(text.rfind(each) for each in (" ", "\t", *BREAKS))
    return text[at + 1 :]


def candidates(text: str, reader: Process | None, engine: Engine | None) -> list[str]:
    """What the last word of a line may become; `engine` where the reader has docker."""
    match = DOCKER.search(text) if engine is not None else None
    if match is not None:
        words = match["words"].split(" ")
        found = cli.complete([word for word in words[:-1] if word] + [words[-1]], engine)
        if found:
            return found
    if reader is None:
        return []
    word = last_word(text)
    before = text[: len(text) - len(word)].rstrip(" \t")
    if "/" not in word and (not before or before[-1] in BREAKS):
        return sorted({name for name in programs(reader) if name.startswith(word)})
    return files(reader, word)


def programs(reader: Process) -> Iterable[str]:
    """The names of all programs that PATH leads to."""
    for folder in (reader.env.get("PATH") or DEFAULT_PATH).split(":"):
        yield from names(reader, folder)


def files(reader: Process, word: str) -> list[str]:
    """Paths that begin so; directories with a slash behind, hidden files only for who asks."""
    start = word.rpartition("/")[2]
    prefix = word[: len(word) - len(start)]
    found = [name for name in names(reader, prefix or ".") if name.startswith(start)]
    shown = [name for name in found if start or not name.startswith(".")]
    return sorted(f"{prefix}{name}{'/' if is_folder(reader, f'{prefix}{name}') else ''}" for name in shown)


def names(reader: Process, folder: str) -> list[str]:
    """The names in a folder; none where it can't be read."""
    try:
        return list(reader.fs.listdir(path_of(reader, folder)))
    except DockerlabError:
        return []


def is_folder(reader: Process, path: str) -> bool:
    """Whether a path is a directory."""
    return reader.fs.is_dir(path_of(reader, path))


def path_of(reader: Process, path: str) -> str:
    """A path as the reader sees it."""
    return posixpath.normpath(reader.path(path))
