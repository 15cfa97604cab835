"""`python3 -m http.server` (docs.python.org, http.server): files of a folder, and a line for each request."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.stat import Stat
from dockerlab.runtime.net.errors import NetworkError
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.names import is_address, resolve
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.registry import Waiting
from dockerlab.runtime.servers.daemons import Ending
from dockerlab.runtime.servers.static import StaticSite, serve_site
from dockerlab.runtime.servers.web import COMMON_TYPES, Reply, escaped, http_date, moment, parse_http_date, type_of
from dockerlab.runtime.signals import SIGINT
from dockerlab.world import NANOSECOND

USAGE = "usage: server.py [-h] [--cgi] [-b ADDRESS] [-d DIRECTORY] [-p VERSION] [port]\n"
HELP = """
positional arguments:
  port                  bind to this port (default: 8000)

options:
  -h, --help            show this help message and exit
  --cgi                 run as CGI server
  -b ADDRESS, --bind ADDRESS
                        bind to this address (default: all interfaces)
  -d DIRECTORY, --directory DIRECTORY
                        serve this directory (default: current directory)
  -p VERSION, --protocol VERSION
                        conform to this HTTP version (default: HTTP/1.0)
"""
PAGE = """\
<!DOCTYPE HTML>
<html lang="en">
    <head>
        <meta charset="utf-8">
        <title>Error response</title>
    </head>
    <body>
        <h1>Error response</h1>
        <p>Error code: {0}</p>
        <p>Message: {1}.</p>
        <p>Error code explanation: {0} - {2}.</p>
    </body>
