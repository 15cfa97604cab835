"""Putting what COPY and ADD found in its place (Dockerfile reference, "COPY": destination).

A directory's contents go into the destination; a file goes to the destination, or into it where it ends in a slash or
is a directory. Owners become root, or what --chown says; modes and times stay; missing directories are made with 755.
"""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dockerlab.build.sources import Source
from dockerlab.errors import ArchiveError, FileSystemError
from dockerlab.fs.archive import decompress, read_tar, tree_of
from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import Directory, File, Metadata, Node


@dataclass(frozen=True)
class Owner:
    """Who gets the files; `mode` replaces the permission bits where it is not None."""

    uid: int = 0
    gid: int = 0
    mode: int | None = None

    def give(self, meta: Metadata) -> Metadata:
        """The metadata of a copied file."""
        return replace(meta, uid=self.uid, gid=self.gid, mode=meta.mode if self.mode is None else self.mode)


@dataclass
class Placer:
    """Copies sources into a file system."""

    fs: FileSystem
    owner: Owner = Owner()
    unpack: bool = False
    """Whether archives are unpacked, as ADD does; what is in them keeps its owners."""

    def place(self, sources: Iterable[Source], target: str) -> None:
        """Copy all sources to an absolute target; a slash at its end makes it a directory."""
        for source in sources:
            archive = self._archive_of(source)
            if archive is not None:
                self._merge(archive, self._directory(target), None)
            elif isinstance(source.node, Directory):
                self._merge(source.node, self._directory(target), self.owner)
            else:
                self._put(source.node, self._file_place(source, target), self.owner)

    def _archive_of(self, source: Source) -> Directory | None:
        if not (self.unpack and source.unpack and isinstance(source.node, File)):
            return None
        return archive_tree(source.node.content)

    def _directory(self, target: str) -> str:
        self.fs.mkdir(target, parents=True, uid=self.owner.uid, gid=self.owner.gid)
        return self.fs.realpath(target)

    def _file_place(self, source: Source, target: str) -> str:
        if target.endswith("/") or self.fs.is_dir(target):
            return posixpath.join(self._directory(target), source.base)
        above, name = posixpath.split(target)
        return posixpath.join(self._directory(above), name)

    def _merge(self, directory: Directory, place: str, owner: Owner | None) -> None:
        """Copy a directory's contents into one that exists; directories that are there already are filled up."""
        times = []
        for name, node in directory.entries.items():
            below = posixpath.join(place, name)
            if not isinstance(node, Directory):
                self._put(node, below, owner)
                continue
            if not self.fs.is_dir(below):
                self._make(node, below, owner)
                times.append((below, node.meta.mtime))
            self._merge(node, self.fs.realpath(below), owner)
        for below, mtime in times:
            self.fs.utime(below, mtime)

    def _make(self, node: Directory, place: str, owner: Owner | None) -> None:
        if self.fs.find(place, follow=False) is not None:
            raise FileSystemError(errno.ENOTDIR, place)
        meta = owner.give(node.meta) if owner else node.meta
        self.fs.graft(place, Directory(meta, {}))

    def _put(self, node: Node, place: str, owner: Owner | None) -> None:
        found = self.fs.find(place, follow=False)
        if found is not None and found.kind == "d":
            raise FileSystemError(errno.EISDIR, place)
        if found is not None:
            self.fs.unlink(place)
        if owner is not None:
            meta = node.meta if node.kind == "l" and owner.mode is not None else owner.give(node.meta)
            node = replace(node, meta=replace(meta, uid=owner.uid, gid=owner.gid))
        self.fs.graft(place, node)


def archive_tree(content: Content) -> Directory | None:
    """The tree of an archive, compressed or not; None where the content is none."""
    try:
        plain = decompress(content)
        if plain.read(257, 5) != b"ustar" and not _is_old_archive(plain):
            return None
        return tree_of(read_tar(plain))
    except ArchiveError:
        return None


def _is_old_archive(content: Content) -> bool:
    """A v7 archive has no magic; its first header's sum tells it from other files."""
    block = content.read(0, 512)
    digits = block[148:156].strip(b" \0")
    if len(block) < 512 or not digits.isdigit():
        return False
    return int(digits, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:])
