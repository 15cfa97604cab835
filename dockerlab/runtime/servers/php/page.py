"""One PHP page for one request, or for the command line."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from dockerlab.errors import FileSystemError
from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.php.lexer import PhpError, tokens
from dockerlab.runtime.servers.php.parser import Finished, Parser
from dockerlab.world import NANOSECOND

DEFAULT = "8.4.14"
BUDGET = 200_000
"""Steps of loops and calls after which a page is stopped (max_execution_time)."""
LONGEST = 8 << 20
"""Bytes that a page may print."""


@dataclass(frozen=True)
class Request:
    """What a page can know of its request; `sapi` is who runs it."""

    method: str = "GET"
    target: str = "/"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    peer: str = ""
    sapi: str = "cli"
    argv: tuple[str, ...] = ()


@dataclass(frozen=True)
class Page:
    """What came of it."""

    body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    version: str
    exit_code: int = 0


class Context:
    """A page while it runs: variables, output, headers."""

    def __init__(self, proc: Process, path: str, request: Request) -> None:
        self.proc, self._path = proc, path
        self.sapi, self.version = request.sapi, version_of(proc)
        self.status = 200
        self.headers: list[tuple[str, str]] = []
        self._pieces: list[str] = []
        self._size = self._steps = 0
        self.variables: dict[str, Any] = _globals(proc, path, request)

    @property
    def now(self) -> int:
        """The lab's time."""
        return self.proc.kernel.clock.now

    @property
    def printed(self) -> bytes:
        """All that was printed."""
        return "".join(self._pieces).encode("utf-8", "surrogateescape")

    def write(self, text: str) -> None:
        """Print."""
        self._pieces.append(text)
        self._size += len(text)
        if self._size > LONGEST:
            raise PhpError(f"Fatal error:  Allowed memory size of 134217728 bytes exhausted in {self._path}")

    def say(self, text: str) -> int:
        """`print`: always 1."""
        self.write(text)
        return 1

    def spend(self) -> None:
        """One step more."""
        self._steps += 1
        if self._steps > BUDGET:
            raise PhpError(f"Fatal error:  Maximum execution time of 30 seconds exceeded in {self._path}")

    def path(self, path: str) -> str:
        """A path beside the page."""
        return posixpath.join(posixpath.dirname(self._path), path)

    def read(self, path: str) -> str | bool:
        """A file's text, false where there is none."""
        try:
            return self.proc.fs.read(self.path(path)).decode("utf-8", "surrogateescape")
        except FileSystemError:
            return False

    def uname(self, mode: str = "a") -> str:
        """php_uname()."""
        facts = self.proc.machine.facts
        parts = {"s": "Linux", "n": self.proc.hostname, "r": facts.kernel_release, "v": facts.kernel_version}
        parts["m"] = facts.architecture
        return parts.get(mode) or " ".join(parts.values())

    def constant(self, name: str) -> Any:
        """A constant; one that nobody knows is an error."""
        known: dict[str, Any] = {
            "true": True,
            "false": False,
            "null": None,
            "php_eol": "\n",
            "php_version": self.version,
        }
        known |= {"php_os": "Linux", "php_os_family": "Linux", "json_pretty_print": 128, "php_sapi": self.sapi}
        known |= {"json_unescaped_slashes": 64, "__file__": self._path, "__dir__": posixpath.dirname(self._path)}
        known |= {"php_int_max": (1 << 63) - 1, "e_all": 32767, "m_pi": 3.141592653589793}
        if name.lower() not in known:
            raise PhpError(f'Fatal error:  Uncaught Error: Undefined constant "{name}" in {self._path}')
        return known[name.lower()]


def render(proc: Process, source: str, path: str, request: Request) -> Page:
    """Run a page; raises PhpError."""
    if any("\ud800" <= char <= "\udfff" or char == "\0" for char in source):
        raise PhpError(f"dockerlab has only the size of this file, not what it does: {path}")
    context = Context(proc, path, request)
    code = 0
    try:
        for step in Parser(list(tokens(source, path)), path).page():
            step(context)
    except Finished as finished:
        code = finished.code
    except RecursionError:
        raise PhpError(f"Fatal error:  Maximum function nesting level reached in {path}") from None
    return Page(context.printed, context.status, tuple(context.headers), context.version, code)


def version_of(proc: Process) -> str:
    """Which PHP a machine has: the image's own, or a package's."""
    packaged = packaged_version(proc, r"php\d?\.?\d?-(?:cli|common)")
    if packaged and not proc.fs.exists("/usr/local/bin/php"):
        return packaged.rpartition(":")[2].partition("-")[0].partition("+")[0]
    return proc.env.get("PHP_VERSION") or DEFAULT


def _globals(proc: Process, path: str, request: Request) -> dict[str, Any]:
    route, _, query = request.target.partition("?")
    form = request.headers.get("Content-Type", "") == "application/x-www-form-urlencoded"
    server = {
        "REQUEST_METHOD": request.method, "REQUEST_URI": request.target, "QUERY_STRING": query,
        "REMOTE_ADDR": request.peer, "SCRIPT_FILENAME": path, "SCRIPT_NAME": route, "PHP_SELF": route,
        "SERVER_PROTOCOL": "HTTP/1.1", "REQUEST_TIME": proc.kernel.clock.now // NANOSECOND,
        "SERVER_NAME": request.headers.get("Host", "").partition(":")[0], "DOCUMENT_ROOT": posixpath.dirname(path),
    }  # fmt: skip
    server |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in request.headers.items()}
    get, post = dict(parse_qsl(query, keep_blank_values=True)), dict[str, str]()
    if form:
        post = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
    argv = dict(enumerate(request.argv))
    own = {"argv": argv, "argc": len(argv)} if request.argv else {}
    return {"_SERVER": server, "_GET": get, "_POST": post, "_REQUEST": {**get, **post}, "_ENV": dict(proc.env), **own}


__all__ = ["Page", "PhpError", "Request", "render", "version_of"]
