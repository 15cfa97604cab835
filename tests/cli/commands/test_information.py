"""docker version, info and events (client 28.2.2; transcript g14_lifecycle.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_version_of_client_and_server(host: Host) -> None:
    lines = host("docker version")[0].splitlines()
    assert lines[:2] == ["Client:", " Version:           28.2.2"]
    assert "Server:" in lines[9]
    assert host("docker version --format '{{.Server.Experimental}}'") == ("true\n", "", 0)
    assert host("docker --version") == ("Docker version 28.2.2, build e6534b4\n", "", 0)


def test_info_counts(host: Host) -> None:
    host("docker create busybox:1.35")
    lines = host("docker info")[0].splitlines()
    assert " Containers: 1" in lines
    assert "  Stopped: 1" in lines
    assert " Storage Driver: overlay2" in lines
    assert host("docker info -f '{{.Driver}} {{.Images}}'") == ("overlay2 1\n", "", 0)


def test_events_of_the_past(host: Host) -> None:
    host("docker create --name c1 busybox:1.35; docker rm c1")
    show = "{{.Type}} {{.Action}} {{.Actor.Attributes.name}}"
    out, _, _ = host(f"docker events --since 5m --until 0s --filter type=container --format '{show}'")
    assert out.splitlines() == ["container create c1", "container destroy c1"]
    assert " container create " in host("docker events --since 5m --until 0s")[0]
