"""`main`: help, usage errors, exit codes; nothing but text comes of an error."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from dockerlab.cli import Context, main
from dockerlab.engine.config import DaemonConfig
from dockerlab.errors import NotFoundError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.release import DOCKER_28
from dockerlab.world import Clock


class Said:
    """A process of which only the output counts."""

    stdin = stdout = stderr = None

    def __init__(self, clock: Clock) -> None:
        self.texts = {1: "", 2: ""}
        self.kernel = SimpleNamespace(clock=clock)

    def out(self, text: str) -> None:
        self.texts[1] += text

    def err(self, text: str) -> None:
        self.texts[2] += text

    def is_terminal(self, fd: int) -> bool:
        return False


class NoImages:
    """An engine's images, when there are none."""

    def history(self, name: str) -> list[dict[str, Any]]:
        raise NotFoundError(f"No such image: {name}:latest")


def finish(running: Generator[Any, Any, int]) -> int:
    try:
        next(running)
    except StopIteration as stop:
        code: int = stop.value
        return code
    raise AssertionError("it waits")


def answer(*argv: str, env: Mapping[str, str] | None = None) -> tuple[str, str, int]:
    clock = Clock()
    said = Said(clock)
    engine: Any = SimpleNamespace(images=NoImages(), release=DOCKER_28, config=DaemonConfig())
    ctx = Context(engine, said, env or {}, OverlayFs(EMPTY, clock), "/", "/root")  # type: ignore[arg-type]
    code = finish(main(argv, ctx))
    return said.texts[1], said.texts[2], code


@pytest.mark.parametrize("words", [(), ("image",), ("container",), ("volume",)])
def test_a_group_alone_prints_its_help_on_standard_error(words: tuple[str, ...]) -> None:
    """Transcripts volumes.json and g14_lifecycle.json."""
    out, err, code = answer(*words)
    assert (out, code) == ("", 0)
    assert err.startswith("Usage:  docker")


def test_help_that_was_asked_for_goes_to_standard_output() -> None:
    out, err, code = answer("image", "ls", "--help")
    assert (err, code) == ("", 0)
    assert out.startswith("Usage:  docker image ls [OPTIONS] [REPOSITORY[:TAG]]\n\nList images\n")


@pytest.mark.parametrize(
    ("words", "text", "code"),
    [
        (("foo",), "docker: unknown command: docker foo\n\nRun 'docker --help' for more information\n", 1),
        (("history",), "docker: 'docker history' requires 1 argument\n\nUsage:  docker history [OPTIONS] IMAGE\n\n"
         "Run 'docker history --help' for more information\n", 1),
        (("ps", "--nosuch"), "unknown flag: --nosuch\n\nUsage:  docker ps [OPTIONS]\n\n"
         "Run 'docker ps --help' for more information\n", 125),
        (("history", "nosuch"), "Error response from daemon: No such image: nosuch:latest\n", 1),
    ],
)  # fmt: skip
def test_errors_are_texts_and_exit_codes(words: tuple[str, ...], text: str, code: int) -> None:
    assert answer(*words) == ("", text, code)


def test_old_and_new_names_are_one_command() -> None:
    assert answer("image", "history", "x") == answer("history", "x")


def test_what_is_not_simulated_says_so() -> None:
    assert answer("swarm", "init") == ("", "dockerlab does not simulate 'docker swarm init'\n", 1)


@pytest.mark.parametrize("words", [("build",), ("image", "build"), ("builder",)])
def test_the_legacy_builder_is_deprecated(words: tuple[str, ...]) -> None:
    assert answer(*words, env={"DOCKER_BUILDKIT": "0"})[1].startswith("DEPRECATED: The legacy builder is deprecated")
    assert not answer(*words)[1].startswith("DEPRECATED")
