"""What the client asks is what Docker asks: the requests of a real engine's pushes, pulls and logins (exchanges.json).

A real engine has several requests under way at once, so those of a push are compared without their order.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypeAlias

import pytest

from dockerlab import Lab
from dockerlab.registry import Request, Response, Server

Asked: TypeAlias = tuple[str, str, str, int]
"""Method, what for, how it says who asks, status."""

RECORDED = json.loads((Path(__file__).parent / "data" / "exchanges.json").read_text())
KINDS = (
    (r"/v2/", "base"),
    (r"/v2/.+/manifests/sha256:.+", "manifest by digest"),
    (r"/v2/.+/manifests/[^:]+", "manifest by tag"),
    (r"/v2/.+/blobs/sha256:.+", "blob"),
    (r"/v2/.+/blobs/uploads/", "begin"),
    (r"/v2/.+/blobs/uploads/\?from=cap%2Fa&mount=.+", "mount"),
    (r"/v2/.+/blobs/uploads/[^/]+", "upload"),
)


def kind(path: str) -> str:
    return next(name for pattern, name in KINDS if re.fullmatch(pattern, path))


def recorded(name: str) -> list[Asked]:
    return [(method, kind(path), scheme, status) for method, path, scheme, status in RECORDED[name]]


class Listening(Server):
    """A registry that notes what it is asked."""

    def __init__(self, users: dict[str, str] | None = None) -> None:
        super().__init__(users=users)
        self.asked: list[Asked] = []

    def handle(self, request: Request) -> Response:
        response = super().handle(request)
        scheme = request.header("Authorization").partition(" ")[0]
        self.asked.append((request.method, kind(request.path), scheme, response.status))
        return response

    def heard(self) -> list[Asked]:
        asked, self.asked = self.asked, []
        return asked


@pytest.fixture
def servers() -> dict[str, Listening]:
    return {"localhost:5002": Listening(), "localhost:5003": Listening({"alice": "secret"})}


@pytest.fixture
def lab(servers: dict[str, Listening]) -> Lab:
    """A lab with an image of two layers, of which the lower one came from another registry."""
    lab = Lab()
    for name, server in servers.items():
        lab._registries.add(name, server)
    lab.run("docker pull -q busybox; printf 'FROM busybox\\nRUN echo top > /top\\n' | docker build -q -t app -")
    return lab


def test_pushes(lab: Lab, servers: dict[str, Listening]) -> None:
    server = servers["localhost:5002"]
    for name, exchange in (("a", "push"), ("a", "push-again"), ("b", "push-mount")):
        lab.run(f"docker tag app localhost:5002/cap/{name}:1")
        assert lab.run(f"docker push localhost:5002/cap/{name}:1").exit_code == 0
        asked = server.heard()
        assert sorted(asked) == sorted(recorded(exchange))
        assert (asked[0], asked[-1]) == (recorded(exchange)[0], recorded(exchange)[-1])


def test_push_with_a_password(lab: Lab, servers: dict[str, Listening]) -> None:
    lab.run("docker tag app localhost:5002/x; docker push localhost:5002/x; docker tag app localhost:5003/cap/a:1")
    lab.run("docker login -u alice --password-stdin localhost:5003", "secret")
    servers["localhost:5003"].heard()
    assert lab.run("docker push localhost:5003/cap/a:1").exit_code == 0
    assert sorted(servers["localhost:5003"].heard()) == sorted(recorded("push-auth"))


def test_pulls(lab: Lab, servers: dict[str, Listening]) -> None:
    server = servers["localhost:5002"]
    lab.run("docker tag app localhost:5002/cap/a:1; docker push localhost:5002/cap/a:1")
    lab.run("docker rmi app localhost:5002/cap/a:1")
    server.heard()
    lab.run("docker pull localhost:5002/cap/a:1")
    assert server.heard() == recorded("pull")
    lab.run("docker pull localhost:5002/cap/a:1")
    assert server.heard() == recorded("pull-uptodate")
    lab.run("docker pull localhost:5002/cap/a:nope")
    assert server.heard() == recorded("pull-missing")


def test_without_a_password_nothing_but_the_door_is_asked(lab: Lab, servers: dict[str, Listening]) -> None:
    lab.run("docker pull localhost:5003/cap/a:1")
    assert servers["localhost:5003"].heard() == recorded("pull-noauth")


@pytest.mark.parametrize(("password", "exchange"), [("secret", "login"), ("wrong", "login-bad")])
def test_logins(lab: Lab, servers: dict[str, Listening], password: str, exchange: str) -> None:
    lab.run("docker login -u alice --password-stdin localhost:5003", password)
    assert servers["localhost:5003"].heard() == recorded(exchange)
