"""curl and wget: through the machine's hook, or with the real texts of a machine without a network."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.programs.hosts import Answer, HostError, RefusedError, Request


class Web:
    """A network with one machine."""

    def fetch(self, request: Request) -> Generator[Wait, Any, Answer]:
        """Answers one path, redirects another."""
        if request.host != "web":
            raise HostError(request.host)
        if request.port != 80:
            raise RefusedError(request.host)
        if request.parts.path == "/old":
            return Answer(302, headers={"Location": "/new"})
        if request.parts.path == "/new":
            return Answer(200, b"hello\n", {"Content-Type": "text/plain"})
        return Answer(404, b"nope\n")
        yield Wait()

    def resolve(self, host: str) -> str:
        """Its address."""
        if host != "web":
            raise HostError(host)
        return "172.17.0.2"


def test_without_a_network(box, busybox) -> None:  # type: ignore[no-untyped-def]
    assert box.run("curl http://web/").stderr == "curl: (6) Could not resolve host: web\n"
    refused = "curl: (7) Failed to connect to localhost port 8080 after 0 ms: Couldn't connect to server\n"
    assert box.run("curl localhost:8080").stderr == refused
    assert box.run("wget -q http://web/").exit_code == 4
    assert busybox.run("wget http://web/").stderr == "wget: bad address 'web'\n"
    assert busybox.run("ping -c 1 web").stderr == "ping: bad address 'web'\n"


def test_curl(box) -> None:  # type: ignore[no-untyped-def]
    box.machine.network = Web()
    assert box.run("curl -s http://web/new").stdout == "hello\n"
    assert box.run("curl -sL http://web/old").stdout == "hello\n"
    assert box.run("curl -sI http://web/new").stdout == "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    assert box.run("curl -sf http://web/x").exit_code == 22
    assert box.run("curl -s -o out -w '%{http_code}' http://web/new").stdout == "200"
    assert box.read("out") == "hello\n"


def test_wget(busybox) -> None:  # type: ignore[no-untyped-def]
    busybox.machine.network = Web()
    assert busybox.run("wget -qO- http://web/new").stdout == "hello\n"
    assert busybox.run("wget -q http://web/x").stderr == "wget: server returned error: HTTP/1.1 404 Not Found\n"
    busybox.run("wget -q http://web/new")
    assert busybox.read("new") == "hello\n"
