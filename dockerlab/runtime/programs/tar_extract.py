"""What `tar -x` does with an entry: make the file, its owner, its mode, its time; never outside of the folder."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable

from dockerlab.errors import FileSystemError
from dockerlab.fs.archive import Entry
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting


class Extractor:
    """Unpacks entries into a folder. Folders get their times last, when nothing is added to them any more."""

    def __init__(self, proc: Process, args: Arguments, folder: str, failed: Callable[[str], None]) -> None:
        self.proc = proc
        self.fs = proc.fs
        self.args = args
        self.folder = folder
        self.failed = failed
        self.strip = args.number("2", 0)
        self.folders: list[tuple[str, Entry]] = []

    def extract(self, entry: Entry, name: str) -> Waiting:
        """Unpack one entry."""
        if "O" in self.args:
            for piece in entry.content.chunks():
                self.proc.out(piece)
                yield from self.proc.writable()
            return 0
        inner = self._stripped(entry.path)
        if not inner and self.strip:
            return 0
        if inner.startswith("../") or inner == "..":
            self.failed(f"{name}: Member name contains '..'")
            return 0
        try:
            self._make(entry, posixpath.join(self.folder, inner) if inner else self.folder)
        except FileSystemError as error:
            self.failed(f"{name}: Cannot open: {error.strerror}")
        return 0

    def _stripped(self, path: str) -> str:
        parts = path.strip("/").split("/")
        return "/".join(parts[self.strip :])

    def _make(self, entry: Entry, path: str) -> None:
        self._leads_out(path)
        if entry.kind == "d":
            if not self.fs.is_dir(path):
                self.fs.mkdir(path, 0o755, parents=True)
            self.folders.append((path, entry))
            return
        parent = posixpath.dirname(path)
        if not self.fs.is_dir(parent):
            self.fs.mkdir(parent, parents=True)
        if self.fs.find(path, follow=False):
            if "k" in self.args:
                return
            self.fs.unlink(path)
        if entry.kind == "h":
            self.fs.link(posixpath.join(self.folder, self._stripped(entry.linkname)), path)
            return
        self._make_leaf(entry, path)
        self._dress(entry, path)

    def _leads_out(self, path: str) -> None:
        """A link that an earlier entry made must not lead a later one out of the folder."""
        parent = posixpath.dirname(path)
        if self.fs.exists(parent):
            real, home = self.fs.realpath(parent), self.fs.realpath(self.folder).rstrip("/")
            if real != home and not real.startswith(home + "/") and parent.startswith(self.folder):
                raise FileSystemError(errno.ELOOP, path)

    def _make_leaf(self, entry: Entry, path: str) -> None:
        if entry.kind == "l":
            self.fs.symlink(entry.linkname, path)
        elif entry.kind == "f":
            self.fs.write(path, entry.content)
        else:
            self.fs.mknod(path, entry.kind, entry.mode, entry.major, entry.minor)

    def _dress(self, entry: Entry, path: str) -> None:
        """Root keeps owners, others own what they unpack; the umask counts unless -p or root."""
        keep = self.proc.uid == 0 and "o" not in self.args
        uid, gid = (entry.uid, entry.gid) if keep else (self.proc.uid, self.proc.gid)
        self.fs.chown(path, uid, gid, follow=False)
        if entry.kind == "l":
            return
        mode = entry.mode & 0o7777
        self.fs.chmod(path, mode if keep or "p" in self.args else mode & ~self.proc.umask)
        if "m" not in self.args:
            self.fs.utime(path, entry.mtime)

    def finish(self) -> None:
        """Modes, owners and times of folders, deepest first."""
        for path, entry in reversed(self.folders):
            if self.fs.is_dir(path):
                self._dress(entry, path)
