"""Asks the real shells what the snippets of data/snippets.json do, and writes their answers back into it.

    python tests/runtime/shell/record.py

Needs dash, bash and busybox; what is not installed keeps its old answers. The shells run as they would in a
container: dash and busybox under the name `sh`, each snippet with `-c` in an empty folder.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "snippets.json"
NAMES = {"dash": ("dash", "sh"), "bash": ("bash", "bash"), "ash": ("busybox", "sh")}
"""Shell → the program, and the name that it is called by."""
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": "/root"}


def without_pids(text: str) -> str:
    """bash names the pid of a child that a signal ended; it is another one each time."""
    return re.sub(r"(line \d+: ) *\d+ (?=[A-Z][a-z]+ )", r"\1PID ", text)


def ask(shell: str, script: str) -> dict[str, Any] | None:
    """What a real shell does with a script; None when it is not installed."""
    program, name = NAMES[shell]
    path = shutil.which(program)
    if path is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [name, "-c", script],
            executable=path,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=20,
            cwd=folder,
            env=ENVIRONMENT,
        )
    code = done.returncode if done.returncode >= 0 else 128 - done.returncode
    return {"stdout": done.stdout, "stderr": without_pids(done.stderr), "exit_code": code}


def record() -> None:
    """Record all snippets anew."""
    data = json.loads(DATA.read_text(encoding="utf-8"))
    for snippet in data["snippets"]:
        for shell in snippet["answers"]:
            snippet["answers"][shell] = ask(shell, snippet["script"]) or snippet["answers"][shell]
    DATA.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    record()
