"""Real tools beside the lab: each test says which it needs and is skipped, with that reason, where one is missing."""

from __future__ import annotations

import io
import shutil
import subprocess
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from dockerlab import Lab

BUSYBOX = Path("/bin/busybox")
PASSWD = b"root:x:0:0:root:/root:/bin/sh\n"


@dataclass(frozen=True)
class Answer:
    """What a real program said."""

    stdout: str
    stderr: str
    exit_code: int


@dataclass(frozen=True)
class Real:
    """A folder to run real programs in."""

    folder: Path

    def run(self, words: str | Sequence[str]) -> Answer:
        """Run a program; `words` are split at blanks unless they are a list."""
        argv = words.split() if isinstance(words, str) else list(words)
        done = subprocess.run(argv, cwd=self.folder, capture_output=True, text=True, timeout=300)
        return Answer(done.stdout, done.stderr, done.returncode)

    def check(self, words: str | Sequence[str]) -> str:
        """Run a program that has to succeed; returns what it printed."""
        answer = self.run(words)
        assert answer.exit_code == 0, answer.stderr
        return answer.stdout

    def keep(self, lab: Lab, name: str) -> None:
        """Copy a file of the lab's /lab into the folder."""
        (self.folder / name).write_bytes(lab.host.read(f"/lab/{name}"))

    def give(self, lab: Lab, name: str) -> None:
        """Copy a file of the folder into the lab's /lab."""
        lab.host.write(f"/lab/{name}", (self.folder / name).read_bytes())


@pytest.fixture
def real(tmp_path: Path) -> Real:
    """A folder of its own."""
    return Real(tmp_path)


@pytest.fixture
def engine(real: Real) -> Real:
    """The same, where a Docker Engine answers."""
    if shutil.which("docker") is None:
        pytest.skip("needs the docker client")
    if real.run("docker version").exit_code:
        pytest.skip("needs a Docker Engine that answers (DOCKER_HOST)")
    return real


def tool(name: str) -> None:
    """Skip the test where a program is not installed."""
    if shutil.which(name) is None:
        pytest.skip(f"needs {name}")


def root_file_system() -> bytes:
    """A tar of a real busybox with a link for each of its applets: both Docker and the lab can run it."""
    if not BUSYBOX.exists() or b"ld-linux" in BUSYBOX.read_bytes()[:4096]:
        pytest.skip("needs a statically linked /bin/busybox (Debian: busybox-static)")
    applets = subprocess.run([BUSYBOX, "--list"], capture_output=True, text=True, check=True).stdout.split()
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        for name in ("bin", "dev", "etc", "proc", "sys", "tmp"):
            folder = tarfile.TarInfo(name)
            folder.type, folder.mode = tarfile.DIRTYPE, 0o755
            archive.addfile(folder)
        _add(archive, "bin/busybox", BUSYBOX.read_bytes(), 0o755)
        _add(archive, "etc/passwd", PASSWD, 0o644)
        for name in sorted({*applets} - {"busybox"}):
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            archive.addfile(link)
    return raw.getvalue()


def _add(archive: tarfile.TarFile, name: str, data: bytes, mode: int) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(data), mode
    archive.addfile(info, io.BytesIO(data))


@pytest.fixture
def lab() -> Lab:
    """A lab that has the image `box:1`, which a real kernel could run too."""
    lab = Lab()
    lab.host.write("/lab/rootfs.tar", root_file_system())
    said = lab.run("docker import -c 'CMD [\"sh\"]' rootfs.tar box:1")
    assert said.exit_code == 0, said.stderr
    return lab


REPORT = b"""echo hello $WHO
cat /file
stat -c '%A %u:%g %n' /bin /deep /etc /tmp
stat -c '%A %h %s %Y %n' /file /hard /link /pipe
pwd
ls /bin/vi
"""
DOCKERFILE = b"""FROM box:1
ENV WHO=world
RUN echo data > /file && chmod 600 /file && ln -s file /link && mkfifo /pipe
COPY report.sh Dockerfile /src/
RUN rm /bin/vi && mkdir -p /deep/er && touch /deep/er/one && ln /file /hard
WORKDIR /src
LABEL made.by=dockerlab
CMD ["sh", "report.sh"]
"""


@pytest.fixture
def greeter(lab: Lab) -> str:
    """The ID of an image that the lab built, saved in /lab/greeter.tar under the name `dockerlab-greeter:1`."""
    lab.host.write("/lab/Dockerfile", DOCKERFILE)
    lab.host.write("/lab/report.sh", REPORT)
    built = lab.run("docker build -q -t dockerlab-greeter:1 .")
    assert built.exit_code == 0, built.stderr
    lab.run("docker save -o greeter.tar dockerlab-greeter:1")
    return built.stdout.strip()
