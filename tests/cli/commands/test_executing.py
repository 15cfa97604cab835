"""docker exec and docker attach (transcript g16_diff_cp_exec.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]


@pytest.fixture
def box(host: Host) -> Host:
    host("docker run -d --name box busybox:1.35 sleep 1000")
    return host


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("docker exec box sh -c 'exit 6'", ("", "", 6)),
        ("docker exec -e A=1 box sh -c 'echo $A'", ("1\n", "", 0)),
        ("docker exec -w /etc box pwd", ("/etc\n", "", 0)),
        ("echo via exec | docker exec -i box cat", ("via exec\n", "", 0)),
        ("docker exec -d box touch /detached", ("", "", 0)),
        ("docker exec -it box sh", ("", "the input device is not a TTY\n", 1)),
        ("docker exec nosuch ls", ("", "Error response from daemon: No such container: nosuch\n", 1)),
    ],
)
def test_exec(box: Host, line: str, answer: tuple[str, str, int]) -> None:
    assert box(line) == answer


def test_a_program_that_is_not_there_is_told_on_standard_output(box: Host) -> None:
    out, err, code = box("docker exec box nosuch")
    assert (err, code) == ("", 126)
    assert out.startswith('OCI runtime exec failed: exec failed: unable to start container process: exec: "nosuch"')


def test_a_stopped_container_can_not_be_attached_to(host: Host) -> None:
    host("docker create --name c1 busybox:1.35")
    assert host("docker attach c1") == ("", "You cannot attach to a stopped container, start it first\n", 1)
