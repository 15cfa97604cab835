"""Tab completion, on an engine of a few names."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from dockerlab.cli.complete import complete
from dockerlab.errors import UnavailableError
from dockerlab.release import DOCKER_28


def engine() -> Any:
    """Two images, a running and a stopped container, a volume and a network."""
    images = [{"RepoTags": ["busybox:latest", "app:1"]}, {"RepoTags": ["<none>:<none>"]}, {"RepoTags": None}]
    containers = [{"Names": ["/web"], "State": "running"}, {"Names": ["/old"], "State": "exited"}]
    return SimpleNamespace(
        release=DOCKER_28,
        images=SimpleNamespace(list=lambda: images),
        containers=SimpleNamespace(list=lambda all=False: containers),
        volumes=SimpleNamespace(list=lambda: [{"Name": "data"}]),
        networks=SimpleNamespace(list=lambda: [{"Name": "bridge"}]),
    )


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("im", ["image", "images", "import"]),
        ("image l", ["load", "ls"]),
        ("-D --host x vol", ["volume"]),
        ("ps --f", ["--filter", "--format"]),
        ("ps --format ", ["json", "table"]),
        ("run --rm b", ["busybox", "busybox:latest"]),
        ("run busybox ", []),
        ("run --network b", ["bridge"]),
        ("run --restart=a", ["--restart=always"]),
        ("stop ", ["web"]),
        ("start ", ["old"]),
        ("rm web o", ["old"]),
        ("volume rm ", ["data"]),
        ("tag busybox a", ["app:1"]),
        ("tag busybox app:1 ", []),
        ("inspect ", ["app:1", "bridge", "busybox", "busybox:latest", "data", "old", "web"]),
        ("cp w", ["web:"]),
        ("exec web ", []),
        ("network connect bridge o", ["old"]),
        ("kill --signal K", ["KILL"]),
        ("run --cap-add CAP_SYS_A", ["CAP_SYS_ADMIN"]),
        ("ps --filter s", ["since=", "status="]),
        ("build --platform linux/s", ["linux/s390x"]),
        ("help vol", ["volume"]),
        ("help volume r", ["rm"]),
        ("--log-level d", ["debug"]),
        ("-c ", ["default"]),
        ("nosuch ", []),
        ("", None),
    ],
)
def test_candidates(line: str, candidates: list[str] | None) -> None:
    found = complete(line.split(" "), engine())
    if candidates is None:
        assert {"run", "image", "ps"} <= set(found)
    else:
        assert found == candidates


def test_an_engine_that_does_not_answer_offers_nothing() -> None:
    def fail() -> None:
        raise UnavailableError("Cannot connect to the Docker daemon")

    silent = SimpleNamespace(release=DOCKER_28, volumes=SimpleNamespace(list=fail))
    assert complete(["volume", "rm", ""], silent) == []
