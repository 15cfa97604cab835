"""What is refused only when a container starts (transcripts run_flags, run_mounts, run_words)."""

from __future__ import annotations

import pytest

from dockerlab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox; docker run -d --name up --ipc shareable --shm-size 2m busybox sleep 1000")
    return lab


@pytest.mark.parametrize(
    ("flags", "text", "code"),
    [
        ("--device /dev/nosuch", 'adding custom device "/dev/nosuch": no such file or directory', 127),
        ("--device /etc/passwd", "not a device node", 125),
        ("--gpus 2", 'could not select device driver "" with capabilities: [[gpu]]', 125),
        ("--ulimit nofile=-1", "error setting rlimit type 7: operation not permitted", 125),
        ("--sysctl net.core.nosuch=1", "open /proc/sys/net/core/nosuch: no such file or directory", 127),
        ("--network host --sysctl net.core.somaxconn=5", "not allowed in host network namespace", 125),
        ("--pid container:nosuch", "No such container: nosuch", 125),
        ("--tmpfs /x:uid=bogus", "flags: 0xe, data: uid=bogus: invalid argument", 125),
        ("-v /etc/passwd:/etc", "flags: 0x5000: not a directory: unknown: Are you trying to mount", 125),
    ],
)
def test_refusals(lab: Lab, flags: str, text: str, code: int) -> None:
    answer = lab.run(f"docker run --rm {flags} busybox true")
    assert text in answer.stderr
    assert answer.exit_code == code


def test_what_is_refused_leaves_a_created_container(lab: Lab) -> None:
    lab.run("docker run --name broken --device /etc/passwd busybox true")
    assert lab.run("docker inspect -f '{{.State.Status}} {{.State.ExitCode}}' broken").stdout == "created 128\n"


def test_memory_is_lent(lab: Lab) -> None:
    lab.run("docker run --rm --ipc container:up busybox touch /dev/shm/hello")
    assert lab.run("docker exec up ls /dev/shm").stdout == "hello\n"
    assert (
        "non-shareable IPC"
        in lab.run(
            "docker run -d --name own busybox sleep 100; docker run --rm --ipc container:own busybox true"
        ).stderr
    )


def test_a_pid_namespace_is_joined(lab: Lab) -> None:
    """Process 1 is the other container's; what the guest started ends with it, and the host goes on."""
    lab.run("docker run -d --name guest --pid container:up busybox sh -c 'sleep 500 & sleep 600'")
    seen = lab.run("docker exec up ps -o pid,args").stdout.splitlines()
    assert seen[1] == "    1 sleep 1000"
    assert any(row.endswith("sleep 600") for row in seen)
    assert "sleep 1000" not in lab.run("docker top guest").stdout
    lab.run("docker rm -f guest")
    assert "sleep 600" not in lab.run("docker exec up ps -o args").stdout
    assert lab.run("docker inspect -f '{{.State.Running}}' up").stdout == "true\n"
