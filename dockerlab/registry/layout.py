"""A registry in files, in the layout of Docker's registry (distribution, registry/storage/paths.go).

    <root>/docker/registry/v2/
        blobs/sha256/<2 digits>/<digest>/data                              the bytes, once for all repositories
        repositories/<name>/_layers/sha256/<digest>/link                   the repository has this blob
        repositories/<name>/_manifests/revisions/sha256/<digest>/link      … this manifest
        repositories/<name>/_manifests/tags/<tag>/current/link             … this tag, and what it means
        repositories/<name>/_manifests/tags/<tag>/index/sha256/…/link      … what it ever meant
        repositories/<name>/_uploads/<id>/                                 … this upload is under way

Nothing is kept beside the files, so that whoever has the folder has the registry. Which files, says `Files`: those of
a real disk (`disk`), or of a container in the lab.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Protocol

from dockerlab.errors import InvalidDigestError, InvalidParameterError
from dockerlab.fs.content import Bytes, Content
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.registry.storage import Repository


class Files(Protocol):
    """Where the files are; paths are absolute and have no '..'."""

    def is_file(self, path: str) -> bool:
        """Whether there is a file."""

    def is_dir(self, path: str) -> bool:
        """Whether there is a folder."""

    def names(self, folder: str) -> list[str]:
        """What is in a folder, nothing where there is none."""

    def content(self, path: str) -> Content:
        """The bytes of a file that is there."""

    def write(self, path: str, content: Content) -> None:
        """Write a file with the folders above it, wholly or not at all."""

    def remove(self, path: str) -> None:
        """Remove a file or a folder with all that is in it."""


@dataclass(frozen=True)
class Shelves:
    """Where things lie below the root folder."""

    files: Files
    root: str

    @property
    def top(self) -> str:
        """The folder of this version of the layout."""
        return f"{self.root}/docker/registry/v2"

    def blob(self, digest: Digest) -> str:
        """The file of a blob."""
        return f"{self.top}/blobs/{digest.algorithm}/{digest.hex[:2]}/{digest.hex}/data"

    def repository(self, name: str) -> str:
        """The folder of a repository."""
        return f"{self.top}/repositories/{name}".rstrip("/")

    def keep(self, digest: Digest, content: Content) -> None:
        """Keep a blob's bytes."""
        path = self.blob(digest)
        if not self.files.is_file(path):
            self.files.write(path, content)

    def read(self, digest: Digest) -> Content:
        """A blob's bytes; KeyError where they are gone."""
        path = self.blob(digest)
        if not self.files.is_file(path):
            raise KeyError(digest)
        return self.files.content(path)

    def link(self, folder: str, digest: Digest) -> None:
        """Write a link: a file that holds a digest."""
        self.files.write(f"{folder}/link", Bytes(str(digest).encode()))

    def linked(self, folder: str) -> Digest | None:
        """What a link means."""
        path = f"{folder}/link"
        if not self.files.is_file(path):
            return None
        try:
            return Digest(self.files.content(path).read().decode("ascii", "replace").strip())
        except InvalidDigestError:
            return None

    def linked_in(self, folder: str) -> Iterator[Digest]:
        """The digests that have links in a folder, of every algorithm."""
        for algorithm in self.files.names(folder):
            for name in self.files.names(f"{folder}/{algorithm}"):
                digest = self.linked(f"{folder}/{algorithm}/{name}")
                if digest is not None:
                    yield digest


class _Linked:
    """Digests that a repository has, each by a link."""

    def __init__(self, shelves: Shelves, folder: str) -> None:
        self._shelves, self._folder = shelves, folder

    def _place(self, digest: Digest) -> str:
        return f"{self._folder}/{digest.algorithm}/{digest.hex}"

    def __contains__(self, digest: object) -> bool:
        """Whether there is a link with what it means; garbage collection sweeps bytes and leaves links to them."""
        return (
            isinstance(digest, Digest)
            and self._shelves.linked(self._place(digest)) is not None
            and self._shelves.files.is_file(self._shelves.blob(digest))
        )

    def __iter__(self) -> Iterator[Digest]:
        return self._shelves.linked_in(self._folder)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __delitem__(self, digest: Digest) -> None:
        if digest not in self:
            raise KeyError(digest)
        self._shelves.files.remove(self._place(digest))


