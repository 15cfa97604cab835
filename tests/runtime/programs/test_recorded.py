"""What the real GNU and busybox programs answered (data/recorded.json names their versions), word for word."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlab.fs.filesystem import FileSystem
from dockerlab.world import parse_instant

RECORDED = json.loads((Path(__file__).parent / "data" / "recorded.json").read_text(encoding="utf-8"))
NOW = parse_instant("2026-11-23T09:00:00Z")
LONG_AGO = parse_instant("2020-01-01T00:00:00Z")
HOME = "/lab"


def fill(fs: FileSystem) -> None:
    """The folder that the recordings were made in."""
    for name, text in RECORDED["tree"].items():
        path = f"{HOME}/{name}"
        fs.mkdir(path.rpartition("/")[0], parents=True)
        fs.write(path, text.encode())
    fs.symlink("a.txt", f"{HOME}/link")
    fs.symlink("nowhere", f"{HOME}/broken")
    fs.chmod(f"{HOME}/d/one", 0o600)
    fs.chmod(f"{HOME}/b.txt", 0o755)
    fs.mkdir(f"{HOME}/void")
    for path, _ in reversed(list(fs.walk(HOME))):
        fs.utime(path, NOW, follow=False)
    fs.utime(f"{HOME}/num.txt", LONG_AGO)


def tidy(text: str) -> str:
    """Without the long help that follows busybox's first line of usage, and its version."""
    if "Usage:" in text:
        text = re.sub(r"BusyBox v.*?\n\n", "", text, flags=re.S)
        text = text[: text.index("Usage:")] + "Usage"
    return text


def name_of(case: dict[str, Any]) -> str:
    """A test's name: flavour and command."""
    return f"{case['flavour']}: {' '.join(case['argv'])}"[:70]


@pytest.mark.parametrize("case", RECORDED["cases"], ids=name_of)
def test_as_the_real_program(case: dict[str, Any], new_box: Callable[[str], Any]) -> None:
    box = new_box(case["flavour"])
    fill(box.fs)
    result = box.run(case["argv"], case["stdin"])
    wanted = case["stdout"]
    got = result.stdout
    if case.get("unordered"):  # the real one lists a folder in the order of its file system
        wanted, got = sorted(wanted.splitlines()), sorted(got.splitlines())
    assert (got, tidy(result.stderr), result.exit_code) == (wanted, case["stderr"], case["exit_code"])
