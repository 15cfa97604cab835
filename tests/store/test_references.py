"""Names (moby, reference/store.go)."""

from __future__ import annotations

import pytest

from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.store import ReferenceStore

A, B = Digest.of(b"a"), Digest.of(b"b")


def ref(text: str) -> Reference:
    return Reference.parse(text)


def test_a_tag_moves() -> None:
    store = ReferenceStore()
    store.add_tag(ref("app"), A)
    assert store.get(ref("app:latest")) == A
    store.add_tag(ref("app:latest"), B)
    assert store.get(ref("app")) == B
    assert store.of(A) == []
    with pytest.raises(ConflictError, match="already set to image"):
        store.add_tag(ref("app"), A, force=False)


def test_a_digest_reference_stays() -> None:
    store = ReferenceStore()
    name = ref(f"app:1@{A}")
    store.add_digest(name, A)
    assert store.get(ref(f"app@{A}")) == A
    assert store.get(name) == A, "where both are given, the digest counts"
    with pytest.raises(ConflictError, match="Cannot overwrite digest"):
        store.add_digest(name, B)


def test_names_that_no_tag_may_have() -> None:
    """Transcript `g09_tag_rmi`: docker tag x:1 sha256:abc."""
    store = ReferenceStore()
    with pytest.raises(
        InvalidParameterError, match="refusing to create an ambiguous tag using digest algorithm as name"
    ):
        store.add_tag(ref("sha256:abc"), A)
    with pytest.raises(InvalidParameterError, match="refusing to create a tag with a digest reference"):
        store.add_tag(ref(f"a@{A}"), A)


def test_names_come_sorted_by_their_full_text() -> None:
    """Transcript `g09_tag_rmi`, `docker rmi -f ID`: capitals first, docker.io before host:5000."""
    store = ReferenceStore()
    for text in ("host:5000/repo", "x:1", "Host.com/repo", "a__b", "a--b", "docker.io/library/bar:1"):
        store.add_tag(ref(text), A)
    assert [name.familiar for name in store.of(A)] == [
        "Host.com/repo:latest",
        "a--b:latest",
        "a__b:latest",
        "bar:1",
        "x:1",
        "host:5000/repo:latest",
    ]


def test_removal_and_lookup_by_repository() -> None:
    store = ReferenceStore()
    store.add_tag(ref("app:1"), A)
    store.add_tag(ref("app:2"), B)
    store.add_tag(ref("other/app:1"), B)
    assert store.by_name(ref("app")) == [(ref("app:1"), A), (ref("app:2"), B)]
    assert store.remove(ref("app:1"))
    assert not store.remove(ref("app:1"))
    assert len(store) == 2
    with pytest.raises(NotFoundError, match=r"^reference does not exist$"):
        store.get(ref("app:1"))
