"""The core of small servers of files: from a request's path to a file, a folder's index or listing, or an error."""

from __future__ import annotations

import posixpath
from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.fs.content import Content
from dockerlab.fs.stat import Stat
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.servers.daemons import Ending, attend
from dockerlab.runtime.servers.web import COMMON_TYPES, Answering, Reply, cleaned, converse, decoded, parse_types

_READ = 4


class StaticSite(ABC):
    """Serves the files below `root`. What it says in which case is up to each server."""

    indexes: Sequence[str] = ("index.html",)
    methods: Sequence[str] = ("GET", "HEAD")

    def __init__(self, proc: Process, root: str) -> None:
        self.proc, self.root = proc, root.rstrip("/")

    @property
    def now(self) -> int:
        """The lab's time."""
        return self.proc.kernel.clock.now

    def answer(self, asked: Asked, socket: Socket) -> Answering:
        """What a request gets."""
        if asked.method not in self.methods:
            return self.refuse_method(asked)
        uri = cleaned(decoded(asked.path.partition("#")[0])) if asked.path.startswith("/") else None
        if uri is None or "\0" in uri:
            return self.error(asked, 400)
        return self.at(asked, uri)

    def at(self, asked: Asked, uri: str) -> Answering:
        """What stands at a path."""
        path = self.root + uri
        found = self.proc.fs.find(path)
        if found is None or (found.kind != "d" and uri.endswith("/")):
            return self.error(asked, 404)
        if found.kind == "d":
            return self.folder(asked, uri, path)
        return self.readable(asked, uri, path, found)

    def folder(self, asked: Asked, uri: str, path: str) -> Answering:
        """A folder: its index where it has one, after its name has got a slash."""
        if not uri.endswith("/"):
            return self.moved(asked, uri)
        for name in self.indexes:
            index = posixpath.join(path, name)
            found = self.proc.fs.find(index)
            if found is not None and found.kind == "f":
                return self.readable(asked, uri + name, index, found)
        return self.listing(asked, uri, path)

    def readable(self, asked: Asked, uri: str, path: str, found: Stat) -> Answering:
        """A file, where the server may read it."""
        if not may(self.proc, found, _READ):
            return self.unreadable(asked, uri, path)
        return self.file(asked, uri, path, found, self.proc.fs.content(path))

    def unreadable(self, asked: Asked, uri: str, path: str) -> Reply:
        """A file that the server may not read."""
        return self.error(asked, 403)

    @abstractmethod
    def file(self, asked: Asked, uri: str, path: str, found: Stat, content: Content) -> Answering:
        """A file."""

    @abstractmethod
    def moved(self, asked: Asked, uri: str) -> Reply:
        """A folder whose slash is missing."""

    @abstractmethod
    def listing(self, asked: Asked, uri: str, path: str) -> Reply:
        """A folder without an index."""

    @abstractmethod
    def error(self, asked: Asked, status: int) -> Reply:
        """Something that can't be given."""

    @abstractmethod
    def refuse_method(self, asked: Asked) -> Reply:
        """A method that the server does not know."""

    @abstractmethod
    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request."""

    @abstractmethod
    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """The place for the access log."""

    def names(self, path: str) -> list[tuple[str, Stat]]:
        """What a folder holds, with where its links lead."""
        found = [(name, self.proc.fs.find(posixpath.join(path, name))) for name in self.proc.fs.listdir(path)]
        return [(name, each) for name, each in found if each is not None]


def serve_site(proc: Process, listener: Listener, site: StaticSite, ending: Ending) -> Generator[Wait, Any, None]:
    """Answer all who connect, until a signal says that it is time to end."""
    yield from attend(proc, listener, lambda socket: converse(socket, site), ending)


def system_types(proc: Process) -> Mapping[str, str]:
    """The media types of /etc/mime.types, and those that every server knows."""
    return {**COMMON_TYPES, **parse_types(read_text(proc.fs, "/etc/mime.types"))}
