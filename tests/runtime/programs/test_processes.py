"""ps, kill and their like see the processes of their own machine only."""

from __future__ import annotations


def test_ps_in_both_flavours(box, busybox) -> None:  # type: ignore[no-untyped-def]
    """The oracle's g16: `docker exec box sh -c 'echo $$; ps'`."""
    assert busybox.run(["sh", "-c", "ps; true"]).lines == [
        "PID   USER     TIME  COMMAND", "    1 root      0:00 sh -c ps; true", "    2 root      0:00 ps",
    ]  # fmt: skip
    assert box.run(["sh", "-c", "ps -o pid,comm; true"]).lines == ["PID COMMAND", "  1 sh", "  2 ps"]


def test_kill_by_number_and_name(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("sleep 100 & kill -KILL $!; wait $!; echo $?").stdout == "137\n"
    assert box.sh("sleep 100 & /bin/kill -s INT $!; wait $!; echo $?").stdout in ("130\n", "0\n")
    assert box.run("kill 4242").stderr == "kill: (4242): No such process\n"


def test_pidof_and_killall(busybox) -> None:  # type: ignore[no-untyped-def]
    assert busybox.sh("sleep 50 & pidof sleep; killall sleep; wait; pidof sleep; echo $?").lines[-1] == "1"


def test_sleep_moves_the_lab_clock(box) -> None:  # type: ignore[no-untyped-def]
    before = box.clock.now
    box.run("sleep 1.5 1m")
    assert box.clock.now - before == 61_500_000_000
