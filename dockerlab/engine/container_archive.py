"""Files in and out of containers: `docker cp` and `docker export` (Engine API, "Archive"; moby, daemon/archive.go)."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from dockerlab.engine.container_commit import MERGED
from dockerlab.errors import ArchiveError, FileSystemError, InvalidParameterError, NotFoundError, SystemError_
from dockerlab.fs.archive import entries_of, entry_of, read_tar, tree_of, write_tar
from dockerlab.fs.content import Content
from dockerlab.fs.entry import Entry
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.tree import EMPTY, Directory, Node
from dockerlab.fs.unpacking import Refuse, unpack
from dockerlab.runtime.container import Container
from dockerlab.world import format_instant

GO_DIRECTORY, GO_SYMLINK = 1 << 31, 1 << 27
"""The bits of Go's os.FileMode that the API's path statistics carry."""

_FAILED = "Error processing tar file(exit status 1)"


def get_archive(container: Container, name: str, path: str) -> tuple[Content, dict[str, Any]]:
    """A tar of what is at `path`, and its statistics; `name` is how the client called the container."""
    files = container.view()
    where = _located(container, files, name, path)
    statistics = _statistics(files, where, path)
    return write_tar(_entries(statistics["name"], files.node(where, follow=False))), statistics


def stat_path(container: Container, name: str, path: str) -> dict[str, Any]:
    """What stands at a path, as the API tells it."""
    files = container.view()
    return _statistics(files, _located(container, files, name, path), path)


def _located(container: Container, files: FileSystem, name: str, path: str) -> str:
    """Where a path leads; what ends in '/' or '/.' is followed, and has to be a directory."""
    if not path:
        raise InvalidParameterError("bad parameter: pathcannot be empty")
    absolute = posixpath.normpath(posixpath.join("/", path))
    ending = path[len(path.rstrip("/.")) :] if path.endswith(("/", "/.")) and absolute != "/" else ""
    try:
        if ending:
            absolute = files.realpath(absolute)
        if files.stat(absolute, follow=False).is_dir or not ending:
            return absolute
    except FileSystemError as error:
        if error.errno != errno.ENOTDIR:
            raise NotFoundError(f"Could not find the file {path} in container {name}") from error
        ending = ""
    raise SystemError_(f"lstat {MERGED.format(id=container.id)}{absolute}{ending}: not a directory")


def _statistics(files: FileSystem, where: str, path: str) -> dict[str, Any]:
    stat = files.stat(where, follow=False)
    bits = GO_DIRECTORY * stat.is_dir | GO_SYMLINK * stat.is_symlink
    return {
        "name": "." if path.endswith("/.") else posixpath.basename(posixpath.normpath(path)) or "/",
        "size": stat.size,
        "mode": stat.mode | bits,
        "mtime": format_instant(stat.mtime),
        "linkTarget": stat.target,
    }


def _entries(base: str, node: Node) -> Iterator[Entry]:
    """The entries of what is called `base`: '.' puts './' before all names, the root '/'."""
    if base not in ("/", "."):
        yield entry_of(base, node)
        yield from entries_of(node, base) if isinstance(node, Directory) else ()
        return
    if base == ".":
        yield entry_of("", node)
    before = "./" if base == "." else "/"
    for entry in entries_of(node, "") if isinstance(node, Directory) else ():
        link = before + entry.linkname if entry.kind == "h" else entry.linkname
        yield replace(entry, path=before + entry.path, linkname=link)


def put_archive(container: Container, name: str, path: str, content: Content) -> None:
    """Unpack a tar into a directory of the container; over directories only with directories, over files only files."""
    files = container.view()
    where = posixpath.normpath(posixpath.join("/", path))
    if not files.exists(where):
        raise NotFoundError(f"Could not find the file {path} in container {name}")
    if not files.is_dir(where):
        raise InvalidParameterError("extraction point is not a directory")
    _check_writable(container, files.realpath(where))
    try:
        tree = tree_of(read_tar(content)) if content.size else EMPTY
    except ArchiveError as error:
        reason = "unexpected EOF" if "truncated" in str(error) else str(error)
        raise ArchiveError(f"{_FAILED}: {reason}") from error
    try:
        unpack(tree, files, where, _refusal(where))
    except FileSystemError as error:
        call = "unlinkat" if error.errno == errno.EBUSY else "open"
        raise SystemError_(f"{_FAILED}: {call} {error.path}: {error.strerror.lower()}") from error


def _check_writable(container: Container, where: str) -> None:
    """A volume says for itself whether it can be written; elsewhere the container's root file system says it."""
    for mount in container.mounts:
        if f"{where}/".startswith(f"{mount.destination.rstrip('/')}/"):
            if not mount.rw:
                raise InvalidParameterError("mounted volume is marked read-only")
            return
    if container.host["ReadonlyRootfs"]:
        raise InvalidParameterError("container rootfs is marked read-only")


def _refusal(folder: str) -> Refuse:
    return lambda path, there, comes: InvalidParameterError(
        f'{_FAILED}: cannot overwrite {there} "{path}" with {comes} "{folder}"'
    )


def export(container: Container) -> Content:
    """All files of a container, as one tar without layers."""
    return write_tar(entries_of(container.files.tree(), ""))
