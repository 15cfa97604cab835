"""`dockerlab -c LINE`: the lab's host from a real terminal."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dockerlab import __main__ as program


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["dockerlab", *words])
    return program.main()


def test_a_line_is_run_and_its_exit_code_passed_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "-c", "docker run --rm busybox sh -c 'echo hi; echo oops >&2; exit 3'") == 3
    captured = capsys.readouterr()
    assert captured.out == "hi\n"
    assert captured.err.endswith("oops\n")


def test_help_says_how(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "--help") == 0
    assert capsys.readouterr().out.startswith("Usage: dockerlab [OPTIONS] COMMAND")


def test_unknown_words_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert run(monkeypatch, "nosuch") == 2


def test_a_shell_reads_lines_until_the_end_of_its_input(tmp_path: Path) -> None:
    typed = "cd /tmp\npwd\nnosuch\n"
    done = subprocess.run([sys.executable, "-m", "dockerlab"], input=typed, capture_output=True, text=True, check=False)
    assert done.returncode == 127
    assert "/tmp\n" in done.stdout
    assert "nosuch: command not found" in done.stderr


def test_importing_dockerlab_loads_nothing_heavy() -> None:
    code = "import sys, dockerlab; print([name for name in sys.modules if name.startswith('dockerlab.')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
