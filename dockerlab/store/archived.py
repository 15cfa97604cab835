"""Images as they stand in an archive, before or after their journey: what all archive formats share."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.errors import ArchiveError
from dockerlab.fs.content import Content, content_of
from dockerlab.fs.tree import Directory, File, Metadata, Node, Symlink, lookup, names_of
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ImageConfig
from dockerlab.oci.reference import Reference
from dockerlab.store.targets import Target

MAX_LINKS = 40
"""Symlinks on one path, at most (Linux: MAXSYMLINKS)."""

MAX_DOCUMENT = 64 << 20
"""Bytes of a JSON document, at most."""


@dataclass(frozen=True, eq=False)
class ArchivedImage:
    """An image in an archive: layers lowest first, as archives that may be compressed, unread so far.

    `silent`: `docker load` says nothing about it, because the archive is of the oldest kind. `target` is the manifest
    or index that led to it, where the archive is a layout.
    """

    config: ImageConfig
    layers: tuple[Content, ...]
    tags: tuple[Reference, ...] = ()
    parent: Digest | None = None
    silent: bool = False
    target: Target | None = None


@dataclass(frozen=True)
class Files:
    """The files of an unpacked archive, read as an engine would: symlinks are followed, but never out of it.

    `place` is the folder that errors speak of.
    """

    tree: Directory
    place: str = ""

    def find(self, path: str) -> Content | None:
        """The content of the file at a path, None where there is no file."""
        node = self._resolve(path)
        return node.content if isinstance(node, File) else None

    def content(self, path: str) -> Content:
        """The content of the file at a path; a missing one is an error, in the words of Go's os.Open."""
        named = posixpath.normpath(posixpath.join(self.place, path))
        if self.place and not named.startswith(f"{self.place}/"):
            raise ArchiveError(f"evalSymlinksInScope: {named} is not in {self.place}")
        found = self.find(path)
        if found is None:
            raise ArchiveError(f"open {named}: no such file or directory")
        return found

    def document(self, path: str) -> bytes:
        """The bytes of a JSON file."""
        content = self.content(path)
        if content.size > MAX_DOCUMENT:
            raise ArchiveError(f"{path}: too large for a JSON document")
        return content.read()

    def _resolve(self, path: str) -> Node | None:
        done: list[str] = []
        rest = names_of(path)
        links = 0
        while rest:
            name, *rest = rest
            if name == "..":
                done = done[:-1]
                continue
            node = lookup(self.tree, "/".join([*done, name]))
            if not isinstance(node, Symlink):
                done.append(name)
                continue
            links += 1
            if links > MAX_LINKS:
                raise ArchiveError(f"{path}: too many levels of symbolic links")
            done = [] if node.target.startswith("/") else done
            rest = [*names_of(node.target), *rest]
        return lookup(self.tree, "/".join(done))


def plain_file(content: Content | bytes, mtime: int = 0) -> File:
    """A file as an engine writes it: root's, mode 644."""
    return File(Metadata(0o644, mtime=mtime), content_of(content))


def plain_folder(entries: Mapping[str, Node], mtime: int = 0) -> Directory:
    """A directory as an engine writes it: root's, mode 755."""
    return Directory(Metadata(0o755, mtime=mtime), dict(entries))
