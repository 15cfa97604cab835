"""The registry on a real socket: bodies as streams, clients that vanish or dawdle, its log, its doors."""

from __future__ import annotations

import http.client
import io
import re
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from queue import SimpleQueue
from socket import SHUT_WR, create_connection, socket

import pytest

from dockerlab.errors import UnavailableError
from dockerlab.oci.digest import Digest
from dockerlab.registry import Request, Response, Server, incoming, serve
from dockerlab.registry import wsgi as border
from dockerlab.registry.access import basic
from dockerlab.registry.bodies import Arriving, BodyError, Stream
from dockerlab.registry.folder import FolderStorage
from dockerlab.registry.htpasswd import Htpasswd, hash_password
from dockerlab.registry.serve import THREADS, HttpServer
from tests.registry.asking import BLOB, UNKNOWN, Registry, Wire, serving

LINE = r"127\.0\.0\.1 - - \[\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d \+0000\] "


@pytest.fixture
def log() -> SimpleQueue[str]:
    """The access log; a line is written when its answer has left, so whoever wants it waits for it."""
    return SimpleQueue()


@pytest.fixture
def wire(tmp_path: Path, log: SimpleQueue[str]) -> Iterator[Wire]:
    with serving(Server(FolderStorage(tmp_path)), log.put) as wire:
        yield wire


@pytest.fixture
def registry(wire: Wire) -> Registry:
    return Registry(wire)


def say(wire: Wire, text: str, body: bytes = b"", *, hang_up: bool = False) -> bytes:
    """Send bytes as they are; all that comes back, until the other side closes."""
    with create_connection(("127.0.0.1", wire.port), timeout=20) as connection:
        connection.sendall(text.replace("\n", "\r\n").encode() + body)
        if hang_up:
            connection.shutdown(SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def test_a_blob_is_never_whole_in_memory(wire: Wire, registry: Registry) -> None:
    large = bytes(30_000_000)
    digest = Digest.of(large)
    tracemalloc.start()
    try:
        place = registry.start()
        connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=20)
        parts = (large[at : at + 1_000_000] for at in range(0, len(large), 1_000_000))
        connection.request("PATCH", place, parts, {"Transfer-Encoding": "chunked"}, encode_chunked=True)
        assert connection.getresponse().read() == b""
        connection.request("PUT", f"{place}?digest={digest}")
        assert connection.getresponse().read() == b""
        connection.request("GET", f"/v2/team/app/blobs/{digest}")
        answer, size = connection.getresponse(), 0
        while piece := answer.read(1 << 16):
            size += len(piece)
        connection.close()
        assert size == len(large)
        assert tracemalloc.get_traced_memory()[1] < 12_000_000
    finally:
        tracemalloc.stop()


def test_a_chunk_of_any_size_is_taken_as_it_comes(wire: Wire, registry: Registry) -> None:
    place = registry.start()
    head = f"PATCH {place} HTTP/1.1\nHost: x\nConnection: close\nTransfer-Encoding: chunked\n\n"
    body = b"%x;comment=1\r\n%s\r\n0\r\nTrailer: x\r\n\r\n" % (len(BLOB), BLOB)
    assert b"\r\nRange: 0-2047\r\n" in say(wire, head, body)


def test_what_arrived_before_a_client_vanished_can_be_gone_on_with(wire: Wire, registry: Registry) -> None:
    place = registry.start()
    answer = say(wire, f"PATCH {place} HTTP/1.1\nHost: x\nContent-Length: 2048\n\n", BLOB[:700], hang_up=True)
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code":"SIZE_INVALID"' in answer
    assert registry.ask("GET", place).header("Range") == "0-699"
    rest = f"700-{len(BLOB) - 1}"
    assert registry.ask("PUT", f"{place}?digest={Digest.of(BLOB)}", BLOB[700:], Content_Range=rest).status == 201


def test_a_blob_of_the_wrong_length_is_refused(wire: Wire, registry: Registry) -> None:
    head = f"POST /v2/team/app/blobs/uploads/?digest={Digest.of(BLOB)} HTTP/1.1\nHost: x\nContent-Length: 5000\n\n"
    assert b'"code":"SIZE_INVALID"' in say(wire, head, BLOB, hang_up=True)
    assert registry.ask("HEAD", f"blobs/{Digest.of(BLOB)}").status == 404


