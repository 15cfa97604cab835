"""`dockerlab` at a keyboard: on a terminal of the machine (pty) bars move, and passwords stay hidden."""

from __future__ import annotations

import os
import re
import select
import struct
import sys
import time
from collections.abc import Iterator

import pytest

from dockerlab.notebook.screen import Screen

pty = pytest.importorskip("pty", reason="this system has no pseudo-terminals")
fcntl, termios = pytest.importorskip("fcntl"), pytest.importorskip("termios")

PROMPT, INTERRUPT, END = "root@dockerlab:/lab# ", "\x03", "\x04"
READY = f"\r{PROMPT}"
"""The prompt is said again when a line can be typed."""
LONGEST = 60
"""Seconds after which nothing more can be hoped for."""


class Session:
    """`python -m dockerlab` on a terminal of 120 columns."""

    def __init__(self) -> None:
        self.pid, self._file = pty.fork()
        if not self.pid:
            os.environ |= {"TERM": "xterm", "INPUTRC": os.devnull}
            os.execv(sys.executable, [sys.executable, "-m", "dockerlab"])
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
        self.raw, self._screen = b"", Screen()
        self.await_(READY)

    def type(self, text: str, until: str = READY) -> str:
        """What was printed until it ended with `until`."""
        before = len(self.raw)
        os.write(self._file, text.encode())
        self.await_(until, before + len(text) - 1)
        return self.raw[before:].decode()

    def interrupt(self) -> None:
        """Ctrl-C, pressed again where it wasn't heard: CPython's readline misses one that comes between two keys."""
        before = len(self.raw)
        while not self.raw[before:].endswith(READY.encode()):
            os.write(self._file, INTERRUPT.encode())
            while select.select([self._file], [], [], 1)[0]:
                self._read()

    def await_(self, until: str, more_than: int = 0) -> None:
        deadline = time.monotonic() + LONGEST
        while len(self.raw) <= more_than or not self.raw.endswith(until.encode()):
            assert self._read(), self.shown
            assert time.monotonic() < deadline, self.shown

    def _read(self) -> bool:
        if not select.select([self._file], [], [], 0.05)[0]:
            return True
        try:
            data = os.read(self._file, 1 << 16)
        except OSError:
            return False
        self.raw += data
        self._screen.feed(data)
        return bool(data)

    @property
    def shown(self) -> str:
        return self._screen.text.rstrip()

    def end(self) -> int:
        """Its exit code."""
        while self._read():
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def close(self) -> None:
        os.close(self._file)


@pytest.fixture
def session() -> Iterator[Session]:
    opened = Session()
    yield opened
    opened.close()


def test_a_pull_moves_and_leaves_one_line_for_each_layer(session: Session) -> None:
    printed = session.type("docker pull python:3.12\n")
    assert len(set(re.findall(r"Downloading \[=*> *\] +[\d.]+\w+/[\d.]+\w+", printed))) > 20
    assert len(set(re.findall(r"Extracting \[=*> *\] +[\d.]+\w+/[\d.]+\w+", printed))) > 20
    lines = session.shown.splitlines()
    assert lines[0] == f"{PROMPT}docker pull python:3.12"
    assert lines[1] == "3.12: Pulling from library/python"
    assert {line[12:] for line in lines[2:-4]} == {": Pull complete"}
    assert lines[-2:] == ["docker.io/library/python:3.12", PROMPT.rstrip()]


def test_docker_run_it_opens_a_shell_and_exit_ends_each(session: Session) -> None:
    session.type("docker run -it --hostname box busybox sh\n", until="\r/ # ")
    session.type("echo in $((6*7)); hostname\n", until="\r/ # ")
    assert session.shown.endswith("/ # echo in $((6*7)); hostname\nin 42\nbox\n/ #")
    session.type("exit\n")
    os.write(session._file, b"exit 3\n")
    assert session.end() == 3


def test_a_password_is_asked_for_and_never_shown(session: Session) -> None:
    session.type("docker login\n", until="\rUsername: ")
    session.type("alice\n", until="Password: ")
    session.type("open sesame\n")
    assert "Username: alice\n" in session.shown
    assert session.shown.endswith(f"Login Succeeded\n{PROMPT}".rstrip())
    assert b"sesame" not in session.raw
    session.type("echo visible\n")
    assert session.shown.endswith(f"{PROMPT}echo visible\nvisible\n{PROMPT}".rstrip())


def test_ctrl_c_ends_what_runs_on_and_what_was_half_typed(session: Session) -> None:
    os.write(session._file, b"sleep 1000000000\n")
    session.await_(f"\x1b[J{PROMPT}sleep 1000000000\r\n")  # until then it is the line that would be interrupted
    session.interrupt()
    session.type("half of a li", until="half of a li")
    session.interrupt()
    session.type("echo whole\n")
    assert session.shown.endswith(f"{PROMPT}echo whole\nwhole\n{PROMPT}".rstrip())


def test_the_end_of_the_input_ends_the_shell(session: Session) -> None:
    os.write(session._file, END.encode())
    assert session.end() == 0
