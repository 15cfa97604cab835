"""Resource limits: --ulimit, ulimit and what they refuse (transcript run_limits; bash 5.2 for its own table)."""

from __future__ import annotations

from dockerlab import Lab
from dockerlab.runtime.rlimits import RESOURCES, UNLIMITED, at_most, table


def test_the_table_of_proc() -> None:
    rows = table({"nofile": (100, 200)}).splitlines()
    assert rows[0] == "Limit                     Soft Limit           Hard Limit           Units     "
    assert rows[8] == "Max open files            100                  200                  files     "
    assert len(rows) == len(RESOURCES) + 1


def test_no_limit_is_the_widest() -> None:
    assert at_most(5, UNLIMITED)
    assert at_most(UNLIMITED, UNLIMITED)
    assert not at_most(UNLIMITED, 5)


def test_bash_tells_units_its_own_way() -> None:
    lab = Lab()
    lines = lab.run("ulimit -a").stdout.splitlines()
    assert lines[0] == "real-time non-blocking time  (microseconds, -R) unlimited"
    assert "stack size                  (kbytes, -s) 8192" in lines
    assert lab.run("ulimit -n 10; ulimit -Sn 5; ulimit -n; ulimit -Hn").stdout == "5\n10\n"


def test_children_inherit_limits() -> None:
    lab = Lab()
    answer = lab.run("docker run --rm --ulimit nofile=64 busybox sh -c 'ulimit -n 32; sh -c \"ulimit -n\"; ulimit -n'")
    assert answer.stdout == "32\n32\n"
