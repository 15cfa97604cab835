""".dockerignore against upstream's cases (moby/patternmatcher), and as transcripts show it (g04: di)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.build.ignore import Ignore, parse_ignore
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.tree import walk
from tests.build.upstream import cases, recorded
from tests.build.workshop import tree_of_texts

KINDS = {case["id"]: case["kind"] for case in recorded("dockerignore")["cases"]}


def of_kind(kind: str) -> list[Any]:
    return cases("dockerignore", {name for name, found in KINDS.items() if found != kind})


def ignore_of(patterns: list[str]) -> Ignore:
    return Ignore.parse("\n".join(patterns))


MATCHING = ("Matches", "MatchesOrParentMatches", "MatchesUsingParentResults")
"""Three ways in which upstream asks the same question."""


@pytest.mark.parametrize("case", [case for kind in MATCHING for case in of_kind(kind)])
def test_a_path_is_excluded(case: dict[str, Any]) -> None:
    if case["expected_error"]:
        with pytest.raises(InvalidParameterError, match="syntax error in pattern"):
            ignore_of(case["patterns"])
        return
    assert ignore_of(case["patterns"]).excludes(case["file"]) is case["match"]


@pytest.mark.parametrize("case", of_kind("New"))
def test_patterns_are_cleaned(case: dict[str, Any]) -> None:
    """Upstream keeps the `!` of an exception beside the pattern, not in it."""
    if case["expected_error"]:
        with pytest.raises(InvalidParameterError) as caught:
            ignore_of(case["patterns"])
        assert str(caught.value) == case["expected_error"]
        return
    patterns = ignore_of(case["patterns"]).patterns
    assert [pattern.removeprefix("!") for pattern in patterns] == (case["cleaned"] or [])
    assert any(pattern.startswith("!") for pattern in patterns) is case["has_exclusions"]


@pytest.mark.parametrize("case", of_kind("ReadAll"))
def test_the_file_is_read(case: dict[str, Any]) -> None:
    assert parse_ignore(case["content"] or "") == case["lines"]


def check(case: dict[str, Any]) -> None:
    """A case of any kind."""
    tests = {"New": test_patterns_are_cleaned, "ReadAll": test_the_file_is_read}
    tests.get(case["kind"], test_a_path_is_excluded)(case)


CONTEXT = {
    "a.txt": "a", "b.md": "b", "keep.md": "k", "sub/c.txt": "c", "sub/deep/d.md": "d", "node_modules/x": "x",
    ".git/HEAD": "h", "secret": "s", "tmp1/f": "f", "Dockerfile": "", ".dockerignore": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (
            "# comment\n*.md\n!keep.md\n**/*.txt\n.git\nnode_modules/\nsecret\ntmp?\n/sub/deep\nDockerfile\n"
            ".dockerignore\n",
            ["keep.md", "sub"],
        ),
        ("*\n!sub\n", ["sub", "sub/c.txt", "sub/deep", "sub/deep/d.md"]),
        ("**\n!**/*.md\n", ["b.md", "keep.md"]),
    ],
)
def test_the_context_that_is_left(patterns: str, left: list[str]) -> None:
    """g04_multistage_args_onbuild, where `find /ctx` shows them: the legacy client."""
    tree = Ignore.parse(patterns).filter(tree_of_texts(CONTEXT), thorough=False)
    assert [path for path, _ in walk(tree)] == left


def test_buildkit_looks_into_every_directory_that_an_exception_may_mean() -> None:
    tree = Ignore.parse("**\n!**/*.md\n").filter(tree_of_texts(CONTEXT))
    assert [path for path, _ in walk(tree)] == ["b.md", "keep.md", "sub", "sub/deep", "sub/deep/d.md"]


def test_what_is_always_sent() -> None:
    ignore = Ignore.parse("*").keeping(["Dockerfile", ".dockerignore"])
    assert not ignore.excludes("Dockerfile")
    assert ignore.excludes("a.txt")


def test_a_bad_pattern() -> None:
    with pytest.raises(InvalidParameterError, match="syntax error in pattern"):
        Ignore.parse("[\n")
