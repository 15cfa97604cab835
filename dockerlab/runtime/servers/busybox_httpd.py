"""busybox httpd: files of a folder, in the foreground or not (busybox.net, httpd)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.stat import Stat
from dockerlab.runtime.net.errors import NetworkError
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.names import resolve
from dockerlab.runtime.net.sockets import Listener, Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import UsageFailure, complain
from dockerlab.runtime.programs.options import OptionError, Options, parse_arguments
from dockerlab.runtime.programs.registry import Waiting
from dockerlab.runtime.servers.daemons import ending_of
from dockerlab.runtime.servers.static import StaticSite, serve_site
from dockerlab.runtime.servers.web import COMMON_TYPES, Headers, Reply, http_date, parse_http_date, part_of, type_of
from dockerlab.runtime.streams import Null
from dockerlab.world import NANOSECOND

WORDS: Mapping[int, tuple[str, str]] = {
    400: ("Bad Request", "Unsupported method"),
    403: ("Forbidden", ""),
    404: ("Not Found", "The requested URL was not found"),
    501: ("Not Implemented", "The requested method is not recognized"),
}
USAGE = "[-ifv[v]] [-c CONFFILE] [-p [IP:]PORT] [-u USER[:GRP]] [-r REALM] [-h HOME]"


class BusyboxSite(StaticSite):
    """The applet; `verbose` lets it tell what it answers."""

    def __init__(self, proc: Process, root: str, *, verbose: bool) -> None:
        super().__init__(proc, root)
        self._verbose = verbose

    def _head(self, kind: str) -> Headers:
        return (("Date", http_date(self.now)), ("Connection", "close"), ("Content-type", kind))

    def file(self, asked: Asked, uri: str, path: str, found: Stat, content: Content) -> Reply:
        """A file, or the part of it that was asked for."""
        kind = type_of(path, COMMON_TYPES, "application/octet-stream")
        seconds = found.mtime // NANOSECOND
        since = parse_http_date(asked.header("If-Modified-Since"))
        if since is not None and seconds <= since:
            return Reply(304, self._head(kind), reason="Not Modified", close=True)
        about = (("Last-Modified", http_date(found.mtime)), ("ETag", f'"{seconds:x}-{content.size:x}"'))
        part = part_of(asked.header("Range"), content.size)
        if part is not None and part.size:
            size = (("Content-Range", part.shown(content.size)), ("Content-Length", str(part.size)))
            return Reply(206, (*self._head(kind), *about, *size), part.of(content), close=True)
        ranges, size_header = ("Accept-Ranges", "bytes"), ("Content-Length", str(content.size))
        return Reply(200, (*self._head(kind), ranges, *about, size_header), content, close=True)

    def moved(self, asked: Asked, uri: str) -> Reply:
        """A folder has a slash."""
        return Reply(302, (*self._head("text/html"), ("Location", f"{uri}/")), close=True)

    def listing(self, asked: Asked, uri: str, path: str) -> Reply:
        """There are none."""
        return self.error(asked, 404)

    def error(self, asked: Asked, status: int) -> Reply:
        """A page for an error."""
        reason, text = WORDS[status]
        title = f"{status} {reason}"
        page = f"<HTML><HEAD><TITLE>{title}</TITLE></HEAD>\n<BODY><H1>{title}</H1>\n{text}\n</BODY></HTML>\n"
        return Reply(status, self._head("text/html"), Bytes(page.encode()), reason, close=True)

    def refuse_method(self, asked: Asked) -> Reply:
        """Neither GET nor HEAD."""
        return self.error(asked, 501)

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request."""
        return self.error(Asked("", "", "", {}, peer=socket.peer[0]), 400)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """What -v shows."""
        if self._verbose:
            self.proc.err(f"{socket.peer[0]}:{socket.peer[1]}: response:{reply.status}\n")


def serve(proc: Process, words: Sequence[str]) -> Waiting:
    """The applet's command line."""
    try:
        args = parse_arguments(list(words), Options.of("ifvc:p:u:r:h:m:e:d:", ""))
    except OptionError as error:
        raise UsageFailure(str(error), usage=USAGE) from None
    home = args.value("h") or "."
    root = proc.path(home)
    if not proc.fs.is_dir(root):
        return complain(proc, f"can't change directory to '{home}': No such file or directory")
    host, _, port = (args.value("p") or "80").rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65_536:
        return complain(proc, f"bad port '{port}'")
    try:
        address = resolve(proc.machine, host) if host else "0.0.0.0"
        listener = proc.machine.network.listen(int(port), address, program="httpd", pid=proc.pid)
    except NetworkError as error:
        return complain(proc, f"bind: {error.text}")
    verbose = "v" in args
    if "f" in args or "i" in args:
        return (yield from _answer(proc, listener, root, verbose=verbose))
    silent = Null()
    child = proc.fork(
        lambda each: _answer(each, listener, root, verbose=verbose), fds={0: silent, 1: silent, 2: silent}
    )
    child.pgid = listener.pid = child.pid
    return 0


def _answer(proc: Process, listener: Listener, root: str, *, verbose: bool) -> Waiting:
    yield from serve_site(proc, listener, BusyboxSite(proc, root, verbose=verbose), ending_of(proc))
    return 0
