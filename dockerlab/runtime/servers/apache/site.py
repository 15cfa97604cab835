"""What Apache answers: aliases and redirects, access, folders and files, PHP's pages (docs/2.4/urlmapping)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.stat import Stat
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.permissions import may
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.servers.apache.config import Config, Host, Rules, rules_for
from dockerlab.runtime.servers.apache.logs import Logs
from dockerlab.runtime.servers.apache.pages import REASONS, error_page, listing
from dockerlab.runtime.servers.apache.syntax import ConfigError, Parser
from dockerlab.runtime.servers.php.page import PhpError, Request, render
from dockerlab.runtime.servers.web import (
    COMMON_TYPES,
    Headers,
    Reply,
    cleaned,
    decoded,
    goes_on,
    http_date,
    parse_http_date,
    parse_types,
    part_of,
    type_of,
)  # fmt: skip
from dockerlab.world import NANOSECOND

METHODS = ("GET", "POST", "OPTIONS", "HEAD", "TRACE")
KNOWN = frozenset(
    {*METHODS, "PUT", "DELETE", "PATCH", "CONNECT", "PROPFIND", "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK"}
)
HTML = "text/html; charset=iso-8859-1"
_READ, _SEARCH = 4, 1


@dataclass(frozen=True)
class Server:
    """What does not change from request to request."""

    config: Config
    logs: Logs
    token: str
    """'Apache/2.4.65 (Unix)'."""

    @cached_property
    def types(self) -> Mapping[str, str]:
        """Extension → media type."""
        path = posixpath.join(self.config.root, self.config.main.value("typesconfig", "conf/mime.types"))
        own = [entry for entry in self.config.main.entries if entry.key == "addtype"]
        added = {word.lstrip("."): entry.args[0] for entry in own for word in entry.args[1:]}
        return {**COMMON_TYPES, **parse_types(read_text(self.logs.proc.fs, path)), **added}


@dataclass(eq=False)
class Visit:
    """One request on its way."""

    asked: Asked
    socket: Socket
    host: Host
    uri: str = "/"
    path: str = ""
    rules: Rules = field(default_factory=Rules)


class ApacheSite:
    """The `Site` of one child process."""

    def __init__(self, proc: Process, server: Server) -> None:
        self._proc, self._server = proc, server

    def answer(self, asked: Asked, socket: Socket) -> Reply:
        """What a request gets."""
        visit = Visit(asked, socket, self._server.config.host_for(socket.local[1], asked.header("Host")))
        if asked.version == "HTTP/1.1" and not asked.header("Host"):
            return self._error(visit, 400)
        uri = cleaned(decoded(asked.path)) if asked.path.startswith("/") else None
        if uri is None:
            return self._error(visit, 400)
        if "\0" in uri:
            return self._error(visit, 404)
        visit.uri = uri
        return self._moved(visit) or self._found(visit)

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request."""
        host = self._server.config.host_for(socket.local[1], "")
        return self._error(Visit(Asked("", "", "", {}, peer=socket.peer[0]), socket, host), 400)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """Log the request."""
        host = self._server.config.host_for(socket.local[1], asked.header("Host") if asked else "")
        self._server.logs.access(host, asked, line, reply, size, socket)

    # Where a request leads.

    def _moved(self, visit: Visit) -> Reply | None:
        """What `Redirect` and `RedirectMatch` say."""
        for entry in visit.host.all("redirect"):
            status, words = _redirect(entry.args)
            if len(words) == 2 and (visit.uri == words[0] or visit.uri.startswith(words[0].rstrip("/") + "/")):
                return self._redirect(visit, status, words[1] + visit.uri[len(words[0]) :])
        return None

    def _found(self, visit: Visit) -> Reply:
        visit.path = self._path(visit)
        visit.rules = rules_for(visit.host, visit.path, visit.uri)
        if (broken := self._overrides(visit)) is not None:
            return broken
        if not visit.rules.granted:
            text = f"AH01630: client denied by server configuration: {visit.path}"
            self._complain(visit, "authz_core", text)
            return self._error(visit, 403)
        found = self._proc.fs.find(visit.path)
        if found is None or (found.kind != "d" and visit.uri.endswith("/")):
            return self._error(visit, 404)
        if found.kind == "d":
            return self._folder(visit)
        return self._file(visit, found)

    def _path(self, visit: Visit) -> str:
        """The file that a path means: below an `Alias`, or below the document root."""
        for entry in visit.host.all("alias"):
            if len(entry.args) == 2 and (visit.uri + "/").startswith(entry.args[0].rstrip("/") + "/"):
                return entry.args[1] + visit.uri[len(entry.args[0]) :]
        root = visit.host.value("documentroot", "htdocs")
        return posixpath.join(self._server.config.root, root).rstrip("/") + visit.uri

    def _overrides(self, visit: Visit) -> Reply | None:
        """Let the .htaccess of the folder count, where it may; a wrong one is an error of the server."""
        folder = visit.path.rstrip("/") if self._proc.fs.is_dir(visit.path) else posixpath.dirname(visit.path)
        path = f"{folder}/.htaccess"
        if not visit.rules.overrides or not self._proc.fs.is_file(path):
            return None
        config = self._server.config
        parser = Parser(self._proc.fs, "", config.root, set(), dict(self._proc.env), set(config.modules))
        try:
            visit.rules.apply(parser.parse(read_text(self._proc.fs, path), path))
        except ConfigError as error:
            self._complain(visit, "core", f"{path}: {str(error).strip().rpartition(chr(10))[2]}", level="alert")
            return self._error(visit, 500)
        return None

    # Folders and files.

    def _folder(self, visit: Visit) -> Reply:
        if not visit.uri.endswith("/"):
            return self._redirect(visit, 301, visit.uri + "/")
        for name in visit.rules.indexes:
            found = self._proc.fs.find(visit.path.rstrip("/") + "/" + name)
            if found is not None and found.kind == "f":
                visit.path, visit.uri = visit.path.rstrip("/") + "/" + name, visit.uri + name
                return self._file(visit, found)
        if "Indexes" in visit.rules.options and "autoindex" in self._server.config.modules:
            return self._listing(visit)
        tried = ",".join(visit.rules.indexes) or "none"
        why = f"No matching DirectoryIndex ({tried}) found, and server-generated directory index forbidden"
        self._complain(visit, "autoindex", f"AH01276: Cannot serve directory {visit.path}: {why} by Options directive")
        return self._error(visit, 403)

    def _listing(self, visit: Visit) -> Reply:
        fs = self._proc.fs
        names = [name for name in fs.listdir(visit.path) if not name.startswith(".ht")]
        rows = [(name, fs.is_dir(posixpath.join(visit.path, name))) for name in names if not name.startswith(".")]
        body = Bytes(listing(visit.uri, sorted(rows)))
        return self._reply(visit, 200, body, "text/html;charset=ISO-8859-1")

    def _file(self, visit: Visit, found: Stat) -> Reply:
        method = visit.asked.method
        if not may(self._proc, found, _READ):
            text = f"(13)Permission denied: AH00132: file permissions deny server access: {visit.path}"
            self._complain(visit, "core", text)
            return self._error(visit, 403)
        if visit.path.endswith(".php") and "php" in self._server.config.modules:
            return self._php(visit)
        if method == "OPTIONS":
            allow = (("Allow", ",".join(METHODS)),)
            return self._reply(visit, 200, Bytes(b""), "text/html", more=allow)
        if method not in METHODS:
            if method not in KNOWN:
                self._complain(visit, "core", f"AH00135: Invalid method in request {visit.asked.line}")
            return self._error(visit, 405 if method in KNOWN else 501, more=(("Allow", ",".join(METHODS)),))
        return self._contents(visit, found, self._proc.fs.content(visit.path))

    def _contents(self, visit: Visit, found: Stat, content: Content) -> Reply:
        kind = type_of(visit.path, self._server.types, "")
        micro = found.mtime // 1000
        about = (
            ("Last-Modified", http_date(found.mtime)),
            ("ETag", f'"{content.size:x}-{micro // 1_000_000 * 1_000_000:x}"'),
            ("Accept-Ranges", "bytes"),
        )
        if _unchanged(visit.asked, found, about[1][1]):
            return self._reply(visit, 304, Bytes(b""), "", about=about)
        part = part_of(visit.asked.header("Range"), content.size)
        if part is None:
            return self._reply(visit, 200, content, kind, about=about)
        if not part.size:
            return self._error(visit, 416)
        more = (("Content-Range", part.shown(content.size)),)
        return self._reply(visit, 206, part.of(content), kind, about=about, more=more)

    def _php(self, visit: Visit) -> Reply:
        asked = visit.asked
        request = Request(asked.method, asked.target, dict(asked.headers), asked.body, asked.peer, "apache2handler")
        try:
            page = render(self._proc, read_text(self._proc.fs, visit.path), visit.path, request)
        except PhpError as error:
            self._complain(visit, "php", f"PHP {error.text}")
            return self._error(visit, 500)
        powered = (("X-Powered-By", f"PHP/{page.version}"), *page.headers)
        return self._reply(visit, page.status, Bytes(page.body), "text/html; charset=UTF-8", about=powered)

    # Answers.

    def _reply(
        self, visit: Visit, status: int, content: Content, kind: str, *, about: Headers = (), more: Headers = ()
    ) -> Reply:
        close = status in (400, 501) or not goes_on(visit.asked)
        headers = [("Date", http_date(self._proc.kernel.clock.now)), ("Server", self._server.token), *about]
        headers += [each for each in more if each[0] == "Allow"]
        headers += [("Content-Length", str(content.size))] if status != 304 else []
        headers += [each for each in more if each[0] != "Allow"] + [("Connection", "close")] * close
        headers += self._set_headers(visit, status)
        headers += [("Content-Type", kind)] if kind else []
        return Reply(status, tuple(headers), content, REASONS.get(status, ""), close=close)

    def _set_headers(self, visit: Visit, status: int) -> list[tuple[str, str]]:
        """What `Header set` and its like say."""
        found: list[tuple[str, str]] = []
        for entry in visit.rules.entries:
            words = [word for word in entry.args if word != "onsuccess"]
            always = words[:1] == ["always"]
            words = words[1:] if always else words
            if entry.key == "header" and len(words) >= 3 and words[0] in ("set", "add", "append", "setifempty"):
                found += [(words[1], words[2])] if always or status < 400 else []
        return found

    def _redirect(self, visit: Visit, status: int, target: str) -> Reply:
        if target.startswith("/"):
            scheme = "https" if visit.socket.encrypted else "http"
            target = f"{scheme}://{visit.asked.header('Host') or visit.socket.local[0]}{target}"
        if not 300 <= status < 400:
            return self._error(visit, status)
        body = Bytes(error_page(status, target=target, signature=self._signature(visit)))
        return self._reply(visit, status, body, HTML, about=(("Location", target),))

    def _error(self, visit: Visit, status: int, *, more: Headers = ()) -> Reply:
        for entry in visit.host.all("errordocument"):
            if len(entry.args) > 1 and entry.args[0] == str(status):
                return self._document(visit, status, entry.args[1])
        admin = visit.host.value("serveradmin", "[no address given]")
        page = error_page(status, method=visit.asked.method, admin=admin, signature=self._signature(visit))
        return self._reply(visit, status, Bytes(page), HTML, more=more)

    def _document(self, visit: Visit, status: int, what: str) -> Reply:
        """`ErrorDocument`: a text, or a page of the server."""
        if not what.startswith("/"):
            return self._reply(visit, status, Bytes(what.encode()), HTML)
        root = posixpath.join(self._server.config.root, visit.host.value("documentroot", "htdocs"))
        path = root.rstrip("/") + what
        if not self._proc.fs.is_file(path):
            return self._reply(visit, status, Bytes(error_page(status)), HTML)
        return self._reply(visit, status, self._proc.fs.content(path), type_of(path, self._server.types, "text/html"))

    def _signature(self, visit: Visit) -> str:
        """The line at the foot of a page, where `ServerSignature` is on."""
        if visit.host.value("serversignature", "Off").lower() == "off":
            return ""
        name = re.sub(r":\d+$", "", visit.asked.header("Host"))
        return f"{self._server.token} Server at {name or visit.socket.local[0]} Port {visit.socket.local[1]}"

    def _complain(self, visit: Visit, module: str, text: str, *, level: str = "error") -> None:
        client = f"[client {visit.socket.peer[0]}:{visit.socket.peer[1]}] "
        self._server.logs.error(visit.host, self._proc, f"{module}:{level}", client + text)


def _redirect(args: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
    """The status of a `Redirect`, and its path and target."""
    named = {"permanent": 301, "temp": 302, "seeother": 303, "gone": 410}
    first = args[0].lower() if args else ""
    if first in named or first.isdigit():
        return named.get(first) or int(first), args[1:] if len(args) > 2 or first not in ("gone", "410") else (
            args[1],
            "",
        )
    return 302, args


def _unchanged(asked: Asked, found: Stat, etag: str) -> bool:
    known = asked.header("If-None-Match")
    if known:
        return known == "*" or etag in known
    since = parse_http_date(asked.header("If-Modified-Since"))
    return since is not None and found.mtime // NANOSECOND <= since
