"""What needs a swarm, in no swarm (client 28.2.2, engine 20.10.24)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]
REFUSED = (
    'Error response from daemon: This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
    "to connect this node to swarm and try again.\n"
)


@pytest.mark.parametrize("line", ["node ls", "service rm x", "stack ls", "config rm x", "secret ls", "swarm ca"])
def test_commands_for_managers(host: Host, line: str) -> None:
    assert host(f"docker {line}") == ("", REFUSED, 1)


def test_other_words(host: Host) -> None:
    assert host("docker service inspect x") == ("[]\n", REFUSED, 1)
    assert host("docker swarm leave") == ("", "Error response from daemon: This node is not part of a swarm\n", 1)
    assert host("docker swarm unlock") == ("", "Error: This node is not part of a swarm\n", 1)


def test_there_are_no_plugins(host: Host) -> None:
    assert host("docker plugin ls") == ("ID        NAME      DESCRIPTION   ENABLED\n", "", 0)
    assert host("docker plugin ls -q") == ("", "", 0)