class Blobs(_Linked, MutableMapping[Digest, Content]):
    """The blobs of a repository."""

    def __getitem__(self, digest: Digest) -> Content:
        if digest not in self:
            raise KeyError(digest)
        return self._shelves.read(digest)

    def __setitem__(self, digest: Digest, content: Content) -> None:
        self._shelves.keep(digest, content)
        self.add(digest)

    def add(self, digest: Digest) -> None:
        """Have a blob whose bytes are kept already."""
        self._shelves.link(self._place(digest), digest)


class Manifests(_Linked, MutableMapping[Digest, Manifest | Index]):
    """The manifests of a repository."""

    def __getitem__(self, digest: Digest) -> Manifest | Index:
        if digest not in self:
            raise KeyError(digest)
        try:
            return parse_manifest(self._shelves.read(digest).read())
        except InvalidParameterError:
            raise KeyError(digest) from None

    def __setitem__(self, digest: Digest, document: Manifest | Index) -> None:
        self._shelves.keep(digest, Bytes(document.raw))
        self._shelves.link(self._place(digest), digest)


class Tags(MutableMapping[str, Digest]):
    """The tags of a repository."""

    def __init__(self, shelves: Shelves, folder: str) -> None:
        self._shelves, self._folder = shelves, folder

    def __getitem__(self, tag: str) -> Digest:
        found = self._shelves.linked(f"{self._folder}/{tag}/current")
        if found is None:
            raise KeyError(tag)
        return found

    def __setitem__(self, tag: str, digest: Digest) -> None:
        self._shelves.link(f"{self._folder}/{tag}/index/{digest.algorithm}/{digest.hex}", digest)
        self._shelves.link(f"{self._folder}/{tag}/current", digest)

    def __delitem__(self, tag: str) -> None:
        if tag not in self:
            raise KeyError(tag)
        self._shelves.files.remove(f"{self._folder}/{tag}")

    def __iter__(self) -> Iterator[str]:
        return (tag for tag in self._shelves.files.names(self._folder) if tag in self)

    def __contains__(self, tag: object) -> bool:
        return self._shelves.linked(f"{self._folder}/{tag}/current") is not None

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Repositories(MutableMapping[str, Repository]):
    """All repositories: the folders in which something was ever pushed."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def __getitem__(self, name: str) -> Repository:
        if name not in self:
            raise KeyError(name)
        return self.open(name)

    def open(self, name: str) -> Repository:
        """A repository, whether there is something in it or not."""
        shelves, folder = self._shelves, self._shelves.repository(name)
        manifests = Manifests(shelves, f"{folder}/_manifests/revisions")
        return Repository(self.blobs(name), manifests, Tags(shelves, f"{folder}/_manifests/tags"))

    def blobs(self, name: str) -> Blobs:
        """The blobs of a repository, whether there are any or not."""
        return Blobs(self._shelves, f"{self._shelves.repository(name)}/_layers")

    def __contains__(self, name: object) -> bool:
        folder = self._shelves.repository(str(name))
        return bool(name) and any(self._shelves.files.is_dir(f"{folder}/{part}") for part in ("_layers", "_manifests"))

    def __iter__(self) -> Iterator[str]:
        yield from self._below("")

    def _below(self, prefix: str) -> Iterator[str]:
        for name in self._shelves.files.names(self._shelves.repository(prefix)):
            if not name.startswith("_"):
                inner = posixpath.join(prefix, name)
                if inner in self:
                    yield inner
                yield from self._below(inner)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __setitem__(self, name: str, repository: Repository) -> None:
        raise TypeError("repositories come into being when something is pushed")

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._shelves.files.remove(self._shelves.repository(name))
