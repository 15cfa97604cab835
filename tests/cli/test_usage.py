"""Command lines that make no sense, against what client 28.2.2 says of them (data/usage_errors.json)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dockerlab.cli.help import help_text
from dockerlab.cli.parser import parse
from dockerlab.cli.usage import HelpRequested
from dockerlab.errors import CommandError

CASES = json.loads((Path(__file__).parent / "data/usage_errors.json").read_text())["cases"]


def answer(argv: list[str]) -> tuple[int, str, str]:
    """(exit code, stdout, stderr) of a command line that goes no further than the parser."""
    try:
        parse(argv, buildkit=False)
    except HelpRequested as asked:
        text = help_text(asked.command, asked=asked.asked)
        return (0, text, "") if asked.asked else (0, "", text)
    except CommandError as error:
        return error.exit_code, "", f"{error}\n"
    raise AssertionError("it was understood")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_client(case: dict[str, Any]) -> None:
    assert answer(case["argv"]) == (case["exit"], case["stdout"], case["stderr"])


def test_most_arguments_slip() -> None:
    """Client 28.2.2 has a slip of its own in one line, and so have its transcripts."""
    code, _, text = answer(["images", "a", "b"])
    assert code == 1
    assert text.endswith("\n\nSRun 'docker images --help' for more information\n")


NOTICE = "Flag shorthand -h has been deprecated, use --help"


@pytest.mark.parametrize(
    ("line", "command", "told", "complaints"),
    [
        ("ps -ah", "docker ps", 1, 0),
        ("ps -h -h", "docker ps", 2, 0),
        ("ps --help", "docker ps", 0, 0),
        ("-h", "docker", 0, 1),
        ("-h image ls", "docker image ls", 0, 1),
        ("image -h", "docker image", 1, 0),
        ("image -h ls", "docker image ls", 3, 0),
        ("image -h ls -h", "docker image ls", 4, 0),
        ("image --help ls", "docker image ls", 0, 0),
        ("trust -h key -h load", "docker trust key load", 6, 0),
        ("nosuch -h", "docker", 1, 0),
        ("-h nosuch", "docker", 0, 1),
        ("image nosuch -h", "docker image", 1, 0),
        ("help -h", "docker help", 1, 0),
        ("help image ls", "docker image ls", 0, 0),
    ],
)
def test_help_is_asked_for(line: str, command: str, told: int, complaints: int) -> None:
    """Asked of client 28.2.2: the notices on standard output and on standard error."""
    said: tuple[list[str], list[str]] = ([], [])
    with pytest.raises(HelpRequested) as caught:
        parse(line.split(), tell=said[0].append, complain=said[1].append)
    assert caught.value.asked
    assert caught.value.command.name == command
    assert said == ([NOTICE] * told, [NOTICE] * complaints)


def test_help_of_a_command_that_has_its_own_flag() -> None:
    """`docker container -h run` tells the notice, and then complains of the missing image (client 28.2.2)."""
    told: list[str] = []
    with pytest.raises(CommandError, match="requires at least 1 argument"):
        parse(["container", "-h", "run"], tell=told.append)
    assert told == [NOTICE]


def test_flags_are_read_before_an_unknown_command_is_refused() -> None:
    """Client 28.2.2."""
    assert answer(["image", "nosuch", "--bad"])[:1] == (125,)
    assert answer(["nosuch", "--debug"])[2].startswith("docker: unknown command: docker nosuch\n")
    assert parse(["nosuch", "-v"]).command.name == "docker"
    assert answer(["help", "image", "nosuch"])[2] == "unknown help topic: nosuch\n"


def test_errors_come_before_help() -> None:
    assert answer(["image", "ls", "--help", "--foo"])[2].startswith("unknown flag: --foo\n")
