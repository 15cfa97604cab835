"""The `php` command: scripts, `-r`, and the built-in web server (php.net, "Built-in web server")."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.stat import Stat
from dockerlab.runtime.net.errors import NetworkError
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.daemons import ending_of
from dockerlab.runtime.servers.php.page import Page, PhpError, Request, render, version_of
from dockerlab.runtime.servers.static import StaticSite, serve_site
from dockerlab.runtime.servers.web import COMMON_TYPES, Headers, Reply, escaped, http_date, moment, type_of
from dockerlab.runtime.signals import SIGINT

FAILED = 255
STYLE = """<style>
body { background-color: #fcfcfc; color: #333333; margin: 0; padding:0; }
h1 { font-size: 1.5em; font-weight: normal; background-color: #9999cc; min-height:2em; line-height:2em; \
border-bottom: 1px inset black; margin: 0; }
h1, p { padding-left: 10px; }
code.url { background-color: #eeeeee; font-family:monospace; padding:0 2px;}
</style>
"""
_TEXTUAL = ("text/", "application/json", "application/javascript")


@program("php", raw=True)
def php(proc: Process, args: Arguments) -> Waiting:
    """Run a script, a line of code, or the web server."""
    words = list(args.operands)
    if words[:1] in (["-v"], ["--version"]):
        version = version_of(proc)
        proc.out(f"PHP {version} (cli) (built: Nov  6 2026 02:41:30) (NTS)\nCopyright (c) The PHP Group\n")
        engine = f"4.{version.partition('.')[2]}"
        proc.out(f"Zend Engine v{engine}, Copyright (c) Zend Technologies\n")
        return 0
    if words[:1] == ["-m"]:
        proc.out("[PHP Modules]\nCore\ndate\njson\npcre\nstandard\n\n[Zend Modules]\n\n")
        return 0
    if words[:1] == ["-S"]:
        return (yield from _serve(proc, words[1:]))
    if words[:1] == ["-r"]:
        return _show(proc, f"<?php {words[1] if len(words) > 1 else ''}", "Command line code", words[1:])
    if words[:1] == ["-a"]:
        proc.out("Interactive shell\n\n")
        return _show(proc, "<?php " + text_of((yield from proc.read_all())), "php shell code", [])
    words = words[1:] if words[:1] == ["-f"] else words
    name = words[0] if words else "-"
    if name != "-" and not proc.fs.is_file(proc.path(name)):
        proc.out(f"Could not open input file: {name}\n")
        return 1
    source = text_of((yield from open_source(proc, name).read_all()))
    return _show(proc, source, "Standard input code" if name == "-" else proc.path(name), words)


def _show(proc: Process, source: str, path: str, words: Sequence[str]) -> int:
    if source.startswith("#!"):
        source = source.partition("\n")[2]
    try:
        page = render(proc, source, path, Request(argv=tuple(words)))
    except PhpError as error:
        proc.out(f"PHP {error.text}\n")
        return FAILED
    proc.out(page.body)
    return page.exit_code


def _serve(proc: Process, words: list[str]) -> Waiting:
    """php -S ADDRESS:PORT [-t FOLDER] [ROUTER]"""
    place = words.pop(0) if words else ""
    host, _, port = place.rpartition(":")
    root = words[words.index("-t") + 1] if "-t" in words[:-1] else "."
    if not host or not port.isdigit():
        proc.err(f"Invalid address: {place}\n")
        return 1
    if not proc.fs.is_dir(proc.path(root)):
        proc.err(f"Directory {root} does not exist.\n")
        return 1
    try:
        listener = proc.machine.network.listen(int(port), resolve(proc.machine, host), program="php", pid=proc.pid)
    except NetworkError as error:
        _say(proc, f"Failed to listen on {place} (reason: {error.text})")
        return 1
    _say(proc, f"PHP {version_of(proc)} Development Server (http://{place}) started")
    yield from serve_site(proc, listener, PhpSite(proc, posixpath.normpath(proc.path(root))), ending_of(proc, [SIGINT]))
    return 0


def _say(proc: Process, text: str) -> None:
    proc.err(f"[{moment(proc.kernel.clock.now):%a %b %e %H:%M:%S %Y}] {text}\n")


class PhpSite(StaticSite):
    """The built-in web server: what isn't there is index.php's affair."""

    indexes = ("index.php", "index.html")
    methods = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

    def _head(self, asked: Asked) -> Headers:
        return (("Host", asked.header("Host")), ("Date", http_date(self.now)), ("Connection", "close"))

    def at(self, asked: Asked, uri: str) -> Reply:
        """A file, or the nearest index above what isn't one."""
        found = self.proc.fs.find(self.root + uri)
        if found is not None and found.kind == "f":
            return self._give(asked, uri, self.root + uri)
        folder = self.root + uri.rstrip("/")
        while len(folder) >= len(self.root):
            for name in self.indexes:
                if self.proc.fs.is_file(f"{folder}/{name}") and (
                    found is None or found.kind != "d" or folder != self.root
                ):
                    return self._give(asked, uri, f"{folder}/{name}")
                if self.proc.fs.is_file(f"{folder}/{name}") and uri == "/":
                    return self._give(asked, uri, f"{folder}/{name}")
            if found is not None:
                break
            folder = posixpath.dirname(folder)
        return self.error(asked, 404)

    def _give(self, asked: Asked, uri: str, path: str) -> Reply:
        if path.endswith(".php"):
            return self._page(asked, path)
        return self.file(asked, uri, path, self.proc.fs.stat(path), self.proc.fs.content(path))

    def _page(self, asked: Asked, path: str) -> Reply:
        request = Request(asked.method, asked.target, dict(asked.headers), asked.body, asked.peer, "cli-server")
        try:
            page = render(self.proc, read_text(self.proc.fs, path), path, request)
        except (PhpError, FileSystemError) as error:
            _say(self.proc, f"PHP {error}")
            page = Page(f"<br />\n<b>{escaped(str(error))}</b><br />\n".encode(), 500, (), version_of(self.proc))
        kind = (("Content-type", "text/html; charset=UTF-8"),)
        headers = (*self._head(asked), ("X-Powered-By", f"PHP/{page.version}"), *page.headers, *kind)
        return Reply(page.status, headers, Bytes(page.body), close=True)

    def file(self, asked: Asked, uri: str, path: str, found: Stat, content: Content) -> Reply:
        """A file as it is."""
        kind = type_of(path, COMMON_TYPES, "application/octet-stream")
        kind = f"{kind}; charset=UTF-8" if kind.startswith(_TEXTUAL) else kind
        size = ("Content-Length", str(content.size))
        return Reply(200, (*self._head(asked), ("Content-Type", kind), size), content, close=True)

    def error(self, asked: Asked, status: int) -> Reply:
        """The page for what isn't there."""
        url = f'<code class="url">{escaped(asked.path)}</code>'
        text = f"<h1>Not Found</h1><p>The requested resource {url} was not found on this server.</p>"
        page = f"<!doctype html><html><head><title>404 Not Found</title>{STYLE}</head><body>{text}</body></html>"
        body = Bytes(page.encode())
        kind = (("Content-Type", "text/html; charset=UTF-8"), ("Content-Length", str(body.size)))
        return Reply(status, (*self._head(asked), *kind), body, close=True)

    def moved(self, asked: Asked, uri: str) -> Reply:
        """Folders need no slash here."""
        return self.error(asked, 404)

    def listing(self, asked: Asked, uri: str, path: str) -> Reply:
        """There are no listings."""
        return self.error(asked, 404)

    def refuse_method(self, asked: Asked) -> Reply:
        """A method that nobody knows."""
        return Reply(501, (*self._head(asked), ("Content-Length", "0")), close=True)

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request is dropped."""
        _say(self.proc, f"{socket.peer[0]}:{socket.peer[1]} Invalid request (Malformed HTTP request)")
        return Reply(400, close=True, silent=True)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """Three lines for each request."""
        client = f"{socket.peer[0]}:{socket.peer[1]}"
        _say(self.proc, f"{client} Accepted")
        if asked is not None:
            why = " - No such file or directory" if reply.status == 404 else ""
            _say(self.proc, f"{client} [{reply.status}]: {asked.method} {asked.target}{why}")
        _say(self.proc, f"{client} Closing")
