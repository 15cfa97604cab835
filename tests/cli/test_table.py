"""The table of commands: names, old names, and what they share."""

from __future__ import annotations

import subprocess
import sys

from dockerlab.cli.options_kinds import kind_of
from dockerlab.cli.table import COMMANDS


def test_old_names_share_the_work_and_the_flags() -> None:
    new, old = COMMANDS["container", "ls"], COMMANDS[("ps",)]
    assert new.key == old.key == ("container", "ls")
    assert new.flags == old.flags
    assert (new.usage, old.usage) == ("docker container ls [OPTIONS]", "docker ps [OPTIONS]")


def test_other_names_lead_to_the_same_command() -> None:
    """cobra names a command by its first name, whatever was typed."""
    for words in (("image", "list"), ("container", "ps"), ("volume", "remove")):
        command = COMMANDS.find(words)
        assert command is not None
        assert command.path != words
    assert COMMANDS.find(("image", "nosuch")) is None


def test_the_twelve_commands_of_image() -> None:
    names = [command.path[-1] for command in COMMANDS.under(("image",))]
    assert " ".join(names) == "build history import inspect load ls prune pull push rm save tag"


def test_every_default_can_be_read() -> None:
    for command in COMMANDS.values():
        for flag in command.flags:
            kind_of(flag).default(flag)


def test_the_data_are_read_when_first_asked_for() -> None:
    code = "import dockerlab.cli.table as t; print('_commands' in vars(t.COMMANDS))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
