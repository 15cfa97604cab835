"""A pull moves while somebody looks on, and leaves what it leaves where nobody does; asked of a real Jupyter kernel."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

client = pytest.importorskip("jupyter_client", reason="jupyter_client is not installed: no kernel to ask")


@pytest.fixture(scope="module")
def kernel() -> Iterator[Any]:
    manager, asked = client.manager.start_new_kernel(kernel_name="python3")
    yield asked
    asked.stop_channels()
    manager.shutdown_kernel(now=True)


def run(kernel: Any, code: str, *, watched: bool) -> tuple[list[str], list[str]]:
    """The cell's outputs as they stay (streams in one piece), and the pictures that were seen meanwhile."""
    outputs: list[str] = []
    pictures: list[str] = []
    clearing = False

    def hear(message: Any) -> None:
        nonlocal clearing
        kind, content = message["msg_type"], message["content"]
        if kind == "clear_output":
            clearing = True
            return
        if kind == "update_display_data":
            pictures.append(content["data"]["text/plain"])
        if kind not in ("stream", "display_data", "error"):
            return
        if clearing:
            outputs.clear()
            clearing = False
        if kind == "display_data":
            pictures.append(content["data"]["text/plain"])
            outputs.append("picture")
        elif kind == "stream" and outputs and outputs[-1] != "picture":
            outputs[-1] += content["text"]
        else:
            outputs.append(content["text"] if kind == "stream" else content["evalue"])

    kernel.execute_interactive(code, allow_stdin=watched, output_hook=hear, timeout=60)
    return outputs, pictures


CELLS = [
    "%docker pull python:3.12",
    "%docker pull nosuch:9",
    "%%host\ndocker pull -q ubuntu\ndocker pull debian\ndocker images --format '{{.Repository}}'",
    "%%host\ndocker run --rm redis:7 true\ndocker tag redis:7 localhost:5000/redis\ndocker push localhost:5000/redis",
    "print('before')\n%docker pull mysql:8",
]


@pytest.mark.parametrize("cell", CELLS)
def test_what_stays_is_the_same_whether_somebody_looked_on_or_not(kernel: Any, cell: str) -> None:
    fresh = "%reload_ext dockerlab\n%lab reset\nlab.serve_registry('localhost:5000')"
    run(kernel, fresh, watched=False)
    alone, nothing = run(kernel, cell, watched=False)
    run(kernel, fresh, watched=False)
    stayed, _ = run(kernel, cell, watched=True)
    assert stayed == alone
    assert nothing == []


def test_somebody_who_looks_on_sees_bars_move(kernel: Any) -> None:
    run(kernel, "%reload_ext dockerlab\n%lab reset", watched=True)
    _, pictures = run(kernel, "%docker pull python:3.12", watched=True)
    assert len(pictures) > 10
    assert len({picture for picture in pictures if "Downloading [=" in picture}) > 5
    assert len({picture for picture in pictures if "Extracting [=" in picture}) > 3
    assert all(picture.startswith("3.12: Pulling from library/python") for picture in pictures)


def test_a_load_moves_too(kernel: Any) -> None:
    fresh = (
        "%reload_ext dockerlab\n%lab reset\n%docker pull -q ubuntu\n%docker save -o u.tar ubuntu\n%docker rmi ubuntu"
    )
    run(kernel, fresh, watched=False)
    outputs, pictures = run(kernel, "%docker load -i u.tar", watched=True)
    assert outputs == ["Loaded image: ubuntu:latest\n"]
    assert len({picture for picture in pictures if "Loading layer [" in picture}) > 3


def test_outputs_of_others_are_never_taken_away(kernel: Any) -> None:
    run(kernel, "%reload_ext dockerlab\n%lab reset", watched=True)
    outputs, pictures = run(kernel, "print('before')\n%docker pull python:3.12", watched=True)
    assert outputs[0].startswith("before\n")
    assert pictures == []
