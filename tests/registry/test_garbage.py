"""Garbage collection in a registry's folder: what goes, what stays, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dockerlab.errors import SystemError_
from dockerlab.oci.digest import Digest
from dockerlab.registry import Server
from dockerlab.registry.disk import DiskFiles
from dockerlab.registry.folder import FolderStorage
from dockerlab.registry.garbage import Collector, Deleted, Said
from dockerlab.registry.layout import Shelves
from tests.registry.asking import Registry
from tests.registry.stocked import DATA, Stock, Stocker, stock


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(Server(FolderStorage(tmp_path)))


@pytest.fixture
def stocked(registry: Registry) -> Stock:
    return stock(registry.server)


def collect(root: Path, **options: bool) -> list[str]:
    """The lines of a collection."""
    events = Collector(Shelves(DiskFiles(root), ""), **options).run()
    return [event.line for event in events if isinstance(event, Said)]


def blobs(root: Path) -> set[str]:
    """The digests of all blobs that lie about."""
    return {f"sha256:{path.parent.name}" for path in root.glob("docker/registry/v2/blobs/sha256/*/*/data")}


def layers(*names: str) -> set[str]:
    return {Digest.of(DATA[name]) for name in names}


def test_what_no_manifest_names_goes(tmp_path: Path, stocked: Stock, registry: Registry) -> None:
    before = blobs(tmp_path)
    said = collect(tmp_path)
    swept = sorted({stocked.gone, *layers("loose", "gone")})
    assert said[:2] == ["alpha", "team/app"]
    assert said[-4:] == [
        "\n14 blobs marked, 3 blobs and 0 manifests eligible for deletion",
        *(f"blob eligible for deletion: {digest}" for digest in swept),
    ]
    assert before - blobs(tmp_path) == set(swept)
    assert registry.ask("HEAD", f"blobs/{Digest.of(DATA['loose'])}").status == 404
    assert collect(tmp_path)[-1] == "\n14 blobs marked, 0 blobs and 0 manifests eligible for deletion"


def test_each_manifest_is_said_with_what_it_names(tmp_path: Path, stocked: Stock) -> None:
    said = collect(tmp_path)
    at = said.index(f"team/app: marking manifest {stocked.multi} ")
    assert said[at + 1 : at + 3] == [f"team/app: marking blob {part}" for part in (stocked.amd64, stocked.arm64)]
    at = said.index(f"team/app: marking manifest {stocked.past} ")
    parts = (Digest.of(b"{}"), Digest.of(DATA["past"]))
    assert said[at + 1 : at + 3] == [f"team/app: marking blob {part}" for part in parts]


def test_a_dry_run_says_the_same_and_removes_nothing(tmp_path: Path, stocked: Stock) -> None:
    before = blobs(tmp_path)
    said = collect(tmp_path, dry_run=True, delete_untagged=True)
    assert blobs(tmp_path) == before
    assert collect(tmp_path, delete_untagged=True) == said


def test_untagged_manifests_go_but_not_what_belongs_to_tagged_ones(
    tmp_path: Path, stocked: Stock, registry: Registry
) -> None:
    said = collect(tmp_path, delete_untagged=True)
    assert f"manifest eligible for deletion: {stocked.past}" in said
    assert "\n12 blobs marked, 5 blobs and 1 manifests eligible for deletion" in said
    assert blobs(tmp_path) & layers(*DATA) == layers("kept", "present", "amd64", "arm64", "signature")
    assert registry.ask("GET", f"manifests/{stocked.past}").status == 404
    for digest in (stocked.kept, stocked.present, stocked.amd64, stocked.arm64, stocked.multi, stocked.signature):
        assert registry.ask("GET", f"manifests/{digest}").status == 200
    assert registry.ask("GET", "tags/list").json()["tags"] == ["1", "2", "multi"]
    history = tmp_path / "docker/registry/v2/repositories/team/app/_manifests/tags/2/index/sha256"
    assert [path.name for path in history.iterdir()] == [stocked.present[7:]]


def test_distributions_way_takes_an_index_apart(tmp_path: Path, stocked: Stock, registry: Registry) -> None:
    """As docker-registry 2.8.2 does it; tests/interop asks it side by side."""
    said = collect(tmp_path, delete_untagged=True, takes_all_untagged=True)
    assert "\n8 blobs marked, 9 blobs and 4 manifests eligible for deletion" in said
    assert registry.ask("GET", "manifests/multi").status == 200
    assert registry.ask("GET", f"manifests/{stocked.amd64}").status == 404
    assert registry.ask("GET", f"manifests/{stocked.signature}").status == 404


def test_what_is_deleted_is_told_by_its_place(tmp_path: Path, stocked: Stock) -> None:
    events = list(Collector(Shelves(DiskFiles(tmp_path), ""), delete_untagged=True).run())
    team, past = "/docker/registry/v2/repositories/team/app/_manifests", stocked.past[7:]
    deleted = [event for event in events if isinstance(event, Deleted)]
    assert deleted[:2] == [
        Deleted("deleting manifest tag reference", f"{team}/tags/2/index/sha256/{past}"),
        Deleted("deleting manifest", f"{team}/revisions/sha256/{past}"),
    ]
    assert {event.what for event in deleted[2:]} == {"Deleting blob"}


def test_a_manifest_that_nobody_can_read_stops_it_before_anything_is_swept(tmp_path: Path, stocked: Stock) -> None:
    digits = stocked.kept[7:]
    (tmp_path / f"docker/registry/v2/blobs/sha256/{digits[:2]}/{digits}/data").write_bytes(b"junk")
    before = blobs(tmp_path)
    with pytest.raises(SystemError_, match=f"failed to retrieve manifest for digest {stocked.kept}$"):
        collect(tmp_path)
    assert blobs(tmp_path) == before


def test_a_manifest_whose_bytes_are_gone_keeps_nobody_from_collecting(tmp_path: Path, stocked: Stock) -> None:
    digits = stocked.kept[7:]
    (tmp_path / f"docker/registry/v2/blobs/sha256/{digits[:2]}/{digits}/data").unlink()
    assert collect(tmp_path)[-1] == f"blob eligible for deletion: {max(stocked.gone, *layers('kept', 'loose', 'gone'))}"


def test_an_empty_folder_has_no_garbage(tmp_path: Path) -> None:
    assert collect(tmp_path) == ["\n0 blobs marked, 0 blobs and 0 manifests eligible for deletion"]


def test_a_link_that_leads_out_of_the_root_is_not_swept(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    stock(Server(FolderStorage(outside)))
    (root / "docker/registry/v2").mkdir(parents=True)
    (root / "docker/registry/v2/blobs").symlink_to(outside / "docker/registry/v2/blobs")
    before = blobs(outside)
    assert collect(root)[-1].endswith("0 blobs and 0 manifests eligible for deletion")
    assert blobs(outside) == before


def test_what_was_swept_is_asked_for_again_and_can_be_pushed_again(
    tmp_path: Path, stocked: Stock, registry: Registry
) -> None:
    """The links to swept blobs stay, as distribution leaves them; they count for nothing."""
    collect(tmp_path)
    loose = Digest.of(DATA["loose"])
    row = {"mediaType": "application/vnd.oci.image.layer.v1.tar+gzip", "digest": loose, "size": 5}
    _, refused = registry.manifest("again", layers=[row])
    assert [(each["code"], each["detail"]) for each in refused.json()["errors"]] == [("MANIFEST_BLOB_UNKNOWN", loose)]
    assert registry.ask("POST", f"blobs/uploads/?mount={loose}&from=team/app").status == 202
    assert Stocker(registry.server).image("loose", "again")
    assert registry.ask("GET", f"blobs/{loose}").body == DATA["loose"]


def test_a_manifest_that_nobody_can_read_is_no_referrer(tmp_path: Path, stocked: Stock, registry: Registry) -> None:
    digits = stocked.past[7:]
    (tmp_path / f"docker/registry/v2/blobs/sha256/{digits[:2]}/{digits}/data").write_bytes(b"junk")
    rows = registry.ask("GET", f"referrers/{stocked.kept}").json()["manifests"]
    assert [row["digest"] for row in rows] == [stocked.signature]
