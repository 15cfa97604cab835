"""The lab's client and real registries: Debian's docker-registry on loopback, skopeo, umoci and a real engine."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockerlab import Lab
from dockerlab.events import LayerProgress
from tests.interop.conftest import Real, tool
from tests.interop.registries import docker_registry, htpasswd
from tests.oracle.console import FOLDER, read
from tests.oracle.real_host import RealHost, UnavailableError, started
from tests.registry.token_server import TokenServer

NAME = "localhost:5000"
COPY = "skopeo copy -q --src-tls-verify=false --dest-tls-verify=false"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[str]:
    """Where an open docker-registry answers."""
    tool("docker-registry")
    with docker_registry(tmp_path) as place:
        yield place


def connected(place: str) -> Lab:
    lab = Lab()
    lab.connect_registry(NAME, f"http://{place}")
    return lab


def built(lab: Lab, name: str = f"{NAME}/me/app:1") -> str:
    """Push an image of three layers; returns its manifest's digest."""
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN seq 300000 > /numbers\nRUN echo hello > /greeting\n")
    lab.run(f"docker build -q -t {name} .")
    said = lab.run(f"docker push {name}")
    assert said.exit_code == 0, said.stderr
    return said.stdout.split("digest: ")[1].split()[0]


def test_what_is_pushed_is_pulled_by_another_lab(place: str) -> None:
    digest = built(connected(place))
    lab = connected(place)
    assert f"Digest: {digest}\n" in lab.run(f"docker pull {NAME}/me/app:1").stdout
    assert lab.run(f"docker run --rm {NAME}/me/app:1 cat /greeting").stdout == "hello\n"
    assert "Image is up to date" in lab.run(f"docker pull {NAME}/me/app:1").stdout


def test_blobs_are_skipped_and_mounted(place: str) -> None:
    lab = connected(place)
    built(lab)
    again = lab.run(f"docker push {NAME}/me/app:1").stdout
    assert again.count("Layer already exists") == 3
    lab.run(f"docker tag {NAME}/me/app:1 {NAME}/you/app:2")
    assert lab.run(f"docker push {NAME}/you/app:2").stdout.count("Mounted from me/app") == 3


@pytest.mark.parametrize("release", [28, 29])
def test_bytes_are_told_while_they_travel(place: str, release: int) -> None:
    lab = Lab(release=release)
    lab.connect_registry(NAME, f"http://{place}")
    lab.run(f"docker pull ubuntu; docker tag ubuntu {NAME}/ubuntu")
    pushed = list(lab.watch(lab.engine.images.push(f"{NAME}/ubuntu")))
    lab.run("docker rmi -f $(docker images -q)")
    pulled = list(lab.watch(lab.engine.images.pull(f"{NAME}/ubuntu")))
    for events, status in ((pushed, "Pushing"), (pulled, "Downloading")):
        counts = [each.current for each in events if isinstance(each, LayerProgress) and each.status == status]
        assert len(counts) > 5
        assert counts == sorted(counts)


def test_passwords(tmp_path: Path) -> None:
    tool("docker-registry")
    with docker_registry(tmp_path, htpasswd(tmp_path)) as place:
        lab = connected(place)
        lab.run(f"docker pull -q busybox; docker tag busybox {NAME}/b")
        assert lab.run(f"docker push -q {NAME}/b").stderr == "no basic auth credentials\n"
        refused = lab.run(f"docker login -u alice --password-stdin {NAME}", "wrong")
        assert refused.stderr.endswith("failed with status: 401 Unauthorized\n")
        assert lab.run(f"docker login -u alice --password-stdin {NAME}", "secret").exit_code == 0
        assert lab.run(f"docker push -q {NAME}/b").exit_code == 0
        assert lab.run(f"docker pull -q {NAME}/b").exit_code == 0


def test_tokens(tmp_path: Path) -> None:
    tool("docker-registry")
    with TokenServer(tmp_path) as tokens, docker_registry(tmp_path, tokens.section) as place:
        lab = connected(place)
        lab.run(f"docker pull -q busybox; docker tag busybox {NAME}/b; docker tag busybox {NAME}/c")
        assert lab.run(f"docker push -q {NAME}/b").exit_code == 1
        assert lab.run(f"docker login -u alice --password-stdin {NAME}", "wrong").exit_code == 1
        assert lab.run(f"docker login -u alice --password-stdin {NAME}", "secret").exit_code == 0
        assert lab.run(f"docker push -q {NAME}/b").exit_code == 0
        assert "Mounted from b" in lab.run(f"docker push {NAME}/c").stdout
        assert lab.run(f"docker pull -q {NAME}/b").exit_code == 0
        asked = " ".join(tokens.asked)
        assert "repository:b:pull,push" in asked
        assert "repository:c:pull,push repository:b:pull" in asked


