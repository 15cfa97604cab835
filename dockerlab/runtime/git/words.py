"""What all subcommands share: where the repository is, how options are read, how git refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dockerlab.runtime.git.repository import Repository
from dockerlab.runtime.process import Process

FATAL = 128


UNKNOWN_REVISION = (
    "fatal: ambiguous argument '{0}': unknown revision or path not in the working tree.\n"
    "Use '--' to separate paths from revisions, like this:\n"
    "'git <command> [<revision>...] -- [<file>...]'"
)


class GitError(Exception):
    """What git refuses, in its words."""

    def __init__(self, text: str, code: int = FATAL) -> None:
        super().__init__(text)
        self.code = code


def here(proc: Process) -> Repository:
    """The repository that the process is in."""
    found = Repository.find(proc)
    if found is None:
        raise GitError("fatal: not a git repository (or any of the parent directories): .git")
    return found


def home(proc: Process) -> str:
    """The user's own folder."""
    return proc.env.get("HOME", "/root")


def parse(words: Sequence[str], with_value: str) -> tuple[dict[str, str], list[str]]:
    """Options with their values, and what is none; those of `with_value` take the next word."""
    takes = with_value.split()
    options: dict[str, str] = {}
    rest: list[str] = []
    left = list(words)
    while left:
        word = left.pop(0)
        if re.fullmatch("-[a-zA-Z]{2,}", word):
            # Short options in one word: -am is -a -m.
            left[:0] = [f"-{letter}" for letter in word[1:]]
            continue
        name, equals, value = word.partition("=")
        if word == "--":
            return options, rest + left
        if not word.startswith("-") or word == "-":
            rest.append(word)
        elif name in takes and not equals:
            value = left.pop(0) if left else ""
            options[name] = f"{options[name]}\n\n{value}" if name in options else value
        else:
            options[name] = value
    return options, rest
