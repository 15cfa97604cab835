"""Every page of help, against what client 28.2.2 prints (data/help.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dockerlab.cli.help import help_text
from dockerlab.cli.table import BUILDX, COMMANDS

PAGES = json.loads((Path(__file__).parent / "data/help.json").read_text())["cases"]


@pytest.mark.parametrize("page", PAGES, ids=[" ".join(page["argv"]) or "docker" for page in PAGES])
def test_page(page: dict[str, Any]) -> None:
    assert help_text(COMMANDS[tuple(page["argv"])]) == page["help"]


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
