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


def peak_memory(code: str) -> int:
    """The most memory in bytes that a fresh interpreter had while it ran `code`."""
    wrapped = f"{code}\nimport resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", wrapped], check=True, capture_output=True, text=True)
    unit = 1 if sys.platform == "darwin" else 1024
    return int(done.stdout.split()[-1]) * unit
