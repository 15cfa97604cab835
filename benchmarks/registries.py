"""`python -m benchmarks.registries`: the registry of dockerlab beside Docker's own, in one run, on loopback.

Each gets the same image of 200 MB in five layers from skopeo, gives it back to skopeo, and then to fifty clients at the
same time, who check every digest. They take turns, each time with an empty folder; what counts is the median of the
rounds. It needs skopeo and docker-registry (Debian's packages), and some 2 GB of disk.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import http.client
import io
import json
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

LAYERS, LAYER_SIZE, CLIENTS, ROUNDS = 5, 40_000_000, 50, 3
OCI = "application/vnd.oci.image."
CONFIG = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {root}}}}}
http: {{addr: "127.0.0.1:{port}"}}
"""


@dataclass(frozen=True)
class Site:
    """A registry that runs."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    @property
    def peak(self) -> float:
        """The most memory that it has had so far, in MB (proc_pid_status(5), VmHWM)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


@dataclass(frozen=True)
class Figures:
    """What is measured of a registry in one round: seconds, clients, MB."""

    push: float
    pull: float
    crowd: float
    failed: int
    peak: float


def main() -> int:
    """Print a table, with a column for each registry."""
    missing = [tool for tool in ("skopeo", "docker-registry") if shutil.which(tool) is None]
    if missing:
        print(f"needs {' and '.join(missing)}", file=sys.stderr)
        return 1
    rounds: dict[str, list[Figures]] = {}
    with tempfile.TemporaryDirectory() as name:
        image = make_image(Path(name) / "image")
        for _ in range(ROUNDS):
            for start in (dockerlab, distribution):
                with tempfile.TemporaryDirectory(dir=name) as folder, start(Path(folder)) as site:
                    rounds.setdefault(site.name, []).append(figures(site, Path(name), image))
    print(f"| | {' | '.join(rounds)} | ratio |\n{'|---' * (len(rounds) + 2)}|")
    for title, unit, of in ROWS:
        medians = [statistics.median(of(each) for each in column) for column in rounds.values()]
        ratio = f"{medians[0] / medians[1]:.2f}" if medians[1] else ""
        print(f"| {title} | {' | '.join(unit.format(median) for median in medians)} | {ratio} |")
    return 0


ROWS: tuple[tuple[str, str, Callable[[Figures], float]], ...] = (
    ("skopeo pushes it", "{:.2f} s", lambda it: it.push),
    ("skopeo pulls it", "{:.2f} s", lambda it: it.pull),
    (f"{CLIENTS} clients pull it", "{:.1f} s", lambda it: it.crowd),
    ("… failed", "{:.0f}", lambda it: it.failed),
    ("… peak memory", "{:.0f} MB", lambda it: it.peak),
)


def figures(site: Site, folder: Path, image: dict[str, int]) -> Figures:
    """One round of a registry that is empty."""
    place, out = f"docker://127.0.0.1:{site.port}/push0:1", folder / "out"
    push = seconds(lambda: copy("--dest-tls-verify=false", f"oci:{folder}/image:1", place))
    shutil.rmtree(out, ignore_errors=True)
    pull = seconds(lambda: copy("--src-tls-verify=false", place, f"dir:{out}"))
    crowded, failed = crowd(site, image)
    return Figures(push, pull, crowded, failed, site.peak)


def seconds(work: Callable[[], object]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def copy(*words: str) -> None:
    """One image with skopeo."""
    subprocess.run(["skopeo", "copy", "-q", *words], check=True)


def crowd(site: Site, image: dict[str, int]) -> tuple[float, int]:
    """Seconds until all clients have the image, and how many have not got it whole."""
    failures: list[str] = []

    def client() -> None:
        try:
            pull(site.port, image)
        except (OSError, http.client.HTTPException, AssertionError) as error:
            failures.append(repr(error))

    def all_at_once() -> None:
        threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    return seconds(all_at_once), len(failures)


def pull(port: int, image: dict[str, int]) -> None:
    """All blobs of an image, each checked."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    buffer = bytearray(1 << 20)
    with contextlib.closing(connection):
        for digest, size in image.items():
            connection.request("GET", f"/v2/push0/blobs/{digest}")
            answer, sha, got = connection.getresponse(), hashlib.sha256(), 0
            while count := answer.readinto(buffer):
                sha.update(memoryview(buffer)[:count])
                got += count
            assert got == size
            assert digest == f"sha256:{sha.hexdigest()}"


@contextlib.contextmanager
def dockerlab(folder: Path) -> Iterator[Site]:
    """`dockerlab registry serve`."""
    (folder / "dockerlab").mkdir()
    serve = [sys.executable, "-m", "dockerlab", "registry", "serve"]
    with running("dockerlab", 5861, [*serve, "--port", "5861", "--root", str(folder / "dockerlab")]) as site:
        yield site


@contextlib.contextmanager
def distribution(folder: Path) -> Iterator[Site]:
    """Docker's registry."""
    (folder / "config.yml").write_text(CONFIG.format(root=folder / "distribution", port=5862))
    with running("docker-registry", 5862, ["docker-registry", "serve", str(folder / "config.yml")]) as site:
        yield site


@contextlib.contextmanager
def running(name: str, port: int, words: list[str]) -> Iterator[Site]:
    """A registry while it is needed."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", port, timeout=5).connect()
                break
            time.sleep(0.05)
        yield Site(name, port, process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def make_image(folder: Path) -> dict[str, int]:
    """An image as an OCI layout; returns the digests and sizes of its layers."""
    blobs = folder / "blobs" / "sha256"
    blobs.mkdir(parents=True)

    def keep(media_type: str, data: bytes) -> dict[str, object]:
        digits = hashlib.sha256(data).hexdigest()
        (blobs / digits).write_bytes(data)
        return {"mediaType": f"{OCI}{media_type}", "digest": f"sha256:{digits}", "size": len(data)}

    tars = [layer(number) for number in range(LAYERS)]
    diff_ids = [f"sha256:{hashlib.sha256(each).hexdigest()}" for each in tars]
    config = {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    layers = [keep("layer.v1.tar+gzip", gzip.compress(each, 1, mtime=0)) for each in tars]
    fields = {"config": keep("config.v1+json", json.dumps(config).encode()), "layers": layers}
    manifest = {"schemaVersion": 2, "mediaType": f"{OCI}manifest.v1+json", **fields}
    row = keep("manifest.v1+json", json.dumps(manifest).encode())
    row["annotations"] = {"org.opencontainers.image.ref.name": "1"}
    (folder / "index.json").write_text(json.dumps({"schemaVersion": 2, "manifests": [row]}))
    (folder / "oci-layout").write_text('{"imageLayoutVersion": "1.0.0"}')
    return {str(each["digest"]): int(str(each["size"])) for each in layers}


def layer(number: int) -> bytes:
    """A tar with one file of noise, which nothing can compress."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as archive:
        info = tarfile.TarInfo(f"file{number}")
        info.size = LAYER_SIZE
        archive.addfile(info, io.BytesIO(hashlib.shake_128(str(number).encode()).digest(LAYER_SIZE)))
    return raw.getvalue()


if __name__ == "__main__":
    sys.exit(main())
