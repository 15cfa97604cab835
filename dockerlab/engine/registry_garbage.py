"""`registry garbage-collect`: mark what manifests name, sweep the rest (distribution, garbagecollect.go)."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Set
from contextlib import suppress

from dockerlab.engine.registry_log import Journal
from dockerlab.engine.registry_storage import FileStorage
from dockerlab.errors import InvalidDigestError
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.registry.storage import Repository
from dockerlab.runtime.process import Process


def collect(proc: Process, storage: FileStorage, journal: Journal, words: Set[str]) -> int:
    """Delete the blobs that no manifest needs; with `--delete-untagged` the manifests without a tag, too."""
    dry = bool({"-d", "--dry-run"} & words)
    untagged = bool({"-m", "--delete-untagged"} & words)
    marked: set[Digest] = set()
    doomed: list[tuple[Repository, str, Digest]] = []
    for name, repository in storage.repositories.items():
        proc.out(f"{name}\n")
        kept = _kept(repository) if untagged else set(repository.manifests)
        for digest, document in repository.manifests.items():
            if digest not in kept:
                proc.out(f"manifest eligible for deletion: {digest}\n")
                doomed.append((repository, name, digest))
                continue
            proc.out(f"{name}: marking manifest {digest} \n")
            marked.add(digest)
            for blob in _named(document):
                proc.out(f"{name}: marking blob {blob}\n")
                marked.add(blob)
    swept = sorted(set(_blobs(storage)) - marked)
    counts = f"{len(swept)} blobs and {len(doomed)} manifests eligible for deletion"
    proc.out(f"\n{len(marked)} blobs marked, {counts}\n")
    for digest in swept:
        proc.out(f"blob eligible for deletion: {digest}\n")
        if not dry:
            folder = posixpath.dirname(storage.shelves.blob(digest))
            journal.note(f"Deleting blob: {folder.removeprefix(storage.shelves.root)}")
            proc.fs.remove_tree(folder)
    for repository, _, digest in [] if dry else doomed:
        repository.remove(digest)
    return 0


def _kept(repository: Repository) -> set[Digest]:
    """The manifests that a tag means, and those that an index with a tag names."""
    kept = set(repository.tags.values())
    for digest in list(kept):
        document = repository.manifests.get(digest)
        if isinstance(document, Index):
            kept |= {each.digest for each in document.manifests}
    return kept


def _named(document: Manifest | Index) -> Iterator[Digest]:
    if isinstance(document, Manifest):
        yield document.config.digest
        yield from (layer.digest for layer in document.layers)


def _blobs(storage: FileStorage) -> Iterator[Digest]:
    """All blobs that lie about."""
    shelves = storage.shelves
    top = f"{shelves.top}/blobs"
    for algorithm in shelves.files.names(top):
        for start in shelves.files.names(f"{top}/{algorithm}"):
            for name in shelves.files.names(f"{top}/{algorithm}/{start}"):
                with suppress(InvalidDigestError):
                    yield Digest(f"{algorithm}:{name}")
