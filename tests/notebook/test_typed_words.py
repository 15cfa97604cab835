"""Tab in a terminal knows docker's words and names, programs, and files of the host or of the container."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.typed_words import candidates, completed


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run(
        "docker run -d --name web busybox sleep 1000000; mkdir -p notes/.git; touch notes/one notes/only Dockerfile"
    )
    lab.open_terminal()
    return lab


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("docker sto", "docker stop "),
        ("docker stop w", "docker stop web "),
        ("docker run --rm bus", "docker run --rm busybox"),
        ("docker run --volumes-", "docker run --volumes-from "),
        ("cat notes/o", "cat notes/on"),
        ("cat notes/onl", "cat notes/only "),
        ("cd no", "cd notes/"),
        ("ls /lab/Dock", "ls /lab/Dockerfile "),
        ("ls notes/.g", "ls notes/.git/"),
        ("true | hostna", "true | hostname "),
        ("docker build no", "docker build notes/"),
        ("nosuchprog", "nosuchprog"),
        ("cat nosuch/x", "cat nosuch/x"),
    ],
)
def test_words_grow_as_far_as_is_certain(lab: Lab, text: str, line: str) -> None:
    assert completed(text, candidates(text, lab.terminals[0].reader, lab.engine)) == line


def test_hidden_files_are_only_for_who_asks(lab: Lab) -> None:
    reader = lab.terminals[0].reader
    assert candidates("ls notes/", reader, lab.engine) == ["notes/one", "notes/only"]
    assert candidates("", None, None) == []
    assert completed("", []) == ""
