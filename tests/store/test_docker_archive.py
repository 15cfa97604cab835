"""Docker archives: byte for byte what the real engine writes, and whatever it, skopeo and podman wrote."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from dockerlab.errors import ArchiveError, DockerlabError, InvalidParameterError, SystemError_
from dockerlab.events import ImageLoaded, LayerProgress, Status
from dockerlab.fs.archive import Entry, read_tar, write_tar
from dockerlab.fs.content import Bytes, Content
from dockerlab.oci.image import ImageConfig
from dockerlab.store import Stores
from dockerlab.store.docker_archive import Selected, read_archive, write_archive
from dockerlab.store.loading import load
from tests.store.archives import ENGINE, changed, document, image, layer, loaded, packed, recorded, save


def entries(content: Content) -> list[Entry]:
    """The entries. The engine stamps the folder of an equal layer with the time of the save, we with the image's."""
    listed = list(read_tar(content))
    linked = {entry.path.partition("/")[0] for entry in listed if entry.kind == "l"}
    return [replace(entry, mtime=0) if entry.path.partition("/")[0] in linked else entry for entry in listed]


@pytest.mark.parametrize("name", ENGINE)
def test_load_and_save_give_back_the_engines_own_bytes(name: str) -> None:
    """SURPRISES 20: save is byte-identical twice; v1 IDs, mtimes, symlinks for equal layers and all."""
    original = recorded(name)
    stores, events = loaded(original)
    (event,) = events
    assert isinstance(event, ImageLoaded)
    assert event.name is not None
    again = save(stores, event.name)
    assert entries(again) == entries(original)
    assert name.endswith("equal-layers") or again.read() == original.read()


def test_a_compressed_archive_loads_too() -> None:
    assert loaded(packed("busybox-1.35"))[1] == loaded(recorded("busybox-1.35"))[1]


def test_the_image_id_is_what_it_was() -> None:
    stores, (event,) = loaded(recorded("engine-20.10-buildkit"))
    listed = document(recorded("engine-20.10-buildkit"), "manifest.json")
    assert isinstance(listed, list)
    assert isinstance(event, ImageLoaded)
    assert event.image_id == f"sha256:{listed[0]['Config'].removesuffix('.json')}"
    assert event.image_id in stores.images


def test_skopeo_names_its_files_otherwise() -> None:
    stores, (event,) = loaded(recorded("skopeo-docker-archive"))
    assert isinstance(event, ImageLoaded)
    assert event.name == "skopeo:1"
    assert next(iter(loaded(recorded("engine-20.10-legacy-builder"))[0].images)).id == event.image_id
    assert len(stores.layers) == 2


def test_an_image_without_a_name_is_told_by_its_id() -> None:
    """SURPRISES 20: by ID, RepoTags is null, and there is no file `repositories`."""
    stores = Stores()
    kept = image(stores, layer(a=b"1"))
    archive = write_archive([Selected(kept)])
    manifest = document(archive, "manifest.json")
    assert isinstance(manifest, list)
    assert manifest[0]["RepoTags"] is None
    assert "repositories" not in [entry.path for entry in read_tar(archive)]
    assert loaded(archive)[1] == [ImageLoaded(str(kept.id))]


def test_parents_are_noted_where_both_are_saved() -> None:
    stores = Stores()
    base = image(stores, layer(a=b"1"), name="base:1")
    child = image(stores, layer(a=b"1"), layer(b=b"2"), name="child:1", parent=base)
    both, _ = loaded(save(stores, "child:1", "base:1"))
    alone, _ = loaded(save(stores, "child:1"))
    assert both.images.get(child.id).parent_id == base.id
    assert alone.images.get(child.id).parent_id is None


def test_progress_of_layers_that_are_new() -> None:
    stores = Stores()
    archived = read_archive(recorded("busybox-1.35"))
    events = [event for event in load(stores, archived) if isinstance(event, LayerProgress)]
    assert {event.status for event in events} == {"Loading layer"}
    assert events[-1].current == events[-1].total == 2_140_160
    assert not any(isinstance(event, LayerProgress) for event in load(stores, archived))


def test_a_name_that_means_another_image_moves() -> None:
    """SURPRISES 19; transcript `g12_save_load`."""
    stores = Stores()
    old = image(stores, layer(a=b"old"), name="x:1")
    other = Stores()
    image(other, layer(a=b"new"), name="x:1")
    events = list(load(stores, read_archive(save(other, "x:1")), quiet=True))
    text = f"The image x:1 already exists, renaming the old one with ID {old.id} to empty string"
    assert events[0] == Status(text)
    assert stores.references.of(old.id) == []


def test_an_archive_without_manifest_loads_its_old_configurations() -> None:
    """SURPRISES 19: silently, an image for each layer; the IDs are those that the real engine made of this archive."""
    archive = changed(recorded("engine-20.10-equal-layers"), **{"manifest.json": None})
    stores, events = loaded(archive)
    assert events == []
    top = stores.images.find("storedup:1")
    assert top.id == "sha256:43a77efd95f668184bcc85057cc25934e2c6868d88e05c88d887578837b74afd"
    assert top.parent_id == "sha256:0de84c44863ca35110650a4895ae200bbca86908203779ce15c04f4317bf93b2"
    assert len(stores.images) == 3


