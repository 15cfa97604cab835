"""A fresh Python kernel in which cells are run one after the other, whatever they do: fail, wait, loop, or end it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty
from typing import Any

from dockerlab.errors import DockerlabError, UnavailableError
from dockerlab.world import NANOSECOND, real_now

GRACE = 5
"""Seconds that an interrupted cell has to end."""


class CellTimeoutError(DockerlabError):
    """A cell ran longer than it may."""


class KernelDiedError(DockerlabError):
    """The kernel has ended, or listens no more."""


class Kernel:
    """A running kernel; `run` takes one cell."""

    def __init__(self, manager: Any, client: Any) -> None:
        self._manager, self._client = manager, client

    def run(self, source: str, seconds: float) -> str:
        """Run a cell; returns the error that it ended with as one line, else ''."""
        asked = self._client.execute(source, allow_stdin=False, stop_on_error=False)
        problem = ""
        for kind, content in self._answers(asked, seconds):
            if kind == "error":
                problem = first_line(f"{content['ename']}: {content['evalue']}")
        return problem

    def interrupt(self) -> None:
        """Stop what runs; KernelDiedError where that can't be done."""
        self._manager.interrupt_kernel()
        try:
            self.run("", GRACE)
        except CellTimeoutError:
            raise KernelDiedError("it can't be stopped") from None

    def _answers(self, asked: str, seconds: float) -> Iterator[tuple[str, Any]]:
        """What the kernel says of one request until it is idle again."""
        deadline = real_now() + int(seconds * NANOSECOND)
        while real_now() < deadline:
            try:
                message = self._client.get_iopub_msg(timeout=0.2)
            except Empty:
                if not self._manager.is_alive():
                    raise KernelDiedError("it ended the kernel") from None
                continue
            if message["parent_header"].get("msg_id") == asked:
                yield message["msg_type"], message["content"]
                if message["content"].get("execution_state") == "idle":
                    return
        raise CellTimeoutError


def run_cells(kernel: Kernel, sources: Sequence[str], seconds: float, after_each: str) -> Iterator[str]:
    """Run cells in order, and `after_each` after each of them; yields a line for every one that does not end well."""
    for number, source in enumerate(sources, 1):
        try:
            if problem := _run_cell(kernel, source, seconds):
                yield f"cell {number}: {problem}"
            if problem := _run_cell(kernel, after_each, seconds):
                yield f"cell {number}: what it left behind can't be looked at: {problem}"
        except KernelDiedError as error:
            yield f"cell {number}: {error}; the cells after it were not run"
            return


def _run_cell(kernel: Kernel, source: str, seconds: float) -> str:
    try:
        return kernel.run(source, seconds)
    except CellTimeoutError:
        kernel.interrupt()
        return f"stopped after {seconds:g} seconds"


@contextmanager
def started(folder: Path) -> Iterator[Kernel]:
    """A kernel of this Python in a folder, killed at the end."""
    from jupyter_client.manager import start_new_kernel

    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        manager, client = start_new_kernel(kernel_name="python3", cwd=str(folder), **silent)
    except Exception as error:  # of many kinds: no kernel installed, no folder for its files, no answer
        raise UnavailableError(f"no Python kernel can be started: {first_line(str(error))}") from error
    try:
        yield Kernel(manager, client)
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def first_line(text: str) -> str:
    """The first line of a text, cut where it gets long."""
    line = text.strip().partition("\n")[0]
    return line if len(line) <= 160 else line[:159] + "…"
