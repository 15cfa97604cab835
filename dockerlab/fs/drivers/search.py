"""How a path is found: name by name, and on a union mount layer by layer.

The kernel looks a name up in each directory that is a part of the merged one, from the top down, until something
other than a directory is there (a file, a whiteout) or a directory is opaque (Linux, fs/overlayfs/namei.c: ovl_lookup).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from dockerlab.fs.changeset import Changeset
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import Directory, lookup, names_of
from dockerlab.fs.upper import UpperDir, Whiteout

OWN = -1
"""Stands for the container's own directory where a layer's number is asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look into one directory: `layer` 0 is the lowest, `OWN` the container; `found` is what was there.

    'file' (whatever is no directory), 'directory', 'opaque' (a directory that hides those below), 'whiteout' or ''.
    """

    name: str
    layer: int
    found: str


@dataclass(frozen=True, slots=True)
class Search:
    """All looks for a path in their order, and the layer that it comes from at last: None where it leads to nothing."""

    looks: tuple[Look, ...]
    layer: int | None

    @property
    def lookups(self) -> int:
        """How many entries were looked up."""
        return len(self.looks)


_Part: TypeAlias = tuple[int, UpperDir | Changeset]


def search_stack(layers: Sequence[Layer], upper: UpperDir, path: str) -> Search:
    """A search through a container's upper directory and the layers below, lowest given first."""
    parts: list[_Part] = [(OWN, upper)]
    parts += [(number, layers[number].changeset) for number in range(len(layers) - 1, -1, -1)]
    looks: list[Look] = []
    layer: int | None = parts[0][0]
    names = names_of(path)
    for depth, name in enumerate(names, 1):
        layer, parts = _step(name, parts, looks)
        if not parts:
            return Search(tuple(looks), layer if depth == len(names) else None)
    return Search(tuple(looks), layer)


def _step(name: str, parts: list[_Part], looks: list[Look]) -> tuple[int | None, list[_Part]]:
    """Look one name up in all parts of a directory; returns the layer that it comes from, and its own parts."""
    merged: list[_Part] = []
    for layer, directory in parts:
        found, below = _look(directory, name)
        looks.append(Look(name, layer, found))
        if below is not None:
            merged.append((layer, below))
        elif found == "file" and not merged:
            return layer, []
        if found in {"file", "whiteout", "opaque"}:
            break
    return (merged[0][0] if merged else None), merged


def _look(directory: UpperDir | Changeset, name: str) -> tuple[str, UpperDir | Changeset | None]:
    if isinstance(directory, UpperDir):
        own = directory.names.get(name)
        if own is None or isinstance(own, Whiteout):
            return "whiteout" if own else "", None
        return ("opaque" if own.opaque else "directory", own) if isinstance(own, UpperDir) else ("file", None)
    entry = directory.entries.get(name)
    if entry is None:
        return "whiteout" if name in directory.whiteouts else "", None
    if isinstance(entry, Changeset):
        return "opaque" if entry.opaque or name in directory.whiteouts else "directory", entry
    return "file", None


def search_tree(tree: Directory, path: str, layer: int) -> Search:
    """A search in one plain tree, one look for each name; what is there is said to come from `layer`."""
    looks: list[Look] = []
    names = names_of(path)
    for end, name in enumerate(names, 1):
        node = lookup(tree, "/".join(names[:end]))
        looks.append(Look(name, layer, "" if node is None else "directory" if node.kind == "d" else "file"))
        if node is None:
            return Search(tuple(looks), None)
    return Search(tuple(looks), layer)
