"""docker-init as process 1 (transcript run_init): signals pass through, orphans are buried."""

from __future__ import annotations

from dockerlab import Lab


def test_signals_reach_the_child_and_its_end_is_told() -> None:
    lab = Lab()
    lab.run("docker run -d --name one --init busybox sleep 1000")
    lab.run("docker stop -t 5 one")
    assert lab.run("docker inspect -f '{{.State.ExitCode}}' one").stdout == "143\n"


def test_orphans_are_buried() -> None:
    lab = Lab()
    script = "(sleep 1 & sleep 2); sleep 3; ps -o stat | grep -c Z"
    assert lab.run(f"docker run --rm --init busybox sh -c '(sleep 1 &); {script}'").stdout == "0\n"


def test_a_missing_program_is_told_by_it() -> None:
    answer = Lab().run("docker run --rm --init busybox nosuch")
    assert answer.stderr.endswith("[FATAL tini (7)] exec nosuch failed: No such file or directory\n")
    assert answer.exit_code == 127


def test_a_program_of_another_processor_is_told_by_it() -> None:
    """It is the host's own program, which runs in any image."""
    lab = Lab()
    lab.run("docker pull -q --platform linux/arm64 busybox")
    answer = lab.run("docker run --rm --init --platform linux/arm64 busybox sh")
    assert (answer.stderr, answer.exit_code) == ("[FATAL tini (7)] exec sh failed: Exec format error\n", 1)
