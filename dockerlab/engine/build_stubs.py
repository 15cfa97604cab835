"""Stubs: the empty files and folders that RUN --mount needs to mount on, which BuildKit takes away when the step ends.

As BuildKit's executor has it (MountStubsCleaner, recursive): only what the mounts made, only while it is empty, and the
folder around keeps its time of change.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

from dockerlab.fs.filesystem import FileSystem


def stubs_for(files: FileSystem, targets: Iterable[str]) -> tuple[str, ...]:
    """What mounting at the targets will make, the innermost first."""
    return tuple(path for target in targets for path in _missing(files, target))


def _missing(files: FileSystem, path: str) -> Iterator[str]:
    while path != "/" and files.find(path, follow=False) is None:
        yield path
        path = posixpath.dirname(path)


def remove_stubs(files: FileSystem, stubs: Iterable[str]) -> None:
    """Take away those stubs that are still empty."""
    for path in stubs:
        found = files.find(path, follow=False)
        if found is None or (files.listdir(path) if found.is_dir else found.size):
            continue
        folder = posixpath.dirname(path)
        changed = files.stat(folder).mtime
        (files.rmdir if found.is_dir else files.unlink)(path)
        files.utime(folder, changed)
