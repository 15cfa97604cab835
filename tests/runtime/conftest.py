"""A machine with a handful of programs written in the tests, for the tests of the process model."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.process import Kernel, Machine, Program
from dockerlab.world import Clock


@pytest.fixture
def tiny_machine() -> Callable[..., Machine]:
    """Make a machine on which each program given is an executable file in /bin: `tiny_machine(echo=…, cat=…)`."""

    def make(**programs: Program) -> Machine:
        clock = Clock()
        fs = OverlayFs(EMPTY, clock)
        for folder in ("/bin", "/tmp"):
            fs.mkdir(folder)
        for name in programs:
            fs.write(f"/bin/{name}", b"\0", mode=0o755)
        return Machine(Kernel(clock), fs, "tiny", programs)

    return make
