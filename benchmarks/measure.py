"""Measuring: medians in one process, and the memory of another."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Callable


def median_ms(work: Callable[[], object], *, runs: int = 5, before: Callable[[], object] | None = None) -> float:
    """Milliseconds that `work` takes, the median of `runs`; `before` is not counted."""
    times = []
    for _ in range(runs):
        if before is not None:
            before()
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * statistics.median(times)


def program_ms(code: str, *, runs: int = 5) -> float:
    """Milliseconds that a fresh interpreter takes for `code`, less what it takes for nothing."""

    def took(text: str) -> float:
        return median_ms(lambda: subprocess.run([sys.executable, "-c", text], check=True), runs=runs)

    return max(0.0, took(code) - took("pass"))


# Linux lets the child inherit its parent's ru_maxrss (getrusage(2) counts the memory before execve too), so the
# kernel's own mark of the new program is read there (proc_pid_status(5), VmHWM).
_PEAK = """
import pathlib, resource, sys
status = pathlib.Path("/proc/self/status")
if status.exists():
    marks = dict(line.split(":", 1) for line in status.read_text().splitlines())
    print(int(marks["VmHWM"].split()[0]) * 1024)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
"""


def peak_memory(code: str) -> int:
    """The most memory in bytes that a fresh interpreter had while it ran `code`."""
    done = subprocess.run([sys.executable, "-c", code + _PEAK], check=True, capture_output=True, text=True)
    return int(done.stdout.split()[-1])
