"""docker volume create and rm (transcript volumes.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_create_is_the_same_twice(host: Host) -> None:
    assert host("docker volume create data") == ("data\n", "", 0)
    assert host("docker volume create data") == ("data\n", "", 0)
    assert len(host("docker volume create")[0]) == 65


def test_a_volume_in_use_stays(host: Host) -> None:
    container = host("docker create -v data:/d busybox:1.35")[0].strip()
    text = f"Error response from daemon: remove data: volume is in use - [{container}]\n"
    assert host("docker volume rm data") == ("", text, 1)
    assert host("docker volume rm nosuch") == ("", "Error response from daemon: get nosuch: no such volume\n", 1)
