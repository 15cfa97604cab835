"""Console transcripts of the real Docker Engine, typed again in the lab.

A transcript is a text file `*.console`:

    # where it was recorded
    $ docker volume create data
    data
    $ docker volume rm nosuch
    2> Error response from daemon: get nosuch: no such volume
    [exit 1]

`$ ` begins a command, `> ` goes on with it, `2> ` is a line of standard error, `[exit 1]` the exit code when it is
not 0, `[as NAME]` keeps the output for `${NAME}` in later commands; all else is standard output. The file
`data/SOURCE.txt` says who answered. What differs by nature (IDs, times, ages, versions) is made alike on both sides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
TRANSCRIPTS = sorted(HERE.glob("*.console"))
REGISTRIES: dict[str, dict[str, str] | None] = {"localhost:5005": None, "localhost:5006": {"alice": "secret"}}

_ID = re.compile(r"(?<![0-9a-zA-Z])(?:sha256:)?([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-zA-Z])")
_AGE = r"(Less than a second|About an? \w+|\d+ (second|minute|hour|day|week|month|year)s?)( ago)?"
_BY_NATURE = [
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"(Docker daemon +)[\d.]+k?B[\r\n]+"), r"\1SIZE\n"),
    (re.compile(r"DEPRECATED: The legacy builder.*?(\n\n?(?=\S|\Z)|\Z)", re.DOTALL), ""),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)?"), "TIME"),
    (re.compile(_AGE), "AGE"),
    (re.compile(r"\d+\.\d+\.\d+(\+\w+)?"), "VERSION"),
    (re.compile(r'("size": |size: )\d+'), r"\1SIZE"),
    (re.compile(r"[ \t]{2,}"), "  "),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
]


@dataclass
class Step:
    """One command, and what the real engine answered."""

    number: int
    command: str
    stdout: list[str] = field(default_factory=list)
    stderr: list[str] = field(default_factory=list)
    exit_code: int = 0
    name: str = ""


def read(path: Path) -> Iterator[Step]:
    """The steps of a transcript."""
    step: Step | None = None
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("$ "):
            if step:
                yield step
            step = Step(number, line[2:])
        elif step is not None:
            _take(step, line)
    if step:
        yield step


def _take(step: Step, line: str) -> None:
    if line.startswith("> ") and not step.stdout and not step.stderr:
        step.command += "\n" + line[2:]
    elif line.startswith("2> "):
        step.stderr.append(line[3:])
    elif directive := re.fullmatch(r"\[(exit|as) (\w+)\]", line):
        if directive[1] == "exit":
            step.exit_code = int(directive[2])
        else:
            step.name = directive[2]
    else:
        step.stdout.append(line)


def alike(text: str) -> str:
    """A text without what differs by nature; IDs are numbered in the order in which they appear."""
    for pattern, replacement in _BY_NATURE:
        text = pattern.sub(replacement, text)
    seen: list[str] = []

    def number(match: re.Match[str]) -> str:
        short = match[1][:12]
        if short not in seen:
            seen.append(short)
        return f"#{seen.index(short) + 1}"

    return _ID.sub(number, text).strip("\n")


def fresh_lab(base: str) -> Any:
    """A host without a hub, with two registries and one image, in the folder /lab."""
    import dockerlab

    lab = dockerlab.Lab(hub=None, experimental=True)
    for name, users in REGISTRIES.items():
        lab.serve_registry(name, users=users)
    lab.host.write("/tmp/base.tar.gz", (HERE / "data" / base).read_bytes())
    lab.run("mkdir -p /lab && cd /lab && docker load -q -i /tmp/base.tar.gz")
    lab.run("export DOCKER_BUILDKIT=0")
    return lab


def base_of(path: Path) -> str:
    """The image archive that a transcript begins with: its `# base:` line names it."""
    found = re.search(r"^# base: (\S+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return found[1] if found else "busybox-1.35.tar.gz"


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_lab_answers_as_the_engine_did(path: Path) -> None:
    lab, names = fresh_lab(base_of(path)), {}
    for step in read(path):
        command = step.command
        for name, value in names.items():
            command = command.replace("${" + name + "}", value)
        result = lab.run(command)
        if step.name:
            names[step.name] = result.stdout.strip()
        where = f"{path.name}:{step.number}: $ {command}"
        assert alike(result.stdout) == alike("\n".join(step.stdout)), where
        assert alike(result.stderr) == alike("\n".join(step.stderr)), where
        assert result.exit_code == step.exit_code, where
