"""The prune commands: the question, and what is gone (client 28.2.2; transcript volumes.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]
ASK = "Are you sure you want to continue? [y/N] "


def test_no_answer_means_no(host: Host) -> None:
    assert host("docker container prune") == (f"WARNING! This will remove all stopped containers.\n{ASK}", "", 0)
    assert host("echo n | docker image prune -a")[0].endswith(ASK)


def test_yes_removes(host: Host) -> None:
    container = host("docker create busybox:1.35")[0]
    out, _, code = host("docker container prune", stdin="y\n")
    assert out.endswith(f"{ASK}Deleted Containers:\n{container}\nTotal reclaimed space: 0B\n")
    assert code == 0


def test_named_volumes_only_go_with_a(host: Host) -> None:
    host("docker volume create data")
    assert host("docker volume prune -f") == ("Total reclaimed space: 0B\n", "", 0)
    assert host("docker volume prune -a -f") == ("Deleted Volumes:\ndata\n\nTotal reclaimed space: 0B\n", "", 0)


def test_system_prune_lists_what_it_will_remove(host: Host) -> None:
    assert host("docker system prune --volumes")[0].splitlines() == [
        "WARNING! This will remove:",
        "  - all stopped containers",
        "  - all networks not used by at least one container",
        "  - all anonymous volumes not used by at least one container",
        "  - all dangling images",
        "  - unused build cache",
        "",
        ASK,
    ]
    assert host("docker system prune -f") == ("Total reclaimed space: 0B\n", "", 0)


def test_containers_are_spared_by_age_and_label(host: Host) -> None:
    """Engine 20.10.24."""
    host("docker create --name c1 --label keep busybox:1.35; docker create --name c2 busybox:1.35")
    assert host("docker container prune -f --filter until=24h") == ("Total reclaimed space: 0B\n", "", 0)
    assert host("docker container prune -f --filter label!=keep")[0].startswith("Deleted Containers:\n")
    assert host("docker ps -a --format '{{.Names}}'")[0] == "c1\n"
    text = 'Error response from daemon: failed to parse value as time or duration: "x"\n'
    assert host("docker container prune -f --filter until=x") == ("", text, 1)
