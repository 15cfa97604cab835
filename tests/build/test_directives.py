"""Parser directives against upstream's cases (BuildKit, parser/directives.go)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.build.directives import find_directive, parse_directives
from dockerlab.errors import DockerfileError
from tests.build.upstream import cases

ASKED_AS: dict[str, dict[str, Any]] = {
    "directives-0007": {"mark": "//"},
    "directives-0015": {"first_line": 2},  # recorded behind a shebang, which is not in its input
}
"""How the cases are asked that are not like the others."""


@pytest.mark.parametrize("case", cases("syntax-directive"))
def test_one_directive_is_found(case: dict[str, Any]) -> None:
    found = find_directive(case["input"], case["key"], any_format=case["any_format"])
    assert (found or "") == case["cmdline"]


@pytest.mark.parametrize("case", cases("directives"))
def test_all_directives(case: dict[str, Any]) -> None:
    expected = [(wanted["name"], wanted["value"], wanted["line"]) for wanted in case["result"] or ()]
    found = parse_directives(case["input"], **ASKED_AS.get(case["id"], {}))
    assert [(directive.name, directive.value, directive.line) for directive in found] == expected


def test_the_same_directive_twice() -> None:
    with pytest.raises(DockerfileError, match="only one escape parser directive can be used") as caught:
        parse_directives("# escape=`\n# escape=\\\n")
    assert caught.value.line == 2


def test_a_shebang_may_stand_above() -> None:
    assert find_directive("#!/bin/x\n# check=skip=all\n", "check") == "skip=all"
