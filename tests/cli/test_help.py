"""Every page of help, against what client 28.2.2 prints (data/help.json)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.cli.help import help_text
from dockerlab.cli.table import BUILDX, COMMANDS, commands_of
from dockerlab.lab import Lab
from dockerlab.release import DOCKER_29
from tests.peer.suite import Suite, cases_of


def check(page: dict[str, Any]) -> None:
    """One of 28.2.2's pages."""
    assert help_text(COMMANDS[tuple(page["argv"])]) == page["help"]


SUITE = Suite("cli/data/help.json", "pages of help", cases_of("cli/data/help.json"), check, note="28.2.2's own pages")


@pytest.mark.parametrize("page", SUITE.params)
def test_page(page: dict[str, Any]) -> None:
    SUITE.check(page)


WITHOUT_ENGINE = (
    *(["container", "create"], ["container", "run"], ["create"], ["run"]),
    *(["volume"], ["volume", "create"], ["volume", "ls"], ["volume", "update"]),
)
"""Whose pages were recorded without an engine: then flags for Windows and for the volumes of a swarm are shown."""


def check_29(page: dict[str, Any]) -> None:
    """One of 29.8's pages."""
    table = commands_of(DOCKER_29)
    command = table.find(tuple(page["argv"]))
    assert command is not None
    assert help_text(command, table=table) == page["help"]


PAGES_29 = cases_of("cli/data/help_29.json")
SUITE_29 = Suite(
    "cli/data/help_29.json",
    "pages of help of 29.8",
    PAGES_29,
    check_29,
    {page["id"]: "flags for Windows and Swarm, shown where no engine answers" for page in PAGES_29
     if page["argv"] in WITHOUT_ENGINE},
)  # fmt: skip


@pytest.mark.parametrize("page", SUITE_29.params)
def test_page_of_29(page: dict[str, Any]) -> None:
    SUITE_29.check(page)


def test_every_command_has_a_page() -> None:
    for command in COMMANDS.values():
        assert help_text(command).startswith("Usage:  docker")


def test_the_configuration_directory_is_the_users_own() -> None:
    text = help_text(COMMANDS[()], config="/home/me/.docker")
    assert '(default\n                           "/home/me/.docker")' in text


def test_buildkits_build_has_flags_of_its_own() -> None:
    """With BuildKit on, `docker build` is the buildx plugin's."""
    text = help_text(COMMANDS[BUILDX])
    assert text.startswith("Usage:  docker buildx build [OPTIONS] PATH | URL | -\n\nStart a build\n")
    assert "--build-context" in text
    assert "--squash" not in text


@pytest.mark.parametrize("experimental", [True, False])
@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("DOCKER_BUILDKIT=0 docker build --help", "--squash"),
        ("docker start --help", "--checkpoint-dir string"),
        ("docker --help", "checkpoint  Manage checkpoints"),
        ("docker checkpoint --help", "Usage:  docker checkpoint COMMAND"),
    ],
)
def test_what_the_daemon_does_not_offer_is_not_shown(line: str, shown: str, experimental: bool) -> None:
    """Asked of engine 20.10.24, started with --experimental and without, and client 28.2.2."""
    assert (shown in Lab(hub=None, experimental=experimental).run(line).stdout) is experimental


@pytest.mark.parametrize("words", ["checkpoint", "checkpoint --help", "checkpoint ls x", "checkpoint ls --help"])
def test_a_command_that_needs_an_experimental_daemon_is_refused_by_others(words: str) -> None:
    answer = Lab(hub=None).run(f"docker {words}")
    name = "docker checkpoint ls" if " ls" in words else "docker checkpoint"
    refusal = f"{name} is only supported on a Docker daemon with experimental features enabled\n"
    expected = (refusal, "", 0) if "--help" in words else ("", refusal, 1)
    assert (answer.stdout, answer.stderr, answer.exit_code) == expected
