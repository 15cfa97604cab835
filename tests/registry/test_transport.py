"""The network: which names lead to a server, and what Docker says about those that don't (transcript g17_registry)."""

from __future__ import annotations

import pytest

from dockerlab.errors import UnavailableError
from dockerlab.registry import Network, Request, Server

GONE = [
    (
        "docker.io",
        "/v2/",
        'Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host',
    ),
    (
        "docker.io",
        "/v1/search?q=ubuntu&n=25",
        'Get "https://index.docker.io/v1/search?q=ubuntu&n=25": dial tcp: lookup index.docker.io: no such host',
    ),
    ("localhost:5999", "/v2/", 'Get "http://localhost:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused'),
    ("127.0.0.1:5999", "/v2/", 'Get "http://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused'),
    ("[::1]:5999", "/v2/", 'Get "http://[::1]:5999/v2/": dial tcp [::1]:5999: connect: connection refused'),
    ("10.0.0.9:5000", "/v2/", 'Get "https://10.0.0.9:5000/v2/": dial tcp 10.0.0.9:5000: connect: connection refused'),
    ("hub.example", "/v2/", 'Get "https://hub.example/v2/": dial tcp: lookup hub.example: no such host'),
]


@pytest.mark.parametrize(("name", "path", "text"), GONE)
def test_nobody_answers(name: str, path: str, text: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        Network().send(name, Request("GET", path))
    assert str(caught.value) == text


def test_a_deeper_path_fails_at_the_ping() -> None:
    with pytest.raises(UnavailableError, match=r'^Get "https://hub\.example/v2/": '):
        Network().send("hub.example", Request("PUT", "/v2/a/manifests/1"))


def test_a_server_answers_to_all_names_of_its_address() -> None:
    network, local, hub = Network(), Server(), Server()
    network.add("localhost:5000", local)
    network.add("docker.io", hub)
    assert [network.find(name) for name in ("127.0.0.1:5000", "[::1]:5000", "localhost:5001")] == [local, local, None]
    assert [network.find(name) for name in ("index.docker.io", "registry-1.docker.io")] == [hub, hub]


def test_remove() -> None:
    network = Network()
    network.add("localhost:5000", Server())
    network.remove("localhost:5000")
    network.remove("localhost:5000")
    assert network.find("localhost:5000") is None
