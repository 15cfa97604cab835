"""A small machine with all programs, in both flavours, for the tests of single programs."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.process import Buffer, Feed, Kernel, Machine, ProgramError, User
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.world import Clock

PASSWD = (
    b"root:x:0:0:root:/root:/bin/sh\nme:x:1000:1000:Me:/home/me:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n"
)
GROUP = b"root:x:0:\nme:x:1000:\nstaff:x:50:me\nnogroup:x:65534:\n"
HOME = "/lab"


@dataclass
class Result:
    """What a program answered."""

    stdout: str
    stderr: str
    exit_code: int

    @property
    def lines(self) -> list[str]:
        """Standard output by lines."""
        return self.stdout.splitlines()


@dataclass
class Box:
    """A machine to run programs on; `run` takes words, or a line for the shell with `sh`."""

    flavour: str = "gnu"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.fs = OverlayFs(EMPTY, self.clock)
        for folder in ("/bin", "/etc", "/tmp", "/home/me", "/root", HOME):
            self.fs.mkdir(folder, parents=True)
        self.fs.write("/etc/passwd", PASSWD)
        self.fs.write("/etc/group", GROUP)
        for name in PROGRAMS:
            self.fs.write(f"/bin/{name}", b"\0", mode=0o755)
        self.machine = Machine(Kernel(self.clock), self.fs, "box", PROGRAMS, self.flavour)

    def run(self, words: str | list[str], stdin: str = "", *, uid: int = 0) -> Result:
        """Run a program."""
        argv = shlex.split(words) if isinstance(words, str) else words
        out, err = Buffer(), Buffer()
        env = {"PATH": "/usr/local/bin:/usr/sbin:/usr/bin:/bin", "HOME": "/root"}
        try:
            proc = self.machine.start(
                argv, cwd=HOME, env=env, stdin=Feed(stdin), stdout=out, stderr=err, user=User(uid, uid)
            )
        except ProgramError as error:
            return Result("", f"{error}\n", error.code)
        self.machine.kernel.finish(self.machine.kernel.until(lambda: proc.exit_code is not None))
        assert proc.fault is None, proc.fault
        return Result(out.text, err.text, proc.exit_code or 0)

    def sh(self, line: str, stdin: str = "") -> Result:
        """Run a line of the shell."""
        return self.run(["sh", "-c", line], stdin)

    def write(self, name: str, text: str) -> None:
        """Put a file into the working directory."""
        self.fs.write(f"{HOME}/{name}", text.encode("utf-8", "surrogateescape"))

    def read(self, name: str) -> str:
        """A file of the working directory."""
        return self.fs.read(f"{HOME}/{name}").decode("utf-8", "surrogateescape")


@pytest.fixture
def box() -> Box:
    """A machine with GNU's programs."""
    return Box()


@pytest.fixture
def busybox() -> Box:
    """A machine with busybox's programs."""
    return Box("busybox")


@pytest.fixture
def new_box() -> Callable[[str], Box]:
    """Makes machines of a flavour."""
    return Box
