"""A registry of the real world, reached with httpx: the one place where the lab goes out to a real network.

It answers at a name in the lab as the registries of the lab do (`transport.Peer`). What goes wrong on the way is told
in the words of Go's net/http, which are what Docker prints.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dockerlab.errors import InvalidParameterError, UnavailableError
from dockerlab.fs.content import Bytes
from dockerlab.oci.reference import Reference
from dockerlab.registry.bodies import pieces_of
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.wire import Broken, Sent, Sink, Stalled, ignored

if TYPE_CHECKING:
    import httpx

PATIENCE = 60.0
"""Seconds in which something must move; within them the lab waits for a registry that thinks."""

FLOOR = 1024
"""Bytes that must have moved then, unless the exchange is over: fewer are a server that only plays for time."""

LONGEST = 4 << 20
"""Bytes of an answer that nobody spools: a manifest (OCI distribution-spec, "Pushing Manifests"), a list, an error."""

REDIRECTS = 10
"""How many Go follows."""


class Remote:
    """A registry at a real URL. `second` is how long a second of waiting lasts before something is tried again."""

    encrypted = True
    reason = ""

    def __init__(self, url: str, *, patience: float = PATIENCE, second: float = 1.0, verify: Any = True) -> None:
        self.origin = checked_url(url)
        self._patience, self.second, self._verify = patience, second, verify
        self._client: httpx.Client | None = None

    def __repr__(self) -> str:
        return f"<Remote {self.origin}>"

    def is_home(self, address: str) -> bool:
        """Whether a URL leads to this very registry, which may then be told who asks."""
        return not urlsplit(address).netloc or _origin(address) == self.origin

    def handle(self, request: Request) -> Response:
        """The registry's answer; a path may be a whole URL (RFC 9112, 3.2.2: absolute-form)."""
        return self.carry(request)

    def carry(self, request: Request, sink: Sink | None = None, sent: Sent = ignored) -> Response:
        """The same, with the body of a good answer for `sink`; `sent` is told how many bytes have gone out."""
        exchange = _Exchange(self._open(), self.origin, request, sink, sent)
        try:
            return exchange.run(self._patience)
        except Broken as broken:
            if broken.stalled:
                self._client = None  # a connection of it is still in use
            raise UnavailableError(str(broken)) from broken
        except Exception as error:
            from dockerlab.registry.gowords import reason

            raise UnavailableError(reason(error, exchange.address, in_body=exchange.answering)) from error

    def _open(self) -> httpx.Client:
        import httpx

        if self._client is None:
            self._client = httpx.Client(
                verify=self._verify,
                timeout=httpx.Timeout(self._patience, connect=15.0, pool=None),
                follow_redirects=True,
                max_redirects=REDIRECTS - 1,
                trust_env=not _is_loopback(self.origin),  # as Go does: no proxy stands between a machine and itself
                headers={"User-Agent": "dockerlab", "Accept-Encoding": "identity"},
            )
            del self._client.headers["Accept"]
        return self._client


class _Exchange:
    """One request and its answer, in a thread of its own, so that whoever waits for it can give it up."""

    def __init__(self, client: httpx.Client, origin: str, request: Request, sink: Sink | None, sent: Sent) -> None:
        self._client, self._request = client, request
        self._sink, self._sent = sink, sent
        self.address = request.path if urlsplit(request.path).netloc else origin + request.path
        self._moved = 0
        self._done = Event()
        self._given_up = False
        self.answering = False
        self._answer: Response | None = None
        self._error: BaseException | None = None

    def run(self, patience: float) -> Response:
        """Carry it out; raises what went wrong."""
        Thread(target=self._work, daemon=True).start()
        try:
            self._watch(patience)
        finally:
            self._given_up = True
        if self._error is not None:
            raise self._error
        assert self._answer is not None, "an exchange ends with an answer or an error"
        return self._answer

    def _watch(self, patience: float) -> None:
        before = 0
        while not self._done.wait(patience):
            if self._moved - before < FLOOR:
                raise Stalled(in_body=self.answering)
            before = self._moved

    def _work(self) -> None:
        try:
            self._answer = self._asked()
        except BaseException as error:  # it is raised where the answer is waited for
            self._error = error
        finally:
            self._done.set()

    def _asked(self) -> Response:
        request = self._request
        size = request.content.size or 0
        length = {"Content-Length": str(size)} if size or request.method in ("POST", "PUT", "PATCH") else {}
        built = self._client.build_request(
            request.method,
            self.address,
            headers={**request.headers, **length},
            content=self._body() if size else b"",
        )
        response = self._client.send(built, stream=True)
        try:
            self.answering = True
            return self._received(response)
        finally:
            response.close()

    def _body(self) -> Iterator[bytes]:
        """The request's body, piece by piece."""
        count = 0
        for piece in pieces_of(self._request.content):
            self._check()
            yield bytes(piece)
            count += len(piece)
            self._moved += len(piece)
            self._sent(count)

    def _received(self, response: httpx.Response) -> Response:
        sink, status = self._sink, response.status_code
        take: Callable[[bytes], object]
        held = bytearray()
        if sink is not None and status in (200, 206):
            sink.begin(status)
            take = sink.write
        else:
            take = held.extend
        for piece in response.iter_bytes():
            self._check()
            self._moved += len(piece)
            take(piece)
            if len(held) > LONGEST:
                raise Broken("response body is larger than 4 MiB")
        return Response(status, dict(response.headers), Bytes(bytes(held)))

    def _check(self) -> None:
        if self._given_up:
            raise Broken("context canceled")


def checked_url(url: str) -> str:
    """The origin of a registry's URL; refused in one line where it is none. It may carry no password and no path."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidParameterError(f"invalid registry URL {url!r}: the port must be a number up to 65535") from None
    if parts.username or parts.password:
        raise InvalidParameterError("invalid registry URL: it must not hold a user or a password; use docker login")
    wrong = parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query
    if wrong or port == 0 or any(letter.isspace() for letter in url):
        raise InvalidParameterError(
            f"invalid registry URL {url!r}: it must be http://HOST[:PORT] or https://HOST[:PORT]"
        )
    return _origin(url)


def checked_name(name: str) -> str:
    """A registry's name as it stands in front of an image's; refused in one line where it can't stand there."""
    try:
        domain = Reference.parse(f"{name}/x").domain
    except InvalidParameterError:
        domain = ""
    if not name or domain != name:
        raise InvalidParameterError(f"invalid registry name {name!r}: it must be HOST:PORT or a host with a dot")
    return name


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme.lower()}://{parts.netloc.lower()}"


def _is_loopback(origin: str) -> bool:
    host = urlsplit(origin).hostname or ""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