def test_only_missing_layers_are_checked() -> None:
    """SURPRISES 19; transcript `g12_save_load`: the same corrupt archive loads while the image is here."""
    stores = Stores()
    image(stores, layer(a=b"1"), name="x:1")
    archive = save(stores, "x:1")
    path = next(entry.path for entry in read_tar(archive) if entry.path.endswith("layer.tar"))
    corrupt = changed(archive, **{path.replace("/", "__"): layer(a=b"2").tar.read()})
    assert len(list(load(stores, read_archive(corrupt)))) == 1
    with pytest.raises(InvalidParameterError, match=r'^invalid diffID for layer 0: expected "sha256:.*", got "sha256:'):
        loaded(corrupt)


def test_an_image_without_layers_can_not_be_saved() -> None:
    kept = Stores().images.add(ImageConfig.new())
    with pytest.raises(SystemError_, match="empty export - not implemented"):
        write_archive([Selected(kept)])


GOOD = recorded("engine-20.10-equal-layers")
ITEM = json.loads(next(entry for entry in read_tar(GOOD) if entry.path == "manifest.json").content.read())[0]


def manifest(**changes: object) -> bytes:
    return json.dumps([{**ITEM, **changes}]).encode()


@pytest.mark.parametrize(
    "content",
    [
        Bytes(b"garbage"),
        Bytes(GOOD.read()[:5000]),
        Bytes(packed("busybox-1.35").read()[:3000]),
        Bytes(b""),
        changed(GOOD, **{"manifest.json": b"{"}),
        changed(GOOD, **{"manifest.json": b'{"a":1}'}),
        changed(GOOD, **{"manifest.json": b"[5]"}),
        changed(GOOD, **{"manifest.json": manifest(Config="nosuch.json")}),
        changed(GOOD, **{"manifest.json": manifest(Config="../../etc/passwd")}),
        changed(GOOD, **{"manifest.json": manifest(Layers=["x/layer.tar"])}),
        changed(GOOD, **{"manifest.json": manifest(Layers=None)}),
        changed(GOOD, **{"manifest.json": manifest(RepoTags=["UPPER:1"])}),
        changed(GOOD, **{"manifest.json": manifest(RepoTags=["notag"])}),
        changed(GOOD, **{"manifest.json": manifest(Parent="x")}),
        changed(GOOD, **{ITEM["Config"]: b"{}"}),
        changed(GOOD, **{ITEM["Config"]: b'{"rootfs":{"diff_ids":[]},"os":"windows"}'}),
        changed(GOOD, **{ITEM["Layers"][0].replace("/", "__"): b"no tar at all"}),
        changed(changed(GOOD, **{"manifest.json": None}), repositories=b'{"x":{"1":"nosuch"}}'),
        changed(changed(GOOD, **{"manifest.json": None}), repositories=None),
        changed(changed(GOOD, **{"manifest.json": None}), a__json=b'{"parent":"a"}'),
        changed(Bytes(bytes(1024)), a__json=b'{"parent":"b"}', b__json=b'{"parent":"a"}'),
        write_tar([Entry("manifest.json", "l", linkname="manifest.json")]),
        write_tar([Entry("../manifest.json", content=Bytes(b"[]"))]),
    ],
)
def test_an_unfit_archive_is_refused_and_leaves_no_trace(content: Bytes) -> None:
    stores = Stores()
    kept = image(stores, layer(a=b"1"), name="kept:1")
    with pytest.raises(DockerlabError):
        list(load(stores, read_archive(content)))
    assert [each.id for each in stores.images] == [kept.id]
    assert (len(stores.layers), len(stores.references)) == (1, 1)


def test_a_second_image_that_is_unfit_keeps_the_first_one_out() -> None:
    """Here dockerlab is stricter than moby, which keeps what it had loaded before the error."""
    items = [ITEM, {**ITEM, "Config": "nosuch.json"}]
    stores = Stores()
    with pytest.raises(DockerlabError):
        list(load(stores, read_archive(changed(GOOD, **{"manifest.json": json.dumps(items).encode()}))))
    assert len(stores.images) == 0


def test_an_image_that_is_its_own_parent_is_refused() -> None:
    item = {**ITEM, "Parent": f"sha256:{ITEM['Config'].removesuffix('.json')}"}
    with pytest.raises(ArchiveError, match="is its own parent"):
        loaded(changed(GOOD, **{"manifest.json": json.dumps([item]).encode()}))


def test_an_empty_manifest_is_no_error() -> None:
    """Transcript `g12_save_load`: an archive whose manifest is [] loads, and nothing is said."""
    assert loaded(changed(Bytes(bytes(1024)), **{"manifest.json": b"[]"}))[1] == []
