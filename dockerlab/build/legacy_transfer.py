"""COPY and ADD of the legacy builder (moby, builder/dockerfile/copy.go): each writes into a layer of its own.

What they name is looked for in the build context, in a stage or an image, or fetched from a URL; its sums go into the
image's history and decide about the cache.
"""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from dockerlab.build.backend import Base
from dockerlab.build.checksums import Archived, Headers, OnDisk, hard_links, total
from dockerlab.build.copying import OwnerError, parse_owner
from dockerlab.build.following import follow, locate
from dockerlab.build.instructions import Add, Copy, Transfer
from dockerlab.build.needs import NEEDS_BUILDKIT
from dockerlab.build.placing import OccupiedError, Owner, Placer
from dockerlab.build.sources import Source, find, has_wildcards
from dockerlab.build.urls import is_url
from dockerlab.errors import ArchiveError, BuildError, DockerlabError, FileSystemError, InvalidParameterError
from dockerlab.events import Conversation
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory, File, Metadata
from dockerlab.oci.reference import Reference

if TYPE_CHECKING:
    from dockerlab.build.legacy_steps import LegacyStage

ROOT = "/var/lib/docker/overlay2/{id}/{folder}"
"""Where the engine has the files of the step's container: merged, or in diff alone where there is nothing below."""

_OCCUPIED = {
    "file": "failed to create new directory: mkdir {place}: not a directory",
    "directory": "failed to copy directory: mkdir {place}: not a directory",
    "archive": "Error processing tar file(exit status 1): Error setting up pivot dir: mkdir {place}/.pivot_root{number}"
    ": not a directory",
}
"""What the engine says where it can't make a directory for something (asked of engine 20.10.24)."""


def copy(stage: LegacyStage, instruction: Copy) -> Conversation[None]:
    """COPY, from the context or with --from."""
    tree, origin = stage.build.request.context.tree, None
    if instruction.origin:
        origin = yield from _origin(stage, instruction.origin)
        tree = origin.tree
    yield from _transfer(stage, instruction, tree, origin)


def add(stage: LegacyStage, instruction: Add) -> Conversation[None]:
    """ADD: as COPY from the context; archives are unpacked and addresses fetched."""
    yield from _transfer(stage, instruction, stage.build.request.context.tree, None)


def _origin(stage: LegacyStage, name: str) -> Conversation[Base]:
    """The stage or image that --from names."""
    build, backend = stage.build, stage.backend
    try:
        done = build.stage_image(name) or build.numbered_stage(name)
        if done is not None and not done.image_id:
            return Base()
        image = backend.find_image(done.image_id if done else name)
        if image is None:
            image = yield from backend.pull_image(Reference.on_daemon(name).with_default_tag(), None)
        return Base.of(image)
    except DockerlabError as error:
        raise BuildError(f"invalid from flag value {name}: {error}") from error


def _transfer(stage: LegacyStage, instruction: Transfer, tree: Directory, origin: Base | None) -> Conversation[None]:
    if instruction.chmod:
        raise BuildError(NEEDS_BUILDKIT.format("chmod"))
    try:
        sources = yield from _sources(stage, instruction, tree, origin)
    except DockerlabError as error:
        raise BuildError(f"{instruction.name} failed: {error}") from error
    if len(sources) > 1 and not instruction.target.endswith("/"):
        raise BuildError(
            f"When using {instruction.name} with more than one source file, the destination must be a directory "
            "and end with a /"
        )
    headers = _headers(stage, tree, origin)
    sums = [source.legacy_sum(headers) for source in sources]
    chown = f"--chown={instruction.chown}" if instruction.chown else ""
    comment = f"#(nop) {instruction.name} {chown}{total(sums)} in {instruction.target} "
    config = replace(stage.settings.config, cmd=(*stage.settings.shell, comment))
    files = tuple(pair for found in sums for pair in found.files)
    if (yield from stage.probe(stage.facts(instruction.text, files=files), config)):
        return
    stage.add_image(config, _layer(stage, instruction, sources, keep=origin is not None))


def _headers(stage: LegacyStage, tree: Directory, origin: Base | None) -> Headers:
    """How the sums see the sources: as files of the engine's host, or as they came in the context's archive."""
    if origin is not None:
        return OnDisk(stage.backend.owner_names)
    return Archived(stage.build.request.context.owners, hard_links(tree))


# What there is to copy.


