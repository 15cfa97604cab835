"""Digests, with the errors of go-digest."""

from __future__ import annotations

import hashlib

import pytest

from dockerlab.errors import InvalidDigestError
from dockerlab.oci.digest import Digest

EMPTY = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_digest_is_its_text() -> None:
    digest = Digest.of(b"")
    assert digest == EMPTY
    assert (digest.algorithm, digest.short, len(digest.hex)) == ("sha256", "e3b0c44298fc", 64)
    assert Digest.of([b"a", b"b"]) == Digest.of(b"ab")


def test_other_algorithms_are_computed_where_they_are_asked_for() -> None:
    digest = Digest.of([b"a", b"b"], "sha512")
    assert digest == f"sha512:{hashlib.sha512(b'ab').hexdigest()}"
    assert Digest(str(digest)).algorithm == "sha512"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "invalid checksum digest format"),
        ("sha256", "invalid checksum digest format"),
        ("sha256:", "invalid checksum digest format"),
        ("sha256:abc", "invalid checksum digest length"),
        ("sha512:" + "0" * 64, "invalid checksum digest length"),
        (EMPTY.upper().replace("SHA", "sha"), "invalid checksum digest format"),
        ("md5:d41d8cd98f00b204e9800998ecf8427e", "unsupported digest algorithm"),
        ("sha256:" + "g" * 64, "invalid checksum digest format"),
        (EMPTY + "\n", "invalid checksum digest length"),
    ],
)
def test_what_is_no_digest_is_refused(text: str, error: str) -> None:
    with pytest.raises(InvalidDigestError, match=f"^{error}$"):
        Digest(text)
