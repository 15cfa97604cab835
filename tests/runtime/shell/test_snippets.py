"""Real shells are the oracle: each snippet must print and return what dash, bash and busybox's sh did (record.py)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

DATA = json.loads((Path(__file__).parent / "data" / "snippets.json").read_text(encoding="utf-8"))
CASES = [(snippet, shell) for snippet in DATA["snippets"] for shell in snippet["answers"]]


@pytest.mark.parametrize(
    ("snippet", "shell"), CASES, ids=lambda value: value if isinstance(value, str) else value["name"]
)
def test_a_snippet_does_what_the_real_shell_did(snippet: dict[str, Any], shell: str, run: Callable[..., Any]) -> None:
    result = run(snippet["script"], shell)
    answer = {
        "stdout": result.stdout,
        "stderr": re.sub(r"(line \d+: ) *\d+ (?=[A-Z][a-z]+ )", r"\1PID ", result.stderr),
        "exit_code": result.exit_code,
    }
    assert answer == snippet["answers"][shell]
