"""`python -m benchmarks`: the figures of the README as a table, each beside its goal."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator

from benchmarks.measure import median_ms, peak_memory, program_ms
from benchmarks.rootfs import root_file_system
from benchmarks.widgets import GOAL, slowest
from dockerlab import Lab
from dockerlab.fs.content import Content

Row = tuple[str, float, float, str]

HUB = ("hello-world", "busybox", "alpine", "ubuntu", "debian")
TEN_STEPS = "FROM busybox\\n" + "".join(f"RUN echo {number} > /{number}\\n" for number in range(10))
SAMPLE = b"FROM ubuntu\nRUN apt -y update && apt -y install python3 python3-pip openssh-server\n"
LOOP = "docker run --rm ubuntu sh -c 'for i in $(seq 1000); do echo $i; done | wc -l'"
MEMORY = """
from dockerlab import Lab
from dockerlab.fs.content import Bytes
with open({path!r}, "rb") as file:
    archive = Bytes(file.read())
Lab().engine.images.import_(archive, repository="big")
"""


def main() -> int:
    """Print one row after the other."""
    print("| what | measured | goal |\n|---|---|---|")
    for what, measured, goal, unit in rows():
        mark = "" if measured <= goal else " (missed)"
        print(f"| {what} | {measured:.3g} {unit} | {goal:g} {unit}{mark} |", flush=True)
    return 0


def rows() -> Iterator[Row]:
    """All figures."""
    yield from command_rows()
    yield from container_rows()
    yield from archive_rows()
    what, measured = slowest()
    yield f"the slowest step of a widget ({what})", measured, GOAL, "ms"
    yield "import dockerlab", program_ms("import dockerlab"), 200, "ms"
    yield "import dockerlab; dockerlab.Lab()", program_ms("import dockerlab; dockerlab.Lab()"), 1000, "ms"


def command_rows() -> Iterator[Row]:
    """Commands as a student types them."""
    lab = Lab()
    lab.run("docker pull -q busybox")
    yield "docker run --rm busybox true", median_ms(lambda: lab.run("docker run --rm busybox true"), runs=50), 10, "ms"
    lab.run(f"printf '{TEN_STEPS}' > Dockerfile")
    cold = median_ms(lambda: lab.run("docker build --no-cache -q -t ten ."))
    yield "build of 10 steps, cold", cold, 150, "ms"
    lab.run("docker build -q -t ten .")
    yield "build of 10 steps, cached", median_ms(lambda: lab.run("docker build -q -t ten .")), 20, "ms"
    for number in range(500):
        lab.engine.images.tag("ten", f"name{number}")
    yield "docker images, 500 names", median_ms(lambda: lab.run("docker images"), runs=20), 20, "ms"
    for image in HUB:
        yield f"docker pull {image}", pull_ms(image), 300, "ms"
    yield "the slowest cell of the lessons (apt installs three packages)", apt_ms(), 300, "ms"


def container_rows() -> Iterator[Row]:
    """Containers that work, and many of them."""
    lab = Lab()
    lab.run("docker pull -q ubuntu")
    yield "a shell's loop of 1,000 rounds in a container", median_ms(lambda: lab.run(LOOP)), 100, "ms"
    lab.host.write("/lab/Dockerfile", b"FROM ubuntu\nRUN apt-get update && apt-get install -y python3\n")
    build = median_ms(lambda: lab.run("docker build --no-cache -q ."), runs=3)
    yield "build with apt-get install -y python3", build, 300, "ms"
    lab = Lab()
    lab.run("docker pull -q busybox")
    alone = median_ms(lambda: lab.run("docker ps"), runs=20)
    for _ in range(100):
        lab.run("docker run -d busybox sleep 1d")
    crowded = median_ms(lambda: lab.run("docker run --rm busybox true"), runs=20)
    yield "docker run --rm busybox true, beside 100 running containers", crowded - alone, 20, "ms more"
    yield "a day of virtual time with 20 idle servers", idle_day_ms(), 1000, "ms"


def idle_day_ms() -> float:
    """A day that passes over twenty web servers that nobody asks."""
    lab = Lab()
    for number in range(20):
        lab.run(f"docker run -d --name web{number} nginx")
    return median_ms(lambda: lab.clock.advance(days=1), runs=3)


def pull_ms(image: str) -> float:
    """The first pull of a fresh lab."""
    lab = Lab()
    return median_ms(lambda: lab.run(f"docker pull {image}"), runs=1)


def apt_ms() -> float:
    """The chapter's sample Dockerfile."""
    lab = Lab()
    lab.host.write("/lab/Dockerfile", SAMPLE)
    return median_ms(lambda: lab.run("docker build --no-cache -t sample ."), runs=3)


def archive_rows() -> Iterator[Row]:
    """A root file system of 200 MB in 6,800 files, in and out."""
    lab, archive = Lab(), root_file_system()
    images = lab.engine.images
    yield (
        "docker import, 200 MB in 6,800 files",
        median_ms(lambda: images.import_(archive, repository="big"), runs=3),
        1800,
        "ms",
    )
    yield "docker save of it", median_ms(lambda: images.save(["big"]).read(), runs=3), 2400, "ms"
    lab.run("docker create --name box big true")
    yield "docker export of it", median_ms(lambda: lab.engine.containers.export("box").read(), runs=3), 1400, "ms"
    yield "peak memory of the import, in archives", memory_of_import(archive), 3, "×"


def memory_of_import(archive: Content) -> float:
    """The most memory of a process that imports the archive, in sizes of the archive."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(archive.read())
        file.flush()
        return peak_memory(MEMORY.format(path=file.name)) / archive.size


if __name__ == "__main__":
    sys.exit(main())
