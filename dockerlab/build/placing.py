"""Putting what COPY and ADD found in its place (Dockerfile reference, "COPY": destination).

A directory's contents go into the destination; a file goes to the destination, or into it where it ends in a slash or
is a directory. Symlinks on the way are followed, also to places that are not there yet; missing directories are made
with 755. Modes, times and hard links stay. What differs between the builders was asked of engines 20.10.24 and 28.5.2.
"""

from __future__ import annotations

import errno
import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from dockerlab.build.sources import Source
from dockerlab.errors import FileSystemError
from dockerlab.fs.archive import Entry, read_tar, tree_of
from dockerlab.fs.compression import decompress, first_bytes
from dockerlab.fs.content import Content
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.paths import MAX_LINKS
from dockerlab.fs.tree import Directory, File, Metadata, Node

BLOCK = 512
SET_ID = 0o6000


class OccupiedError(FileSystemError):
    """Where a directory is needed, something else stands; `what` was to be put there: file, directory or archive."""

    def __init__(self, number: int, path: str, what: str) -> None:
        super().__init__(number, path)
        self.what = what


@dataclass(frozen=True)
class Owner:
    """Who gets the files; `mode` replaces the permission bits where it is not None.

    With `keep` files stay whose they are, and the owner is that of directories that have to be made.
    """

    uid: int = 0
    gid: int = 0
    mode: int | None = None
    keep: bool = False

    def give(self, meta: Metadata) -> Metadata:
        """The metadata of a copied file."""
        mode = meta.mode if self.mode is None else self.mode
        return replace(meta, mode=mode) if self.keep else replace(meta, uid=self.uid, gid=self.gid, mode=mode)


@dataclass
class Placer:
    """Copies sources into a file system.

    `unpack` is whether archives are unpacked, as ADD does. The `legacy` builder replaces what stands in the way of
    a directory's contents, takes set-uid bits away with chown(2), and leaves archives' contents their owners.
    """

    fs: FileSystem
    owner: Owner = Owner()
    unpack: bool = False
    legacy: bool = False

    def place(self, sources: Iterable[Source], target: str) -> None:
        """Copy all sources to an absolute target; a slash at its end makes it a directory."""
        for source in sources:
            archive = self._archive_of(source)
            if archive is not None:
                owner = Owner(keep=True) if self.legacy else self.owner
                _Copy(self, owner).merge(archive, self._directory(target, owner, "archive"))
            elif isinstance(source.node, Directory):
                place = self._directory(target, self.owner, "directory")
                _Copy(self, self.owner).merge(source.node, place)
            else:
                _Copy(self, self.owner).put(source.node, self._file_place(source, target))

    def _archive_of(self, source: Source) -> Directory | None:
        if not (self.unpack and source.unpack and isinstance(source.node, File)):
            return None
        return archive_tree(source.node.content)

    def _directory(self, target: str, owner: Owner, what: str) -> str:
        place = self._followed(target)
        try:
            self.fs.mkdir(place, parents=True, uid=owner.uid, gid=owner.gid)
        except FileSystemError as error:
            raise OccupiedError(error.errno, error.path, what) from error
        return place

    def _file_place(self, source: Source, target: str) -> str:
        if target.endswith("/") or self.fs.is_dir(target):
            return posixpath.join(self._directory(target, self.owner, "file"), source.base)
        above, name = posixpath.split(self._followed(target))
        return posixpath.join(self._directory(above, self.owner, "file"), name)

    def _followed(self, path: str) -> str:
        """The path behind all symlinks; they may lead to where nothing is yet, and never out of the root."""
        here, ahead, links = "/", path.split("/")[::-1], 0
        while ahead:
            name = ahead.pop()
            place = posixpath.normpath(posixpath.join(here, name))
            found = self.fs.find(place, follow=False)
            if found is None or found.kind != "l":
                here = place
                continue
            links += 1
            if links > MAX_LINKS:
                raise FileSystemError(errno.ELOOP, path)
            here = "/" if found.target.startswith("/") else here
            ahead += found.target.split("/")[::-1]
        return here


class _Copy:
    """One source on its way; a file that has several names in it has them at the destination, too."""

    def __init__(self, placer: Placer, owner: Owner) -> None:
        self.fs = placer.fs
        self.legacy = placer.legacy
        self.owner = owner
        self.first: dict[int, str] = {}

    def merge(self, directory: Directory, place: str) -> None:
        """Copy a directory's contents into one that exists; directories that are there already are filled up."""
        times = []
        for name, node in directory.entries.items():
            below = posixpath.join(place, name)
            if not isinstance(node, Directory):
                self.put(node, below)
                continue
            if self._make(node, below):
                times.append((below, node.meta.mtime))
            self.merge(node, self.fs.realpath(below))
        for below, mtime in times:
            self.fs.utime(below, mtime)

    def _make(self, node: Directory, place: str) -> bool:
        """Make a directory, or have the one that is there; tells whether it takes the source's metadata."""
        found = self.fs.find(place, follow=not self.legacy)
        if found is not None and found.kind == "d":
            if self.legacy:
                self._amend(place, self.owner.give(node.meta))
            return self.legacy
        if found is not None and not self.legacy:
            raise FileSystemError(errno.ENOTDIR, place)
        self._clear(place)
        self.fs.graft(place, Directory(self.owner.give(node.meta), {}))
        return True

    def _amend(self, place: str, meta: Metadata) -> None:
        self.fs.chown(place, meta.uid, meta.gid)
        self.fs.chmod(place, meta.mode)

    def put(self, node: Node, place: str) -> None:
        """Copy a file, link, device or pipe over what stands there."""
        found = self.fs.find(place, follow=False)
        if found is not None and found.kind == "d" and not self.legacy:
            raise FileSystemError(errno.EISDIR, place)
        self._clear(place)
        first = self.first.setdefault(id(node), place)
        if first == place:
            self.fs.graft(place, replace(node, meta=self._meta(node)))
        else:
            self.fs.link(first, place)

    def _clear(self, place: str) -> None:
        if self.fs.find(place, follow=False) is not None:
            self.fs.remove_tree(place)

    def _meta(self, node: Node) -> Metadata:
        meta = self.owner.give(node.meta)
        if node.kind == "l":
            return replace(meta, mode=node.meta.mode)
        if self.legacy and node.kind == "f" and not self.owner.keep:
            return replace(meta, mode=meta.mode & ~(SET_ID if meta.mode & 0o010 else 0o4000))
        return meta


def archive_tree(content: Content) -> Directory | None:
    """The tree of an archive, compressed or not; None where the content begins as none, ArchiveError where it ends."""
    start = first_bytes(content, BLOCK)
    if start[257:262] != b"ustar" and not _is_old_archive(start):
        return None
    return tree_of(map(_inside, read_tar(decompress(content))))


def _inside(entry: Entry) -> Entry:
    """An entry that would lead out of the tree stands in its root: archives are unpacked in a root of their own."""
    return replace(entry, path=_CLIMBS.sub("", entry.path), linkname=_inside_link(entry))


def _inside_link(entry: Entry) -> str:
    return _CLIMBS.sub("", entry.linkname) if entry.kind == "h" else entry.linkname


_CLIMBS = re.compile(r"^(\.\./)+")


def _is_old_archive(block: bytes) -> bool:
    """A v7 archive has no magic; its first header's sum tells it from other files."""
    digits = block[148:156].strip(b" \0")
    if len(block) < BLOCK or not digits.isdigit():
        return False
    return int(digits, 8) == sum(block[:148]) + 8 * 32 + sum(block[156:])
