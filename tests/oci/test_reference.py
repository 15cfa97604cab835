"""Image names against the recorded cases of github.com/distribution/reference (data/reference.json) and the engine."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlab.errors import DockerlabError, InvalidReferenceError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference, parse_any, parse_docker_ref

CASES = json.loads((Path(__file__).parent / "data" / "reference.json").read_text(encoding="utf-8"))["cases"]
UNSUPPORTED = {
    "WithDigest": "upstream's WithDigest takes digests of any length; a Digest here is always a valid one",
    "reference-0192": "SHA-512, which upstream's tests don't link; docker's programs do (asked of client 28.2.2)",
    "reference-0249": "starts from a name with a digest of 37 digits, which only upstream's builder functions make",
}
READERS: dict[str, Callable[[str], Reference | Digest]] = {
    "parse": Reference.strict,
    "normalized": Reference.parse,
    "any": parse_any,
    "docker_ref": parse_docker_ref,
    "parse_named": Reference.canonical,
}


def of_kind(*kinds: str) -> list[Any]:
    return [
        pytest.param(case, id=case["id"]) for case in CASES if case["kind"] in kinds and case["id"] not in UNSUPPORTED
    ]


def facts(reference: Reference | Digest) -> dict[str, str]:
    """A name as the recorded cases tell it; what is not there is left out."""
    if isinstance(reference, Digest):
        return {"string": str(reference), "digest": str(reference), "familiar_string": str(reference)}
    told = {
        "string": str(reference),
        "name": reference.name,
        "domain": reference.domain,
        "path": reference.path,
        "familiar_name": reference.familiar_name,
        "familiar_string": reference.familiar,
        "tag": reference.tag or "",
        "digest": reference.digest or "",
        "tag_name_only": str(reference.with_default_tag()),
    }
    return {key: value for key, value in told.items() if value or key == "domain"}


@pytest.mark.parametrize("case", of_kind("parse"))
@pytest.mark.parametrize("reader", READERS)
def test_upstream_parse(case: dict[str, Any], reader: str) -> None:
    expected = case[reader]
    if "error" in expected:
        with pytest.raises(InvalidReferenceError) as caught:
            READERS[reader](case["input"])
        assert str(caught.value) == expected["error"]
    else:
        told = facts(READERS[reader](case["input"]))
        assert {key: told.get(key) for key in expected} == expected


@pytest.mark.parametrize("case", of_kind("WithName"))
def test_upstream_with_name(case: dict[str, Any]) -> None:
    if case["expected_error"]:
        with pytest.raises(InvalidReferenceError):
            Reference.strict(case["input"])
    else:
        assert str(Reference.strict(case["input"])) == case["input"]


@pytest.mark.parametrize("case", of_kind("WithTag"))
def test_upstream_with_tag(case: dict[str, Any]) -> None:
    reference = Reference.strict(case["name"])
    if case["expected_error"]:
        with pytest.raises(InvalidReferenceError, match=case["expected_error"]):
            reference.with_tag(case["tag"])
    else:
        assert str(reference.with_tag(case["tag"])) == case["result"]


@pytest.mark.parametrize("case", of_kind("FamiliarMatch"))
def test_upstream_familiar_match(case: dict[str, Any]) -> None:
    assert Reference.parse(case["ref"]).matches(case["pattern"]) == case["match"]


@pytest.mark.parametrize("case", of_kind("regexp"))
def test_upstream_grammar(case: dict[str, Any]) -> None:
    """The groups of upstream's two regular expressions are our fields."""
    try:
        reference = Reference.strict(case["input"])
    except DockerlabError:
        assert not case["match"]
        return
    bare = case["regexp_of"] == "TestFullNameRegexp"
    groups = [reference.domain, reference.path] if bare else [reference.name, reference.tag, reference.digest]
    assert case["match"] == (reference.is_name_only or not bare)
    if case["subs"] is not None:
        assert [group or "" for group in groups] == case["subs"]


CHECKS: dict[str, Callable[[dict[str, Any]], None]] = {
    "parse": lambda case: [test_upstream_parse(case, reader) for reader in READERS].clear(),
    "WithName": test_upstream_with_name,
    "WithTag": test_upstream_with_tag,
    "FamiliarMatch": test_upstream_familiar_match,
    "regexp": test_upstream_grammar,
}


def check(case: dict[str, Any]) -> None:
    """A case of any kind."""
    CHECKS[case["kind"]](case)


def excluded() -> dict[str, str]:
    """Why a case is left out, by its ID."""
    return {case["id"]: UNSUPPORTED[key] for case in CASES for key in (case["kind"], case["id"]) if key in UNSUPPORTED}


def test_every_recorded_kind_is_run_or_has_a_reason() -> None:
    assert {case["kind"] for case in CASES} == {*CHECKS, "WithDigest"}


@pytest.mark.parametrize("name", ["rishiCSE/ubuntu_py:v2", "HOST/repo"])
def test_capitals_make_a_host_for_the_client_but_not_for_the_engine(name: str) -> None:
    """Transcripts `tag` and `g09_tag_rmi`: the client lets the name pass, the engine refuses it."""
    assert Reference.parse(name).domain == name.partition("/")[0]
    with pytest.raises(InvalidReferenceError, match=r"^invalid reference format: repository name must be lowercase$"):
        Reference.on_daemon(name)


def test_a_dot_makes_a_host_for_both() -> None:
    """Transcript `g09_tag_rmi`: `docker tag x:1 Host.com/repo` is fine."""
    assert Reference.on_daemon("Host.com/repo:1") == Reference.parse("Host.com/repo:1")
    assert Reference.on_daemon("ubuntu").familiar == "ubuntu"


def test_parts_can_be_exchanged() -> None:
    digest = Digest.of(b"")
    name = Reference.parse("ubuntu")
    assert name.with_tag("24.04").familiar == "ubuntu:24.04"
    assert name.with_digest(digest).familiar == f"ubuntu@{digest}"
    assert name.with_tag("a").with_digest(digest).without_tag() == name.with_digest(digest)
    assert name.with_tag("a").repository == name
