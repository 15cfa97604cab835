"""What never ends, never fits or only multiplies: the real error, in bounded time, and the machine lives on."""

from __future__ import annotations

import pytest

from dockerlab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    """A lab with busybox."""
    lab = Lab()
    lab.run("docker pull -q busybox && docker pull -q ubuntu")
    return lab


@pytest.fixture(autouse=True)
def _alive(lab: Lab) -> object:
    """After each test the lab answers, and no container is left."""
    yield
    lab.run("docker ps -q | xargs -r docker rm -f")
    assert lab.run("docker run --rm busybox echo alive").stdout == "alive\n"
    assert lab.run("echo $((6 * 7))").stdout == "42\n"
    assert lab.run("docker ps -q").stdout == ""


BOMBS = [
    ":(){ :|:& };:",
    "docker run --rm busybox sh -c 'b() { b | b & }; b; sleep 1'",
    "docker run --rm ubuntu bash -c ':(){ :|:& };:; sleep 1'",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_fork_bomb_is_ended(lab: Lab, bomb: str) -> None:
    lab.run(bomb)
    lab.clock.advance(minutes=1)


def test_processes_can_be_limited(lab: Lab) -> None:
    line = "docker run --rm --pids-limit 5 busybox sh -c 'for i in 1 2 3 4 5 6; do sleep 9 & done; wait'"
    assert "sh: can't fork: Resource temporarily unavailable\n" in lab.run(line).stderr


LOOPS = [
    "while :; do :; done",
    "docker run --rm busybox sh -c 'while :; do :; done'",
    "docker run --rm busybox sh -c 'while :; do echo x; done' > /dev/null",
    "docker run --rm busybox yes > /dev/null",
    "docker run --rm busybox cat /dev/zero | tail -c 1 > /dev/null",
    "docker run --rm busybox sh -c 'f() { f; }; f'",
    "docker run --rm ubuntu bash -c 'f() { f; }; f'",
    "docker run --rm busybox awk 'BEGIN { while (1) i++ }'",
    "docker run --rm busybox sed ':a; ba' /etc/passwd",
]


@pytest.mark.parametrize("line", LOOPS)
def test_what_never_ends_is_stopped_with_a_word(lab: Lab, line: str) -> None:
    assert lab.run(line).stderr


def test_a_huge_here_document(lab: Lab) -> None:
    text = "x" * 79 + "\n"
    answer = lab.run(f"docker run --rm -i busybox wc -c <<EOF\n{text * 20_000}EOF")
    assert answer.stdout == "1600000\n"


def test_binary_input_stays_as_it_is(lab: Lab) -> None:
    data = bytes(range(256)) * 100
    lab.host.write("/lab/blob", data)
    lab.run("docker run --rm -i busybox cat < blob > copy")
    assert lab.host.read("/lab/copy") == data


def test_a_full_tmpfs(lab: Lab) -> None:
    # As GNU's and busybox's dd say it on a tmpfs of one megabyte.
    said = lab.run("docker run --rm --tmpfs /t:size=1m busybox dd if=/dev/zero of=/t/x bs=1M count=3")
    assert said.stderr == "dd: error writing '/t/x': No space left on device\n2+0 records in\n1+0 records out\n"
    assert said.exit_code == 1
    said = lab.run("docker run --rm --tmpfs /t:size=10 busybox sh -c 'echo 0123456789abc > /t/x; cat /t/x'")
    assert said.stdout == "0123456789"


def test_a_read_only_root(lab: Lab) -> None:
    said = lab.run("docker run --rm --read-only busybox touch /x")
    assert (said.stderr, said.exit_code) == ("touch: /x: Read-only file system\n", 1)


def test_a_read_only_mount(lab: Lab) -> None:
    said = lab.run("docker run --rm -v data:/data:ro busybox sh -c 'echo x > /data/x'")
    assert said.stderr == "sh: can't create /data/x: Read-only file system\n"


def test_memory_is_not_spent_on_what_is_never_read(lab: Lab) -> None:
    lab.run("docker run --rm busybox sh -c 'truncate -s 1T /big; ls -lh /big; cp /big /copy; wc -c < /dev/null'")
