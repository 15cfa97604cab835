"""Who reaches whom: network_namespaces(7), and what Docker's bridges let through."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

import pytest

from dockerlab.events import Wait
from dockerlab.runtime.net import (
    AddressInUseError,
    Forward,
    Listener,
    NetworkError,
    NoRouteError,
    RefusedError,
    ResetError,
    Socket,
    Stack,
    TimedOutError,
    UnreachableError,
    receive,
)
from tests.runtime.net.conftest import Lan


def greet(listener: Listener) -> Generator[Wait, Any, None]:
    """A server that says hello once."""
    socket = yield from listener.accept()
    assert socket is not None
    socket.write(b"hello " + socket.peer[0].encode())
    socket.close()


def said(socket: Socket) -> Generator[Wait, Any, bytes]:
    """All that comes until the other side closes."""
    text = b""
    while piece := (yield from receive(socket)):
        text += piece
    return text


def test_neighbours_reach_each_other(lan: Lan) -> None:
    lan.beside(greet(lan.web.listen(80)))
    assert lan.finish(said(lan.db.connect("172.17.0.2", 80))) == b"hello 172.17.0.3"


def test_a_published_port_leads_to_the_container(lan: Lan) -> None:
    lan.beside(greet(lan.web.listen(80)))
    lan.host.forwards["0.0.0.0", 8080] = Forward(lan.web, 80)
    # The container sees the bridge's address as the client's, as it does behind docker-proxy.
    assert lan.finish(said(lan.host.connect("127.0.0.1", 8080))) == b"hello 172.17.0.1"


def test_a_neighbour_reaches_the_published_port_by_the_gateway(lan: Lan) -> None:
    lan.beside(greet(lan.web.listen(80)))
    lan.host.forwards["0.0.0.0", 8080] = Forward(lan.web, 80)
    assert lan.finish(said(lan.db.connect("172.17.0.1", 8080))).startswith(b"hello")


@pytest.mark.parametrize(
    ("address", "port", "error"),
    [
        ("127.0.0.1", 80, RefusedError),
        ("172.17.0.2", 80, RefusedError),
        ("172.17.0.9", 80, NoRouteError),
        ("203.0.113.1", 80, UnreachableError),
    ],
)
def test_why_nobody_answers(lan: Lan, address: str, port: int, error: type[NetworkError]) -> None:
    with pytest.raises(error):
        lan.host.connect(address, port)


def test_a_proxy_can_only_hang_up_when_nobody_listens_inside(lan: Lan) -> None:
    lan.host.forwards["0.0.0.0", 8080] = Forward(lan.web, 80)
    with pytest.raises(ResetError):
        lan.host.connect("127.0.0.1", 8080)


def test_bridges_are_kept_apart(lan: Lan, other_bridge: Callable[[], Stack]) -> None:
    far = other_bridge()
    far.listen(80)
    with pytest.raises(TimedOutError):
        lan.web.connect("172.18.0.2", 80)
    assert not lan.web.reaches("172.18.0.2")
    # Who is on both bridges reaches both.
    assert lan.host.connect("172.18.0.2", 80)


def test_a_namespace_without_interfaces_has_only_itself() -> None:
    alone = Stack()
    alone.listen(80)
    assert alone.connect("127.0.0.1", 80)
    with pytest.raises(UnreachableError):
        alone.connect("172.17.0.2", 80)


def test_a_port_has_one_listener(lan: Lan) -> None:
    first = lan.web.listen(80)
    with pytest.raises(AddressInUseError):
        lan.web.listen(80)
    first.close()
    assert lan.web.listen(80)


def test_who_waits_when_the_listener_closes_is_turned_away(lan: Lan) -> None:
    listener = lan.web.listen(80)
    waiting = lan.db.connect("172.17.0.2", 80)
    listener.close()
    assert lan.finish(said(waiting)) == b""


def test_traffic_is_counted(lan: Lan) -> None:
    lan.beside(greet(lan.web.listen(80)))
    lan.finish(said(lan.db.connect("172.17.0.2", 80)))
    assert lan.web.traffic.sent == lan.db.traffic.received == len(b"hello 172.17.0.3")
