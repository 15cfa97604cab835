"""Messages of HTTP/1.1 over connections (RFC 9112)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest

from dockerlab.events import Wait
from dockerlab.runtime.net import Answer, Asked, Socket, receive, serve
from tests.runtime.net.conftest import Lan


def echo(asked: Asked) -> Answer:
    """Say what was asked."""
    return Answer(200, f"{asked.line} from {asked.peer}\n".encode() + asked.body, {"Content-Type": "text/plain"})


def tell(lan: Lan, message: bytes) -> bytes:
    """What a server answers to raw bytes."""

    def talk(socket: Socket) -> Generator[Wait, Any, bytes]:
        socket.write(message)
        socket.shutdown()
        text = b""
        while piece := (yield from receive(socket)):
            text += piece
        return text

    if (listener := lan.web.listener("0.0.0.0", 80)) is None:
        listener = lan.web.listen(80)
        lan.beside(serve(lan.kernel, listener, echo))
    answer = lan.finish(talk(lan.db.connect("172.17.0.2", 80)))
    assert isinstance(answer, bytes)
    return answer


def test_a_request_and_its_answer(lan: Lan) -> None:
    answer = tell(lan, b"GET /a?b HTTP/1.1\r\nHost: web\r\nConnection: close\r\n\r\n")
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.split(b"\r\n") == [b"HTTP/1.1 200 OK", b"Content-Type: text/plain", b"Content-Length: 34"]
    assert body == b"GET /a?b HTTP/1.1 from 172.17.0.3\n"


def test_a_connection_carries_several_requests(lan: Lan) -> None:
    answer = tell(lan, b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
    assert answer.count(b"HTTP/1.1 200 OK") == 2


def test_a_head_has_no_body(lan: Lan) -> None:
    answer = tell(lan, b"HEAD / HTTP/1.1\r\n\r\n")
    assert answer.endswith(b"Content-Length: 32\r\n\r\n")


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 5\r\n\r\nhello", b"Transfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n"],
)
def test_bodies_by_length_and_in_chunks(lan: Lan, body: bytes) -> None:
    assert tell(lan, b"POST / HTTP/1.1\r\nConnection: close\r\n" + body).endswith(b"\nhello")


@pytest.mark.parametrize(
    "message",
    [
        b"hello\r\n",
        b"GET /\r\n\r\n",
        b"GET / HTTP/1.1\r\nno colon\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"\0\xff\xfe\r\n",
    ],
)
def test_what_is_no_request_is_refused(lan: Lan, message: bytes) -> None:
    assert tell(lan, message).startswith(b"HTTP/1.1 400 Bad Request\r\n")
    # … and the server goes on.
    assert tell(lan, b"GET / HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")


def test_a_slow_client_keeps_nobody_waiting(lan: Lan) -> None:
    lan.beside(serve(lan.kernel, lan.web.listen(80), echo))
    slow = lan.db.connect("172.17.0.2", 80)
    slow.write(b"GET /slow HT")
    assert tell(lan, b"GET /quick HTTP/1.0\r\n\r\n").startswith(b"HTTP/1.1 200 OK")
