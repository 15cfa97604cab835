"""`python -m benchmarks.transfers`: the lab's push and pull of 200 MB beside skopeo's, against docker-registry.

One machine, one run, turn by turn, and a fresh registry for each push, so that nothing is there before. The lab's pull
unpacks what it gets, as Docker's does; skopeo unpacks for an archive of Docker's, and only copies into a folder.
"""

from __future__ import annotations

import contextlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from dockerlab import Lab
from dockerlab.fs.archive import Entry
from dockerlab.fs.content import Bytes, Filler
from dockerlab.fs.layer import Layer
from dockerlab.oci.image import ContainerConfig, History, ImageConfig
from dockerlab.oci.reference import Reference
from tests.interop.registries import docker_registry

LAYERS, FILES, FILE_SIZE, RUNS = 4, 50, 1_000_000, 5
NAME = "localhost:5000/big"


def main() -> int:
    """Print a row for each way of an image."""
    if missing := [name for name in ("skopeo", "docker-registry") if shutil.which(name) is None]:
        print(f"needs {' and '.join(missing)}", file=sys.stderr)
        return 1
    print("| what | dockerlab | skopeo | ratio |\n|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in (pushes, pulls):
            for what, ours, theirs in rows(folder):
                print(f"| {what} | {ours:.2f} s | {theirs:.2f} s | {ours / theirs:.2f} |", flush=True)
    return 0


def pushes(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Seconds of the lab and of skopeo, for layers that are still to be packed, and for packed ones."""
    lab = fresh_lab()
    (folder / "big.tar").write_bytes(save(lab))
    archive, layout = f"docker-archive:{folder}/big.tar", f"oci:{folder}/big:1"
    yield "push, to be packed", *taking_turns(lambda: push(fresh_lab()), lambda: push_by_skopeo(archive), runs=3)
    with registry() as place:
        connected(lab, place)
        done(lab, f"docker push -q {NAME}")
        skopeo("--src-tls-verify=false", f"docker://{place}/big", layout)
    yield "push, packed", *taking_turns(lambda: push(lab), lambda: push_by_skopeo(layout))


def pulls(folder: Path) -> Iterator[tuple[str, float, float]]:
    """Seconds of the lab and of skopeo, which unpacks or only copies."""
    with registry() as place:
        lab = connected(fresh_lab(), place)
        done(lab, f"docker push -q {NAME}")

        def by_skopeo(target: str) -> float:
            shutil.rmtree(folder / "out", ignore_errors=True)
            (folder / "out.tar").unlink(missing_ok=True)
            return seconds(lambda: skopeo("--src-tls-verify=false", f"docker://{place}/big", target))

        for what, target in (
            ("unpacks it", f"docker-archive:{folder}/out.tar:big:1"),
            ("copies it", f"dir:{folder}/out"),
        ):
            yield f"pull (skopeo {what})", *taking_turns(lambda: pull(place), lambda to=target: by_skopeo(to))


def taking_turns(ours: Callable[[], float], theirs: Callable[[], float], *, runs: int = RUNS) -> tuple[float, float]:
    """The medians of both."""
    times = [(ours(), theirs()) for _ in range(runs)]
    first, second = zip(*times, strict=True)
    return statistics.median(first), statistics.median(second)


def push(lab: Lab) -> float:
    """Seconds for the lab to push to an empty registry."""
    with registry() as place:
        return seconds(lambda: done(connected(lab, place), f"docker push -q {NAME}"))


def push_by_skopeo(source: str) -> float:
    """Seconds for skopeo to do so."""
    with registry() as place:
        return seconds(lambda: skopeo("--dest-tls-verify=false", source, f"docker://{place}/big"))


def pull(place: str) -> float:
    """Seconds for a lab that has nothing to pull the image."""
    lab = connected(Lab(), place)
    return seconds(lambda: done(lab, f"docker pull -q {NAME}"))


@contextlib.contextmanager
def registry() -> Iterator[str]:
    """An empty docker-registry."""
    with tempfile.TemporaryDirectory() as folder, docker_registry(Path(folder)) as place:
        yield place


def connected(lab: Lab, place: str) -> Lab:
    """The lab with the registry."""
    lab.connect_registry(NAME.partition("/")[0], f"http://{place}")
    return lab


def fresh_lab() -> Lab:
    """A lab with an image of 200 MB, whose layers are not packed yet."""
    lab = Lab()
    layers = [Layer.of([_file(layer, number) for number in range(FILES)]) for layer in range(LAYERS)]
    history = [History("2026-01-01T00:00:00Z", f"layer {number}") for number in range(LAYERS)]
    config = ImageConfig.new([layer.diff_id for layer in layers], ContainerConfig(cmd=("sh",)), history)
    stores = lab.engine.images.stores
    stores.references.add_tag(Reference.parse(NAME), stores.images.add(config, layers).id)
    return lab


def _file(layer: int, number: int) -> Entry:
    return Entry(f"data{layer}/file{number}", content=Bytes(Filler(f"{layer} {number}", FILE_SIZE).read()))


def save(lab: Lab) -> bytes:
    """The image as `docker save` writes it."""
    return lab.engine.images.save([NAME]).read()


def done(lab: Lab, line: str) -> None:
    """Run a line that has to succeed."""
    said = lab.run(line)
    assert said.exit_code == 0, said.stderr


def skopeo(*words: str) -> None:
    """One copy."""
    subprocess.run(["skopeo", "copy", "-q", *words], check=True)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
