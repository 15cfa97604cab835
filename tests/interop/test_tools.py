"""skopeo, umoci and podman read what the lab writes; what they write the lab reads."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator

import pytest

from dockerlab import Lab
from tests.interop.conftest import Real, tool


@pytest.fixture
def runroot() -> Iterator[str]:
    """A folder with a short name, which is all that podman takes."""
    with tempfile.TemporaryDirectory() as folder:
        yield folder


def config_digest(manifest: str) -> str:
    """The image ID that a manifest names."""
    digest: str = json.loads(manifest)["config"]["digest"]
    return digest


def test_skopeo_reads_an_archive(lab: Lab, greeter: str, real: Real) -> None:
    tool("skopeo")
    real.keep(lab, "greeter.tar")
    assert config_digest(real.check("skopeo inspect --raw docker-archive:greeter.tar")) == greeter
    labels = json.loads(real.check("skopeo inspect docker-archive:greeter.tar"))["Labels"]
    assert labels == {"made.by": "dockerlab"}


def test_skopeo_makes_a_layout_of_it_that_umoci_unpacks(lab: Lab, greeter: str, real: Real) -> None:
    tool("skopeo")
    tool("umoci")
    real.keep(lab, "greeter.tar")
    real.check("skopeo copy -q docker-archive:greeter.tar oci:layout:1")
    real.check("umoci unpack --rootless --image layout:1 bundle")
    root = real.folder / "bundle" / "rootfs"
    assert (root / "file").read_text() == (root / "hard").read_text() == "data\n"
    assert (root / "link").readlink().as_posix() == "file"
    assert not (root / "bin" / "vi").exists()


def test_the_lab_loads_the_layout_that_skopeo_wrote(lab: Lab, greeter: str, real: Real) -> None:
    tool("skopeo")
    real.keep(lab, "greeter.tar")
    real.check("skopeo copy -q docker-archive:greeter.tar oci-archive:layout.tar:greeter")
    fresh = Lab()
    real.give(fresh, "layout.tar")
    assert fresh.run("docker load -i layout.tar").exit_code == 0
    image = fresh.run("docker images -aq --no-trunc").stdout.strip()
    ours, before = (
        json.loads(each.run(f"docker inspect {name}").stdout)[0]
        for each, name in ((fresh, image), (lab, "dockerlab-greeter:1"))
    )
    # An OCI configuration has its own bytes, so the ID is another one; layers and settings are the same.
    assert ours["RootFS"] == before["RootFS"]
    assert ours["Config"]["Cmd"] == before["Config"]["Cmd"]


def test_the_lab_loads_the_archive_that_skopeo_wrote(lab: Lab, greeter: str, real: Real) -> None:
    tool("skopeo")
    real.keep(lab, "greeter.tar")
    real.check("skopeo copy -q docker-archive:greeter.tar docker-archive:copy.tar:copied:2")
    fresh = Lab()
    real.give(fresh, "copy.tar")
    assert fresh.run("docker load -i copy.tar").stdout == "Loaded image: copied:2\n"
    assert fresh.run("docker images -q --no-trunc copied").stdout.strip() == greeter


def test_podman_loads_it(lab: Lab, greeter: str, real: Real, runroot: str) -> None:
    tool("podman")
    real.keep(lab, "greeter.tar")
    store = ["podman", "--root", str(real.folder / "root"), "--runroot", runroot, "--storage-driver", "vfs"]
    assert "dockerlab-greeter:1" in real.check([*store, "load", "-q", "-i", "greeter.tar"])
    listed = real.check([*store, "images", "-q", "--no-trunc"]).strip()
    assert listed == greeter