def test_a_length_below_zero_is_refused_and_nothing_behind_it_is_a_request(wire: Wire) -> None:
    head = f"POST /v2/team/app/blobs/uploads/?digest={Digest.of(BLOB)} HTTP/1.1\nHost: x\nContent-Length: -5\n\n"
    answers = say(wire, head, b"GET /v2/ HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b'"code":"SIZE_INVALID"' in answers
    assert answers.count(b"HTTP/1.1 ") == 1


def test_after_a_refused_upload_the_connection_is_closed_or_read_to_its_end(wire: Wire) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", wire.port, timeout=20)
    for _ in range(2):
        connection.request("PUT", "/v2/team/app/blobs/uploads/none", BLOB)
        answer = connection.getresponse()
        assert (answer.status, answer.read()[:22]) == (404, b'{"errors":[{"code":"BL')
    connection.close()


@contextmanager
def dripping(wire: Wire, count: int) -> Iterator[list[socket]]:
    """Clients that have said something, but no whole head of a request, and every third nothing at all."""
    with ExitStack() as stack:
        clients = [stack.enter_context(create_connection(("127.0.0.1", wire.port), timeout=20)) for _ in range(count)]
        for number, client in enumerate(clients):
            client.sendall(b"GET /v2/ HTTP/1.1\r\nHost: x\r\n"[: number % 3 * 14])
        yield clients


def test_clients_that_drip_keep_nobody_waiting_though_they_are_more_than_the_threads(
    wire: Wire, registry: Registry
) -> None:
    with dripping(wire, THREADS + 32) as clients:
        for client in clients:
            assert registry.ask("GET", "/v2/").status == 200
            client.sendall(b"X")
        clients[2].sendall(b": y\r\nConnection: close\r\n\r\n")
        assert clients[2].recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")


def test_of_too_many_that_wait_the_oldest_is_given_up(
    monkeypatch: pytest.MonkeyPatch, wire: Wire, registry: Registry
) -> None:
    monkeypatch.setattr(serve, "WAITING", 20)
    with dripping(wire, 21) as clients:
        assert clients[0].recv(1) == b""
        clients[20].sendall(b": y\r\nConnection: close\r\n\r\n")
        assert clients[20].recv(65536).startswith(b"HTTP/1.1 200 OK\r\n")
        assert registry.ask("GET", "/v2/").status == 200


def test_a_head_that_is_not_whole_in_time_is_given_up(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    monkeypatch.setattr(incoming, "PATIENCE", -1)
    with dripping(wire, 3) as clients:
        clients[2].sendall(b"X")
        assert clients[2].recv(65536) == b""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("GET /v2/ HTTP/1.1\nHost: x\nConnection: close\n\n", "200 OK"),
        ("GARBAGE\n\n", "400 Bad Request"),
        (f"GET /v2/{'a' * 70_000}", "414 Request-URI Too Long"),
        (f"GET /v2/ HTTP/1.1\nX: {'a' * 70_000}", "413 Request Entity Too Large"),
    ],
)
def test_a_head_is_answered_when_it_is_whole_or_too_long(wire: Wire, text: str, status: str) -> None:
    assert say(wire, text).startswith(f"HTTP/1.1 {status}\r\n".encode())


def test_requests_that_come_at_once_are_answered_one_after_the_other(wire: Wire) -> None:
    one = "GET /v2/{} HTTP/1.1\nHost: x\n"
    answers = say(wire, one.format("") + "\n" + one.format("_catalog") + "Connection: close\n\n")
    assert re.findall(rb"\r\n\r\n(\{.*\})", answers) == [b"{}", b'{"repositories":[]}']


@pytest.mark.parametrize("hello", [b"\x16\x03\x01\x02\x00\x01", b"\x16\x03\x01" + b"x" * 600, b"\x16\x03\n\x01"])
def test_who_tries_tls_learns_at_once_that_this_is_http(wire: Wire, hello: bytes) -> None:
    """docker and skopeo do, before they fall back on plain HTTP: they must not wait for it."""
    with create_connection(("127.0.0.1", wire.port), timeout=5) as connection:
        connection.sendall(hello)
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_lines_that_end_in_a_mere_line_feed_are_refused_at_once(wire: Wire) -> None:
    with create_connection(("127.0.0.1", wire.port), timeout=20) as connection:
        connection.sendall(b"GET /v2/ HTTP/1.1\nHost: x\n\n")
        assert connection.recv(65536).startswith(b"HTTP/1.1 400 ")


def test_a_sender_who_only_plays_for_time_is_given_up(monkeypatch: pytest.MonkeyPatch, wire: Wire) -> None:
    monkeypatch.setattr(border, "PATIENCE", -1)
    answer = say(
        wire, "PUT /v2/team/app/manifests/v1 HTTP/1.1\nHost: x\nConnection: close\nContent-Length: 2\n\n", b"{}"
    )
    assert b"the sender is too slow" in answer


def test_every_request_has_a_line_in_the_log(registry: Registry, log: SimpleQueue[str]) -> None:
    """Each line is waited for before the next request, which another thread could log sooner."""
    digest = registry.blob()
    written = [log.get(timeout=20)]
    registry.ask("GET", f"blobs/{digest}", Range="bytes=0-9", User_Agent="test/1", Referer="there")
    written.append(log.get(timeout=20))
    registry.ask("HEAD", f"blobs/{UNKNOWN}")
    written.append(log.get(timeout=20))
    assert [re.sub(LINE, "", line) for line in written] == [
        f'"POST /v2/team/app/blobs/uploads/?digest={digest} HTTP/1.1" 201 0 "" ""',
        f'"GET /v2/team/app/blobs/{digest} HTTP/1.1" 206 10 "there" "test/1"',
        f'"HEAD /v2/team/app/blobs/{UNKNOWN} HTTP/1.1" 404 0 "" ""',
    ]


