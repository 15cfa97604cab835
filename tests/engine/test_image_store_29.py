"""Images as containerd keeps them, in release 29 (asked of engine 28.5.2 with the containerd image store).

The transcripts `release29_*.console` have what the commands print; here is what they don't show.
"""

from __future__ import annotations

import io
import json
import tarfile
from typing import Any

import pytest

import dockerlab
from dockerlab.errors import NotFoundError
from dockerlab.fs.content import Content
from dockerlab.fs.snapshotter import Snapshotter
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, parse_manifest

BUILD = "FROM busybox:1.35\nCOPY f /f\nRUN echo hello > /hello\n"


@pytest.fixture
def lab() -> dockerlab.Lab:
    """A lab of release 29 with busybox:1.35 of the hub, and the folder `app` to build."""
    lab = dockerlab.Lab(release=29)
    lab.run("docker pull busybox:1.35")
    lab.host.write("/lab/app/Dockerfile", BUILD.encode())
    lab.host.write("/lab/app/f", b"one\n")
    return lab


def row(lab: dockerlab.Lab, name: str) -> dict[str, Any]:
    """An image in the API's list, manifests and all."""
    (found,) = lab.engine.images.list(filters={"reference": [name]}, manifests=True)
    return found


def blobs(lab: dockerlab.Lab, name: str) -> dict[Digest, Content]:
    target = lab.engine.images.find(name).target
    assert target is not None
    return dict(target.blobs)


def beneath(lab: dockerlab.Lab) -> int:
    """Bytes of the snapshot between busybox and a container of it."""
    return Snapshotter().init_usage(lab.engine.images.find("busybox:1.35").tree)


def test_an_image_is_known_by_what_the_registry_calls_it(lab: dockerlab.Lab) -> None:
    pulled = lab.run("docker pull busybox:1.35").stdout
    image = lab.engine.images.find("busybox:1.35")
    assert f"Digest: {image.id}\n" in pulled
    assert image.id != image.config.image_id
    assert lab.engine.images.find(f"busybox@{image.id}") is image
    with pytest.raises(NotFoundError):
        lab.engine.images.find(image.config.image_id)


def test_every_blob_is_what_its_digest_says(lab: dockerlab.Lab) -> None:
    lab.run("docker build -t app:1 app; docker run --name c1 app:1 touch /x; docker commit c1 com:1")
    for name in ("busybox:1.35", "app:1", "com:1"):
        assert all(Digest.of(blob.read()) == digest for digest, blob in blobs(lab, name).items())


def test_a_build_is_an_index_of_an_image_and_what_attests_it(lab: dockerlab.Lab) -> None:
    lab.run("docker build --build-arg V=1 -t app:1 app")
    image = lab.engine.images.find("app:1")
    kept = blobs(lab, "app:1")
    index = parse_manifest(kept[image.id].read())
    assert isinstance(index, Index)
    mine, attestation = index.manifests
    assert attestation.annotations["vnd.docker.reference.digest"] == mine.digest
    assert str(attestation.platform) == "unknown/unknown"
    (layer,) = json.loads(kept[attestation.digest].read())["layers"]
    statement = json.loads(kept[Digest(layer["digest"])].read())
    assert statement["subject"] == [
        {"name": "pkg:docker/app@1?platform=linux%2Famd64", "digest": {"sha256": mine.digest.hex}}
    ]
    (material,) = statement["predicate"]["materials"]
    assert material["digest"]["sha256"] == lab.engine.images.find("busybox:1.35").id.hex
    assert statement["predicate"]["invocation"]["parameters"]["args"] == {"build-arg:V": "1"}


@pytest.mark.parametrize("off", ["false", "0", "mode=max,disabled=true"])
def test_a_build_without_provenance_is_a_manifest_alone(lab: dockerlab.Lab, off: str) -> None:
    lab.run(f"docker build --provenance={off} -t app:1 app")
    target = lab.engine.images.find("app:1").target
    assert target is not None
    assert target.document is target.manifest


def test_two_builds_of_the_same_share_their_manifest(lab: dockerlab.Lab) -> None:
    lab.run("docker build -t app:1 app; docker build -t app:2 app")
    first, second = row(lab, "app:1"), row(lab, "app:2")
    assert first["Id"] != second["Id"]
    assert first["Manifests"][0]["ID"] == second["Manifests"][0]["ID"]


def test_sizes_are_those_of_blobs_and_snapshots(lab: dockerlab.Lab) -> None:
    lab.run("docker build -t app:1 app")
    shown = row(lab, "app:1")
    mine, attestation = shown["Manifests"]
    base = lab.engine.images.find("busybox:1.35")
    unpacked = sum(stored.usage for stored in base.stack) + 2 * 8192
    assert mine["ImageData"]["Size"]["Unpacked"] == unpacked
    assert mine["Size"]["Total"] == mine["Size"]["Content"] + unpacked
    assert shown["Size"] == mine["Size"]["Total"] + attestation["Size"]["Content"]
    assert lab.engine.images.inspect("app:1")["Size"] == mine["Size"]["Content"] + shown["Descriptor"]["size"]


