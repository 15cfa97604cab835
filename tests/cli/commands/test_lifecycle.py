"""start, stop, kill, pause, wait, rm, rename (transcripts lifecycle.json and g14_lifecycle.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_start_names_those_that_failed(host: Host) -> None:
    host("docker create --name s1 busybox:1.35 sleep 1000")
    text = "Error response from daemon: No such container: nosuch\nError: failed to start containers: nosuch\n"
    assert host("docker start s1 nosuch") == ("s1\n", text, 1)


def test_starting_and_stopping_twice_is_fine(host: Host) -> None:
    host("docker run -d --name s1 busybox:1.35 sleep 1000")
    assert host("docker start s1") == ("s1\n", "", 0)
    assert host("docker stop -t 1 s1") == ("s1\n", "", 0)
    assert host("docker stop s1") == ("s1\n", "", 0)


def test_wait_prints_the_exit_code(host: Host) -> None:
    host("docker run -d --name s1 busybox:1.35 sh -c 'exit 3'")
    assert host("docker wait s1") == ("3\n", "", 0)


def test_rm_goes_on_after_an_error_and_f_forgives_what_is_not_there(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    missing = "Error response from daemon: No such container: nosuch\n"
    assert host("docker rm nosuch c1") == ("c1\n", missing, 1)
    assert host("docker rm -f nosuch") == ("", missing, 0)


def test_rename_says_whose_name_stays(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    text = (
        "Error response from daemon: Renaming a container with the same name as its current name\n"
        "Error: failed to rename container named c1\n"
    )
    assert host("docker rename c1 c1") == ("", text, 1)
    assert host("docker rename c1 c2") == ("", "", 0)


def test_a_paused_container_says_so(host: Host) -> None:
    host("docker run -d --name s1 busybox:1.35 sleep 1000")
    assert host("docker pause s1") == ("s1\n", "", 0)
    assert host("docker ps --format '{{.Status}}|{{.State}}'")[0].endswith(" (Paused)|paused\n")
    assert host("docker pause s1")[1].endswith(" is already paused\n")
