"""The table of programs: every name leads to a function, and nothing is imported before it is asked for."""

from __future__ import annotations

import subprocess
import sys

from dockerlab.runtime.programs import PROGRAMS
from dockerlab.runtime.programs.registry import ELSEWHERE, GROUPS


def test_every_name_has_a_program() -> None:
    missing = [name for name in PROGRAMS if not callable(PROGRAMS[name])]
    assert missing == []


def test_no_name_has_two_homes() -> None:
    names = " ".join([*GROUPS.values(), *ELSEWHERE.values()]).split()
    assert sorted(names) == sorted(set(names))


def test_the_table_alone_imports_no_program() -> None:
    code = (
        "import sys; from dockerlab.runtime.programs import PROGRAMS as p; print(len(p), p.home('ls') in sys.modules)"
    )
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert int(printed[0]) > 150
    assert printed[1] == "False"


def test_help_is_on_stdout_for_gnu_and_on_stderr_for_busybox(box, busybox) -> None:  # type: ignore[no-untyped-def]
    assert box.run("mkdir --help").stdout.startswith("Usage: mkdir")
    assert "Usage: mkdir" in busybox.run("mkdir --help").stderr
