"""Command lines that make no sense, against what client 28.2.2 says of them (data/usage_errors.json)."""

from __future__ import annotations

import shlex
from functools import cache
from typing import Any

import pytest

from dockerlab import Lab
from dockerlab.cli.help import help_text
from dockerlab.cli.parser import parse
from dockerlab.cli.usage import HelpRequested
from dockerlab.errors import CommandError
from tests.peer.suite import Suite, cases_of

Answer = tuple[int, str, str]
"""Exit code, stdout, stderr."""


@cache
def lab() -> Lab:
    """The host where the client is asked that understood its command line."""
    return Lab()


def without_daemon(argv: list[str]) -> Answer:
    """What the client says where nobody listens, as when the cases were recorded."""
    result = lab().run(f"DOCKER_BUILDKIT=0 DOCKER_HOST=tcp://127.0.0.1:1 {shlex.join(['docker', *argv])}")
    return result.exit_code, result.stdout, result.stderr


def answer(argv: list[str]) -> Answer:
    """What comes of a command line: of the parser alone, if it goes no further."""
    try:
        parse(argv, buildkit=False)
    except HelpRequested as asked:
        text = help_text(asked.command, asked=asked.asked)
        return (0, text, "") if asked.asked else (0, "", text)
    except CommandError as error:
        return error.exit_code, "", f"{error}\n"
    return without_daemon(argv)


def check(case: dict[str, Any]) -> None:
    """One of upstream's command lines, as 28.2.2 answers it."""
    assert answer(case["argv"]) == (case["exit"], case["stdout"], case["stderr"])


SUITE = Suite(
    "cli/data/usage_errors.json",
    "command lines that make no sense",
    cases_of("cli/data/usage_errors.json"),
    check,
    note="the command lines are upstream's, the answers 28.2.2's",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_client(case: dict[str, Any]) -> None:
    SUITE.check(case)


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
