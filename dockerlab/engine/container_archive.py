"""Files in and out of containers: `docker cp` and `docker export` (Engine API, "Archive"; moby, daemon/archive.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from dockerlab.errors import ArchiveError, FileSystemError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.fs.archive import entries_of, entry_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Content
from dockerlab.fs.entry import Entry
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import Directory, Node
from dockerlab.runtime.container import Container
from dockerlab.world import format_instant

GO_DIRECTORY, GO_SYMLINK = 1 << 31, 1 << 27
"""The bits of Go's os.FileMode that the API's path statistics carry."""


def get_archive(container: Container, name: str, path: str) -> tuple[Content, dict[str, Any]]:
    """A tar of what is at `path`, and its statistics; `name` is how the client called the container."""
    files = container.view()
    where = posixpath.normpath(posixpath.join("/", path))
    stat = files.find(where, follow=False)
    if stat is None or (path.endswith("/") and not files.is_dir(where)):
        raise NotFoundError(f"Could not find the file {path} in container {name}")
    base = posixpath.basename(where) or "/"
    bits = GO_DIRECTORY * stat.is_dir | GO_SYMLINK * stat.is_symlink
    shown = {
        "name": base,
        "size": stat.size,
        "mode": stat.mode | bits,
        "mtime": format_instant(stat.mtime),
        "linkTarget": stat.target,
    }
    return write_tar(_entries(base, files.node(where, follow=False))), shown


def _entries(base: str, node: Node) -> Iterator[Entry]:
    if base != "/":
        yield entry_of(base, node)
    if isinstance(node, Directory):
        yield from entries_of(node, "" if base == "/" else base)


def put_archive(container: Container, name: str, path: str, content: Content) -> None:
    """Unpack a tar into a directory of the container; over directories only with directories, over files only files."""
    files = container.view()
    if container.host["ReadonlyRootfs"]:
        raise SystemError_("container rootfs is marked read-only")
    where = posixpath.normpath(posixpath.join("/", path))
    if not files.exists(where):
        raise NotFoundError(f"Could not find the file {path} in container {name}")
    if not files.is_dir(where):
        raise InvalidParameterError("extraction point is not a directory")
    try:
        tree = tree_of(read_tar(content))
    except ArchiveError as error:
        reason = "unexpected EOF" if content.size == 0 or "truncated" in str(error) else str(error)
        raise ArchiveError(f"Error processing tar file(exit status 1): {reason}") from error
    if content.size == 0:
        raise ArchiveError("Error processing tar file(exit status 1): unexpected EOF")
    unpack(tree, files, where)


def unpack(tree: Directory, files: FileSystem, folder: str) -> None:
    """Put a tree's entries into a directory, over what is there."""
    for name, node in tree.entries.items():
        try:
            _place(files, posixpath.join(folder, name), node)
        except FileSystemError as error:
            text = f"Error processing tar file(exit status 1): open {error.path}: {error.strerror.lower()}"
            raise SystemError_(text) from error


def _place(files: FileSystem, path: str, node: Node) -> None:
    there = files.find(path, follow=False)
    if there and there.is_dir != isinstance(node, Directory):
        kinds = ("directory", "non-directory") if there.is_dir else ("non-directory", "directory")
        raise InvalidParameterError(f'cannot overwrite {kinds[0]} "{path}" with {kinds[1]} "/"')
    if there and isinstance(node, Directory):
        for name, child in node.entries.items():
            _place(files, posixpath.join(path, name), child)
        return
    if there:
        files.unlink(path)
    files.graft(path, node)


def export(container: Container) -> Content:
    """All files of a container, as one tar without layers."""
    return write_tar(entries_of(container.files.tree(), ""))