def test_containers_mark_what_they_use(lab: dockerlab.Lab) -> None:
    lab.run("docker run --name c1 busybox:1.35 true")
    shown = row(lab, "busybox:1.35")
    assert shown["Containers"] == 1
    used, other = shown["Manifests"]
    assert len(used["ImageData"]["Containers"]) == 1
    assert not other["Available"], "that of another platform was not pulled"
    assert other["Size"] == {"Content": 0, "Total": 0}
    assert lab.run("docker images").stdout.splitlines()[1].endswith("   U    ")


def test_a_list_without_manifests_counts_no_containers(lab: dockerlab.Lab) -> None:
    (shown,) = lab.engine.images.list()
    assert shown["Containers"] == -1
    assert "Manifests" not in shown


def test_disk_usage_counts_what_is_shared_once(lab: dockerlab.Lab) -> None:
    alone = lab.engine.system.df()["LayersSize"]
    lab.run("docker tag busybox:1.35 other:1")
    assert lab.engine.system.df()["LayersSize"] == alone
    lab.run("docker run --name c1 busybox:1.35 true")
    assert lab.engine.system.df()["LayersSize"] == alone + beneath(lab) + 4_096


def test_a_committed_layer_stands_on_the_containers_first_snapshot(lab: dockerlab.Lab) -> None:
    lab.run("docker run --name c1 busybox:1.35 touch /x; docker commit c1 com:1")
    base, com = row(lab, "busybox:1.35"), row(lab, "com:1")
    before, after = (shown["Manifests"][0]["ImageData"]["Size"]["Unpacked"] for shown in (base, com))
    assert after - before == beneath(lab) + 4_096
    assert lab.run("docker history --format '{{.Size}}' com:1").stdout.splitlines()[0] == "4.1kB"


def test_an_archive_of_the_classic_store_is_put_into_a_manifest(lab: dockerlab.Lab) -> None:
    classic = dockerlab.Lab()
    classic.run("docker pull alpine; docker save alpine -o a.tar")
    lab.host.write("/lab/a.tar", classic.host.read("/lab/a.tar"))
    assert lab.run("docker load -i a.tar").stdout == "Loaded image: alpine:latest\n"
    descriptor = lab.engine.images.inspect("alpine")["Descriptor"]
    assert descriptor["mediaType"] == "application/vnd.docker.distribution.manifest.v2+json"
    assert descriptor["annotations"]["io.containerd.image.name"] == "docker.io/library/alpine:latest"


def test_what_is_saved_here_loads_into_the_classic_store(lab: dockerlab.Lab) -> None:
    lab.run("docker build -t app:1 app; docker save app:1 -o s.tar")
    classic = dockerlab.Lab()
    classic.host.write("/lab/s.tar", lab.host.read("/lab/s.tar"))
    assert classic.run("docker load -i s.tar").stdout == "Loaded image: app:1\n"
    assert classic.run("docker run --rm app:1 cat /hello").stdout == "hello\n"
    image = lab.engine.images.find("app:1")
    assert classic.run("docker images -q --no-trunc").stdout == f"{image.config.image_id}\n"


def test_an_archive_names_nobody_and_its_modes_are_permissions(lab: dockerlab.Lab) -> None:
    """As containerd writes it; engine 28.5.2 makes the same bytes of what it has loaded from here."""
    lab.run("docker save busybox:1.35 -o s.tar")
    with tarfile.open(fileobj=io.BytesIO(lab.host.read("/lab/s.tar"))) as archive:
        members = [(entry.name, entry.mode, entry.uname, entry.mtime) for entry in archive]
    assert members[0] == ("blobs", 0o755, "", 0)
    assert members[2][1:] == (0o444, "", 0)
    assert members[-3:] == [("index.json", 0o644, "", 0), ("manifest.json", 0o644, "", 0), ("oci-layout", 0o444, "", 0)]


def test_a_loaded_image_is_the_same_one(lab: dockerlab.Lab) -> None:
    lab.run("docker build -t app:1 app; docker save app:1 -o s.tar")
    before = lab.engine.images.find("app:1").id
    lab.run("docker rmi app:1; docker load -i s.tar")
    assert lab.engine.images.find("app:1").id == before


def test_of_several_platforms_only_the_one_that_is_here_is_pushed(lab: dockerlab.Lab) -> None:
    lab.serve_registry("localhost:5000")
    lab.run("docker tag busybox:1.35 localhost:5000/bb")
    said = lab.run("docker push localhost:5000/bb").stdout.splitlines()
    target = lab.engine.images.find("busybox:1.35").target
    assert target is not None
    assert said[-3:] == [
        "",
        " Info -> Not all multiplatform-content is present and only the available single-platform image was pushed",
        f"         {target.digest} -> {target.manifest.digest}",
    ]


def test_undo_keeps_the_store(lab: dockerlab.Lab) -> None:
    before = lab.run("docker images").stdout
    lab.run("docker rmi busybox:1.35")
    lab.undo()
    assert lab.run("docker images").stdout == before
