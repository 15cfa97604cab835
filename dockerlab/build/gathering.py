"""What COPY and ADD of BuildKit copy: from the context, from a stage or an image, from a URL, from a heredoc."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from dockerlab.build.ignore import Ignore
from dockerlab.build.instructions import Add, Copy, Transfer
from dockerlab.build.sources import BadStatusError, Source, clean, find
from dockerlab.build.stages import Stage
from dockerlab.build.urls import is_git, is_url, refuse_address
from dockerlab.errors import BuildError, DockerlabError
from dockerlab.events import Conversation, StepFinished, StepStarted
from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import Directory, File, Metadata

if TYPE_CHECKING:
    from dockerlab.build.buildkit import BuildKit


def gather(build: BuildKit, instruction: Transfer, stage: Stage) -> Conversation[list[Source]]:
    """All sources of an instruction, in its order; heredocs come last."""
    tree = yield from source_tree(build, instruction, stage)
    excluded = Ignore(instruction.exclude)
    sources: list[Source] = []
    for text in instruction.sources:
        if not isinstance(instruction, Add):
            refuse_address(text)  # once more: a variable may have been put in
        elif is_git(text):
            raise BuildError(f"failed to load cache key: {text}: git repositories can't be reached from here")
        if isinstance(instruction, Add) and is_url(text):
            sources.append((yield from _download(build, instruction, text)))
        else:
            sources += find([_inside(text)], tree, build.missing_file, excluded.excludes)
    meta = Metadata(0o644, mtime=build.backend.clock.now)
    sources += [
        Source(document.path, File(meta, Bytes(document.data.encode())), unpack=False)
        for document in instruction.documents
    ]
    if excluded.patterns:
        sources = [_without(source, excluded) for source in sources]
    return sources


def _inside(text: str) -> str:
    """A path can't leave its tree: '../x' is x."""
    path = clean(text)
    while path == ".." or path.startswith("../"):
        path = path[3:]
    return path


def _without(source: Source, excluded: Ignore) -> Source:
    if not isinstance(source.node, Directory):
        return source
    return Source(source.path, excluded.filter(source.node), source.unpack)


def source_tree(build: BuildKit, instruction: Transfer, stage: Stage) -> Conversation[Directory]:
    """The files that an instruction copies from."""
    if isinstance(instruction, Copy) and instruction.origin:
        return (yield from build.tree_of(instruction.origin, stage))
    return build.request.context.tree


def _download(build: BuildKit, instruction: Add, url: str) -> Conversation[Source]:
    started = StepStarted(0, 0, url, key=build.new_key())
    yield started
    try:
        download = yield from build.backend.fetch_url(url)
    except BadStatusError as error:
        raise BuildError(f"failed to load cache key: invalid response status {error.status}") from error
    except DockerlabError as error:
        raise BuildError(f"failed to load cache key: {error}") from error
    content = download.content
    if instruction.checksum:
        actual = f"sha256:{hashlib.sha256(content.read()).hexdigest()}"
        if actual != instruction.checksum:
            raise BuildError(f"digest mismatch {actual}: {instruction.checksum}")
    yield StepFinished(started.key)
    meta = Metadata(0o600, mtime=download.mtime)
    return Source(download.name or "download", File(meta, content), unpack=bool(instruction.unpack))
