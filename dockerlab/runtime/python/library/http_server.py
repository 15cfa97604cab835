"""http.server: HTTPServer, and handlers that are classes of the script on BaseHTTPRequestHandler."""

from __future__ import annotations

from typing import Any, ClassVar

from dockerlab.runtime.net import Answer, Asked
from dockerlab.runtime.net.http import REASONS, converse
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.serving import dated, served
from dockerlab.runtime.python.objects import Class, Given, Instance, Native
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.world import NANOSECOND


class Body(Given):
    """What a handler writes its answer to, or reads the request's body from."""

    exposed = frozenset("write read flush".split())
    type_name = "_io.BufferedIOBase"

    def __init__(self, data: bytes = b"") -> None:
        self.data = data

    def write(self, data: bytes) -> int:
        """Take bytes."""
        if not isinstance(data, bytes):
            raise TypeError(f"a bytes-like object is required, not '{type(data).__name__}'")
        self.data += data
        return len(data)

    def read(self, size: int = -1) -> bytes:
        """Give bytes."""
        end = len(self.data) if size < 0 else size
        piece, self.data = self.data[:end], self.data[end:]
        return piece

    def flush(self) -> None:
        """All is sent when the handler is done."""


class Foundation(Given):
    """BaseHTTPRequestHandler: what a handler's class stands on."""

    name = "BaseHTTPRequestHandler"
    attributes: ClassVar[dict[str, Native]]


def _send_response(interpreter: Any, handler: Instance, status: int, reason: str = "") -> None:
    handler.names["__status__"] = int(status)
    line = f'"{handler.names["requestline"]}" {int(status)} -'
    peer = handler.names["client_address"][0]
    interpreter.stderr.write(f"{peer} - - [{dated(interpreter.proc.kernel.clock.now // NANOSECOND)}] {line}\n")


def _send_error(interpreter: Any, handler: Instance, status: int, message: str = "") -> None:
    _send_response(interpreter, handler, status)
    handler.names["__headers__"]["Content-Type"] = "text/html;charset=utf-8"
    handler.names["wfile"].write(f"<h1>Error response</h1><p>{message or REASONS.get(status, '')}</p>\n".encode())


def _send_header(_: Any, handler: Instance, name: str, value: Any) -> None:
    handler.names["__headers__"][name] = str(value)


def _nothing(*_: Any, **__: Any) -> None:
    """end_headers(), log_message() as they come."""


Foundation.attributes = {
    "end_headers": Native("end_headers", _nothing),
    "log_message": Native("log_message", _nothing),
    "send_error": Native("send_error", _send_error),
    "send_header": Native("send_header", _send_header),
    "send_response": Native("send_response", _send_response),
}


class HttpServer(Given):
    """http.server.HTTPServer."""

    exposed = frozenset("serve_forever server_close shutdown server_address server_port __enter__ __exit__".split())
    type_name = "HTTPServer"

    def __init__(self, interpreter: Any, address: tuple[str, int], handler: Class) -> None:
        self._interpreter = interpreter
        self._handler = handler
        self._listener = interpreter.listen(address[1], address[0] or "0.0.0.0")
        self.server_address = (address[0] or "0.0.0.0", address[1])
        self.server_port = address[1]

    def serve_forever(self) -> Evaluator:
        """Answer, one request after the other."""
        yield served(self._interpreter, self._listener, lambda socket: converse(socket, self._answer))

    def _answer(self, asked: Asked) -> Any:
        return self._interpreter.drive(self._handled(asked))

    def _handled(self, asked: Asked) -> Evaluator:
        handler = Instance(self._handler)
        handler.names |= {
            "command": asked.method, "path": asked.target, "headers": dict(asked.headers), "rfile": Body(asked.body),
            "wfile": Body(), "requestline": asked.line, "client_address": (asked.peer, 40000), "server": self,
            "__status__": 200, "__headers__": {},
        }  # fmt: skip
        method = self._interpreter.special(handler, f"do_{asked.method}")
        if method is None:
            _send_error(self._interpreter, handler, 501, f"Unsupported method ('{asked.method}')")
        else:
            yield self._interpreter.call(method, [], {})
        return Answer(handler.names["__status__"], handler.names["wfile"].data, handler.names["__headers__"])

    def server_close(self) -> None:
        """Give the port back."""
        self._listener.close()

    shutdown = server_close

    def __enter__(self) -> HttpServer:
        return self

    def __exit__(self, *_: Any) -> None:
        self.server_close()


def _http_server(interpreter: Any) -> dict[str, Any]:
    def make(_: Any, address: tuple[str, int], handler: Class) -> HttpServer:
        return HttpServer(interpreter, address, handler)

    return {"BaseHTTPRequestHandler": Foundation(), **natives({"HTTPServer": make, "ThreadingHTTPServer": make})}


MODULES = {"http.server": _http_server}
