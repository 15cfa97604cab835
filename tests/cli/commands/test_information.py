"""docker version, info and events (client 28.2.2; transcript g14_lifecycle.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

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


NO_FIELD = "can't evaluate field X in type"


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("version --format 'v{{.X}}'",
         ("v\n", f'template: version:1:3: executing "version" at <.X>: {NO_FIELD} system.versionInfo\n', 1)),
        ("version --format '{{'", ("", "template parsing error: template: version:1: unclosed action\n", 64)),
        ("version --format '{{.Client.APIVersion}}'", ("1.50\n", "", 0)),
        ("info --format '{{.X}}'",
         ("\n", f'template: :1:2: executing "" at <.X>: {NO_FIELD} system.dockerInfo\n', 1)),
        ("info --format '{{.Swarm.LocalNodeState}} {{.OSType}}'", ("inactive linux\n", "", 0)),
        ("events --since 5m --until 0s --format '{{'",
         ("", "Error parsing format: template: :1: unclosed action\n", 64)),
        ("events --since 5m --until 0s --format '{{.X}}'",
         ("", f'Error parsing format: template: :1:2: executing "" at <.X>: {NO_FIELD} *events.Message\n', 64)),
        ("events --since x", ("", 'failed to parse value as time or duration: "x"\n', 1)),
    ],
)  # fmt: skip
def test_templates_see_structs_and_each_command_has_its_words(
    host: Host, line: str, answer: tuple[str, str, int]
) -> None:
    """Client 28.2.2."""
    assert host(f"docker {line}") == answer


def test_an_events_time_is_a_field(host: Host) -> None:
    host("docker create busybox:1.35")
    line = "docker events --since 5m --until 0s -f type=container --format '{{.Scope}} {{.Time}}'"
    assert host(line)[0].startswith("local 17")


def told(host: Host, line: str) -> list[str]:
    """What the events of a line are, without times and IDs."""
    host("docker run -d --name c1 busybox:1.35 sleep 1000")
    host(f"sleep 2; {{ {line}; }} > /dev/null 2>&1")
    return host("docker events --since 1s --until 0s --format '{{.Type}} {{.Action}}'")[0].splitlines()


@pytest.mark.parametrize(
    ("line", "events"),
    [
        ("docker top c1", ["container top"]),
        ("docker exec c1 true",
         ["container exec_create: true ", "container exec_start: true ", "container exec_die"]),
        ("docker cp c1:/etc/passwd /lab/", ["container archive-path"]),
        ("docker cp /tmp/base.tar.gz c1:/tmp/", ["container extract-to-dir"]),
        ("docker commit c1 img", ["container pause", "image tag", "container commit", "container unpause"]),
        ("docker rename c1 c2", ["container rename"]),
        ("docker volume create data; docker volume create data", ["volume create", "volume create"]),
        ("docker run busybox:1.35 nosuch",
         ["container create", "container attach", "network connect", "network disconnect"]),
    ],
)  # fmt: skip
def test_what_each_command_leaves_in_the_events(host: Host, line: str, events: list[str]) -> None:
    """Asked of engine 20.10.24 with client 28.2.2."""
    assert told(host, line) == events
