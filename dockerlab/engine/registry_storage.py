"""What a registry in a container keeps: files of the container, laid out as Docker's registry does it (`layout`).

A volume brings everything back, and what is changed in it counts.
"""

from __future__ import annotations

import posixpath

from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.registry.layout import Repositories, Shelves
from dockerlab.registry.storage import Repository, Storage


class ContainerFiles:
    """The files of a container."""

    def __init__(self, fs: FileSystem) -> None:
        self._fs = fs

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""
        return self._fs.is_file(path)

    def is_dir(self, path: str) -> bool:
        """Whether there is a folder."""
        return self._fs.is_dir(path)

    def names(self, folder: str) -> list[str]:
        """What is in a folder, nothing where there is none."""
        return list(self._fs.listdir(folder)) if self._fs.is_dir(folder) else []

    def content(self, path: str) -> Content:
        """The bytes of a file that is there."""
        return self._fs.content(path)

    def write(self, path: str, content: Content) -> None:
        """Write a file with the folders above it."""
        self._fs.mkdir(posixpath.dirname(path), parents=True)
        self._fs.write(path, content)

    def remove(self, path: str) -> None:
        """Remove a folder with all that is in it."""
        self._fs.remove_tree(path)


class FileStorage(Storage):
    """The storage of a registry whose files are somewhere in `fs`; its uploads lie in memory until they are whole."""

    def __init__(self, fs: FileSystem, root: str) -> None:
        self._fs = fs
        self.shelves = Shelves(ContainerFiles(fs), root.rstrip("/"))
        self._opened = Repositories(self.shelves)
        super().__init__(self._opened)

    def repository(self, name: str) -> Repository:
        """A repository, made when it isn't there."""
        return self._opened.open(name)

    def start(self, name: str) -> str:
        """Begin an upload, which leaves the folder that uploads lie in while they arrive."""
        self._fs.mkdir(f"{self.shelves.repository(name)}/_uploads", parents=True)
        return super().start(name)
