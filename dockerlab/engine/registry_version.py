"""Which registry a container has: the second one (registry:2), or the third, which has its settings elsewhere."""

from __future__ import annotations

from dockerlab.runtime.process import Process

TWO, THREE = "2.8.3", "3.0.0"


def version_of(proc: Process) -> str:
    """The program's version, by the folder of its settings."""
    return THREE if proc.fs.exists("/etc/distribution") else TWO
