"""The rules of `docker cp`: where a copy goes, and under what name (moby, pkg/archive/copy.go).

As cp(1): onto a directory that is there, a copy goes into it; elsewhere it takes the destination's name; 'DIR/.'
stands for what is in DIR.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dockerlab.errors import CommandError
from dockerlab.fs.entry import Entry
from dockerlab.fs.unpacking import Refuse


@dataclass(frozen=True)
class Place:
    """One side of a copy: a path as it was typed, and what stands there."""

    path: str
    exists: bool = True
    is_dir: bool = False

    @property
    def asserts_directory(self) -> bool:
        """Whether its own spelling says that it is a directory."""
        return self.path.endswith(("/", "/.")) or self.path == "."

    @property
    def means_contents(self) -> bool:
        """Whether what is in the directory is meant, not the directory."""
        return self.path == "." or self.path.endswith("/.")

    @property
    def clean(self) -> str:
        """The path without dots and doubled slashes."""
        return posixpath.normpath(self.path)


@dataclass(frozen=True)
class Target:
    """Where an archive is unpacked: a directory, and the name that its root entry gets ('' keeps its own)."""

    folder: str
    name: str = ""


def target_of(source: Place, destination: Place) -> Target:
    """Where a copy goes; CommandError where it can't go."""
    folder, name = posixpath.split(destination.clean)
    if destination.path.endswith("/."):
        folder, name = destination.clean, ""
    if destination.exists and destination.is_dir:
        return Target(destination.clean)
    if source.is_dir and destination.exists:
        raise CommandError("cannot copy directory")
    if not destination.exists and not source.is_dir and destination.asserts_directory:
        raise CommandError("no such directory")
    return Target(folder, name)


def renamed(entries: Iterable[Entry], base: str, target: Target) -> Iterator[Entry]:
    """The entries as they are unpacked: the new name in the place of `base`, which is empty for mere contents."""
    new = target.name or base
    for entry in entries:
        path = _moved(entry.path, base, new)
        if path:
            link = _moved(entry.linkname, base, new) if entry.kind == "h" else entry.linkname
            yield replace(entry, path=path, linkname=link)


def _moved(path: str, old: str, new: str) -> str:
    rest = path if not old else path.removeprefix(old).lstrip("/")
    return posixpath.join(new, rest) if rest else new


def refusal(folder: str) -> Refuse:
    """What the client says where a directory and a file meet while it unpacks into a folder."""
    return lambda path, there, comes: CommandError(f'cannot overwrite {there} "{path}" with {comes} "{folder}"')
