"""auth.docker.io: what a token says, for what it is good and for how long; the engine fetches one for itself."""

from __future__ import annotations

import base64
import json
from typing import Any
from urllib.parse import quote

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.registry import Client, Network, Request, Response, hub
from dockerlab.registry.access import basic
from dockerlab.registry.hub import Hub
from dockerlab.world import Clock

UBUNTU = "/v2/library/ubuntu/manifests/latest"
CHALLENGE = 'Bearer realm="https://auth.docker.io/token",service="registry.docker.io"'


def ask(server: Hub, scope: str, user: str = "", password: str = "x") -> Response:
    path = f"/token?service=registry.docker.io&scope={quote(scope)}"
    return server.handle(Request("GET", path, basic(user, password) if user else {}))


def bring(server: Hub, token: str, path: str, method: str = "GET") -> Response:
    return server.handle(Request(method, path, {"Authorization": f"Bearer {token}"}))


def claims(response: Response) -> Any:
    """What a token says, for everybody to read."""
    body = response.json()["token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_the_door_says_where_tokens_are_to_be_had() -> None:
    answer = hub().handle(Request("GET", "/v2/"))
    assert (answer.status, answer.header("Www-Authenticate")) == (401, CHALLENGE)


def test_nobodys_token_pulls_what_is_public_for_five_minutes() -> None:
    clock = Clock()
    server = hub(clock)
    answer = ask(server, "repository:library/ubuntu:pull")
    assert answer.json()["expires_in"] == 300
    assert claims(answer)["access"] == [{"type": "repository", "name": "library/ubuntu", "actions": ["pull"]}]
    token = answer.json()["token"]
    assert bring(server, token, "/v2/").status == 200
    assert bring(server, token, UBUNTU).status == 200
    other = bring(server, token, UBUNTU.replace("ubuntu", "debian"))
    assert (other.status, other.header("Www-Authenticate")) == (401, f'{CHALLENGE},error="insufficient_scope"')
    clock.advance(minutes=5)
    late = bring(server, token, UBUNTU)
    assert (late.status, late.header("Www-Authenticate")) == (401, f'{CHALLENGE},error="invalid_token"')


@pytest.mark.parametrize(
    ("scope", "user", "actions"),
    [
        ("repository:student/app:pull,push", "student", ["pull", "push"]),
        ("repository:student/app:pull,push", "other", []),
        ("repository:library/ubuntu:pull,push", "student", ["pull"]),
        ("repository:ada/secret:pull", "student", []),
        ("repository:ada/secret:pull", "ada", ["pull"]),
        ("repository:no/such:pull", "", []),
    ],
)
def test_a_token_has_what_is_asked_for_as_far_as_it_is_allowed(scope: str, user: str, actions: list[str]) -> None:
    server = hub()
    server.make_private("ada/secret")
    server.storage.repository("ada/secret").blobs[Bytes(b"x").digest] = Bytes(b"x")
    assert claims(ask(server, scope, user))["access"][0]["actions"] == actions


def test_who_gets_no_token() -> None:
    server = hub(users={"ada": "engine"})
    wrong = ask(server, "repository:ada/app:pull", "ada", "wrong")
    assert (wrong.status, wrong.json()) == (401, {"details": "incorrect username or password"})
    reading = ask(server, "repository:ada/app:pull,push", "ada", server.make_token("ada", "read"))
    assert (reading.status, reading.json()) == (401, {"details": "access token has insufficient scopes"})


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "🐳", "<b>", "x" * 10_000])
def test_no_made_up_token_is_good(token: str) -> None:
    assert bring(hub(), token, UBUNTU).status == 401


@pytest.mark.parametrize("scope", ["", "repository", "repository:a", "registry:catalog:*", "🐳:<b>:x", "x" * 10_000])
def test_scopes_that_make_no_sense_grant_nothing(scope: str) -> None:
    assert claims(ask(hub(), scope, "student"))["access"] == []


def test_two_tokens_are_never_alike() -> None:
    server = hub()
    tokens = {ask(server, "repository:library/ubuntu:pull").json()["token"] for _ in range(3)}
    assert len(tokens) == 3


def test_the_client_logs_in_by_way_of_the_token_server() -> None:
    network, server = Network(), hub()
    seen: list[str] = []
    handle = server.handle
    server.handle = lambda request: (seen.append(request.route), handle(request))[1]  # type: ignore[method-assign]
    network.add("docker.io", server)
    Client(network).login("https://index.docker.io/v1/", {"username": "student", "password": "x"})
    assert seen == ["/v2/", "/token", "/v2/"]
