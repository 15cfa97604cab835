"""The checks of the OCI conformance suite under their own names, as its sources tell what each asks."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import OCI_CONFIG, OCI_EMPTY, OCI_INDEX, OCI_LAYER, OCI_LAYER_GZIP, OCI_MANIFEST
from tests.registry.asking import BLOB, UNKNOWN, Registry

FOREIGN = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
KIND = "application/vnd.example.conformance.v1"
THIRD = len(BLOB) // 3 + 1


@dataclass
class Suite:
    """Checks of one registry; `done` are the names of those that passed."""

    registry: Registry
    done: set[str] = field(default_factory=set)

    def ways(self, group: str, data: bytes, digest: str, status: int = 201) -> None:
        """Push a blob in each of the four ways."""
        for name, push in WAYS.items():
            answer = push(self.registry, data, digest)
            assert answer == status, f"{group}/{name}: {answer}"
            self.done.add(f"{group}/{name}")

    def blob(self, group: str, data: bytes, digest: str) -> None:
        """A blob that is there: its head and its bytes."""
        head, got = (self.registry.ask(method, f"blobs/{digest}") for method in ("HEAD", "GET"))
        assert (head.status, head.body, head.header("Content-Length")) == (200, b"", str(len(data)))
        assert (got.status, got.body, got.header("Docker-Content-Digest")) == (200, data, digest)
        self.done |= {f"{group}/blob-head", f"{group}/blob-get"}

    def delete(self, group: str, step: str, path: str) -> None:
        """Delete something that then is gone at once; what is not there may be deleted, too."""
        assert self.registry.ask("DELETE", path).status in (202, 404)
        assert self.registry.ask("HEAD", path).status == 404
        self.done.add(f"{group}/{step}")


def monolithic(it: Registry, data: bytes, digest: str) -> int:
    return it.ask("POST", f"blobs/uploads/?digest={digest}", data).status


def post_put(it: Registry, data: bytes, digest: str) -> int:
    return it.ask("PUT", f"{it.start()}?digest={digest}", data).status


def streamed(it: Registry, data: bytes, digest: str) -> int:
    sent = it.ask("PATCH", it.start(), data)
    assert sent.status == 202
    return it.ask("PUT", f"{sent.header('Location')}?digest={digest}").status


def chunked(
    it: Registry, data: bytes, digest: str, size: int = THIRD, *, last_in_put: bool = False, disorder: bool = False
) -> int:
    place, starts = it.start(), range(0, len(data), size)
    for start in starts:
        if disorder:
            wrong = start + size if start + size < len(data) else 0
            chunk = data[wrong : wrong + size]
            said = f"{wrong}-{wrong + len(chunk) - 1}"
            assert it.ask("PATCH", place, chunk, Content_Range=said).status == 416
            state = it.ask("GET", place)
            assert (state.status, state.header("Range")) == (204, f"0-{max(0, start - 1)}")
        chunk = data[start : start + size]
        said = f"{start}-{start + len(chunk) - 1}"
        if last_in_put and start == starts[-1]:
            return it.ask("PUT", f"{place}?digest={digest}", chunk, Content_Range=said).status
        sent = it.ask("PATCH", place, chunk, Content_Range=said)
        assert (sent.status, sent.header("Range")) == (202, f"0-{start + len(chunk) - 1}")
        place = sent.header("Location")
    return it.ask("PUT", f"{place}?digest={digest}").status


WAYS: Mapping[str, Callable[[Registry, bytes, str], int]] = {
    "blob-post-only": monolithic,
    "blob-post-put": post_put,
    "blob-patch-stream": streamed,
    "blob-patch-chunked": chunked,
}


def blobs(suite: Suite, algorithm: str) -> None:
    """Everything about blobs, by an algorithm."""
    it, group = suite.registry, f"{algorithm} blobs"
    digest = str(Digest.of(BLOB, algorithm))
    assert it.ask("GET", f"blobs/{digest}").status == 404
    suite.done |= {f"{group}/get-missing"}
    scenarios: dict[str, tuple[str, Callable[[], int]]] = {
        "post only": ("blob-post-only", lambda: monolithic(it, BLOB, digest)),
        "post+put": ("blob-post-put", lambda: post_put(it, BLOB, digest)),
        "stream": ("blob-patch-stream", lambda: streamed(it, BLOB, digest)),
        "chunked single": ("blob-patch-chunked", lambda: chunked(it, BLOB, digest, len(BLOB))),
        "chunked multi": ("blob-patch-chunked", lambda: chunked(it, BLOB, digest)),
        "chunked multi and put chunk": ("blob-patch-chunked", lambda: chunked(it, BLOB, digest, last_in_put=True)),
        "chunked out-of-order": ("blob-patch-chunked", lambda: chunked(it, BLOB, digest, disorder=True)),
        "chunked out-of-order and put chunk": (
            "blob-patch-chunked",
            lambda: chunked(it, BLOB, digest, disorder=True, last_in_put=True),
        ),
    }
    for name, (step, push) in scenarios.items():
        assert push() == 201, name
        suite.done.add(f"{group}/{name}/{step}")
        suite.blob(f"{group}/{name}", BLOB, digest)
        suite.delete(f"{group}/{name}", "blob-delete", f"blobs/{digest}")
    mounts(suite, group, digest)
    ranges(suite, f"{group}/range requests", digest)
    for name, data in (("empty", b""), ("emptyJSON", b"{}")):
        own = str(Digest.of(data, algorithm))
        suite.ways(f"{group}/{name}", data, own)
        suite.blob(f"{group}/{name}", data, own)
        suite.delete(f"{group}/{name}", "blob-delete", f"blobs/{own}")
    bad = (
        "post only/blob-post-only",
        "post+put/blob-post-put",
        "stream/blob-patch-stream",
        "chunked/blob-patch-chunked",
    )
    for name in bad:
        assert WAYS[name.partition("/")[2]](it, BLOB + b"oh no", digest) == 400
        suite.done.add(f"{group}/bad digest {name}")
    assert chunked(it, BLOB + b"oh no", digest, last_in_put=True) == 400
    suite.done.add(f"{group}/bad digest chunked and put chunk/blob-patch-chunked")
    assert it.ask("HEAD", f"blobs/{digest}").status == 404


def mounts(suite: Suite, group: str, digest: str) -> None:
    """Mounting, and giving up an upload."""
    it, other = suite.registry, Registry(suite.registry.server, "other/app")
    for name, source in (("mount", "&from=other/app"), ("mount anonymous", "")):
        Suite(other, suite.done).ways(f"{group}/{name}", BLOB, digest)
        assert it.ask("POST", f"blobs/uploads/?mount={digest}{source}").status == 201
        suite.done.add(f"{group}/{name}/blob-mount" + ("" if source else "-anonymous"))
        suite.blob(f"{group}/{name}", BLOB, digest)
        suite.delete(f"{group}/{name}", "blob-delete", f"blobs/{digest}")
        assert other.ask("DELETE", f"blobs/{digest}").status == 202
    begun = it.ask("POST", f"blobs/uploads/?mount={digest}&from=other/app")
    assert begun.status == 202
    assert it.ask("PUT", f"{begun.header('Location')}?digest={digest}", BLOB).status == 201
    suite.done.add(f"{group}/mount missing/blob-mount")
    suite.blob(f"{group}/mount missing", BLOB, digest)
    suite.delete(f"{group}/mount missing", "blob-delete", f"blobs/{digest}")
    assert it.ask("DELETE", it.start()).status == 204
    suite.done.add(f"{group}/post cancel/blob-post-cancel")
    suite.delete(f"{group}/post cancel", "blob-delete", f"blobs/{digest}")


def ranges(suite: Suite, group: str, digest: str) -> None:
    """Parts of a blob."""
    it, size = suite.registry, len(BLOB)
    suite.ways(group, BLOB, digest)
    for text, bounds in (
        ("500-1499", (500, 1500)),
        ("500-", (500, size)),
        ("-500", (size - 500, size)),
        ("2000-5000", (2000, size)),
        ("500-0", None),
        ("5000-10000", None),
    ):
        answer = it.ask("GET", f"blobs/{digest}", Range=f"bytes={text}")
        assert answer.status == (416 if bounds is None else 206)
        if bounds is not None:
            assert answer.body == BLOB[slice(*bounds)]
            assert answer.header("Content-Range") == f"bytes {bounds[0]}-{bounds[1] - 1}/{size}"
        suite.done.add(f"{group}/range {text}")
    suite.delete(group, "blob-delete", f"blobs/{digest}")


@dataclass
class Data:
    """Some blobs and manifests that belong together; `algorithm` names them all."""

    algorithm: str = "sha256"
    blobs: dict[str, bytes] = field(default_factory=dict)
    manifests: dict[str, tuple[str, bytes]] = field(default_factory=dict)

    def keep(self, data: bytes, media_type: str) -> dict[str, Any]:
        digest = str(Digest.of(data, self.algorithm))
        self.blobs[digest] = data
        return {"mediaType": media_type, "digest": digest, "size": len(data)}

    def image(self, number: int = 0, layers: int = 2, **more: Any) -> dict[str, Any]:
        rows = [
            self.keep(b"layer %d of %d" % (each, number), more.get("kind", OCI_LAYER_GZIP)) for each in range(layers)
        ]
        config = self.keep(b'{"os":"linux","number":%d}' % number, OCI_CONFIG)
        if "artifactType" in more:
            config = self.keep(b"{}", OCI_EMPTY)
        given = {key: value for key, value in more.items() if key != "kind"}
        return self.document(OCI_MANIFEST, {"config": config, "layers": rows, **given})

    def index(self, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
        return self.document(OCI_INDEX, {"manifests": list(rows), **more})

    def document(self, media_type: str, fields: dict[str, Any]) -> dict[str, Any]:
        raw = json.dumps({"schemaVersion": 2, "mediaType": media_type, **fields}).encode()
        digest = str(Digest.of(raw, self.algorithm))
        self.manifests[digest] = (media_type, raw)
        return {"mediaType": media_type, "digest": digest, "size": len(raw)}


ABOUT = {"annotations": {"org.example": "hello"}}


def data_of(name: str) -> Data:
    """A data set of the suite."""
    data = Data("sha512" if name == "sha512" else "sha256")
    make: dict[str, Callable[[], object]] = {
        "image": data.image,
        "image-uncompressed": lambda: data.image(kind=OCI_LAYER),
        "large-manifest": lambda: data.image(annotations={f"large-{number}": "A" * 10_000 for number in range(390)}),
        "index": lambda: data.index(data.image(1), data.image(2)),
        "nested-index": lambda: data.index(data.index(data.image(1), data.image(2)), data.index(data.image(3))),
        "empty-index": data.index,
        "artifact": lambda: data.image(layers=1, kind=KIND, artifactType=KIND),
        "artifact-index": lambda: data.index(data.image(1, 1, kind=KIND, artifactType=KIND), artifactType=KIND),
        "artifact-without-layers": lambda: data.image(layers=0, artifactType=KIND),
        "artifacts-with-subject": lambda: [
            data.image(number, artifactType=KIND, subject=subject, **ABOUT)
            for subject in [data.image()]
            for number in (1, 2)
        ],
        "index-with-subject": lambda: data.index(data.image(2), artifactType=KIND, subject=data.image(1), **ABOUT),
        "missing-subject": lambda: data.image(
            artifactType=KIND, subject={"mediaType": OCI_MANIFEST, "digest": UNKNOWN, "size": 123}, **ABOUT
        ),
        "data-field": lambda: data.document(
            OCI_MANIFEST, {"config": {**data.keep(b"{}", OCI_EMPTY), "data": "e30="}, "layers": []}
        ),
        "non-distributable-layers": lambda: data.document(
            OCI_MANIFEST,
            {
                "config": data.keep(b"{}", OCI_CONFIG),
                "layers": [
                    {"mediaType": FOREIGN, "digest": UNKNOWN, "size": 9, "urls": ["https://store.example.com/x"]},
                    data.keep(b"layer", OCI_LAYER_GZIP),
                ],
            },
        ),
        "custom-fields": lambda: data.index(data.image(1, **{"org.one": "x"}), **{"org.two": [1, {"y": None}]}),
        "no-layers": lambda: data.image(layers=0),
        "sha512": lambda: data.index(data.image(1), data.image(2)),
        "bad-digest-image": data.image,
    }
    make[name]()
    return data


def data_set(suite: Suite, name: str) -> None:
    """Push, list, pull and delete a data set."""
    it, data = suite.registry, data_of(name)
    wrong = name == "bad-digest-image"
    for digest, blob in data.blobs.items():
        suite.ways(f"{name}/push", blob, digest)
    for digest, (media_type, raw) in data.manifests.items():
        put = it.ask("PUT", f"manifests/{digest}", raw + b"  " * wrong, Content_Type=media_type)
        assert put.status == (400 if wrong else 201), put.body
        subject = json.loads(raw).get("subject")
        assert put.header("OCI-Subject") == (subject["digest"] if subject else "")
        suite.done.add(f"{name}/push/manifest-by-digest")
    if not wrong:
        names = {digest: digest for digest in data.manifests}
        if name != "sha512":
            names["v1"] = last = list(data.manifests)[-1]
            assert (
                it.ask("PUT", "manifests/v1", data.manifests[last][1], Content_Type=data.manifests[last][0]).status
                == 201
            )
            assert it.ask("GET", "tags/list").json()["tags"] == ["v1"]
            suite.done.add(f"{name}/push/manifest-by-tag")
        for reference, digest in names.items():
            pull(suite, name, reference, digest, *data.manifests[digest])
        referred(suite, name, data)
    suite.done.add(f"{name}/tag-list")
    for digest, blob in data.blobs.items():
        suite.blob(f"{name}/pull", blob, digest)
        suite.done.add(f"{name}/head/blob-head")
    suite.delete(f"{name}/delete", "tag-delete", "manifests/v1")
    for digest in reversed(data.manifests):
        suite.delete(f"{name}/delete", "manifest-delete", f"manifests/{digest}")
    for digest in data.blobs:
        suite.delete(f"{name}/delete", "blob-delete", f"blobs/{digest}")


def pull(suite: Suite, name: str, reference: str, digest: str, media_type: str, raw: bytes) -> None:
    """A manifest by its tag or its digest."""
    how = "digest" if ":" in reference else "tag"
    head, got = (suite.registry.ask(method, f"manifests/{reference}") for method in ("HEAD", "GET"))
    for answer, body in ((head, b""), (got, raw)):
        assert (answer.status, answer.body, answer.header("Content-Type")) == (200, body, media_type)
        assert (answer.header("Content-Length"), answer.header("Docker-Content-Digest")) == (str(len(raw)), digest)
    suite.done |= {f"{name}/head/manifest-head-by-{how}", f"{name}/pull/manifest-by-{how}"}


def referred(suite: Suite, name: str, data: Data) -> None:
    """Who refers to a subject, with their kinds and annotations."""
    expected: dict[str, list[str]] = {}
    for digest, (_, raw) in data.manifests.items():
        if "subject" in json.loads(raw):
            expected.setdefault(json.loads(raw)["subject"]["digest"], []).append(digest)
    for subject, digests in expected.items():
        rows = suite.registry.ask("GET", f"referrers/{subject}").json()["manifests"]
        assert sorted(row["digest"] for row in rows) == sorted(digests)
        assert all(row["artifactType"] == KIND and row["annotations"] == ABOUT["annotations"] for row in rows)
        suite.done.add(f"{name}/referrers")


def nothing_there(suite: Suite, name: str) -> None:
    """An empty registry, and what is no digest."""
    it = suite.registry
    assert it.ask("GET", "/v2/").status == 200
    assert it.ask("GET", "tags/list").status == 404
    assert it.ask("GET", f"referrers/{UNKNOWN}").json()["manifests"] == []
    assert [it.ask("GET", f"manifests/{each}").status for each in (UNKNOWN, "missing")] == [404, 404]
    suite.done |= {"ping", "empty/tag list", "empty/referrers", "missing-manifest/by-digest", "missing-manifest/by-tag"}
    group, data = "invalid-digest-format", Data()
    row = data.image(layers=1)
    for digest, blob in data.blobs.items():
        suite.ways(group, blob, digest)
    raw = data.manifests[row["digest"]][1]
    assert it.ask("PUT", "manifests/sha256:baddigeststring", raw, Content_Type=OCI_MANIFEST).status == 400
    assert it.ask("GET", "manifests/sha256:baddigeststring").status == 400
    suite.done |= {f"{group}/manifest-put", f"{group}/manifest-get"}
    suite.delete(f"{group}/delete", "manifest-delete", f"manifests/{row['digest']}")
    for digest in data.blobs:
        suite.delete(f"{group}/delete", "blob-delete", f"blobs/{digest}")
