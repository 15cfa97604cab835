"""The table of commands: names, old names, and what they share."""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys

from dockerlab.cli.commands import handler_of
from dockerlab.cli.commands.base import Handler
from dockerlab.cli.complete import _SOURCES
from dockerlab.cli.options_kinds import kind_of
from dockerlab.cli.table import COMMANDS
from tools import write_commands


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


def test_what_is_offered_is_known() -> None:
    """Offers that begin with '@' lead to the engine's names or to words of the table."""
    flags = [flag for command in COMMANDS.values() for flag in command.flags]
    offers = {offer for each in (*COMMANDS.values(), *flags) for offer in each.offers if offer.startswith("@")}
    names = {offer.strip("@+") for offer in offers} - {"commands"}
    assert all(name in _SOURCES or COMMANDS.words(name) for name in names)


def read_words(handler: Handler) -> set[str]:
    """The texts that stand in a handler's module: among them the names of the flags that it reads."""
    tree = ast.parse(inspect.getsource(sys.modules[handler.__module__]))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_what_is_said_to_change_nothing_is_not_read() -> None:
    """Whoever makes use of a flag takes its `inert` out of commands.json."""
    for command in COMMANDS.values():
        handler = handler_of(command.key)
        inert = {flag.name for flag in command.flags if flag.inert}
        assert not (inert and handler and inert & read_words(handler)), command.name


def test_the_page_of_commands_is_up_to_date() -> None:
    assert write_commands.PAGE.read_text(encoding="utf-8") == write_commands.page(), "run tools/write_commands.py"


def test_every_command_in_scope_is_on_the_page_once() -> None:
    """But `docker build`, which is there with the flags of both builders."""
    paths = [command.path for command in write_commands.in_scope()]
    keys = {command.key for command in write_commands.in_scope()}
    assert len(paths) == len(keys) + 1
    assert {("container", "run"), ("image", "ls"), ("image", "build"), ("buildx", "build"), ("inspect",)} <= set(paths)


def test_the_data_are_read_when_first_asked_for() -> None:
    code = "import dockerlab.cli.table as t; print('_commands' in vars(t.COMMANDS))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
