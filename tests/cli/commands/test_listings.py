"""ps, images, history, volume ls, network ls (transcripts g14_lifecycle.json, build_basics.json, volumes.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_an_empty_table_has_its_titles(host: Host) -> None:
    assert host("docker ps")[0] == "CONTAINER ID   IMAGE     COMMAND   CREATED   STATUS    PORTS     NAMES\n"


def test_ps_of_the_last_ones(host: Host) -> None:
    host("docker create --name n1 busybox:1.35; docker create --name n2 busybox:1.35")
    assert host("docker ps -l --format '{{.Names}} {{.Status}} {{.Command}}'")[0] == 'n2 Created "sh"\n'
    assert host("docker ps -n 2 --format '{{.Names}}'")[0] == "n2\nn1\n"
    assert host("docker ps -a --format '{{.Size}}' -l")[0] == "0B (virtual 1.98MB)\n"


def test_a_word_that_was_meant_for_docker_image(host: Host) -> None:
    hint = '\nNo images found matching "ls": did you mean "docker image ls"?\n'
    assert host("docker images ls") == ("REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n", hint, 0)
    assert host("docker image ls ls")[1] == ""


def test_images_by_name_and_filter(host: Host) -> None:
    host("docker tag busybox:1.35 other/x:1")
    assert host("docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}' other/x")[0] == "other/x:1 1.98MB\n"
    assert host("docker images -q --filter reference='*:1.35' | wc -l")[0].strip() == "1"


def test_history_in_exact_numbers(host: Host) -> None:
    assert host("docker history -H=false --format '{{.Size}} {{.Comment}}' busybox:1.35")[0] == "1984261 busybox base\n"


def test_volumes_and_networks(host: Host) -> None:
    host("docker volume create --label a=b data")
    assert host("docker volume ls")[0] == "DRIVER    VOLUME NAME\nlocal     data\n"
    assert host("docker volume ls --format '{{.Name}} {{.Labels}}'")[0] == "data a=b\n"
    assert host("docker network ls --format '{{.Name}} {{.Driver}}'")[0] == "bridge bridge\nhost host\nnone null\n"


def test_stats_is_one_table(host: Host) -> None:
    host("docker run -d --name s1 busybox:1.35 sleep 1000")
    assert host("docker stats --no-stream --format '{{.Name}} {{.PIDs}}' s1")[0] == "s1 1\n"


def test_quiet_wins_over_a_format(host: Host) -> None:
    """Client 28.2.2 says so on standard error, for containers only."""
    warning = "WARNING: Ignoring custom format, because both --format and --quiet are set.\n"
    assert host("docker ps -q --format '{{.Names}}'") == ("", warning, 0)
    assert host("docker images -q --format '{{.Tag}}'") == ("1.35\n", "", 0)


def test_templates_that_fail(host: Host) -> None:
    """Client 28.2.2; `docker ps` looks into its template before it asks the daemon."""
    no_field = "can't evaluate field X in type"
    where = 'failed to execute template: template: :1:8: executing "" at <.X>'
    assert host("docker ps --format 'table {{.X}}'") == ("", f"{where}: {no_field} *formatter.ContainerContext\n", 1)
    assert host("docker images --format '{{.X}}'") == (
        "", f'template parsing error: template: :1:2: executing "" at <.X>: {no_field} *formatter.imageContext\n', 1
    )  # fmt: skip
    assert host("docker images --format '{{'")[1:] == ("template parsing error: template: :1: unclosed action\n", 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("health=x", "Unrecognised filter value for health: x"),
        ("is-task=x", "Invalid filter 'is-task=[x]'"),
        ("exited=x", 'strconv.Atoi: parsing "x": invalid syntax'),
        ("before=nosuch", "no such container nosuch"),
        ("publish=x", 'error while looking up for publish x: strconv.ParseUint: parsing "x": invalid syntax'),
        ("nosuch=x", "Invalid filter 'nosuch'"),
    ],
)
def test_filters_of_ps_that_make_no_sense(host: Host, value: str, text: str) -> None:
    """Engine 20.10.24; it looks at them before it looks at any container."""
    assert host(f"docker ps --filter {value}") == ("", f"Error response from daemon: {text}\n", 1)
