"""What others say of our archives: Docker Engine, skopeo, umoci, podman. Each runs where it is installed."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.oci.reference import Reference
from dockerlab.store import Image, Stores
from dockerlab.store.oci_layout import write_layout
from tests.store.archives import image, layer, loaded, recorded, save

NAME = "dockerlab-test/store:1"

SAFELY: Any = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
"""Python 3.11.2, which Debian 12 has, unpacks without filters (they came with 3.11.4)."""


def run(*argv: str) -> str:
    """What a program prints; the test fails where the program does."""
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@cache
def engine_answers() -> bool:
    """Whether a Docker Engine can be reached from here."""
    if shutil.which("docker") is None:
        return False
    asked = ["docker", "version", "--format", "{{.Server.Version}}"]
    return subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode == 0


def needs(tool: str) -> None:
    """Go on only where the tool is there."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")


@pytest.fixture
def made() -> tuple[Stores, Image]:
    stores = Stores()
    return stores, image(stores, layer(a=b"1"), layer(b=b"<2>"), name=NAME)


@pytest.fixture
def archive(made: tuple[Stores, Image], tmp_path: Path) -> Path:
    """Our image as a Docker archive on disk."""
    path = tmp_path / "image.tar"
    path.write_bytes(save(made[0], NAME).read())
    return path


@pytest.fixture
def layout(made: tuple[Stores, Image], tmp_path: Path) -> Path:
    """Our image as an OCI layout on disk."""
    path = tmp_path / "layout.tar"
    path.write_bytes(write_layout([(made[1], (Reference.parse(NAME),))]).read())
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path / "layout", **SAFELY)
    return tmp_path / "layout"


def test_the_engine_loads_what_we_saved_and_saves_what_we_load(made: tuple[Stores, Image], archive: Path) -> None:
    if not engine_answers():
        pytest.skip("no Docker Engine can be reached")
    try:
        assert run("docker", "load", "-q", "-i", str(archive)) == f"Loaded image: {NAME}\n"
        assert run("docker", "image", "inspect", "--format", "{{.Id}}", NAME).strip() == made[1].id
        saved = archive.with_name("saved.tar")
        run("docker", "save", "-o", str(saved), NAME)
        assert saved.read_bytes() == archive.read_bytes()
        assert made[1].id in loaded(Bytes(saved.read_bytes()))[0].images
    finally:
        subprocess.run(["docker", "rmi", NAME], capture_output=True, check=False)


def test_skopeo_reads_our_docker_archive(made: tuple[Stores, Image], archive: Path) -> None:
    needs("skopeo")
    told = json.loads(run("skopeo", "inspect", f"docker-archive:{archive}"))
    assert told["Layers"] == [each.diff_id for each in made[1].layers]


def test_skopeo_copies_our_layout(made: tuple[Stores, Image], layout: Path) -> None:
    needs("skopeo")
    told = json.loads(run("skopeo", "inspect", f"oci:{layout}:1"))
    assert told["Layers"] == [each.digest for each in made[1].layers]
    copy = layout.with_name("copy.tar")
    run("skopeo", "copy", "-q", f"oci:{layout}:1", f"docker-archive:{copy}:copied:1")
    assert loaded(Bytes(copy.read_bytes()))[0].images.find("copied:1").id == made[1].id


def test_umoci_unpacks_our_layout(layout: Path) -> None:
    needs("umoci")
    assert run("umoci", "ls", "--layout", str(layout)) == "1\n"
    bundle = layout.with_name("bundle")
    run("umoci", "unpack", "--rootless", "--image", f"{layout}:1", str(bundle))
    assert (bundle / "rootfs" / "b").read_bytes() == b"<2>"


def test_umoci_unpacks_a_real_image(tmp_path: Path) -> None:
    needs("umoci")
    stores, _ = loaded(recorded("engine-20.10-legacy-builder"))
    (kept,) = stores.images
    path = tmp_path / "real.tar"
    path.write_bytes(write_layout([(kept, (Reference.parse("real:1"),))]).read())
    with tarfile.open(path) as tar:
        tar.extractall(tmp_path / "real", **SAFELY)
    run("umoci", "unpack", "--rootless", "--image", f"{tmp_path / 'real'}:1", str(tmp_path / "bundle"))
    assert (tmp_path / "bundle" / "rootfs" / "bin" / "busybox").exists()
