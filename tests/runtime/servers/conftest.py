"""A machine with all programs on which a server runs while a test asks it questions."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.runtime.process import Buffer, Feed, Kernel, Machine, Process, User
from dockerlab.runtime.programs import PROGRAMS
from dockerlab.world import Clock
from tests.runtime.servers.bridge import Site

PASSWD = (
    b"root:x:0:0:root:/root:/bin/sh\nwww-data:x:33:33:www-data:/var/www:/bin/false\n"
    b"nobody:x:65534:65534:nobody:/:/bin/false\n"
)
GROUP = b"root:x:0:\nwww-data:x:33:\nnogroup:x:65534:\n"


@dataclass
class Job:
    """A process with what it has printed."""

    process: Process
    out: Buffer
    err: Buffer

    @property
    def stdout(self) -> str:
        """Standard output so far; as curl's answers it keeps every byte."""
        return self.out.value.decode("latin-1")

    @property
    def stderr(self) -> str:
        """Standard error so far."""
        return self.err.text

    @property
    def exit_code(self) -> int | None:
        """How it ended, None while it runs."""
        return self.process.exit_code


@dataclass
class Yard:
    """The machine; `start` leaves a program running, `run` waits for its end."""

    flavour: str = "gnu"
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.fs = OverlayFs(EMPTY, self.clock)
        for folder in ("/bin", "/etc", "/tmp", "/run", "/root", "/srv", "/var/log/nginx", "/var/lib/nginx"):
            self.fs.mkdir(folder, parents=True)
        self.fs.write("/etc/passwd", PASSWD)
        self.fs.write("/etc/group", GROUP)
        for name in PROGRAMS:
            self.fs.write(f"/bin/{name}", b"\0", mode=0o755)
        self.kernel = Kernel(self.clock)
        self.machine = Machine(self.kernel, self.fs, "yard", PROGRAMS, self.flavour)

    def write(self, path: str, text: str) -> None:
        """Write a file with the folders above it."""
        self.fs.mkdir(path.rpartition("/")[0] or "/", parents=True)
        self.fs.write(path, Bytes(text.encode()))

    def read(self, path: str) -> str:
        """A file's text."""
        return self.fs.read(path).decode()

    def start(self, words: str | list[str], cwd: str = "/srv", uid: int = 0, **env: str) -> Job:
        """Start a program, and let it do what it can at once."""
        argv = shlex.split(words) if isinstance(words, str) else words
        out, err = Buffer(), Buffer()
        variables = {"PATH": "/usr/bin:/bin", "HOME": "/root", **env}
        process = self.machine.start(
            argv, cwd=cwd, env=variables, stdin=Feed(b""), stdout=out, stderr=err, user=User(uid, uid)
        )
        self.kernel.settle()
        return Job(process, out, err)

    def run(self, words: str | list[str], cwd: str = "/srv", uid: int = 0, **env: str) -> Job:
        """Run a program to its end."""
        job = self.start(words, cwd, uid, **env)
        self.kernel.finish(self.kernel.until(job.process.is_over))
        assert job.process.fault is None, job.process.fault
        return job

    def curl(self, *words: str) -> str:
        """What curl -si prints."""
        return self.run(["curl", "-si", *words]).stdout

    def send(self, port: int, text: str) -> str:
        """What a server says to bytes that curl would not send."""
        return self.run(["sh", "-c", f"printf '{text}' | nc -w 1 localhost {port}"]).stdout


@pytest.fixture
def yard() -> Yard:
    """A machine with GNU's programs."""
    return Yard()


@pytest.fixture
def site() -> Site:
    """An empty bridge."""
    return Site()
