"""Small builders of files and folders that hold a text of now."""

from __future__ import annotations

from collections.abc import Mapping

from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import Directory, File, Metadata, Node, Symlink

READABLE = 0o444


def text_file(text: str, now: int, mode: int = READABLE) -> File:
    """A file with a text."""
    return File(Metadata(mode, mtime=now), Bytes(text.encode("utf-8", "surrogateescape")))


def folder(entries: Mapping[str, Node], now: int, mode: int = 0o555) -> Directory:
    """A directory."""
    return Directory(Metadata(mode, mtime=now), dict(entries))


def link(target: str, now: int) -> Symlink:
    """A symbolic link."""
    return Symlink(Metadata(0o777, mtime=now), target)


def texts(contents: Mapping[str, str], now: int) -> dict[str, Node]:
    """A file for each text."""
    return {name: text_file(text, now) for name, text in contents.items()}
