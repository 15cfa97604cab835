"""A registry in a folder of a real disk, which Docker's own registry could serve as well (`layout` says how it lies).

An upload's bytes go straight into its file, hashed as they come; what a client was told about stays through a crash,
and becomes a blob by one rename. Uploads that nobody goes on with are removed after a week, as distribution does it.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path
from threading import Lock

from dockerlab.fs.content import Bytes, Content
from dockerlab.oci.digest import CANONICAL, Digest
from dockerlab.registry.bodies import Stream, pieces_of
from dockerlab.registry.disk import PARTIAL, DiskFiles, OpenFile, sync
from dockerlab.registry.layout import Repositories, Shelves
from dockerlab.registry.storage import Repository, Storage, Upload
from dockerlab.world import NANOSECOND, format_instant, real_now, unguessable

FORGOTTEN = 7 * 24 * 3600
"""Seconds after which an upload that nobody goes on with is over."""

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class FolderUpload(Upload):
    """A blob on its way into a file."""

    def __init__(self, repository: str, place: str) -> None:
        super().__init__(repository)
        self.place = place
        self._restart()

    def _restart(self) -> None:
        self._sha, self._hashed = hashlib.new(CANONICAL), 0
        """The digest's state, and after how many bytes; after a restart it catches up from the file."""

    @property
    def size(self) -> int:
        """Bytes that have arrived."""
        return os.path.getsize(self.place)

    @property
    def content(self) -> Content:
        """All that has arrived."""
        return OpenFile(self.place)

    def append(self, body: Content | Stream) -> None:
        """Take what a request brings, and bring it to the disk; where that is full, the request has brought nothing."""
        before = self.size
        try:
            with open(self.place, "ab", buffering=0) as file:
                end = before
                for piece in pieces_of(body):
                    _write(file.fileno(), piece)
                    if self._hashed == end:
                        self._hash(piece)
                    end += len(piece)
                sync(file.fileno())
        except OSError:
            self.cut(before)
            raise

    def _hash(self, piece: bytes | memoryview) -> None:
        self._sha.update(piece)
        self._hashed += len(piece)

    def cut(self, size: int) -> None:
        """Forget what arrived after that many bytes."""
        os.truncate(self.place, size)
        if self._hashed > size:
            self._restart()

    def digest(self, algorithm: str) -> Digest:
        """Of all that has arrived."""
        content = self.content
        if algorithm != CANONICAL:
            return content.digest_by(algorithm)
        for piece in content.pieces(self._hashed, content.size - self._hashed):
            self._hash(piece)
        return Digest(f"{CANONICAL}:{self._sha.hexdigest()}")


def _write(number: int, piece: bytes | memoryview) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(number, rest) :]


class FolderStorage(Storage):
    """The storage of a registry whose root is a folder."""

    def __init__(self, root: Path) -> None:
        self._files = DiskFiles(root)
        self._shelves = Shelves(self._files, "")
        self._opened = Repositories(self._shelves)
        self._under_way: dict[str, FolderUpload] = {}
        self._lock = Lock()
        super().__init__(self._opened)

    def repository(self, name: str) -> Repository:
        """A repository, made when something is put into it."""
        return self._opened.open(name)

    def start(self, name: str) -> str:
        """Begin an upload; returns its ID."""
        upload_id = unguessable()
        folder = self._folder(name, upload_id)
        second = real_now() // NANOSECOND * NANOSECOND
        try:
            self._files.write(f"{folder}/data", Bytes(b""))
            self._files.write(f"{folder}/startedat", Bytes(format_instant(second).encode()))
        except OSError:
            self._files.remove(folder)
            raise
        return upload_id

    def _folder(self, name: str, upload_id: str) -> str:
        return f"{self._shelves.repository(name)}/_uploads/{upload_id}"

    def find_upload(self, name: str, upload_id: str) -> Upload | None:
        """An upload into a repository that is under way, though it may have begun before a restart."""
        if not _ID.fullmatch(upload_id):
            return None
        data = f"{self._folder(name, upload_id)}/data"
        with self._lock:
            if not self._files.is_file(data):
                self._under_way.pop(upload_id, None)
                return None
            return self._under_way.setdefault(upload_id, FolderUpload(name, self._files.place(data)))

    def keep(self, upload_id: str, digest: Digest) -> None:
        """Make a blob of an upload, whose bytes are what the digest says."""
        upload = self._under_way[upload_id]
        path = self._shelves.blob(digest)
        if not self._files.is_file(path):
            self._files.move(upload.place, path)
        try:
            self._opened.blobs(upload.repository).add(digest)
        finally:
            self.forget(upload_id)

    def forget(self, upload_id: str) -> None:
        """End an upload without a blob."""
        upload = self._under_way.pop(upload_id)
        self._files.remove(self._folder(upload.repository, upload_id))

    def purge(self) -> None:
        """Remove uploads that nobody goes on with, and what a crash left unfinished."""
        last = real_now() / NANOSECOND - FORGOTTEN
        for folder in (*self._uploads(self._shelves.repository("")), f"/{PARTIAL}"):
            for name in self._files.names(folder):
                path = f"{folder}/{name}"
                newest = f"{path}/data" if self._files.is_file(f"{path}/data") else path
                if os.stat(self._files.place(newest)).st_mtime < last:
                    self._files.remove(path)

    def _uploads(self, folder: str) -> Iterator[str]:
        """The folders with uploads, below a folder."""
        for name in self._files.names(folder):
            if name == "_uploads":
                yield f"{folder}/{name}"
            elif not name.startswith("_"):
                yield from self._uploads(f"{folder}/{name}")


__all__ = ["FORGOTTEN", "FolderStorage", "FolderUpload"]
