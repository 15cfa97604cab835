"""ADD from a URL, over the lab's own network (each text asked of engine 20.10.24, both builders)."""

from __future__ import annotations

import pytest

from dockerlab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A web server on the host's port 8099, as a container that publishes it."""
    found = Lab()
    found.host.write("/lab/site/x.txt", b"hello\n")
    found.run(
        "docker run -d --name files -p 8099:8000 -v /lab/site:/site -w /site python:3-alpine python -m http.server"
    )
    return found


def build(lab: Lab, url: str, *, buildkit: bool) -> tuple[str, int]:
    lab.host.write("/lab/ctx/Dockerfile", f"FROM busybox\nADD {url} /x\nRUN cat /x; stat -c %a /x\n".encode())
    result = lab.run(f"DOCKER_BUILDKIT={buildkit:d} docker build --no-cache ctx")
    return result.stdout + result.stderr, result.exit_code


@pytest.mark.parametrize("buildkit", [True, False])
def test_a_file_is_fetched(lab: Lab, buildkit: bool) -> None:
    text, code = build(lab, "http://localhost:8099/x.txt", buildkit=buildkit)
    assert code == 0
    assert "hello\n" in text
    assert "600\n" in text


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1/x", "dial tcp 127.0.0.1:1: connect: connection refused"),
        ("http://nosuch.example.test/x", "dial tcp: lookup nosuch.example.test: no such host"),
        ("https://127.0.0.1:8099/x.txt", "tls: first record does not look like a TLS handshake"),
    ],
)
def test_who_does_not_answer(lab: Lab, url: str, reason: str) -> None:
    text, code = build(lab, url, buildkit=False)
    assert f'ADD failed: Get "{url}": {reason}\n' in text
    assert code == 1
    text, code = build(lab, url, buildkit=True)
    assert f'failed to load cache key: Get "{url}": {reason}\n' in text
    assert code == 1


def test_what_is_not_there(lab: Lab) -> None:
    text, code = build(lab, "http://localhost:8099/nope", buildkit=False)
    assert "ADD failed: failed to GET http://localhost:8099/nope with status 404 File not found: <!DOCTYPE HTML" in text
    assert code == 1
    text, code = build(lab, "http://localhost:8099/nope", buildkit=True)
    assert "failed to load cache key: invalid response status 404\n" in text
    assert code == 1


def test_an_archive_from_a_url_stays_packed(lab: Lab) -> None:
    """Dockerfile reference, ADD: only local archives are unpacked."""
    lab.run("tar -cf site/a.tar -C site x.txt")
    lab.host.write("/lab/tar/Dockerfile", b"FROM busybox\nADD http://localhost:8099/a.tar /d/\nRUN ls /d\n")
    assert "a.tar\n" in lab.run("DOCKER_BUILDKIT=0 docker build tar").stdout
