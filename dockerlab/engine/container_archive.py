"""Files in and out of containers: `docker cp` and `docker export` (Engine API, "Archive"; moby, daemon/archive.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from dockerlab.errors import ArchiveError, FileSystemError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.fs.archive import entries_of, entry_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Content
from dockerlab.fs.entry import Entry
from dockerlab.fs.tree import Directory, Node
from dockerlab.fs.unpacking import unpack
from dockerlab.runtime.container import Container
from dockerlab.world import format_instant

GO_DIRECTORY, GO_SYMLINK = 1 << 31, 1 << 27
"""The bits of Go's os.FileMode that the API's path statistics carry."""


def get_archive(container: Container, name: str, path: str) -> tuple[Content, dict[str, Any]]:
    """A tar of what is at `path`, and its statistics; `name` is how the client called the container."""
    statistics = stat_path(container, name, path)
    where = posixpath.normpath(posixpath.join("/", path))
    return write_tar(_entries(statistics["name"], container.view().node(where, follow=False))), statistics


def stat_path(container: Container, name: str, path: str) -> dict[str, Any]:
    """What stands at a path, as the API tells it."""
    if not path:
        raise InvalidParameterError("bad parameter: pathcannot be empty")
    files = container.view()
    where = posixpath.normpath(posixpath.join("/", path))
    stat = files.find(where, follow=False)
    if stat is None or (path.endswith("/") and not files.is_dir(where)):
        raise NotFoundError(f"Could not find the file {path} in container {name}")
    bits = GO_DIRECTORY * stat.is_dir | GO_SYMLINK * stat.is_symlink
    return {
        "name": posixpath.basename(where) or "/",
        "size": stat.size,
        "mode": stat.mode | bits,
        "mtime": format_instant(stat.mtime),
        "linkTarget": stat.target,
    }


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
    try:
        unpack(tree, files, where, _refusal)
    except FileSystemError as error:
        text = f"Error processing tar file(exit status 1): open {error.path}: {error.strerror.lower()}"
        raise SystemError_(text) from error


def _refusal(path: str, there: str, comes: str) -> InvalidParameterError:
    return InvalidParameterError(f'cannot overwrite {there} "{path}" with {comes} "/"')


def export(container: Container) -> Content:
    """All files of a container, as one tar without layers."""
    return write_tar(entries_of(container.files.tree(), ""))
