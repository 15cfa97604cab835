"""Console transcripts: what was typed on a real Docker Engine and what it answered, as text that reads like a terminal.

    # what it is about
    # engine: 20.10.24
    $ docker volume create data
    data
    $ docker volume rm nosuch
    2> Error response from daemon: get nosuch: no such volume
    [exit 1]

`$ ` begins a command, `> ` goes on with it, `2> ` is a line of standard error, `[exit 1]` the exit code when it is
not 0, `[as NAME]` keeps the output for `${NAME}` in later commands; all else is standard output. Lines of the head may
be settings: `engine` (who answered), `builder` (legacy or buildkit), `base` (the image archive that it begins with),
`release` (of the lab).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import dockerlab

FOLDER = Path(__file__).parent.parent / "transcripts"
DATA = FOLDER / "data"
REGISTRIES: Mapping[str, Mapping[str, str] | None] = {"localhost:5005": None, "localhost:5006": {"alice": "secret"}}
"""The registries beside every host: an open one, and one that asks for a password."""

_SETTING = re.compile(r"# (engine|builder|base|release): (\S+)$")
_DIRECTIVE = re.compile(r"\[(exit|as) (\w+)\]")
_ID = re.compile(r"(?<![0-9a-zA-Z])(?:sha256:)?([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-zA-Z])")
_AGE = r"(Less than a second|About an? \w+|\d+ (second|minute|hour|day|week|month|year)s?)( ago)?"
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOTICE = re.compile(r"DEPRECATED: The legacy builder.*?(\n\n?(?=\S|\Z)|\Z)", re.DOTALL)
_BY_NATURE = [
    (_COLOUR, ""),
    (re.compile(r"(Docker daemon +)[\d.]+[kM]?B[\r\n]*"), r"\1SIZE\n"),
    (_NOTICE, ""),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( \+0000 UTC|Z)?"), "TIME"),
    (re.compile(_AGE), "AGE"),
    (re.compile(r"\d+\.\d+\.\d+(\+\w+)?"), "VERSION"),
    (re.compile(r'("size": |size: )\d+'), r"\1SIZE"),
    (re.compile(r"[ \t]{2,}"), "  "),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
]


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    stdout: str
    stderr: str
    exit_code: int


class Said(Protocol):
    """What a host answers: a lab's Result, or an Answer."""

    @property
    def stdout(self) -> str: ...

    @property
    def stderr(self) -> str: ...

    @property
    def exit_code(self) -> int: ...


class Host(Protocol):
    """Where lines are typed: a lab, or a real machine."""

    def run(self, line: str, stdin: str = "") -> Said: ...


@dataclass(frozen=True)
class Step:
    """One command, and what the real engine answered; `number` is its line in the file."""

    number: int
    command: str
    answer: Answer = Answer("", "", 0)
    name: str = ""


@dataclass(frozen=True)
class Transcript:
    """A file: the lines of its head, their settings, and the steps."""

    path: Path
    head: Sequence[str]
    steps: Sequence[Step]
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def base(self) -> bytes:
        """The image archive that stands in /tmp/base.tar.gz and is loaded at the beginning."""
        return (DATA / self.settings.get("base", "busybox-1.35.tar.gz")).read_bytes()

    @property
    def preparation(self) -> Sequence[str]:
        """What is typed before the first step."""
        builder = {"legacy": "0", "buildkit": "1"}[self.settings.get("builder", "legacy")]
        return ("mkdir -p /lab && cd /lab && docker load -q -i /tmp/base.tar.gz", f"export DOCKER_BUILDKIT={builder}")


def read(path: Path) -> Transcript:
    """The transcript in a file."""
    head: list[str] = []
    groups: list[tuple[int, list[str]]] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").removesuffix("\n").split("\n"), 1):
        if line.startswith("$ "):
            groups.append((number, [line]))
        elif groups:
            groups[-1][1].append(line)
        else:
            head.append(line)
    settings = {found[1]: found[2] for line in head if (found := _SETTING.match(line))}
    return Transcript(path, head, [_step(number, lines) for number, lines in groups], settings)


def _step(number: int, lines: list[str]) -> Step:
    """A command and the lines that follow it."""
    command = [lines[0][2:]]
    rest = lines[1:]
    while rest and rest[0].startswith("> "):
        command.append(rest.pop(0)[2:])
    stdout, stderr, exit_code, name = [], [], 0, ""
    for line in rest:
        if line.startswith("2> "):
            stderr.append(line[3:])
        elif found := _DIRECTIVE.fullmatch(line):
            exit_code, name = (int(found[2]), name) if found[1] == "exit" else (exit_code, found[2])
        else:
            stdout.append(line)
    return Step(number, "\n".join(command), Answer("\n".join(stdout), "\n".join(stderr), exit_code), name)


def render(transcript: Transcript) -> str:
    """The text of a transcript; `read` is its inverse but for trailing blanks and empty last lines."""
    lines = list(transcript.head)
    for step in transcript.steps:
        first, *more = step.command.split("\n")
        lines += [f"$ {first}", *(f"> {line}" for line in more)]
        lines += _lines(step.answer.stdout) + [f"2> {line}" for line in _lines(step.answer.stderr)]
        lines += [f"[exit {step.answer.exit_code}]"] if step.answer.exit_code else []
        lines += [f"[as {step.name}]"] if step.name else []
    return "\n".join(lines) + "\n"


def _lines(text: str) -> list[str]:
    """The lines of an output as a terminal shows them, without colours and the notice about the legacy builder."""
    text = _NOTICE.sub("", _COLOUR.sub("", text))
    return [line.rsplit("\r", 1)[-1] for line in re.sub(r"\r+\n", "\n", text).strip("\n").split("\n")] if text else []


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


def agree(ours: Answer, theirs: Answer) -> bool:
    """Whether two answers say the same, but for what differs by nature."""
    same_text = alike(ours.stdout) == alike(theirs.stdout) and alike(ours.stderr) == alike(theirs.stderr)
    return same_text and ours.exit_code == theirs.exit_code


def new_lab(transcript: Transcript) -> dockerlab.Lab:
    """A lab where a transcript begins: no hub, the two registries, the base image, in the folder /lab."""
    settings = transcript.settings
    release: dict[str, Any] = {"release": int(settings["release"])} if "release" in settings else {}
    lab = dockerlab.Lab(hub=None, experimental=True, **release)
    for name, users in REGISTRIES.items():
        lab.serve_registry(name, users=users)
    lab.host.write("/tmp/base.tar.gz", transcript.base)
    for line in transcript.preparation:
        lab.run(line)
    return lab


def typed(transcript: Transcript, host: Host) -> Iterator[tuple[Step, Answer]]:
    """Each step of a transcript with what a host answers to it now."""
    names: dict[str, str] = {}
    for step in transcript.steps:
        command = step.command
        for name, value in names.items():
            command = command.replace("${" + name + "}", value)
        said = host.run(command)
        if step.name:
            names[step.name] = said.stdout.strip()
        yield step, Answer(said.stdout, said.stderr, said.exit_code)
