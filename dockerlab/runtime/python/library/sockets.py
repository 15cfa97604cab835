"""socket, urllib.request, urllib.error: connections over the virtual network."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dockerlab.runtime.net import Answer, HostError, NetworkError, Request, Socket, dial, fetch, receive, resolve
from dockerlab.runtime.python.calls import GaiError, network_error
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.objects import Given
from dockerlab.runtime.python.trampoline import Evaluator

AGENT = "Python-urllib/{}"


class Connection(Given):
    """socket.socket, as a client or a server."""

    exposed = frozenset(
        "accept bind close connect connect_ex getsockname listen makefile recv send sendall setsockopt settimeout "
        "shutdown __enter__ __exit__".split()
    )
    type_name = "socket"

    def __init__(self, interpreter: Any, socket: Socket | None = None) -> None:
        self._interpreter = interpreter
        self._socket = socket
        self._listener: Any = None
        self._address: tuple[str, int] = ("0.0.0.0", 0)
        self._timeout: float | None = None

    def connect(self, address: tuple[str, int]) -> Evaluator:
        """Connect to (host, port)."""
        self._socket = yield dial(self._interpreter.proc.machine, address[0], address[1], timeout=self._timeout)

    def connect_ex(self, address: tuple[str, int]) -> Evaluator:
        """The same; returns an error's number instead of raising it."""
        try:
            yield self.connect(address)
        except NetworkError as error:
            return network_error(error).errno or 110
        return 0

    def bind(self, address: tuple[str, int]) -> None:
        """Take a port."""
        self._address = (address[0] or "0.0.0.0", address[1])

    def listen(self, backlog: int = 5) -> None:
        """Let clients come."""
        self._listener = self._interpreter.listen(self._address[1], self._address[0])

    def accept(self) -> Evaluator:
        """The next client."""
        yield self._interpreter.pause(self._listener.waiting)
        socket = yield self._listener.accept()
        return Connection(self._interpreter, socket), socket.peer

    def getsockname(self) -> tuple[str, int]:
        """Our own end."""
        return self._address if self._socket is None else self._socket.local

    def _open(self) -> Socket:
        if self._socket is None:
            raise OSError(107, "Transport endpoint is not connected")
        return self._socket

    def recv(self, size: int) -> Evaluator:
        """What came, up to a size; b'' at the end."""
        return (yield receive(self._open(), size))

    def send(self, data: bytes) -> int:
        """Send; returns how much."""
        self._open().write(data)
        return len(data)

    def sendall(self, data: bytes) -> None:
        """Send all."""
        self.send(data)

    def settimeout(self, seconds: float | None) -> None:
        """How long to wait for a connection."""
        self._timeout = seconds

    def setsockopt(self, *_: Any) -> None:
        """Options change nothing here."""

    def shutdown(self, _: int) -> None:
        """Say that no more comes."""
        self._open().shutdown()

    def close(self) -> None:
        """Hang up."""
        for each in (self._socket, self._listener):
            if each is not None:
                each.close()

    def __enter__(self) -> Connection:
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()


def _resolved(interpreter: Any, name: str) -> str:
    try:
        return resolve(interpreter.proc.machine, name)
    except HostError:
        raise GaiError(-2, "Name or service not known") from None


def _socket(interpreter: Any) -> dict[str, Any]:
    def connected(_: Any, address: tuple[str, int], timeout: float | None = None) -> Evaluator:
        connection = Connection(interpreter)
        connection.settimeout(timeout)
        yield connection.connect(address)
        return connection

    constants = {
        "AF_INET": 2, "AF_INET6": 10, "SOCK_STREAM": 1, "SOL_SOCKET": 1, "SO_REUSEADDR": 2, "SHUT_RDWR": 2,
        "gaierror": GaiError, "timeout": TimeoutError, "error": OSError,
    }  # fmt: skip
    functions = {
        "create_connection": connected,
        "gethostbyname": _resolved,
        "getfqdn": lambda _, *name: interpreter.proc.hostname,
        "gethostname": lambda _: interpreter.proc.hostname,
        "socket": lambda _, *kind: Connection(interpreter),
    }
    return {**constants, **natives(functions)}


# urllib.


class UrlError(OSError):
    """urllib.error.URLError."""

    script_name = "urllib.error.URLError"

    def __init__(self, reason: Any) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"<urlopen error {self.reason}>"


class HttpStatusError(UrlError):
    """urllib.error.HTTPError."""

    script_name = "urllib.error.HTTPError"

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.words)
        self.code = answer.status

    def __str__(self) -> str:
        return f"HTTP Error {self.code}: {self.reason}"


class UrlResponse(Given):
    """What urlopen() returns."""

    exposed = frozenset("read status code reason headers getcode close url __enter__ __exit__".split())
    type_name = "HTTPResponse"

    def __init__(self, url: str, answer: Answer) -> None:
        self.url = url
        self.status = self.code = answer.status
        self.reason = answer.words
        self.headers = dict(answer.headers)
        self._left = answer.body

    def read(self, size: int = -1) -> bytes:
        """The body."""
        end = len(self._left) if size < 0 else size
        piece, self._left = self._left[:end], self._left[end:]
        return piece

    def getcode(self) -> int:
        """The status."""
        return self.status

    def close(self) -> None:
        """Done with it."""

    def __enter__(self) -> UrlResponse:
        return self

    def __exit__(self, *_: Any) -> None:
        """Nothing to do."""


class UrlRequest(Given):
    """urllib.request.Request."""

    exposed = frozenset({"full_url"})
    type_name = "Request"

    def __init__(
        self, url: str, data: bytes | None = None, headers: Mapping[str, str] | None = None, method: str = ""
    ) -> None:
        self.full_url, self.data = url, data
        self.headers = dict(headers or {})
        self.method = method or ("GET" if data is None else "POST")


def _urlopen(interpreter: Any, wanted: Any, data: bytes | None = None, timeout: float | None = None) -> Evaluator:
    asked = wanted if isinstance(wanted, UrlRequest) else UrlRequest(str(wanted), data)
    minor = ".".join(interpreter.version.split(".")[:2])
    headers = {"User-Agent": AGENT.format(minor), "Connection": "close", **asked.headers}
    request = Request(asked.method, asked.full_url, headers, asked.data or b"")
    try:
        answer = yield fetch(interpreter.proc.machine, request, timeout=timeout)
    except NetworkError as error:
        raise UrlError(str(network_error(error))) from None
    if answer.status >= 400:
        raise HttpStatusError(answer)
    return UrlResponse(asked.full_url, answer)


MODULES = {
    "socket": _socket,
    "urllib.error": lambda _: {"URLError": UrlError, "HTTPError": HttpStatusError},
    "urllib.request": lambda _: natives(
        {"Request": lambda _, *given, **named: UrlRequest(*given, **named), "urlopen": _urlopen}
    ),
}
