"""Which engine a command speaks to, as client 28.2.2 has it; a lab has one engine and one context."""

from __future__ import annotations

import hashlib

import pytest

from dockerlab import Lab

NOBODY = "Cannot connect to the Docker daemon at {}. Is the docker daemon running?\n"
NO_ENDPOINT = "Failed to initialize: unable to resolve docker endpoint: "


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A host whose engine listens at the usual socket."""
    return Lab(hub=None)


def missing(name: str) -> str:
    """What is said of a context that isn't there."""
    path = f"/root/.docker/contexts/meta/{hashlib.sha256(name.encode()).hexdigest()}/meta.json"
    return f'{NO_ENDPOINT}context "{name}": context not found: open {path}: no such file or directory\n'


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("docker -H unix:///var/run/docker.sock -c '' ps -q", ""),
        ("DOCKER_HOST=unix:///run/docker.sock docker ps -q", ""),
        ("docker -c default ps -q", ""),
        ("docker -H tcp://127.0.0.1:1 ps", NOBODY.format("tcp://127.0.0.1:1")),
        ("DOCKER_HOST=unix:///nosuch.sock docker images", NOBODY.format("unix:///nosuch.sock")),
        ("DOCKER_HOST=tcp://127.0.0.1:1 docker inspect a b", NOBODY.format("tcp://127.0.0.1:1") * 2),
        ("docker -c nosuch ps", missing("nosuch")),
        ("DOCKER_CONTEXT=zz docker version", missing("zz")),
        ("docker -H zz://x ps", f"{NO_ENDPOINT}invalid bind address format: zz://x\n"),
        ("docker -H tcp://a -H tcp://b ps", f"{NO_ENDPOINT}Specify only one -H\n"),
        ("docker -H tcp://a -c x ps", "conflicting options: cannot specify both --host and --context\n"),
        ("docker --tlsverify ps", f"{NO_ENDPOINT}open /root/.docker/ca.pem: no such file or directory\n"),
        ("docker --log-level bogus nosuch", "Unable to parse logging level: bogus\n"),
    ],
)
def test_where_it_leads(lab: Lab, line: str, error: str) -> None:
    result = lab.run(line)
    assert (result.stderr, result.exit_code) == (error, 1 if error else 0)


def test_the_client_tells_of_itself_where_nobody_answers(lab: Lab) -> None:
    result = lab.run("DOCKER_HOST=tcp://127.0.0.1:1 docker info")
    assert result.stdout.endswith(" Debug Mode: false\n\nServer:\n")
    assert result.stderr == NOBODY.format("tcp://127.0.0.1:1")
    assert lab.run("DOCKER_HOST=tcp://127.0.0.1:1 docker version -f '{{.Client.Version}}'").stdout == "28.2.2\n"


def test_contexts_need_no_engine(lab: Lab) -> None:
    assert lab.run("docker -c nosuch context show").exit_code == 0
