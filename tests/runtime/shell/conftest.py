"""A small machine with the real programs, on which the tests of the shell run their scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.process import Buffer, Feed, Kernel, Machine, Pipe, Process
from dockerlab.runtime.programs.registry import PROGRAMS
from dockerlab.world import Clock

TOOLS = (
    "sh dash bash cat sort sleep head tail grep env touch rm mkdir chmod tr seq sed date id ls wc yes tee kill "
    "true false echo printf test [ ln stat xargs find diff basename"
)
ENVIRONMENT = {"PATH": "/bin", "HOME": "/root"}
PLACES = {"dash": ("/bin/sh", "sh"), "bash": ("/bin/bash", "bash"), "ash": ("/opt/busybox/sh", "sh")}
"""Shell → its file and the name that it is called by."""


@dataclass
class Result:
    """What a script did."""

    stdout: str
    stderr: str
    exit_code: int | None


def make_machine() -> Machine:
    clock = Clock()
    fs = OverlayFs(EMPTY, clock)
    for folder in ("/bin", "/etc", "/root", "/usr", "/work", "/tmp", "/opt/busybox"):
        fs.mkdir(folder, parents=True)
    fs.write("/etc/passwd", b"root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n")
    for name in (*TOOLS.split(), "busybox"):
        fs.write(f"/bin/{name}", b"\0", mode=0o755)
    fs.symlink("/bin/busybox", "/opt/busybox/sh")
    return Machine(Kernel(clock), fs, "host", PROGRAMS)


def run_in(machine: Machine, argv: list[str], stdin: bytes = b"", cwd: str = "/work") -> Result:
    """Run words to their end, and then what they left in the background."""
    out, err = Buffer(), Buffer()
    process = machine.start(argv, env=ENVIRONMENT, cwd=cwd, stdin=Feed(stdin), stdout=out, stderr=err)
    machine.kernel.finish(machine.kernel.until(process.is_over, on=process))
    machine.kernel.settle()
    assert process.fault is None, repr(process.fault)
    return Result(out.text, err.text, process.exit_code)


@pytest.fixture
def machine() -> Machine:
    """A machine whose pid 1 is somebody else, so that the shell is an ordinary process."""
    made = make_machine()
    made.start(["cat"], env=ENVIRONMENT, stdin=Pipe())
    return made


@pytest.fixture
def container() -> Machine:
    """A machine on which the first process started will be pid 1."""
    return make_machine()


@pytest.fixture
def run(machine: Machine) -> Callable[..., Result]:
    """Run a script with `-c`: `run(script, shell="dash")`."""

    def run_script(script: str, shell: str = "dash", stdin: bytes = b"") -> Result:
        path, name = PLACES[shell]
        out, err = Buffer(), Buffer()
        found = machine.find([path, "-c", script], env=ENVIRONMENT)
        process: Process = machine.start(
            [path, "-c", script], env=ENVIRONMENT, cwd="/work", stdin=Feed(stdin), stdout=out, stderr=err
        )
        process.argv = [name, *found.argv[1:]]
        machine.kernel.finish(machine.kernel.until(process.is_over, on=process))
        machine.kernel.settle()
        assert process.fault is None, repr(process.fault)
        return Result(out.text, err.text, process.exit_code)

    return run_script
