"""The house is in order: versions agree, notebooks were really run, no machine's path is in a file."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted(path for path in (ROOT / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
CONDA_NAMES = {"python-graphviz": "graphviz"}


def pip_versions() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return dict(re.split(r"[=~<>]=", line, maxsplit=1) for line in wanted)


def conda_versions() -> dict[str, str]:
    lines = re.findall(r"^\s*- ([a-z0-9-]+)==?([\d.]+)$", (ROOT / "environment.yml").read_text(), re.M)
    return {CONDA_NAMES.get(name, name): version for name, version in lines}


def test_environment_yml_and_pyproject_name_the_same_versions() -> None:
    pip, conda = pip_versions(), conda_versions()
    assert {"jupyterlab", "ipywidgets", "nbval", "graphviz", "graphviz-pure"} <= set(conda)
    assert conda == {name: pip[name] for name in conda}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_code_cell_was_run(path: Path) -> None:
    """nbval passes a cell silently that has neither a count nor an output, so the count is asked for here."""
    cells = [cell for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    counts = [cell["execution_count"] for cell in cells]
    assert counts == list(range(1, len(cells) + 1))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_no_cell_ends_in_a_traceback(path: Path) -> None:
    outputs = [out for cell in json.loads(path.read_text())["cells"] for out in cell.get("outputs", [])]
    assert [out for out in outputs if out["output_type"] == "error"] == []
