"""Images that travel: save, load, import, pull, push; transcripts save_load, g12_save_load, import_export, registry."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from dockerlab.errors import ArchiveError, DockerlabError, NotFoundError, UnavailableError
from dockerlab.events import ImageLoaded
from dockerlab.fs.archive import entries_of, read_tar, write_tar
from dockerlab.fs.content import Bytes
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.media_types import DOCKER_MANIFEST_LIST
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference
from tests.engine.image_lab import Bench, FakeRegistry, drive, lines

BUSYBOX = Path(__file__).parent.parent / "store" / "data" / "busybox-1.35.tar.gz"

UNKNOWN = "not found: manifest unknown: manifest unknown"


@pytest.fixture
def bench() -> Bench:
    return Bench()


# Save, load, import.


def test_the_busybox_of_the_transcripts(bench: Bench) -> None:
    events, images = drive(bench.images.load(Bytes(BUSYBOX.read_bytes()), quiet=True))
    assert events == [ImageLoaded(images[0].id, "busybox:1.35")]
    assert bench.images.find("busybox:1.35").size == 1_984_261


def test_save_takes_names_repositories_and_ids(bench: Bench) -> None:
    image = bench.make("a", name="sl:1")
    bench.images.tag("sl:1", "sl:2")
    both = bench.images.save(["sl:1", "sl:2"])
    assert bench.images.save(["sl"]) == both
    assert bench.images.save(["sl:1", image.id.short, "sl:2", "sl:1"]) == both
    again = Bench()
    drive(again.images.load(both))
    assert again.names() == ["sl:1", "sl:2"]
    nameless = Bench()
    assert drive(nameless.images.load(bench.images.save([image.id])))[0][-1] == ImageLoaded(image.id)
    assert nameless.names() == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch", "No such image: nosuch"),
        ("nosuch:1", "reference does not exist"),
        ("sha256:abc", "No such image: sha256:abc"),
        ("UPPER", "invalid reference format: repository name must be lowercase"),
    ],
)
def test_save_of_nothing(bench: Bench, name: str, text: str) -> None:
    """Transcripts `save_load` and `g12_save_load`; nothing is written when one of two names is wrong."""
    bench.make("a", name="x:1")
    with pytest.raises(DockerlabError) as caught:
        bench.images.save(["x:1", name])
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"garbage\n", "Error processing tar file(exit status 1): unexpected EOF"),
        (b"", "open /var/lib/docker/tmp/docker-import-3820012610/repositories: no such file or directory"),
    ],
)
def test_load_of_garbage(bench: Bench, data: bytes, text: str) -> None:
    """Transcript `save_load`; SURPRISES 19."""
    with pytest.raises(ArchiveError) as caught:
        drive(bench.images.load(Bytes(data)))
    assert str(caught.value) == text


def test_import(bench: Bench) -> None:
    """Transcript `import_export`: one layer, no command, the comment says from where."""
    files = bench.make("a", "b").tree
    image_id = bench.images.import_(write_tar(entries_of(files)), repository="flat", tag="1")
    image = bench.images.find("flat:1")
    assert image.id == image_id
    assert sorted(image.tree.entries) == ["a", "b"]
    assert bench.images.history("flat:1")[0]["Comment"] == "Imported from -"
    shown = bench.images.inspect("flat:1")
    assert (shown["Config"]["Cmd"], shown["Config"]["Env"]) == (None, None)
    assert shown["Metadata"]["LastTagTime"] != "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(
    ("data", "repository", "text"),
    [
        (b"x", "", "Error processing tar file(exit status 1): unexpected EOF"),
        (b"", "A/b", "invalid reference format: repository name must be lowercase"),
        (b"", f"a@sha256:{'0' * 64}", "cannot import digest reference"),
    ],
)
def test_imports_that_are_refused(bench: Bench, data: bytes, repository: str, text: str) -> None:
    with pytest.raises(DockerlabError) as caught:
        bench.images.import_(Bytes(data), repository=repository)
    assert str(caught.value) == text
    assert len(bench.stores.images) == 0


def test_changes_are_carried_out_by_whoever_knows_how(bench: Bench) -> None:
    with pytest.raises(DockerlabError, match=r"^from is not a valid change command$"):
        bench.images.import_(Bytes(bytes(1024)), changes=["FROM x"])


# Push.


def test_push_pushes_again_and_mounts(bench: Bench) -> None:
    """Transcript `registry`, its first lines; SURPRISES 21."""
    image = bench.make("a", "b", name="localhost:5005/bb:v1")
    top, low = (layer.diff_id.short for layer in reversed(image.layers))
    first = lines(drive(bench.images.push("localhost:5005/bb:v1"))[0])
    manifest = bench.registry.manifests["localhost:5005/bb", "v1"]
    last = f"v1: digest: {manifest.digest} size: {len(manifest.raw)}"
    begin = ["The push refers to repository [localhost:5005/bb]", f"{top}: Preparing", f"{low}: Preparing"]
    assert first == [*begin, f"{top}: Pushed", f"{low}: Pushed", last]
    second = lines(drive(bench.images.push("localhost:5005/bb:v1"))[0])
    assert second == [*begin, f"{top}: Layer already exists", f"{low}: Layer already exists", last]
    bench.images.tag("localhost:5005/bb:v1", "localhost:5005/other/copy:v2")
    third = lines(drive(bench.images.push("localhost:5005/other/copy:v2"))[0])
    assert third[3:5] == [f"{top}: Mounted from bb", f"{low}: Mounted from bb"]
    assert bench.images.inspect("localhost:5005/bb:v1")["RepoDigests"] == [
        f"localhost:5005/bb@{manifest.digest}",
        f"localhost:5005/other/copy@{manifest.digest}",
    ]


def test_push_of_all_tags(bench: Bench) -> None:
    bench.make("a", name="localhost:5005/bb:v1")
    bench.images.tag("localhost:5005/bb:v1", "localhost:5005/bb:v2")
    told = lines(drive(bench.images.push("localhost:5005/bb", all_tags=True))[0])
    assert [line.partition(":")[0] for line in told if "digest" in line] == ["v1", "v2"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch", "An image does not exist locally with the tag: nosuch"),
        ("localhost:5005/nosuch:v1", "An image does not exist locally with the tag: localhost:5005/nosuch"),
        ("localhost:5005/bb", "tag does not exist: localhost:5005/bb:latest"),
        (f"localhost:5005/bb@sha256:{'0' * 64}", "cannot push a digest reference"),
    ],
)
def test_pushes_that_fail(bench: Bench, name: str, text: str) -> None:
    """Transcripts `registry` and `g17_registry`: the first line is printed even so."""
    bench.make("a", name="localhost:5005/bb:v1")
    conversation = bench.images.push(name)
    assert lines([next(conversation)])[0].startswith("The push refers to repository [")
    with pytest.raises(DockerlabError) as caught:
        drive(conversation)
    assert str(caught.value) == text


# Pull.


@pytest.fixture
def registry() -> FakeRegistry:
    """A registry with bb:v1 of two layers and bb:v2 with a third one on top."""
    bench = Bench()
    for name, steps in (("v1", ("a", "b")), ("v2", ("a", "b", "c"))):
        bench.make(*steps, name=f"localhost:5005/bb:{name}", chain=False)
        drive(bench.images.push(f"localhost:5005/bb:{name}"))
    return bench.registry


def test_pull(registry: FakeRegistry) -> None:
    """Transcript `registry`: what a first pull says, what one of a known base, what a second one."""
    bench = Bench(registry)
    events, image = drive(bench.images.pull("localhost:5005/bb:v1"))
    low, top = (layer.digest.short for layer in image.layers)  # type: ignore[union-attr]
    digest = registry.manifests["localhost:5005/bb", "v1"].digest
    told = lines(events)
    assert told[:3] == ["v1: Pulling from bb", f"{low}: Pulling fs layer", f"{top}: Pulling fs layer"]
    assert sorted(told[3:7]) == sorted(f"{id_}: {status}" for id_ in (low, top) for status in (
        "Verifying Checksum", "Download complete"
    ))  # fmt: skip
    assert [line for line in told if "Pull complete" in line] == [f"{low}: Pull complete", f"{top}: Pull complete"]
    assert told[-2:] == [f"Digest: {digest}", "Status: Downloaded newer image for localhost:5005/bb:v1"]
    newer = lines(drive(bench.images.pull("localhost:5005/bb:v2"))[0])
    assert newer[1:3] == [f"{low}: Already exists", f"{top}: Already exists"]
    assert lines(drive(bench.images.pull("localhost:5005/bb:v1"))[0]) == [
        "v1: Pulling from bb",
        f"Digest: {digest}",
        "Status: Image is up to date for localhost:5005/bb:v1",
    ]
    assert bench.images.find(f"localhost:5005/bb@{digest}") is image


def test_pull_by_digest_and_of_all_tags(registry: FakeRegistry) -> None:
    bench = Bench(registry)
    digest = registry.manifests["localhost:5005/bb", "v2"].digest
    told = lines(drive(bench.images.pull(f"localhost:5005/bb@{digest}"))[0])
    assert told[0] == f"localhost:5005/bb@{digest}: Pulling from bb"
    assert told[-1] == f"Status: Downloaded newer image for localhost:5005/bb@{digest}"
    told = lines(drive(bench.images.pull("localhost:5005/bb", all_tags=True))[0])
    assert told[-1] == "Status: Downloaded newer image for localhost:5005/bb"
    assert [name for name in bench.names() if "@" not in name] == ["localhost:5005/bb:v1", "localhost:5005/bb:v2"]


def test_a_pulled_layer_keeps_its_bytes(registry: FakeRegistry) -> None:
    """So that pushing it elsewhere needs no second name for it."""
    bench = Bench(registry)
    drive(bench.images.pull("localhost:5005/bb:v2"))
    bench.images.tag("localhost:5005/bb:v2", "localhost:5005/mine:1")
    told = lines(drive(bench.images.push("localhost:5005/mine:1"))[0])
    assert sum("Mounted from bb" in line for line in told) == 3
    ours, theirs = registry.manifests["localhost:5005/mine", "1"], registry.manifests["localhost:5005/bb", "v2"]
    assert ours.digest == theirs.digest


def test_pull_for_a_platform(registry: FakeRegistry) -> None:
    manifest = registry.manifests["localhost:5005/bb", "v1"]
    assert isinstance(manifest, Manifest)
    index = Index(DOCKER_MANIFEST_LIST, (replace(manifest.descriptor, platform=Platform()),))
    registry.put_manifest(Reference.parse("localhost:5005/bb:list"), index)
    bench = Bench(registry)
    told = lines(drive(bench.images.pull("localhost:5005/bb:list"))[0])
    assert told[-2] == f"Digest: {index.digest}"
    conversation = bench.images.pull("localhost:5005/bb:list", platform="linux/arm64")
    assert lines([next(conversation)]) == ["list: Pulling from bb"]
    with pytest.raises(NotFoundError, match=r"^no matching manifest for linux/arm64 in the manifest list entries$"):
        drive(conversation)


@pytest.mark.parametrize(
    ("name", "kind", "text"),
    [
        (
            "localhost:5005/bb:nosuch",
            NotFoundError,
            "manifest for localhost:5005/bb:nosuch not found: manifest unknown: manifest unknown",
        ),
        (
            "localhost:5005/x",
            NotFoundError,
            "manifest for localhost:5005/x:latest not found: manifest unknown: manifest unknown",
        ),
        ("nowhere:1/x", UnavailableError, 'Get "https://nowhere:1/v2/": dial tcp: no such host'),
    ],
)
def test_pulls_that_fail(registry: FakeRegistry, name: str, kind: type[DockerlabError], text: str) -> None:
    with pytest.raises(kind) as caught:
        drive(Bench(registry).images.pull(name))
    assert str(caught.value) == text


def test_a_blob_that_is_not_what_was_promised(registry: FakeRegistry) -> None:
    manifest = registry.manifests["localhost:5005/bb", "v1"]
    assert isinstance(manifest, Manifest)
    registry.blobs["localhost:5005/bb", manifest.layers[0].digest] = Bytes(b"evil")
    bench = Bench(registry)
    with pytest.raises(DockerlabError, match="filesystem layer verification failed"):
        drive(bench.images.pull("localhost:5005/bb:v1"))
    assert (len(bench.stores.images), len(bench.stores.layers)) == (0, 0)


def test_what_is_saved_is_a_readable_archive(bench: Bench) -> None:
    bench.make("a", name="x:1")
    assert [entry.path for entry in read_tar(bench.images.save(["x:1"]))][-2:] == ["manifest.json", "repositories"]


def test_push_for_a_platform(bench: Bench) -> None:
    """An image is here for one platform only (the words of engine 20.10, which has them for pulls)."""
    bench.make("a", name="localhost:5005/bb:v1")
    assert drive(bench.images.push("localhost:5005/bb:v1", platform="linux/amd64"))[1].keys() == {"v1"}
    with pytest.raises(NotFoundError) as refused:
        drive(bench.images.push("localhost:5005/bb:v1", platform="linux/arm64"))
    assert str(refused.value) == (
        "image with reference localhost:5005/bb:v1 was found but does not match the specified platform: "
        "wanted linux/arm64, actual: linux/amd64"
    )
