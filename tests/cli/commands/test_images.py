"""docker tag and docker rmi (transcripts tag.json, rmi.json, g09_tag_rmi.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("-a", 'Error parsing reference: "-a" is not a valid repository/tag: invalid reference format\n'),
        ("rishiCSE/x:v2", "Error response from daemon: invalid reference format: repository name must be lowercase\n"),
        (f"a@sha256:{64 * '0'}", "refusing to create a tag with a digest reference\n"),
    ],
)
def test_names_that_are_none(host: Host, name: str, text: str) -> None:
    assert host(f"docker tag busybox:1.35 {name}") == ("", text, 1)


def test_rmi_goes_on_after_an_error(host: Host) -> None:
    host("docker tag busybox:1.35 x:1")
    text = "Error response from daemon: No such image: nosuch:latest\n"
    assert host("docker rmi nosuch x:1") == ("Untagged: x:1\n", text, 1)
    assert host("docker rmi -f nosuch") == ("", text, 0)


def test_the_last_name_takes_the_image_along(host: Host) -> None:
    lines = host("docker rmi busybox:1.35")[0].splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Untagged", "Deleted", "Deleted"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("docker rmi ''", "Error response from daemon: page not found\n"),
        ("docker history ''", "Error response from daemon: page not found\n"),
        ("docker image inspect ''", "Error: No such image: \n"),
        ("docker inspect ''", "invalid container name or ID: value is empty\n"),
        ("docker rm ''", "container name cannot be empty\n"),
        ("docker diff ''", "Container name cannot be empty\n"),
        ("docker volume rm ''", "invalid volume name or ID: value is empty\n"),
        ("docker tag '' x", 'Error parsing reference: "" is not a valid repository/tag: invalid reference format\n'),
        ("docker logs --since x nosuch", "Error response from daemon: No such container: nosuch\n"),
    ],
)
def test_names_of_nothing(host: Host, line: str, text: str) -> None:
    """Asked of client 28.2.2."""
    assert host(line)[1:] == (text, 1)
