"""Garbage collection: mark what manifests name, sweep the rest (distribution, registry/storage/garbagecollect.go).

Deleting an image only forgets its names; the bytes stay until somebody looks which of them no manifest needs. The lines
are those of distribution 2.8. What it gets wrong is not copied: where untagged manifests are to go, it takes apart the
tagged indexes that name them. `takes_all_untagged` is for those who play it.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Set
from contextlib import suppress
from dataclasses import dataclass

from dockerlab.errors import InvalidDigestError, SystemError_
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.registry.layout import Repositories, Shelves
from dockerlab.registry.storage import Repository


@dataclass(frozen=True)
class Said:
    """A line of the report."""

    line: str


@dataclass(frozen=True)
class Deleted:
    """Something has gone: how distribution's log calls that, and where below the root it was."""

    what: str
    path: str


@dataclass(frozen=True)
class Collector:
    """What is to be done with a registry's garbage."""

    shelves: Shelves
    dry_run: bool = False
    delete_untagged: bool = False
    takes_all_untagged: bool = False

    def run(self) -> Iterator[Said | Deleted]:
        """Mark all, then sweep; a manifest that nobody can read raises before anything is swept."""
        marked: set[Digest] = set()
        doomed: list[tuple[str, Digest]] = []
        for name, repository in Repositories(self.shelves).items():
            yield Said(name)
            documents = dict(self._documents(repository))
            kept = self._kept(repository, documents)
            for digest, document in documents.items():
                if digest in kept:
                    yield from _mark(name, digest, document, marked)
                else:
                    yield Said(f"manifest eligible for deletion: {digest}")
                    doomed.append((name, digest))
        if not self.dry_run:
            for name, digest in doomed:
                yield from self._forget(name, digest)
        yield from self._sweep(marked, len(doomed))

    def _documents(self, repository: Repository) -> Iterator[tuple[Digest, Manifest | Index]]:
        """The manifests of a repository, but for those whose bytes are gone already."""
        for digest in repository.manifests:
            document = repository.manifests.get(digest)
            if document is not None:
                yield digest, document
            elif self.shelves.files.is_file(self.shelves.blob(digest)):
                raise SystemError_(
                    f"failed to garbage collect: failed to mark: failed to retrieve manifest for digest {digest}"
                )

    def _kept(self, repository: Repository, documents: dict[Digest, Manifest | Index]) -> Set[Digest]:
        """The manifests that stay: all, or what a tag means, with what belongs to that."""
        if not self.delete_untagged:
            return documents.keys()
        kept = set(repository.tags.values())
        while not self.takes_all_untagged and (more := set(_belonging(documents, kept)) - kept):
            kept |= more
        return kept

    def _forget(self, name: str, digest: Digest) -> Iterator[Deleted]:
        """Remove a manifest from its repository, and from the history of the tags that once meant it."""
        folder = f"{self.shelves.repository(name)}/_manifests"
        for tag in self.shelves.files.names(f"{folder}/tags"):
            past = f"{folder}/tags/{tag}/index/{digest.algorithm}/{digest.hex}"
            if self.shelves.files.is_dir(past):
                yield self._delete("deleting manifest tag reference", past)
        yield self._delete("deleting manifest", f"{folder}/revisions/{digest.algorithm}/{digest.hex}")

    def _sweep(self, marked: Set[Digest], manifests: int) -> Iterator[Said | Deleted]:
        swept = sorted(set(_blobs(self.shelves)) - marked)
        counts = f"{len(swept)} blobs and {manifests} manifests eligible for deletion"
        yield Said(f"\n{len(marked)} blobs marked, {counts}")
        for digest in swept:
            yield Said(f"blob eligible for deletion: {digest}")
            if not self.dry_run:
                yield self._delete("Deleting blob", posixpath.dirname(self.shelves.blob(digest)))

    def _delete(self, what: str, folder: str) -> Deleted:
        self.shelves.files.remove(folder)
        return Deleted(what, folder.removeprefix(self.shelves.root))


def _mark(name: str, digest: Digest, document: Manifest | Index, marked: set[Digest]) -> Iterator[Said]:
    yield Said(f"{name}: marking manifest {digest} ")
    marked.add(digest)
    for blob in _named(document):
        yield Said(f"{name}: marking blob {blob}")
        marked.add(blob)


def _named(document: Manifest | Index) -> Iterator[Digest]:
    """The digests that a manifest names."""
    parts = document.manifests if isinstance(document, Index) else (document.config, *document.layers)
    return (part.digest for part in parts)


def _belonging(documents: dict[Digest, Manifest | Index], kept: Set[Digest]) -> Iterator[Digest]:
    """The manifests that indexes among the kept ones name, and those that refer to a kept one, like its signature."""
    for digest, document in documents.items():
        if digest in kept and isinstance(document, Index):
            yield from _named(document)
        if document.subject is not None and document.subject.digest in kept:
            yield digest


def _blobs(shelves: Shelves) -> Iterator[Digest]:
    """All blobs that lie about."""
    top = f"{shelves.top}/blobs"
    for algorithm in shelves.files.names(top):
        for start in shelves.files.names(f"{top}/{algorithm}"):
            for name in shelves.files.names(f"{top}/{algorithm}/{start}"):
                with suppress(InvalidDigestError):
                    yield Digest(f"{algorithm}:{name}")


__all__ = ["Collector", "Deleted", "Said"]
