"""A registry in a folder: what was acknowledged outlives a crash, nothing is half visible, nothing leaves the root."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dockerlab.fs.content import Content
from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry import Server
from dockerlab.registry.disk import PARTIAL
from dockerlab.registry.folder import FORGOTTEN, FolderStorage
from tests.registry.asking import BLOB, UNKNOWN, Registry, Wire

resource = pytest.importorskip("resource", reason="limits of file sizes are POSIX's")
TOP = "docker/registry/v2"


def opened(root: Path) -> Registry:
    """The registry in a folder, as a server that has just been started finds it."""
    return Registry(Server(FolderStorage(root)))


def files(root: Path) -> set[str]:
    """All files below a folder."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_the_layout_is_that_of_dockers_registry(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    manifest, _ = registry.manifest("v1")
    config, layer = Digest.of(b"{}").hex, Digest.of(BLOB).hex
    digits = manifest.removeprefix("sha256:")
    team = f"{TOP}/repositories/team/app"
    assert files(tmp_path) == {
        *(f"{TOP}/blobs/sha256/{each[:2]}/{each}/data" for each in (config, layer, digits)),
        *(f"{team}/_layers/sha256/{each}/link" for each in (config, layer)),
        f"{team}/_manifests/revisions/sha256/{digits}/link",
        f"{team}/_manifests/tags/v1/current/link",
        f"{team}/_manifests/tags/v1/index/sha256/{digits}/link",
    }
    assert (tmp_path / team / "_manifests/tags/v1/current/link").read_text() == manifest


