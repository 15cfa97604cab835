"""The chapter's reason to link update and install: a cached layer of lists grows stale, and nobody notices at first."""

from __future__ import annotations

import pytest

import dockerlab

FOLDER = "/root/web"
APART = "FROM debian\nRUN apt-get update\nRUN apt-get install -y {0}\n"
LINKED = "FROM debian\nRUN apt-get update && apt-get install -y {0}\n"


@pytest.fixture(scope="module")
def lab() -> dockerlab.Lab:
    """A lab where an image was built, six weeks ago, with update and install in instructions of their own."""
    lab = dockerlab.Lab()
    lab.run(f"mkdir -p {FOLDER}")
    assert build(lab, APART.format("curl"))[0] == 0
    lab.clock.advance(weeks=6)
    return lab


def build(lab: dockerlab.Lab, dockerfile: str) -> tuple[int, str]:
    """Build an image; exit code and all output."""
    lab.host.write(f"{FOLDER}/Dockerfile", dockerfile.encode())
    result = lab.run(f"docker build --progress=plain -t web {FOLDER}")
    return result.exit_code, result.stdout + result.stderr


def test_an_edited_install_meets_old_lists(lab: dockerlab.Lab) -> None:
    code, text = build(lab, APART.format("curl nginx"))
    assert code == 1
    assert "CACHED" in text
    assert "  404  Not Found [IP: 192.0.2." in text
    assert "E: Failed to fetch http://debian.example/debian/pool/main/c/curl/curl_7.88.1-10+deb12u15" in text
    assert "E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?" in text
    assert "exit code: 100" in text


def test_linked_they_bring_new_versions(lab: dockerlab.Lab) -> None:
    code, text = build(lab, LINKED.format("curl nginx"))
    assert code == 0
    assert "Setting up curl (7.88.1-10+deb12u16) ..." in text
    assert "Setting up nginx (1.22.1-9+deb12u12) ..." in text


def test_no_cache_is_the_other_cure(lab: dockerlab.Lab) -> None:
    lab.host.write(f"{FOLDER}/Dockerfile", APART.format("curl nginx").encode())
    assert lab.run(f"docker build --no-cache -t web {FOLDER}").exit_code == 0


def test_without_lists_nothing_is_known(lab: dockerlab.Lab) -> None:
    line = "rm -rf /var/lib/apt/lists/* && apt-get install -y tree"
    result = lab.run(f"docker run --rm web sh -c '{line}'")
    assert (result.stderr.splitlines()[-1], result.exit_code) == ("E: Unable to locate package tree", 100)
