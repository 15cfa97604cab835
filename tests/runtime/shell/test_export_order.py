"""The order of a program's environment: asked of dash 0.5.12, busybox 1.35 and bash 5.2 (`env -i … SHELL -c env`)."""

from __future__ import annotations

import shutil
import string
import subprocess

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dockerlab.runtime.shell.export_order import bash_order, dash_order

GIVEN = dict.fromkeys(["A", "PATH", "Z", "B", "FOO", "BAR", "HOME"], "1")


def test_dash_goes_through_its_chains() -> None:
    assert list(dash_order({**GIVEN, "PWD": "/"}, {})) == ["HOME", "Z", "A", "PATH", "BAR", "FOO", "B", "PWD"]


def test_dash_has_a_command_s_own_variables_in_the_same_chains() -> None:
    exported = {**GIVEN, "PWD": "/", "NEW": "1", "AAA": "2"}
    order = ["NEW", "HOME", "Z", "Q", "A", "PATH", "BAR", "FOO", "AAA", "B", "PWD"]
    assert list(dash_order(exported, {"Q": "1"})) == order


def test_bash_goes_through_its_own() -> None:
    exported = {**GIVEN, "PWD": "/", "SHLVL": "0", "NEW": "1", "AAA": "2"}
    order = ["AAA", "PWD", "Z", "B", "A", "FOO", "HOME", "NEW", "BAR", "SHLVL", "PATH"]
    assert list(bash_order(exported, {})) == order


NAMES = st.lists(st.text(string.ascii_letters + "_", min_size=2, max_size=6), min_size=1, max_size=20, unique=True)
SHELLS = {"dash": (["dash"], dash_order), "ash": (["/bin/busybox", "sh"], dash_order), "bash": (["bash"], bash_order)}


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(names=NAMES)
def test_the_real_shells_agree(shell: str, names: list[str]) -> None:
    words, order = SHELLS[shell]
    if shutil.which(words[0]) is None:
        pytest.skip(f"needs {words[0]}")
    given_ = {"PATH": "/bin:/usr/bin", **{f"X{name}": "1" for name in names}}
    printed = subprocess.run([*words, "-c", "env; true"], env=given_, capture_output=True, text=True, check=True).stdout
    shown = [line.partition("=")[0] for line in printed.splitlines() if not line.startswith("_=")]
    added = [name for name in shown if name not in given_]
    assert shown == list(order({**given_, **dict.fromkeys(added, "")}, {}))