def test_everything_is_there_again_after_a_restart(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    manifest, _ = registry.manifest("v1")
    place = registry.start()
    registry.ask("PATCH", place, BLOB[:1000], Content_Range="0-999")
    again = opened(tmp_path)
    assert again.ask("GET", "/v2/_catalog").json() == {"repositories": ["team/app"]}
    assert again.ask("HEAD", "manifests/v1").header("Docker-Content-Digest") == manifest
    assert again.ask("GET", place).header("Range") == "0-999"
    done = again.ask("PUT", f"{place}?digest={Digest.of(BLOB)}", BLOB[1000:], Content_Range=f"1000-{len(BLOB) - 1}")
    assert done.status == 201
    assert again.ask("GET", f"blobs/{Digest.of(BLOB)}").body == BLOB


@contextlib.contextmanager
def limited(size: int) -> Iterator[None]:
    """No file may become larger, as if the disk were full then (setrlimit(2), RLIMIT_FSIZE)."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_the_protocols_error_and_leaves_nothing_half_visible(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    large = BLOB * 1000
    digest = Digest.of(large)
    place = registry.start()
    assert registry.ask("PATCH", place, large[:1000]).status == 202
    with limited(1 << 20):
        refused = registry.ask("PATCH", place, large[1000:])
        at_once = registry.ask("POST", f"blobs/uploads/?digest={digest}", large)
    assert (refused.status, refused.json()["errors"][0]) == (
        500,
        {"code": "UNKNOWN", "message": "unknown error", "detail": "file too large"},
    )
    assert at_once.status == 500
    uploads = tmp_path / TOP / "repositories/team/app/_uploads"
    assert [each.name for each in uploads.iterdir()] == [place.rpartition("/")[2]]
    assert registry.ask("HEAD", f"blobs/{digest}").status == 404
    assert registry.ask("GET", place).header("Range") == "0-999"
    assert registry.ask("PUT", f"{place}?digest={digest}", large[1000:]).status == 201


def test_a_manifest_that_finds_no_room_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = opened(tmp_path)
    registry.manifest("v1")
    before = files(tmp_path)

    def full(number: int) -> None:
        raise OSError(28, os.strerror(28))

    digest, put = registry.manifest("v2", annotations={"a": "b"})
    assert put.status == 201
    assert registry.ask("DELETE", f"manifests/{digest}").status == 202
    monkeypatch.setattr("dockerlab.registry.disk.sync", full)
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": {}, "layers": []}).encode()
    assert registry.ask("PUT", "manifests/v3", raw).status == 400
    assert registry.ask("POST", "blobs/uploads/").json()["errors"][0]["detail"] == "no space left on device"
    assert registry.ask("GET", "tags/list").json()["tags"] == ["v1"]
    assert {path for path in files(tmp_path) - before if not path.endswith(f"{digest[7:]}/data")} == set()


@pytest.mark.parametrize("room", [0, 1])
def test_an_upload_that_finds_no_room_to_begin_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    free = iter(range(room))

    def full(number: int) -> None:
        if next(free, None) is None:
            raise OSError(28, os.strerror(28))

    monkeypatch.setattr("dockerlab.registry.disk.sync", full)
    assert opened(tmp_path).ask("POST", "blobs/uploads/").status == 500
    assert files(tmp_path) == set()


def test_a_link_that_leads_out_of_the_root_is_not_followed(tmp_path: Path) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    opened(outside).manifest("v1")
    root.mkdir()
    repositories = root / TOP / "repositories"
    repositories.mkdir(parents=True)
    (repositories / "team").symlink_to(outside / TOP / "repositories" / "team")
    registry = opened(root)
    before = files(outside)
    assert registry.ask("GET", "manifests/v1").status == 404
    assert registry.ask("GET", "/v2/_catalog").json() == {"repositories": []}
    assert registry.ask("POST", "blobs/uploads/").status == 500
    assert files(outside) == before


def test_uploads_that_nobody_goes_on_with_are_removed(tmp_path: Path) -> None:
    registry = opened(tmp_path)
    old, fresh = registry.start(), registry.start()
    folder = tmp_path / TOP / "repositories/team/app/_uploads" / old.rpartition("/")[2]
    (tmp_path / PARTIAL / "junk").write_bytes(b"half")
    for path in (folder / "data", tmp_path / PARTIAL / "junk"):
        long_ago = path.stat().st_mtime - FORGOTTEN - 60
        os.utime(path, (long_ago, long_ago))
    FolderStorage(tmp_path).purge()
    again = opened(tmp_path)
    assert (again.ask("GET", old).status, again.ask("GET", fresh).status) == (404, 204)
    assert list((tmp_path / PARTIAL).iterdir()) == []


def test_an_upload_that_is_being_written_to_takes_no_second_writer(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    registry = Registry(Server(storage))
    place = registry.start()
    upload = storage.find_upload("team/app", place.rpartition("/")[2])
    assert upload is not None
    with upload.lock:
        refused = registry.ask("PATCH", place, BLOB)
    assert (refused.status, refused.json()["errors"][0]["code"]) == (416, "BLOB_UPLOAD_INVALID")
    assert registry.ask("PATCH", place, BLOB).status == 202


def test_a_blob_that_is_removed_while_it_is_read_stays_whole(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    registry = Registry(Server(storage))
    digest = Digest(registry.blob())
    content: Content = storage.repository("team/app").blobs[digest]
    for path in tmp_path.rglob("data"):
        path.unlink()
    assert content.read() == BLOB


def test_many_push_at_the_same_time(tmp_path: Path) -> None:
    server = Server(FolderStorage(tmp_path))
    failures: list[BaseException] = []

    def push(number: int) -> None:
        try:
            for _ in range(3):
                assert Registry(server, f"team/{number % 3}").manifest(f"v{number}")[1].status == 201
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=push, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    listed = [Registry(server, f"team/{number}").ask("GET", "tags/list").json()["tags"] for number in range(3)]
    assert sorted(tag for tags in listed for tag in tags) == sorted(f"v{number}" for number in range(12))


@pytest.mark.parametrize("acknowledged", [3, 20, 41])
def test_a_crash_loses_nothing_that_was_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    words = [sys.executable, "-m", "dockerlab", "registry", "serve", "--port", "0", "--root", str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        match = re.search(r":(\d+)/v2/", process.stderr.readline())
        assert match is not None
        wire = Wire(int(match[1]))
        pushers = [Pusher(Registry(wire, f"team/{number}"), acknowledged) for number in range(3)]
        for pusher in pushers:
            pusher.start()
        for pusher in pushers:
            pusher.enough.wait(30)
        process.send_signal(signal.SIGKILL)
        for pusher in pushers:
            pusher.join()
    server = Server(FolderStorage(tmp_path))
    for pusher in pushers:
        assert len(pusher.blobs) >= acknowledged
        check(Registry(server, pusher.registry.name), pusher)


class Pusher(threading.Thread):
    """Pushes until nobody answers any more, and keeps a list of what was acknowledged."""

    def __init__(self, registry: Registry, wanted: int) -> None:
        super().__init__()
        self.registry, self.wanted, self.enough = registry, wanted, threading.Event()
        self.blobs: dict[str, bytes] = {}
        self.tags: dict[str, str] = {}

    def run(self) -> None:
        with contextlib.suppress(OSError, http.client.HTTPException):
            for number in range(1000):
                data = f"{self.registry.name} {number} ".encode() * 20_000
                digest = Digest.of(data)
                assert self.registry.ask("PUT", f"{self.registry.start()}?digest={digest}", data).status == 201
                self.blobs[digest] = data
                row = {"mediaType": OCI_CONFIG, "digest": digest, "size": len(data)}
                layers = [{**row, "mediaType": OCI_LAYER_GZIP}]
                manifest, put = self.registry.put({"config": row, "layers": layers}, OCI_MANIFEST, f"v{number}")
                assert put.status == 201
                self.tags[f"v{number}"] = manifest
                if number + 1 >= self.wanted:
                    self.enough.set()


def check(registry: Registry, pusher: Pusher) -> None:
    """What was acknowledged is there; what else can be seen is whole."""
    for digest, data in pusher.blobs.items():
        assert registry.ask("GET", f"blobs/{digest}").body == data
    for tag, manifest in pusher.tags.items():
        assert registry.ask("HEAD", f"manifests/{tag}").header("Docker-Content-Digest") == manifest
    for tag in registry.ask("GET", "tags/list").json()["tags"]:
        shown = registry.ask("GET", f"manifests/{tag}")
        assert Digest.of(shown.body) == shown.header("Docker-Content-Digest")
        digest = shown.json()["config"]["digest"]
        assert Digest.of(registry.ask("GET", f"blobs/{digest}").body) == digest
    assert registry.ask("HEAD", f"blobs/{UNKNOWN}").status == 404