def test_skopeo_and_umoci_read_what_was_pushed(place: str, real: Real) -> None:
    tool("skopeo")
    tool("umoci")
    digest = built(connected(place))
    source = f"docker://{place}/me/app:1"
    seen = json.loads(real.check(f"skopeo inspect --tls-verify=false {source}"))
    assert seen["Digest"] == digest
    real.check(f"skopeo copy -q --src-tls-verify=false {source} oci:layout:1")
    real.check("umoci unpack --rootless --image layout:1 bundle")
    assert (real.folder / "bundle" / "rootfs" / "greeting").read_text() == "hello\n"


def test_what_skopeo_brings_is_pulled(place: str, real: Real) -> None:
    tool("skopeo")
    built(connected(place))
    copy = f"docker://{place}/copied:oci"
    real.check(f"{COPY} --format oci docker://{place}/me/app:1 {copy}")
    lab = connected(place)
    assert lab.run(f"docker run --rm {NAME}/copied:oci cat /greeting").stdout == "hello\n"
    # The classic image store pushes Docker's kind of manifest, whatever it pulled (asked of engine 20.10).
    assert "digest: " in lab.run(f"docker push {NAME}/copied:oci").stdout
    assert "docker.distribution.manifest.v2" in real.check(f"skopeo inspect --raw --tls-verify=false {copy}")


def test_the_containerd_store_keeps_an_oci_manifest(place: str, real: Real) -> None:
    tool("skopeo")
    built(connected(place))
    copy = f"docker://{place}/copied:oci"
    real.check(f"{COPY} --format oci docker://{place}/me/app:1 {copy}")
    before = real.check(f"skopeo inspect --raw --tls-verify=false {copy}")
    lab = Lab(release=29)
    lab.connect_registry(NAME, f"http://{place}")
    lab.run(f"docker pull -q {NAME}/copied:oci; docker tag {NAME}/copied:oci {NAME}/again:1")
    assert lab.run(f"docker push -q {NAME}/again:1").exit_code == 0
    assert real.check(f"skopeo inspect --raw --tls-verify=false docker://{place}/again:1") == before


def test_what_the_real_docker_pushed_keeps_its_digest(place: str, real: Real) -> None:
    """Pushed by an engine, carried over by skopeo byte for byte, pulled, run and pushed again by the lab."""
    tool("skopeo")
    with _engine() as host:
        pushed = host.run(
            "docker tag busybox:1.35 localhost:5005/bb; docker run --name box busybox:1.35 sh -c 'echo hi > /hi' 2>&1;"
            "docker commit box localhost:5005/bb > /dev/null; docker push localhost:5005/bb | tail -1"
        ).stdout
        host.run("skopeo copy -q --src-tls-verify=false docker://localhost:5005/bb dir:/tmp/bb")
        assert "digest: " in pushed
        digest = pushed.split("digest: ")[1].split()[0]
        real.check(f"skopeo copy -q --dest-tls-verify=false dir:{host.folder}/tmp/bb docker://{place}/bb")
    lab = connected(place)
    assert f"Digest: {digest}\n" in lab.run(f"docker pull {NAME}/bb").stdout
    ran = lab.run(f"docker run --rm {NAME}/bb cat /hi")
    assert (ran.stdout, ran.stderr) == ("hi\n", "")
    lab.run(f"docker tag {NAME}/bb {NAME}/again")
    assert f"digest: {digest} " in lab.run(f"docker push {NAME}/again").stdout


@contextlib.contextmanager
def _engine() -> Iterator[RealHost]:
    transcript = read(FOLDER / "registry.console")
    try:
        with started(transcript.registries) as host:
            host.prepare(transcript)
            yield host
    except UnavailableError as error:
        pytest.skip(str(error))


def test_several_platforms(place: str, real: Real) -> None:
    tool("skopeo")
    lab = connected(place)
    for architecture in ("amd64", "arm64"):
        lab.run(f"docker pull -q --platform linux/{architecture} alpine; docker tag alpine {NAME}/a:{architecture}")
        assert lab.run(f"docker push -q {NAME}/a:{architecture}").exit_code == 0
    made = lab.run(f"docker manifest create --insecure {NAME}/a:1 {NAME}/a:amd64 {NAME}/a:arm64")
    assert made.stdout == f"Created manifest list {NAME}/a:1\n"
    digest = lab.run(f"docker manifest push {NAME}/a:1").stdout.splitlines()[-1]
    index = json.loads(real.check(f"skopeo inspect --raw --tls-verify=false docker://{place}/a:1"))
    assert [entry["platform"]["architecture"] for entry in index["manifests"]] == ["amd64", "arm64"]
    fresh = connected(place)
    assert f"Digest: {digest}\n" in fresh.run(f"docker pull --platform linux/arm64 {NAME}/a:1").stdout
    assert fresh.run(f"docker inspect -f '{{{{.Architecture}}}}' {NAME}/a:1").stdout == "arm64\n"


def test_a_registry_that_is_gone() -> None:
    lab = connected("127.0.0.1:1")
    said = lab.run(f"docker pull {NAME}/x")
    asked = f'Get "http://{NAME}/v2/"'
    assert said.stderr == f"Error response from daemon: {asked}: dial tcp 127.0.0.1:1: connect: connection refused\n"
