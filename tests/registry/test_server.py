"""The registry's API, check by check as the OCI conformance suite asks them (data/oci-conformance.json)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dockerlab.oci.digest import Digest
from dockerlab.oci.media_types import DOCKER_MANIFEST, OCI_EMPTY, OCI_INDEX, OCI_LAYER_GZIP, OCI_MANIFEST
from dockerlab.registry import Request, Server
from dockerlab.registry.access import basic
from dockerlab.registry.folder import FolderStorage
from tests.registry.asking import BLOB, UNKNOWN, Exchangeable, Registry, Wire, serving

CASES = json.loads((Path(__file__).parent / "data" / "oci-conformance.json").read_text(encoding="utf-8"))["cases"]


@pytest.fixture
def registry() -> Registry:
    return Registry()


@pytest.fixture(scope="module")
def socket() -> Iterator[tuple[Exchangeable, Wire]]:
    behind = Exchangeable()
    with serving(behind) as wire:
        yield behind, wire


@pytest.fixture(params=["memory", "folder", "socket"])
def each(request: pytest.FixtureRequest, tmp_path: Path, socket: tuple[Exchangeable, Wire]) -> Registry:
    """The same checks pass wherever the things lie, and over a real socket."""
    server = Server() if request.param == "memory" else Server(FolderStorage(tmp_path))
    if request.param != "socket":
        return Registry(server)
    behind, wire = socket
    behind.server = server
    return Registry(wire)


def tags_of_nothing(it: Registry) -> None:
    assert it.ask("GET", "tags/list").status == 404


def referrers_of_nothing(it: Registry) -> None:
    answer = it.ask("GET", f"referrers/{UNKNOWN}")
    assert (answer.status, answer.header("content-type")) == (200, OCI_INDEX)
    assert answer.json() == {"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": []}


def missing_blob(it: Registry) -> None:
    assert it.ask("GET", f"blobs/{UNKNOWN}").status == 404


def chunked(it: Registry) -> None:
    place = it.start()
    for start in (0, 1000):
        sent = it.ask("PATCH", place, BLOB[start : start + 1000], Content_Range=f"{start}-{start + 999}")
        assert sent.status == 202
        place = sent.header("Location")
    rest = it.ask("PATCH", place, BLOB[2000:], Content_Range=f"2000-{len(BLOB) - 1}")
    done = it.ask("PUT", f"{rest.header('Location')}?digest={Digest.of(BLOB)}")
    assert (done.status, done.header("Location")) == (201, f"/v2/team/app/blobs/{Digest.of(BLOB)}")
    assert it.ask("GET", done.header("Location")).body == BLOB


def last_chunk_in_put(it: Registry) -> None:
    place = it.start()
    it.ask("PATCH", place, BLOB[:1000], Content_Range="0-999")
    range_ = f"1000-{len(BLOB) - 1}"
    done = it.ask("PUT", f"{place}?digest={Digest.of(BLOB)}", BLOB[1000:], Content_Range=range_)
    assert done.status == 201


def out_of_order(it: Registry) -> None:
    place = it.start()
    it.ask("PATCH", place, BLOB[:1000], Content_Range="0-999")
    assert it.ask("PATCH", place, BLOB[1500:], Content_Range=f"1500-{len(BLOB) - 1}").status == 416
    state = it.ask("GET", place)
    assert (state.status, state.header("Range"), state.header("Location")) == (204, "0-999", place)


def streamed(it: Registry) -> None:
    place = it.start()
    sent = it.ask("PATCH", place, BLOB, Content_Type="application/octet-stream")
    assert sent.status == 202
    assert it.ask("PUT", f"{sent.header('Location')}?digest={Digest.of(BLOB)}").status == 201


def cancelled(it: Registry) -> None:
    place = it.start()
    assert it.ask("DELETE", place).status == 204
    assert it.ask("GET", place).status == 404


def mounted_from_anywhere(it: Registry) -> None:
    digest = it.blob()
    other = Registry(it.server, "other/app")
    assert other.ask("POST", f"blobs/uploads/?mount={digest}").status == 201
    assert other.ask("POST", f"blobs/uploads/?mount={UNKNOWN}").status == 202


def wrong_digest(it: Registry) -> None:
    assert it.ask("POST", "blobs/uploads/?digest=wrong", BLOB).status == 400
    assert it.ask("POST", f"blobs/uploads/?digest={UNKNOWN}", BLOB).json()["errors"][0]["code"] == "DIGEST_INVALID"


def blob_head(it: Registry) -> None:
    digest = it.blob()
    answer = it.ask("HEAD", f"blobs/{digest}")
    assert (answer.status, answer.body, answer.header("Content-Length")) == (200, b"", str(len(BLOB)))
    assert answer.header("Docker-Content-Digest") == digest


def blob_get(it: Registry) -> None:
    answer = it.ask("GET", f"blobs/{it.blob()}")
    assert (answer.status, answer.body, answer.header("Content-Length")) == (200, BLOB, str(len(BLOB)))


def ranges(it: Registry) -> None:
    digest, size = it.blob(), len(BLOB)
    asked = {"500-1499": (500, 1500), "500-": (500, size), "-5": (size - 5, size), "2000-9999": (2000, size)}
    for text, (start, end) in asked.items():
        answer = it.ask("GET", f"blobs/{digest}", Range=f"bytes={text}")
        assert (answer.status, answer.body) == (206, BLOB[start:end])
        assert answer.header("Content-Range") == f"bytes {start}-{end - 1}/{size}"
    for text in ("500-0", f"{size}-"):
        assert it.ask("GET", f"blobs/{digest}", Range=f"bytes={text}").status == 416


def blob_deleted(it: Registry) -> None:
    digest = it.blob()
    assert it.ask("DELETE", f"blobs/{digest}").status == 202
    assert it.ask("HEAD", f"blobs/{digest}").status == 404


def empty_blob(it: Registry) -> None:
    digest = it.blob(b"")
    assert it.ask("GET", f"blobs/{digest}").body == b""
    assert it.ask("PUT", f"{it.start()}?digest={digest}").status == 201


def manifest_put(it: Registry) -> None:
    for reference in (None, "v1"):
        digest, put = it.manifest(reference)
        assert put.status == 201
        got = it.ask("GET", put.header("Location"))
        assert (got.status, got.header("Content-Type"), Digest.of(got.body)) == (200, OCI_MANIFEST, digest)
        assert got.header("Content-Length") == str(len(got.body))


def manifest_subject(it: Registry) -> None:
    subject = {"mediaType": OCI_MANIFEST, "digest": UNKNOWN, "size": 7}
    digest, put = it.manifest(subject=subject, artifactType="test/kind", annotations={"a": "b"})
    assert (put.status, put.header("OCI-Subject")) == (201, UNKNOWN)
    rows = it.ask("GET", f"referrers/{UNKNOWN}").json()["manifests"]
    assert [(row["digest"], row["artifactType"], row["annotations"]) for row in rows] == [
        (digest, "test/kind", {"a": "b"})
    ]
    filtered = it.ask("GET", f"referrers/{UNKNOWN}?artifactType=other")
    assert (filtered.json()["manifests"], filtered.header("OCI-Filters-Applied")) == ([], "artifactType")


def manifest_bad_digest(it: Registry) -> None:
    assert it.ask("GET", "manifests/sha256:baddigeststring").status == 400
    assert it.manifest("sha256:baddigeststring")[1].status == 400
    assert it.ask("GET", f"manifests/{UNKNOWN}").status == 404


def manifest_head(it: Registry) -> None:
    digest, _ = it.manifest("v1")
    for reference in (digest, "v1"):
        answer = it.ask("HEAD", f"manifests/{reference}")
        assert (answer.status, answer.body, answer.header("Docker-Content-Digest")) == (200, b"", digest)


def tag_deleted(it: Registry) -> None:
    digest, _ = it.manifest("v1")
    assert it.ask("DELETE", "manifests/v1").status == 202
    assert it.ask("GET", "manifests/v1").status == 404
    assert it.ask("GET", f"manifests/{digest}").status == 200


def manifest_deleted(it: Registry) -> None:
    digest, _ = it.manifest("v1")
    assert it.ask("DELETE", f"manifests/{digest}").status == 202
    assert it.ask("GET", "manifests/v1").status == 404


def tag_pages(it: Registry) -> None:
    for tag in ("b", "a", "c", "B"):
        it.manifest(tag)
    assert it.ask("GET", "tags/list").json() == {"name": "team/app", "tags": ["B", "a", "b", "c"]}
    assert it.ask("GET", "tags/list?last=a").json()["tags"] == ["b", "c"]
    first = it.ask("GET", "tags/list?n=3")
    assert first.json()["tags"] == ["B", "a", "b"]
    assert first.header("Link") == '</v2/team/app/tags/list?last=b&n=3>; rel="next"'
    assert it.ask("GET", "tags/list?n=x").status == 400


def index(it: Registry) -> None:
    digest, _ = it.manifest()
    row = {"mediaType": OCI_MANIFEST, "digest": digest, "size": 1}
    assert it.put({"manifests": [row]}, OCI_INDEX, "all")[1].status == 201
    assert it.put({"manifests": [{**row, "digest": UNKNOWN}]}, OCI_INDEX)[1].status == 400


def empty_index(it: Registry) -> None:
    assert it.put({"manifests": []}, OCI_INDEX)[1].status == 201


def artifact(it: Registry) -> None:
    empty = {"mediaType": OCI_EMPTY, "digest": it.blob(b"{}"), "size": 2}
    assert it.put({"artifactType": "test/kind", "config": empty, "layers": [empty]}, OCI_MANIFEST)[1].status == 201


def foreign_layers(it: Registry) -> None:
    kind = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
    assert it.manifest(layers=[{"mediaType": kind, "digest": UNKNOWN, "size": 5}])[1].status == 201
    assert it.manifest(layers=[{"mediaType": OCI_LAYER_GZIP, "digest": UNKNOWN, "size": 5}])[1].status == 400


def sha512(it: Registry) -> None:
    digest = it.blob(BLOB, "sha512")
    assert digest.startswith("sha512:")
    got = it.ask("GET", f"blobs/{digest}", Range="bytes=500-1499")
    assert (got.status, got.body, got.header("Docker-Content-Digest")) == (206, BLOB[500:1500], digest)
    place = it.ask("POST", "blobs/uploads/?digest-algorithm=sha512").header("Location")
    assert it.ask("PATCH", place, BLOB[:9], Content_Range="0-8").status == 202
    assert it.ask("PUT", f"{place}?digest={digest}", BLOB[9:]).status == 201
    assert it.ask("PUT", f"{it.start()}?digest={digest}", b"other").status == 400
    assert it.ask("POST", "blobs/uploads/?digest-algorithm=md5").status == 400
    row = {"mediaType": OCI_EMPTY, "digest": it.blob(b"{}", "sha512"), "size": 2}
    manifest, put = it.put({"config": row, "layers": [row]}, OCI_MANIFEST, algorithm="sha512")
    assert (put.status, put.header("Docker-Content-Digest")) == (201, manifest)
    assert Digest.of(it.ask("GET", put.header("Location")).body, "sha512") == manifest
    below = {"mediaType": OCI_MANIFEST, "digest": manifest, "size": 1}
    index, put = it.put({"manifests": [below]}, OCI_INDEX, algorithm="sha512")
    assert it.ask("HEAD", f"manifests/{index}").status == put.status - 1 == 200
    assert it.ask("DELETE", f"manifests/{manifest}").status == 202
    assert it.ask("GET", f"manifests/{manifest}").status == 404


def indexes_with_a_subject(it: Registry) -> None:
    digest, _ = it.manifest()
    row = {"mediaType": OCI_MANIFEST, "digest": digest, "size": 1}
    more = {"manifests": [row], "artifactType": "test/kind", "annotations": {"a": "b"}}
    plain, put = it.put({"manifests": [row], "subject": row}, OCI_INDEX)
    assert (put.status, put.header("OCI-Subject")) == (201, digest)
    kind, _ = it.put({**more, "subject": row}, OCI_INDEX)
    rows = {each["digest"]: each for each in it.ask("GET", f"referrers/{digest}").json()["manifests"]}
    assert set(rows) == {plain, kind}
    assert "artifactType" not in rows[plain]
    assert (rows[kind]["artifactType"], rows[kind]["annotations"]) == ("test/kind", {"a": "b"})
    wanted = it.ask("GET", f"referrers/{digest}?artifactType=test/kind")
    assert [each["digest"] for each in wanted.json()["manifests"]] == [kind]


def sparse(it: Registry) -> None:
    """A registry may refuse what it has only parts of (spec, "Push"), and says then which parts are missing."""
    other = "sha256:" + "1" * 64
    layers = [{"mediaType": OCI_LAYER_GZIP, "digest": digest, "size": 5} for digest in (UNKNOWN, other)]
    errors = it.manifest(layers=layers)[1].json()["errors"]
    assert [(each["code"], each["detail"]) for each in errors] == [
        ("MANIFEST_BLOB_UNKNOWN", UNKNOWN),
        ("MANIFEST_BLOB_UNKNOWN", other),
    ]


def custom_fields(it: Registry) -> None:
    more: dict[str, Any] = {"org.example.other": [1, 2]}
    digest, put = it.manifest(None, **more)
    assert put.status == 201
    assert Digest.of(it.ask("GET", f"manifests/{digest}").body) == digest


CHECKS: dict[Callable[[Registry], None], str] = {
    tags_of_nothing: "0001",
    referrers_of_nothing: "0002",
    missing_blob: "0003",
    chunked: "0007 0008 0009",
    last_chunk_in_put: "0010",
    out_of_order: "0012",
    streamed: "0013",
    cancelled: "0015",
    mounted_from_anywhere: "0018",
    wrong_digest: "0019",
    blob_head: "0023",
    blob_get: "0024",
    ranges: "0025 0026 0029",
    blob_deleted: "0031 0032",
    empty_blob: "0033",
    sha512: "0034 0071",
    manifest_put: "0035 0036 0041 0055",
    manifest_subject: "0037 0053 0064 0066",
    indexes_with_a_subject: "0063 0065",
    manifest_bad_digest: "0038 0039 0045",
    manifest_head: "0044",
    tag_deleted: "0047",
    manifest_deleted: "0048",
    tag_pages: "0051",
    index: "0058",
    empty_index: "0060",
    artifact: "0061",
    foreign_layers: "0068",
    custom_fields: "0069",
    sparse: "0073",
}
CHECK_OF = {number: check for check, numbers in CHECKS.items() for number in numbers.split()}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id'][-4:]} {case['check']}")
def test_conformance(case: dict[str, str], each: Registry) -> None:
    CHECK_OF[case["id"][-4:]](each)


def test_the_base_says_that_this_is_a_registry(registry: Registry) -> None:
    """Transcript g17_registry, "raw API"."""
    answer = registry.ask("GET", "/v2/")
    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.header("docker-distribution-api-version") == "registry/2.0"


def test_errors_are_json_as_dockers_registry_writes_it(registry: Registry) -> None:
    """Transcript g17_registry, "raw API"."""
    expected = b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown","detail":{"Tag":"nope"}}]}\n'
    assert registry.ask("GET", "manifests/nope").body == expected
    assert registry.ask("GET", "/v2/BAD/manifests/1").body == b"404 page not found\n"


def test_what_cannot_be_done_with_a_path_is_refused_by_name(registry: Registry) -> None:
    answer = registry.ask("POST", "manifests/v1")
    assert (answer.status, answer.header("Allow")) == (405, "DELETE, GET, HEAD, PUT")


def test_catalogue_lists_repositories_in_pages(registry: Registry) -> None:
    registry.manifest("v1")
    Registry(registry.server, "alpha").manifest("v1")
    assert registry.ask("GET", "/v2/_catalog").json() == {"repositories": ["alpha", "team/app"]}
    assert registry.ask("GET", "/v2/_catalog?n=1").header("Link") == '</v2/_catalog?last=alpha&n=1>; rel="next"'


def test_a_manifest_must_be_what_its_media_type_says(registry: Registry) -> None:
    raw = json.dumps({"schemaVersion": 2, "mediaType": OCI_MANIFEST}).encode()
    assert registry.ask("PUT", "manifests/x", raw, Content_Type=DOCKER_MANIFEST).status == 400


@pytest.mark.parametrize(("name", "password", "status"), [("alice", "secret", 200), ("alice", "x", 401), ("", "", 401)])
def test_basic_authentication(name: str, password: str, status: int) -> None:
    server = Server(users={"alice": "secret"})
    answer = server.handle(Request("GET", "/v2/", basic(name, password) if name else {}))
    assert answer.status == status
    assert (answer.header("WWW-Authenticate") == 'Basic realm="dockerlab"') == (status == 401)


@pytest.mark.parametrize("header", ["Bearer x", "Basic ???", "Basic /w==", "Basic YWxpY2U="])
def test_credentials_that_cannot_be_read_are_none(header: str) -> None:
    server = Server(users={"alice": "secret"})
    assert server.handle(Request("GET", "/v2/", {"Authorization": header})).status == 401


def test_a_manifest_of_more_than_four_megabytes_is_refused(each: Registry) -> None:
    _, put = each.manifest("large", annotations={"a": "A" * (4 << 20)})
    assert (put.status, put.json()["errors"][0]["code"]) == (413, "MANIFEST_INVALID")
    assert each.manifest("fits", annotations={"a": "A" * ((4 << 20) - 1000)})[1].status == 201
    assert each.ask("GET", "tags/list").json()["tags"] == ["fits"]


def test_a_refused_manifest_leaves_no_repository_behind(each: Registry) -> None:
    assert each.ask("PUT", "manifests/v1", b"{}").status == 400
    row = {"mediaType": OCI_MANIFEST, "digest": UNKNOWN, "size": 1}
    assert each.put({"manifests": [row]}, OCI_INDEX, "v1")[1].status == 400
    assert each.ask("GET", "/v2/_catalog").json() == {"repositories": []}


def test_an_upload_is_over_when_it_is_finished_or_not_what_its_digest_says(each: Registry) -> None:
    place = each.start()
    assert each.ask("PUT", f"{place}?digest={Digest.of(BLOB)}", BLOB).status == 201
    for method in ("GET", "PATCH", "PUT", "DELETE"):
        answer = each.ask(method, f"{place}?digest={Digest.of(BLOB)}")
        assert (answer.status, answer.json()["errors"][0]["code"]) == (404, "BLOB_UPLOAD_UNKNOWN")
    place = each.start()
    refused = each.ask("PUT", f"{place}?digest={UNKNOWN}", BLOB).json()["errors"][0]
    assert refused["detail"] == {"Digest": UNKNOWN, "Reason": {}}
    assert each.ask("GET", place).status == each.ask("HEAD", f"blobs/{UNKNOWN}").status == 404


def test_an_upload_belongs_to_its_repository(each: Registry) -> None:
    place = each.start().replace("team/app", "other/app")
    assert each.ask("PATCH", place, BLOB).status == 404


@pytest.mark.parametrize("said", ["0-5000", "5-2052", "junk", "0-", "0-99999999999999999999"])
def test_a_range_that_does_not_fit_leaves_the_upload_as_it_was(each: Registry, said: str) -> None:
    place = each.start()
    answer = each.ask("PATCH", place, BLOB, Content_Range=said)
    assert (answer.status, answer.header("Range"), answer.header("Location")) == (416, "0-0", place)
    assert each.ask("PUT", f"{place}?digest={Digest.of(BLOB)}", BLOB).status == 201


TRICKS = ["..", "../../etc", "%2e%2e", "%2e%2e%2f%2e%2e%2fetc", "a/../../b", "_uploads", "a/_layers", ".hidden", "a//b"]


@pytest.mark.parametrize("name", TRICKS)
def test_names_that_are_paths_are_refused(each: Registry, name: str) -> None:
    for method, path in (("POST", "blobs/uploads/"), ("GET", "tags/list"), ("GET", "manifests/v1")):
        assert each.ask(method, f"/v2/{name}/{path}").status in (400, 404)


@pytest.mark.parametrize("tag", ["..", "%2e%2e", ".x", "-x", "x%2fy", "..%2f..%2fx", "a" * 129, "%3Cb%3E", "x%00"])
def test_tags_that_are_paths_are_refused(each: Registry, tag: str) -> None:
    assert each.manifest(tag)[1].status in (400, 404)
    assert each.ask("GET", f"manifests/{tag}").status == 404
    assert each.ask("DELETE", f"manifests/{tag}").status == 404
    assert each.ask("GET", f"blobs/uploads/{tag}").status == 404


def test_a_name_has_at_most_255_characters(each: Registry) -> None:
    answer = each.ask("POST", f"/v2/{'a' * 256}/blobs/uploads/")
    assert (answer.status, answer.json()["errors"][0]["code"]) == (400, "NAME_INVALID")


def test_a_manifest_pushed_by_digest_takes_tags_along(each: Registry) -> None:
    """OCI distribution-spec, "Pushing Manifests": tag parameters."""
    digest, _ = each.manifest()
    raw = each.ask("GET", f"manifests/{digest}").body
    put = each.ask("PUT", f"manifests/{digest}?tag=1&tag=1.2", raw, Content_Type=OCI_MANIFEST)
    assert (put.status, put.header("OCI-Tag")) == (201, "1, 1.2")
    assert each.ask("GET", "tags/list").json()["tags"] == ["1", "1.2"]
    assert each.ask("PUT", f"manifests/{digest}?tag=..", raw, Content_Type=OCI_MANIFEST).status == 400


def test_what_a_client_has_is_not_sent_again(each: Registry) -> None:
    digest, _ = each.manifest("v1")
    for path, known in ((f"blobs/{Digest.of(BLOB)}", Digest.of(BLOB)), ("manifests/v1", digest)):
        answer = each.ask("GET", path, If_None_Match=f'"{known}"')
        assert (answer.status, answer.body, answer.header("Etag")) == (304, b"", f'"{known}"')


def test_deleting_a_manifest_takes_its_tags_along(each: Registry) -> None:
    digest, _ = each.manifest("a")
    each.manifest("b")
    assert each.ask("DELETE", f"manifests/{digest}").status == 202
    assert each.ask("GET", "tags/list").json()["tags"] == []
    assert each.ask("DELETE", f"manifests/{digest}").json()["errors"][0]["code"] == "MANIFEST_UNKNOWN"