def _sources(
    stage: LegacyStage, instruction: Transfer, tree: Directory, origin: Base | None
) -> Conversation[list[Source]]:
    sources: list[Source] = []
    for text in instruction.sources:
        if not is_url(text):
            sources += _found(text, tree, "" if origin else _NOT_IN_CONTEXT)
        elif isinstance(instruction, Add):
            sources.append((yield from _download(stage, text, instruction.target)))
        else:
            raise InvalidParameterError(f"source can't be a URL for {instruction.name}")
    if not sources:
        raise InvalidParameterError("no source files were specified")
    return sources


_NOT_IN_CONTEXT = "file not found in build context or excluded by .dockerignore: "


def _found(text: str, tree: Directory, prefix: str) -> list[Source]:
    """What a path or a pattern names in a tree; a pattern that makes no sense names nothing."""
    shown = text.removeprefix("/").removeprefix("./")
    if has_wildcards(shown):
        try:
            return find([text], tree, InvalidParameterError, lambda path: False)
        except InvalidParameterError:
            return []
    _check_inside(shown, tree)
    return find(
        [text],
        tree,
        lambda path: InvalidParameterError(f"{prefix}stat {shown}: file does not exist"),
        lambda path: False,
    )


def _check_inside(path: str, tree: Directory) -> None:
    """A path that climbs out of its tree is refused, and so is one that leads through a file."""
    normal = posixpath.normpath(path)
    above = locate(tree, posixpath.dirname(normal))
    if normal.split("/")[0] == ".." or (above is not None and above[1].kind != "d"):
        raise InvalidParameterError(f"forbidden path outside the build context: {path} ()")


def _download(stage: LegacyStage, url: str, target: str) -> Conversation[Source]:
    download = yield from stage.backend.fetch_url(url)
    yield stage.build.say("")  # The line of progress ends, which the client doesn't show where no terminal is.
    if not download.name and target.endswith("/"):
        raise InvalidParameterError(f"cannot determine filename for source {url}")
    meta = Metadata(0o600, mtime=download.mtime)
    return Source(download.name or "__unnamed__", File(meta, download.content or Bytes(b"")), unpack=False)


# Where it goes.


def _layer(stage: LegacyStage, instruction: Transfer, sources: Sequence[Source], *, keep: bool) -> Layer:
    """What the sources change; with `keep` files stay whose they are, unless --chown says otherwise."""
    files = OverlayFs(stage.image.tree if stage.image else Directory(), stage.backend.clock)
    owner = _owner(stage, instruction.chown, files.lower)
    if not keep:
        owner = replace(owner, keep=False)
    target = stage.settings.resolve(instruction.target)
    if instruction.target.endswith(("/", "/.")) or instruction.target == ".":
        target = target.rstrip("/") + "/"
    try:
        Placer(files, owner, unpack=isinstance(instruction, Add), legacy=True).place(sources, target)
    except OccupiedError as error:
        raise BuildError(f"failed to copy files: {_occupied(stage, error)}") from error
    except FileSystemError as error:
        raise BuildError(f"failed to copy files: {error}") from error
    except ArchiveError as error:
        raise BuildError(f"failed to copy files: Error processing tar file(exit status 1): {error}") from error
    return files.upper_layer()


def _owner(stage: LegacyStage, text: str, tree: Directory) -> Owner:
    unfit = "unable to convert uid/gid chown string to host mapping: "
    if text.count(":") > 1:
        raise BuildError(f"{unfit}invalid chown string format: {text}")
    try:
        return parse_owner(text, tree)
    except OwnerError as error:
        raise BuildError(unfit + (_unreadable(stage, error, tree) or str(error))) from error


def _unreadable(stage: LegacyStage, error: OwnerError, tree: Directory) -> str:
    """What is said of a name where the image has no file of names at all."""
    if follow(tree, error.file) is not None:
        return ""
    path = f"{_root(stage, stage.backend.new_id())}/{error.file}"
    return f"can't find {error.kind[0]}id for {error.kind} {error.name}: open {path}: no such file or directory"


def _occupied(stage: LegacyStage, error: OccupiedError) -> str:
    name = stage.backend.new_id()
    return _OCCUPIED[error.what].format(place=_root(stage, name) + error.path, number=int(name[:8], 16))


def _root(stage: LegacyStage, name: str) -> str:
    layers = stage.image.layers if stage.image else ()
    return ROOT.format(id=name, folder="merged" if layers else "diff")
