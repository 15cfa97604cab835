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


@pytest.mark.parametrize(
    ("argv", "notice", "on_stderr"),
    [
        (["ps", "-ah"], "Flag shorthand -h has been deprecated, use --help", False),
        (["-h"], "Flag shorthand -h has been deprecated, use --help", True),
        (["ps", "--help"], "", False),
    ],
)
def test_help_is_asked_for(argv: list[str], notice: str, on_stderr: bool) -> None:
    """Asked of client 28.2.2."""
    with pytest.raises(HelpRequested) as caught:
        parse(argv)
    assert caught.value.asked
    assert (caught.value.notice, caught.value.notice_on_stderr) == (notice, on_stderr)


def test_errors_come_before_help() -> None:
    assert answer(["image", "ls", "--help", "--foo"])[2].startswith("unknown flag: --foo\n")
