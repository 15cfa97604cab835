"""Scripts as tutorials have them: output, traceback and exit code are those of the real Python (data/scripts.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

CASES = json.loads((Path(__file__).parent / "data" / "scripts.json").read_text(encoding="utf-8"))["scripts"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_script_does_what_the_real_python_does(box: Any, case: dict[str, Any]) -> None:
    for name, text in {"app.py": case["script"], **case.get("files", {})}.items():
        box.fs.mkdir(f"/lab/{name}".rpartition("/")[0], parents=True)
        box.write(name, text)
    words = ["env", "PYTHON_VERSION=3.11.2", "GREETING=hello", "python3", "app.py", *case.get("args", [])]
    result = box.run(words, case.get("stdin", ""))
    assert (result.stdout, result.stderr, result.exit_code) == (case["stdout"], case["stderr"], case["exit_code"])
