"""diff, top, port, commit, export, update (transcripts g14_lifecycle.json, g08_inspect.json, diff_cow.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_diff_names_what_was_added_changed_and_deleted(host: Host) -> None:
    host("docker run --name d1 busybox:1.35 sh -c 'echo new > /new; echo more >> /etc/motd; rm /etc/group'")
    assert host("docker diff d1 | sort")[0].splitlines() == ["A /new", "C /etc", "C /etc/motd", "D /etc/group"]


def test_top_has_columns_of_twenty(host: Host) -> None:
    host("docker run -d --name s1 busybox:1.35 sleep 1000")
    titles, row = host("docker top s1 -o pid,cmd")[0].splitlines()
    assert titles == "PID".ljust(20) + "CMD"
    assert row[20:] == "sleep 1000"


def test_port_of_one_and_of_all(host: Host) -> None:
    host("docker run -d --name c1 -p 127.0.0.1:8099:80 busybox:1.35 sleep 1000")
    assert host("docker port c1") == ("80/tcp -> 127.0.0.1:8099\n", "", 0)
    assert host("docker port c1 80") == ("127.0.0.1:8099\n", "", 0)
    assert host("docker port c1 81") == ("", "Error: No public port '81' published for c1\n", 1)


def test_commit_makes_an_image_of_a_container(host: Host) -> None:
    host("docker run --name c1 busybox:1.35 sh -c 'echo hi > /hi'")
    out, _, code = host("docker commit -m why c1 mine:1")
    assert (out[:7], code) == ("sha256:", 0)
    assert host("docker run --rm mine:1 cat /hi")[0] == "hi\n"
    assert host("docker history --format '{{.Comment}}' mine:1 | head -1")[0] == "why\n"


def test_export_writes_one_flat_tree(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    assert host("docker export -o c1.tar c1; docker export c1 | tar -t | grep -c etc/passwd") == ("1\n", "", 0)
    assert host("tar -tf c1.tar | grep '^etc/motd'")[0] == "etc/motd\n"


def test_update_changes_only_what_is_given(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    assert host("docker update --restart always c1") == ("c1\n", "", 0)
    assert host("docker inspect -f '{{.HostConfig.RestartPolicy.Name}}' c1")[0] == "always\n"
    assert host("docker update c1") == ("", "you must provide one or more flags when using this command\n", 1)