def test_nobody_can_forge_a_line_of_the_log(wire: Wire, log: SimpleQueue[str]) -> None:
    say(wire, 'GET /v2/%0aforged HTTP/1.1\nHost: x\nConnection: close\nUser-Agent: a"\x1b[2J\\\n\n')
    line = log.get(timeout=20)
    assert line.endswith('"GET /v2/%0Aforged HTTP/1.1" 404 19 "" "a\\x22\\x1b[2J\\x5c"')


def test_no_answer_can_be_taken_for_html(registry: Registry) -> None:
    for path in ("/v2/", "/<b>", "/v2/team/app/manifests/<script>", "/v2/team/app/tags/list", f"/v2/a/blobs/{UNKNOWN}"):
        answer = registry.ask("GET", path)
        assert answer.header("X-Content-Type-Options") == "nosniff"
        assert answer.header("Content-Type").split(";")[0] in ("application/json", "text/plain")
        assert b"<" not in answer.body


def test_what_should_never_happen_is_an_answer_and_a_line(wire: Wire) -> None:
    class Broken:
        def handle(self, request: Request) -> Response:
            raise ZeroDivisionError("oh")

    reported: list[str] = []
    site = HttpServer(Broken(), report=reported.append)
    try:
        answer = Registry(Wire(site.port)).ask("GET", "/v2/")
        assert (answer.status, answer.json()["errors"][0]["code"]) == (500, "UNKNOWN")
        assert reported == ["GET /v2/: ZeroDivisionError('oh')"]
    finally:
        site.stop()


def test_a_port_that_is_taken_is_named(wire: Wire) -> None:
    text = f"^listen tcp 127.0.0.1:{wire.port}: address already in use$"
    with pytest.raises(UnavailableError, match=text):
        HttpServer(Server(), port=wire.port)


@pytest.mark.parametrize(
    "headers", [{}, basic("alice", "wrong"), basic("bob", "secret"), {"Authorization": "Bearer x"}]
)
def test_without_the_right_password_no_byte_of_anything(tmp_path: Path, headers: dict[str, str]) -> None:
    text = f"alice:{hash_password(b'secret')}\n"
    with serving(Server(FolderStorage(tmp_path), access=Htpasswd(lambda: text))) as wire:
        good = basic("alice", "secret")
        pushed = wire.handle(Request("POST", f"/v2/a/b/blobs/uploads/?digest={Digest.of(BLOB)}", good, BLOB))
        assert pushed.status == 201
        paths = ("/v2/", "/v2/_catalog", "/v2/a/b/tags/list", "/v2/a/b/manifests/x", f"/v2/a/b/blobs/{Digest.of(BLOB)}")
        for path in paths:
            answer = wire.handle(Request("GET", path, headers))
            assert (answer.status, answer.header("Www-Authenticate")) == (401, 'Basic realm="dockerlab"')
            assert answer.json() == {"errors": [{"code": "UNAUTHORIZED", "message": "authentication required"}]}
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            assert wire.handle(Request(method, "/v2/a/b/blobs/uploads/", headers, BLOB)).status == 401
        assert wire.handle(Request("GET", paths[-1], good)).body == BLOB


def connection_of(data: bytes) -> Arriving:
    """A body in chunks."""
    return Arriving(io.BufferedReader(io.BytesIO(data)), None)  # type: ignore[arg-type]


@pytest.mark.parametrize("data", [b"", b"x\r\n", b"5\r\nab", b"2\r\nabc\r\n0\r\n\r\n", b"-1\r\n", b"2\n", b"9" * 5000])
def test_what_are_no_chunks_is_refused(data: bytes) -> None:
    body = connection_of(data)
    with pytest.raises(ValueError, match=r"chunk|closed"):
        list(iter(lambda: body.read(100), b""))


def reader(*pieces: bytes) -> Callable[[int], bytes]:
    """Reads these pieces, and then nothing more."""
    rest = iter(pieces)
    return lambda size: next(rest, b"")


def test_a_stream_that_ends_too_early_says_so() -> None:
    with pytest.raises(BodyError, match=r"^3 of 5 bytes arrived$"):
        list(Stream(reader(b"ab", b"c"), 5).pieces())
    assert b"".join(Stream(reader(b"ab", b"c")).pieces()) == b"abc"


def test_a_stream_is_drained_up_to_a_limit() -> None:
    assert Stream(reader(b"ab", b"c"), 3).drain(10)
    assert not Stream(reader(*[b"x" * 100] * 10), 1000).drain(200)
    assert not Stream(reader(b"ab"), 3).drain(10)