</html>
"""
MESSAGES: Mapping[int, tuple[str, str]] = {
    400: ("Bad Request", "Bad request syntax or unsupported method"),
    403: ("Forbidden", "Request forbidden -- authorization will not help"),
    404: ("File not found", "Nothing matches the given URI"),
    501: ("Unsupported method", "Server does not support this operation"),
    505: ("HTTP Version not supported", "Cannot fulfill request"),
}
"""Status → the message, and its explanation."""
_WITH_VALUE = {"-b": "bind", "--bind": "bind", "-d": "directory", "--directory": "directory"}
_WITH_VALUE |= {"-p": "protocol", "--protocol": "protocol"}


class UsageError(Exception):  # a control flow: the words make no sense
    """What argparse says."""


@dataclass(frozen=True)
class Options:
    """The words behind `-m http.server`."""

    port: int = 8000
    bind: str = ""
    directory: str = "."
    protocol: str = "HTTP/1.0"

    @classmethod
    def parse(cls, words: Sequence[str]) -> Options:
        """Read the words; raises UsageError."""
        rest, options, ports = list(words), cls(), list[str]()
        while rest:
            word, equals, value = rest.pop(0).partition("=")
            if word in _WITH_VALUE:
                if not equals and not rest:
                    raise UsageError(f"argument {_names(word)}: expected one argument")
                options = SETTERS[_WITH_VALUE[word]](options, value if equals else rest.pop(0))
            elif word.startswith("-") and word != "--cgi":
                raise UsageError(f"unrecognized arguments: {word}")
            elif word != "--cgi":
                ports.append(word)
        if len(ports) > 1:
            raise UsageError(f"unrecognized arguments: {' '.join(ports[1:])}")
        if ports and not ports[0].lstrip("-").isdigit():
            raise UsageError(f"argument port: invalid int value: '{ports[0]}'")
        return replace(options, port=int(ports[0])) if ports else options


SETTERS: Mapping[str, Callable[[Options, str], Options]] = {
    "bind": lambda options, value: replace(options, bind=value),
    "directory": lambda options, value: replace(options, directory=value),
    "protocol": lambda options, value: replace(options, protocol=value),
}


def _names(word: str) -> str:
    key = _WITH_VALUE[word]
    return f"-{key[0]}/--{key}"


class PythonSite(StaticSite):
    """SimpleHTTPRequestHandler."""

    indexes = ("index.html", "index.htm")

    def __init__(self, proc: Process, root: str, options: Options, version: str) -> None:
        super().__init__(proc, root)
        self._protocol = options.protocol
        self._version = version
        self._stale = options.protocol == "HTTP/1.0"

    def _reply(self, status: int, reason: str, headers: Sequence[tuple[str, str]], content: Content) -> Reply:
        head = (("Server", f"SimpleHTTP/0.6 Python/{self._version}"), ("Date", http_date(self.now)), *headers)
        return Reply(status, head, content, reason, self._protocol, close=self._stale or status >= 400)

    def file(self, asked: Asked, uri: str, path: str, found: Stat, content: Content) -> Reply:
        """A file, unless the client has it already."""
        seconds = found.mtime // NANOSECOND
        since = parse_http_date(asked.header("If-Modified-Since"))
        if since is not None and seconds <= since and not asked.header("If-None-Match"):
            return self._reply(304, "Not Modified", (), Bytes(b""))
        kind = type_of(path, COMMON_TYPES, "application/octet-stream")
        headers = [("Content-type", kind), ("Content-Length", str(content.size))]
        return self._reply(200, "OK", [*headers, ("Last-Modified", http_date(found.mtime))], content)

    def moved(self, asked: Asked, uri: str) -> Reply:
        """The same with a slash, with the query kept."""
        path, asks, query = asked.target.partition("?")
        headers = [("Location", f"{path}/{asks}{query}"), ("Content-Length", "0")]
        return self._reply(301, "Moved Permanently", headers, Bytes(b""))

    def listing(self, asked: Asked, uri: str, path: str) -> Reply:
        """A list of the folder's names, in the order of the alphabet."""
        title = f"Directory listing for {escaped(uri)}"
        head = f'<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{title}</title>\n</head>\n'
        rows = [_row(name, self.proc.fs.stat(f"{path}/{name}", follow=False), each) for name, each in self.names(path)]
        rows.sort(key=lambda row: row[0])
        items = "".join(item for _, item in rows)
        text = f"{head}<body>\n<h1>{title}</h1>\n<hr>\n<ul>\n{items}</ul>\n<hr>\n</body>\n</html>\n"
        body = Bytes(text.encode("utf-8", "surrogateescape"))
        headers = [("Content-type", "text/html; charset=utf-8"), ("Content-Length", str(body.size))]
        return self._reply(200, "OK", headers, body)

    def error(self, asked: Asked, status: int) -> Reply:
        """A page for an error, with a line in the log."""
        message, explanation = MESSAGES[status]
        return self._failure(asked.peer, status, message, explanation)

    def refuse_method(self, asked: Asked) -> Reply:
        """There is no do_POST."""
        return self._failure(asked.peer, 501, f"Unsupported method ({asked.method!r})", MESSAGES[501][1])

    def unreadable(self, asked: Asked, uri: str, path: str) -> Reply:
        """A file that can't be opened is a file that isn't found."""
        return self.error(asked, 404)

    def malformed(self, line: str, socket: Socket) -> Reply:
        """What is no request."""
        return self._failure(socket.peer[0], 400, f"Bad request syntax ({line!r})", MESSAGES[400][1])

    def _failure(self, peer: str, status: int, message: str, explanation: str) -> Reply:
        self._log(peer, f"code {status}, message {message}")
        body = Bytes(PAGE.format(status, escaped(message), explanation).encode())
        headers = [("Connection", "close"), ("Content-Type", "text/html;charset=utf-8")]
        return self._reply(status, message, [*headers, ("Content-Length", str(body.size))], body)

    def sent(self, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """The line of a request."""
        self._log(socket.peer[0], f'"{line}" {reply.status} -')

    def _log(self, peer: str, text: str) -> None:
        self.proc.err(f"{peer} - - [{moment(self.now).strftime('%d/%b/%Y %H:%M:%S')}] {text}\n")


def _row(name: str, own: Stat, target: Stat) -> tuple[str, str]:
    """A name with what sorts it; folders have a slash, links an at sign."""
    slash = "/" if target.kind == "d" else ""
    shown = f"{name}@" if own.kind == "l" else name + slash
    link = quote(name.encode("utf-8", "surrogateescape")) + slash
    return name.lower(), f'<li><a href="{link}">{escaped(shown)}</a></li>\n'


def serve(proc: Process, words: Sequence[str], version: str) -> Waiting:
    """Be the server; `version` is Python's."""
    if {"-h", "--help"} & set(words):
        proc.out(f"{USAGE}{HELP}")
        return 0
    try:
        options = Options.parse(words)
    except UsageError as error:
        proc.err(f"{USAGE}server.py: error: {error}\n")
        return 2
    try:
        address = resolve(proc.machine, options.bind) if options.bind else "0.0.0.0"
        if not 0 <= options.port < 65_536:
            return _failed(proc, "OverflowError: bind(): port must be 0-65535.")
        listener = proc.machine.network.listen(options.port, address, program="python3", pid=proc.pid)
    except NetworkError as error:
        kind = "OSError: [Errno 98]" if not options.bind or is_address(options.bind) else "socket.gaierror: [Errno -2]"
        return _failed(proc, f"{kind} {error.text}")
    ending = Ending()
    # Python hears Ctrl-C; of all else it knows nothing.
    proc.handlers[SIGINT] = ending.ask
    told = Told(proc)
    shown = f"[{address}]" if ":" in address else address
    told.say(f"Serving HTTP on {address} port {listener.port} (http://{shown}:{listener.port}/) ...\n")
    yield from serve_site(proc, listener, PythonSite(proc, proc.path(options.directory), options, version), ending)
    told.say("\nKeyboard interrupt received, exiting.\n")
    told.flush()
    return 0


def _failed(proc: Process, text: str) -> int:
    proc.err(f'Traceback (most recent call last):\n  File "<frozen runpy>", line 198, in _run_module_as_main\n{text}\n')
    return 1


class Told:
    """Standard output of Python: a terminal gets it at once, all else when there is enough of it or at the end."""

    def __init__(self, proc: Process) -> None:
        self._proc = proc
        self._at_once = proc.is_terminal(1) or bool(proc.env.get("PYTHONUNBUFFERED"))
        self._kept = ""

    def say(self, text: str) -> None:
        """Print."""
        self._kept += text
        if self._at_once:
            self.flush()

    def flush(self) -> None:
        """Let it go."""
        text, self._kept = self._kept, ""
        self._proc.out(text)


__all__ = ["Options", "PythonSite", "Told", "serve"]
