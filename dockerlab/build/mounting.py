"""RUN --mount: the files that a step sees besides its own, made of stages, images, the context, caches and secrets."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from dockerlab.build.backend import FileMount
from dockerlab.build.instructions import Run
from dockerlab.build.mounts import Mount
from dockerlab.build.sources import clean
from dockerlab.errors import BuildError
from dockerlab.events import Conversation
from dockerlab.fs.content import Bytes
from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, insert, lookup
from dockerlab.oci.golang import quote

if TYPE_CHECKING:
    from dockerlab.build.solver import Solved


def file_mounts(solved: Solved, instruction: Run) -> Conversation[tuple[FileMount, ...]]:
    """The mounts of a step; a secret that isn't there is left out unless it is required."""
    made = []
    for mount in instruction.mounts:
        files = yield from _file_mount(solved, mount)
        if files is not None:
            made.append(files)
    return tuple(made)


def _file_mount(solved: Solved, mount: Mount) -> Conversation[FileMount | None]:
    build = solved.build
    clock = build.backend.clock
    target = solved.settings.resolve(mount.target) if mount.target else ""
    if mount.type == "tmpfs":
        return FileMount(target, OverlayFs(EMPTY, clock), read_only=False)
    if mount.type == "secret":
        return _secret(solved, mount, target)
    if mount.type == "ssh":
        if mount.required:
            raise BuildError('no SSH key "default" forwarded from the client')
        return None
    tree = build.request.context.tree if mount.type == "bind" else EMPTY
    if mount.from_:
        tree = yield from build.tree_of(mount.from_, solved.stage)
    if mount.type == "cache":
        files = build.cache_mount(mount.id or target, tree, Metadata(mount.mode or 0o755, mount.uid, mount.gid))
        return FileMount(target, files, read_only=mount.read_only)
    subpath = "/" + clean(mount.source)
    if lookup(tree, subpath) is None:
        raise build.missing_file(subpath.lstrip("/"))
    return FileMount(target, OverlayFs(tree, clock), subpath, mount.read_only)


def _secret(solved: Solved, mount: Mount, target: str) -> FileMount | None:
    name = mount.id or posixpath.basename(mount.target)
    data = solved.build.request.secrets.get(name)
    if data is None:
        if mount.required:
            raise BuildError(f"secret {quote(name)}: not found")
        return None
    meta = Metadata(0o400 if mount.mode is None else mount.mode, mount.uid, mount.gid)
    tree: Directory = insert(EMPTY, "secret", File(meta, Bytes(data)))
    files: FileSystem = OverlayFs(tree, solved.build.backend.clock)
    return FileMount(target or f"/run/secrets/{name}", files, "/secret")
