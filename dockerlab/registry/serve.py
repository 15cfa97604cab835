"""A registry on a real socket: `wsgi` on cheroot, whose threads each serve one connection at a time."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from socket import SHUT_RDWR
from threading import Event, Lock, Thread
from typing import Any

from cheroot import wsgi
from cheroot.makefile import MakeFile
from cheroot.server import HTTPConnection

from dockerlab.errors import UnavailableError
from dockerlab.registry.bodies import Arriving
from dockerlab.registry.incoming import LONGEST_HEAD, Incoming
from dockerlab.registry.wsgi import Application, Handles, Sending

THREADS = 128
"""Requests that are answered at the same time; further ones wait."""

TIMEOUT = 30
"""Seconds that a connection may stand still, between requests or within one."""

GRACE = 5
"""Seconds in which a stop has to be done with."""

WAITING = 512
"""Connections that may wait to be accepted, or for the head of a request; of more, the oldest is given up."""


class HttpServer:
    """A `Server` at an address, which answers as soon as it is made. Port 0 takes one that is free."""

    def __init__(
        self,
        server: Handles,
        host: str = "127.0.0.1",
        port: int = 0,
        log: Callable[[str], None] = lambda line: None,
        report: Callable[[str], None] = lambda line: None,
    ) -> None:
        self._http = _Http(Application(server, log, report), host, port, report)
        self._listening, self._failure = Event(), ""
        # A daemon, as are then all threads that cheroot starts in it: whatever one waits for, the program can end.
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._listening.wait()
        if self._failure:
            raise UnavailableError(f"listen tcp {host}:{port}: {self._failure}")
        self.port: int = self._http.bind_addr[1]

    def _serve(self) -> None:
        try:
            self._http.prepare()
        except OSError as error:
            self._failure = ((self._http.refused or error).strerror or str(error)).lower()
            return
        finally:
            self._listening.set()
        self._http.serve()

    def run(self) -> None:
        """Wait until Ctrl-C is pressed, and stop."""
        with contextlib.suppress(KeyboardInterrupt):
            while self._thread.is_alive():
                self._thread.join(1)
        self.stop()

    def stop(self) -> None:
        """Let go of the port and of all connections; what is being sent is cut off after a moment."""
        ending = Thread(target=self._http.stop, daemon=True)
        ending.start()
        ending.join(GRACE)


class _Gateway(wsgi.Gateway_10):
    """Between cheroot's connections and the application: bodies arrive and leave in pieces."""

    def get_environ(self) -> dict[str, Any]:  # type: ignore[override]  # cheroot's stub says None
        """The environ of a request, whose body is read as it comes, however slowly and in chunks of whatever size."""
        environ: dict[str, Any] = super().get_environ()  # type: ignore[no-untyped-call]
        length = None if self.req.chunked_read else max(0, int(environ.get("CONTENT_LENGTH") or 0))
        self.req.rfile.remaining = 0  # so that cheroot doesn't look for the body a second time
        return {**environ, "wsgi.input": Arriving(self.req.conn.rfile, length), "wsgi.input_terminated": True}

    def start_response(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        """Begin the answer; the application knows when the connection is of no more use."""
        if ("Connection", "close") in headers:
            self.req.close_connection = True
        return super().start_response(status, headers, exc_info)

    def respond(self) -> None:
        """Answer a request."""
        sending: Sending = self.req.server.wsgi_app(self.env, self.start_response)
        try:
            self.req.ensure_headers_sent()
            # Past cheroot's buffer, which would copy every piece. (sendfile(2) was tried: a single client gets its
            # blobs later by it, fifty at once hardly sooner.)
            send = self.write if self.req.chunked_write else self.req.conn.socket.sendall
            for piece in sending:
                send(piece)
        finally:
            sending.close()


class _Connection(HTTPConnection):
    """A connection whose requests get a thread when their heads are there."""

    def __init__(self, server: Any, sock: Any, makefile: Any = None) -> None:
        super().__init__(server, sock, _file)

    def hang_up(self) -> None:
        """End it from the outside: whoever waits for it or serves it finds that it is over."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(SHUT_RDWR)

    def close(self) -> None:
        """It is over."""
        self.server.waiting.remove(self)
        super().close()


def _file(connection: Any, mode: str, size: int) -> Any:
    """One of the two files of a connection; cheroot's own reader could only wait."""
    return Incoming(connection) if "r" in mode else MakeFile(connection, mode, size)


class _Waiting:
    """The connections that wait for the head of a request; when there are too many, the oldest one has to go."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._connections: dict[_Connection, None] = {}

    def add(self, connection: _Connection) -> None:
        """One waits, or goes on waiting."""
        with self._lock:
            self._connections[connection] = None
            oldest = next(iter(self._connections))
            crowded = len(self._connections) > WAITING
        if crowded:
            self.remove(oldest)
            oldest.hang_up()

    def remove(self, connection: _Connection) -> None:
        """It waits no more."""
        with self._lock:
            self._connections.pop(connection, None)


class _Http(wsgi.Server):
    """cheroot's server with the limits of a registry; `refused` is why an address could not be had."""

    ConnectionClass = _Connection
    keep_alive_conn_limit = WAITING
    max_request_header_size = LONGEST_HEAD

    def __init__(self, application: Application, host: str, port: int, report: Callable[[str], None]) -> None:
        super().__init__(
            (host, port),
            application,
            numthreads=THREADS,
            max=THREADS,
            server_name="dockerlab",
            request_queue_size=WAITING,
            timeout=TIMEOUT,
            shutdown_timeout=1,
        )
        self.gateway = _Gateway
        self.waiting = _Waiting()
        self.refused: OSError | None = None
        self._report = report

    def bind(self, family: Any, type: Any, proto: int = 0) -> Any:
        """Take the address."""
        try:
            return super().bind(family, type, proto)
        except OSError as error:
            self.refused = error
            raise

    def process_conn(self, conn: _Connection) -> None:
        """See to a connection on which something may have come: a thread answers a request, and waits for none."""
        if conn.rfile.gather():
            self.waiting.remove(conn)
            super().process_conn(conn)
        elif conn.rfile.overdue:
            conn.close()
        else:
            self.put_conn(conn)

    def put_conn(self, conn: _Connection) -> None:
        """Let a connection wait."""
        self.waiting.add(conn)
        super().put_conn(conn)

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        """What cheroot has to say, in one line."""
        if level >= logging.ERROR:
            self._report(msg.partition("\n")[0])


__all__ = ["HttpServer"]
