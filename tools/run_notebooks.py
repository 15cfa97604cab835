"""Run notebooks in place and keep their outputs: `python tools/run_notebooks.py notebooks [notebooks/one.ipynb ...]`.

Outputs are part of the course: they are what a reader sees who does not run anything, and what nbval compares
with. A run must therefore be the same every time: no execution times, no widget state (a widget's own static
picture stays, see dockerlab/notebook/widgets/base.py), no view of a widget model that died with its kernel, and
nothing of what whoever runs it has solved already.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def main(arguments: list[str]) -> int:
    """Run every notebook that the arguments name (files or folders); the exit code is nbconvert's."""
    paths = [path for argument in arguments for path in notebooks(Path(argument))]
    for path in paths:
        print(path, flush=True)
        code = execute(path)
        if code:
            return code
        tidy(path)
    return 0


def notebooks(path: Path) -> list[Path]:
    """The notebooks that `path` is or holds, in order."""
    if path.is_file():
        return [path]
    return sorted(found for found in path.rglob("*.ipynb") if ".ipynb_checkpoints" not in found.parts)


def execute(path: Path) -> int:
    """Run one notebook in place, in a fresh kernel."""
    command = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace", "--log-level=WARN"]
    options = ["--ExecutePreprocessor.store_widget_state=False", "--ExecutePreprocessor.record_timing=False"]
    environment = os.environ | {"DOCKERLAB_PROGRESS": "off"}
    return subprocess.run([*command, *options, str(path)], check=False, env=environment).returncode


def tidy(path: Path) -> None:
    """Drop what differs from run to run or needs a live kernel."""
    notebook: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    notebook["metadata"] = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    for cell in notebook["cells"]:
        if "outputs" in cell:
            cell["outputs"] = joined(cell["outputs"])
        for output in cell.get("outputs", []):
            if len(output.get("data", {})) > 1:
                output["data"].pop(WIDGET_VIEW, None)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def joined(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The outputs, those of one stream that follow each other in one: where a kernel cuts them is a matter of time."""
    kept: list[dict[str, Any]] = []
    for output in outputs:
        if kept and output["output_type"] == "stream" and kept[-1].get("name") == output["name"]:
            text = "".join(kept[-1]["text"]) + "".join(output["text"])
            kept[-1] = {**kept[-1], "text": text.splitlines(keepends=True)}
        else:
            kept.append(output)
    return kept


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
