"""Putting a tree over what is there: directories merge, files replace files (moby, pkg/archive: createTarFile)."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import Directory, Node

Refuse: TypeAlias = Callable[[str, str, str], Exception]
"""The error for a path where (what is there) can't become (what comes): 'directory' or 'non-directory' each."""


def unpack(tree: Directory, files: FileSystem, folder: str, refuse: Refuse) -> None:
    """Put a tree's entries into a directory. A file never takes a directory's place, nor the other way round."""
    _merge(tree.entries, files, folder, refuse)


def _merge(entries: Mapping[str, Node], files: FileSystem, folder: str, refuse: Refuse) -> None:
    for name, node in entries.items():
        _place(files, posixpath.join(folder, name), node, refuse)


def _place(files: FileSystem, path: str, node: Node, refuse: Refuse) -> None:
    there = files.find(path, follow=False)
    if there and there.is_dir != isinstance(node, Directory):
        raise refuse(path, *_kinds([there.is_dir, isinstance(node, Directory)]))
    if there and isinstance(node, Directory):
        _merge(node.entries, files, path, refuse)
        return
    if there:
        files.unlink(path)
    files.graft(path, node)


def _kinds(are_directories: Iterable[bool]) -> list[str]:
    return ["directory" if each else "non-directory" for each in are_directories]
