"""Real shells are the oracle: each snippet must print and return what dash, bash and busybox's sh did (record.py).

What is known to differ carries the reason under `differs`; `make shell-oracle` asks the shells again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = json.loads((Path(__file__).parent / "data" / "snippets.json").read_text(encoding="utf-8"))
SNIPPETS = DATA["snippets"]
CASES = [(snippet, shell) for snippet in SNIPPETS for shell in snippet["answers"]]
DIFFERING = [case for case in CASES if "differs" in case[0]]
AGREEING = [case for case in CASES if "differs" not in case[0]]


def name_of(value: Any) -> str:
    return value if isinstance(value, str) else str(value["name"])


def answer(run: Callable[..., Any], snippet: dict[str, Any], shell: str) -> dict[str, Any]:
    """What ours does, in the form of the recorded answers."""
    result = run(snippet["script"], shell)
    return {
        "stdout": result.stdout,
        "stderr": re.sub(r"(line \d+: ) *\d+ (?=[A-Z][a-z]+ )", r"\1PID ", result.stderr),
        "exit_code": result.exit_code,
    }


@pytest.mark.parametrize(("snippet", "shell"), AGREEING, ids=name_of)
def test_a_snippet_does_what_the_real_shell_did(snippet: dict[str, Any], shell: str, run: Callable[..., Any]) -> None:
    assert answer(run, snippet, shell) == snippet["answers"][shell]


@pytest.mark.parametrize(("snippet", "shell"), DIFFERING, ids=name_of)
def test_what_is_said_to_differ_still_does(snippet: dict[str, Any], shell: str, run: Callable[..., Any]) -> None:
    assert answer(run, snippet, shell) != snippet["answers"][shell], "it agrees now: drop the reason"


def test_there_are_enough_snippets_and_few_that_differ() -> None:
    assert len(SNIPPETS) >= 400
    assert len({snippet["script"] for snippet in SNIPPETS}) == len(SNIPPETS)
    assert sum("differs" in snippet for snippet in SNIPPETS) <= 0.02 * len(SNIPPETS)
