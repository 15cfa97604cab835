"""Challenges, tokens and secrets (distribution, docs/spec/auth: token.md and oauth.md)."""

from __future__ import annotations

import base64
from urllib.parse import parse_qs, urlsplit

import pytest

from dockerlab import Lab
from dockerlab.errors import InvalidParameterError, SystemError_, UnauthorizedError
from dockerlab.fs.content import Bytes
from dockerlab.registry import Network, Request, Response
from dockerlab.registry.challenges import Challenge, parse_challenges
from dockerlab.registry.protocol import json_response
from dockerlab.registry.session import Session
from dockerlab.registry.tokens import Credentials

PASSWORD = "hunter2-and-more"
ALICE = Credentials("alice", PASSWORD)
REALM = 'Bearer realm="https://auth.example/token",service="registry.example"'


@pytest.mark.parametrize(
    ("header", "challenges"),
    [
        ("", []),
        ('Basic realm="Registry Realm"', [Challenge("basic", {"realm": "Registry Realm"})]),
        (
            'Bearer realm="https://a/t?x=1,2",service=r, scope="repository:a/b:pull,push",error="invalid_token"',
            [
                Challenge(
                    "bearer",
                    {
                        "realm": "https://a/t?x=1,2",
                        "service": "r",
                        "scope": "repository:a/b:pull,push",
                        "error": "invalid_token",
                    },
                )
            ],
        ),
        (
            'Negotiate, Basic realm="one \\"two\\"", Bearer realm="x"',
            [
                Challenge("negotiate", {}),
                Challenge("basic", {"realm": 'one "two"'}),
                Challenge("bearer", {"realm": "x"}),
            ],
        ),
    ],
)
def test_challenges(header: str, challenges: list[Challenge]) -> None:
    assert list(parse_challenges(header)) == challenges


class Site:
    """A registry that wants tokens, and the server that gives them."""

    def __init__(self, answer: Response | None = None) -> None:
        self.answer = answer
        self.good = "token-1"
        self.given: list[Request] = []

    def handle(self, request: Request) -> Response:
        if request.route == "/token":
            self.given.append(request)
            token = {"token": f"token-{len(self.given)}", "refresh_token": "stays"}
            return self.answer or json_response(token)
        if request.header("Authorization") == f"Bearer {self.good}":
            return Response(200)
        return Response(401, {"Www-Authenticate": REALM})


def session(site: Site, credentials: Credentials = ALICE) -> Session:
    network = Network()
    network.add("registry.example", site)
    network.add("auth.example", site)
    begun = Session(network, "registry.example", credentials)
    begun.ping()
    return begun


def test_a_token_is_fetched_once_for_each_scope() -> None:
    site = Site()
    begun = session(site)
    for _ in range(3):
        assert begun.ask(Request("GET", "/v2/a/tags/list"), ["repository:a:pull"]).status == 200
    (asked,) = site.given
    assert parse_qs(urlsplit(asked.path).query) == {
        "account": ["alice"], "service": ["registry.example"], "scope": ["repository:a:pull"]
    }  # fmt: skip
    assert asked.header("Authorization") == "Basic " + base64.b64encode(f"alice:{PASSWORD}".encode()).decode()


def test_nobody_asks_without_a_name() -> None:
    site = Site()
    assert session(site, Credentials()).ask(Request("GET", "/v2/a/tags/list"), ["s"]).status == 200
    assert site.given[0].header("Authorization") == ""


def test_a_token_that_has_run_out_is_fetched_anew() -> None:
    site = Site()
    begun = session(site)
    begun.ask(Request("GET", "/v2/x"), ["s"])
    site.good = "token-2"
    assert begun.ask(Request("GET", "/v2/x"), ["s"]).status == 200
    assert len(site.given) == 2


def test_a_refresh_token_stands_for_the_password() -> None:
    site = Site()
    session(site, Credentials(identity_token="long-lived")).ask(Request("GET", "/v2/x"), ["one", "two"])
    (asked,) = site.given
    assert (asked.method, asked.header("Authorization")) == ("POST", "")
    assert parse_qs(asked.content.read().decode()) == {  # type: ignore[call-arg]
        "grant_type": ["refresh_token"], "service": ["registry.example"], "client_id": ["docker"],
        "scope": ["one two"], "refresh_token": ["long-lived"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "error", "text"),
    [
        (json_response({"details": "incorrect username or password"}, 401), UnauthorizedError,
         "unauthorized: incorrect username or password"),
        (json_response({}), SystemError_, "authorization server did not include a token in the response"),
        (Response(200, {}, Bytes(b"<html>")), InvalidParameterError,
         "invalid character '<' looking for beginning of value"),
        (Response(503), SystemError_, "received unexpected HTTP status: 503 Service Unavailable"),
    ],
)  # fmt: skip
def test_a_token_server_that_gives_none(answer: Response, error: type[Exception], text: str) -> None:
    with pytest.raises(error) as refused:
        session(Site(answer)).ask(Request("GET", "/v2/x"), ["s"])
    assert str(refused.value) == text


def test_an_address_elsewhere_is_not_told_who_asks() -> None:
    site = Site()
    begun = session(site)
    begun.network.add("storage.example", Echo())
    assert begun.ask(Request("GET", "https://storage.example/blob"), ["s"]).body == b""


class Echo:
    """Answers with what it was told about who asks."""

    def handle(self, request: Request) -> Response:
        return Response(200, {}, Bytes(request.header("Authorization").encode()))


def test_no_secret_is_shown() -> None:
    """Not in what is printed, not in errors and events, not in the reprs of what holds them."""
    lab = Lab()
    lab.serve_registry("localhost:5000", {"alice": PASSWORD})
    shown = [lab.run("docker login -u alice --password-stdin localhost:5000", f"{PASSWORD}!")]
    shown += [lab.run("docker login -u alice --password-stdin localhost:5000", PASSWORD)]
    lines = (
        "docker pull -q busybox; docker tag busybox localhost:5000/x",
        "docker push localhost:5000/x", "docker pull localhost:5000/x", "docker pull localhost:5000/nope",
        "docker login localhost:5000", "docker info", "docker events --since 0 --until 1s",
        "docker logout localhost:5000",
        "docker push localhost:5000/x",
    )  # fmt: skip
    shown += [lab.run(line) for line in lines]
    site = Site()
    begun = session(site)
    begun.ask(Request("GET", "/v2/x"), ["s"])
    shown += [begun, begun.credentials, begun.authority, *site.given, Credentials(identity_token="long-lived")]
    encoded = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
    for secret in (PASSWORD, encoded, "token-1", "long-lived"):
        assert [each for each in map(repr, shown) if secret in each] == []
