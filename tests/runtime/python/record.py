"""Asks the real Python what the scripts of data/scripts.json do, and writes its answers back into it.

    python3.11 tests/runtime/python/record.py

Run it with CPython 3.11: the marks below the lines of tracebacks differ from version to version.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "scripts.json"
HOME = "/lab"
"""Where the scripts lie in the tests' machine; the real ones' folder is renamed to it."""
LIBRARY = re.compile(r'  File "(?:<frozen|[^"]*/lib/python)[^\n]*\n(?:    [^\n]*\n)*')
"""Entries of tracebacks inside of the standard library, which the simulated one does not have."""
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/root", "GREETING": "hello", "PYTHONHASHSEED": "0"}


def ask(case: dict[str, Any]) -> dict[str, Any]:
    """What the real one does with a script, its standard input and its arguments."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in {"app.py": case["script"], **case.get("files", {})}.items():
            path = Path(folder, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            [sys.executable, "app.py", *case.get("args", [])],
            input=case.get("stdin", ""),
            capture_output=True,
            text=True,
            timeout=20,
            cwd=folder,
            env=ENVIRONMENT,
        )
    trace = re.sub(LIBRARY, "", done.stderr)
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    outputs = {"stdout": done.stdout, "stderr": trace}
    return {**{name: text.replace(folder, HOME) for name, text in outputs.items()}, "exit_code": code}


def main() -> None:
    """Ask about all scripts."""
    document = json.loads(DATA.read_text(encoding="utf-8"))
    document["source"] = f"CPython {sys.version.split()[0]}, asked by record.py"
    for case in document["scripts"]:
        case.update(ask(case))
    DATA.write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
