"""Console transcripts: what was typed on a real Docker Engine and what it answered, as text that reads like a terminal.

    # what it is about
    # engine: 20.10.24
    [file app/Dockerfile]
    | FROM busybox:1.35
    $ docker build -q app | cut -c1-7
    sha256:
    $ docker volume rm nosuch
    2> Error response from daemon: get nosuch: no such volume
    [exit 1]

`$ ` begins a command, `> ` goes on with it, `< ` is its input, `2> ` a line of standard error, `[exit 1]` the exit code
when it is not 0, `[as NAME]` keeps the output for `${NAME}` in later commands, `[differs: REASON]` says why a lab can't
give this very answer; all else is standard output. `[file PATH]` puts a file in /lab, its lines after `| `.

Lines of the head may be settings: `engine` (who answered), `builder` (legacy or buildkit), `base` (the image archive
that it begins with), `registries` (`NAME` or `NAME=USER:PASSWORD`), `notary` (where a Notary server answers),
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
"""The registries beside every host that names no others: an open one, and one that asks for a password."""

_SETTING = re.compile(r"# (engine|builder|base|registries|notary|release): (.+)$")
_FILE = re.compile(r"\[file (.+?)(, no newline)?\]$")
_DIRECTIVE = re.compile(r"\[(?:exit (?P<exit>\d+)|as (?P<name>\w+)|differs: (?P<differs>.+))\]$")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_NOTICE = re.compile(r"DEPRECATED: The legacy builder.*?(\n\n?(?=\S|\Z)|\Z)", re.DOTALL)


class Said(Protocol):
    """What a host answers: a lab's Result, or an Answer."""

    @property
    def stdout(self) -> str: ...

    @property
    def stderr(self) -> str: ...

    @property
    def exit_code(self) -> int: ...


class Files(Protocol):
    """A host's files."""

    def write(self, path: str, data: bytes) -> None: ...


class Host(Protocol):
    """Where lines are typed: a lab, or a real machine."""

    @property
    def host(self) -> Files: ...

    def run(self, line: str, stdin: str = "") -> Said: ...


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it ended."""

    stdout: str
    stderr: str
    exit_code: int


@dataclass(frozen=True)
class Step:
    """One command, and what the real engine answered; `number` is its line in the file.

    `files` are put in /lab before it: (path, content). `differs` says why a lab's answer is another one.
    """

    number: int
    command: str
    answer: Answer = Answer("", "", 0)
    stdin: str = ""
    name: str = ""
    differs: str = ""
    files: tuple[tuple[str, str], ...] = ()


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
    def registries(self) -> Mapping[str, Mapping[str, str] | None]:
        """Name → users (None where everybody may)."""
        named = (word.partition("=") for word in self.settings.get("registries", "").split())
        users = {name: dict([user.split(":")]) if user else None for name, _, user in named}
        return users or REGISTRIES

    @property
    def notary(self) -> str:
        """Where a Notary server answers, '' where there is none."""
        return self.settings.get("notary", "")

    @property
    def preparation(self) -> Sequence[str]:
        """What is typed before the first step."""
        builder = {"legacy": "0", "buildkit": "1"}[self.settings.get("builder", "legacy")]
        return ("mkdir -p /lab && cd /lab && docker load -q -i /tmp/base.tar.gz", f"export DOCKER_BUILDKIT={builder}")


def read(path: Path) -> Transcript:
    """The transcript in a file."""
    lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    starts = [at for at, line in enumerate(lines) if line.startswith("$ ") or _FILE.match(line)]
    head = lines[: starts[0]] if starts else lines
    settings = {found[1]: found[2] for line in head if (found := _SETTING.match(line))}
    steps: list[Step] = []
    files: list[tuple[str, str]] = []
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        if found := _FILE.match(lines[start]):
            text = "\n".join(line[2:] for line in lines[start + 1 : end])
            files.append((found[1], text if found[2] or end == start + 1 else text + "\n"))
        else:
            steps.append(_step(start + 1, lines[start:end], tuple(files)))
            files = []
    return Transcript(path, head, steps, settings)


def _step(number: int, lines: list[str], files: tuple[tuple[str, str], ...]) -> Step:
    """A command and the lines that follow it."""
    rest = lines[1:]
    command = "\n".join([lines[0][2:], *_leading("> ", rest)])
    stdin = "".join(line + "\n" for line in _leading("< ", rest))
    more: dict[str, Any] = {}
    while rest and (found := _DIRECTIVE.match(rest[-1])):
        more |= {key: value for key, value in found.groupdict().items() if value}
        rest.pop()
    stdout = "\n".join(line for line in rest if not line.startswith("2> "))
    stderr = "\n".join(line[3:] for line in rest if line.startswith("2> "))
    return Step(number, command, Answer(stdout, stderr, int(more.pop("exit", 0))), stdin, files=files, **more)


def _leading(mark: str, lines: list[str]) -> Iterator[str]:
    """Take the first lines that begin with a mark, without it."""
    while lines and lines[0].startswith(mark):
        yield lines.pop(0)[len(mark) :]


def render(transcript: Transcript) -> str:
    """The text of a transcript; `read` is its inverse but for trailing blanks and empty last lines."""
    lines = list(transcript.head)
    for step in transcript.steps:
        for path, content in step.files:
            ended = content.endswith("\n") or not content
            lines += [f"[file {path}]" if ended else f"[file {path}, no newline]"]
            rows = content.removesuffix("\n").split("\n") if content else []
            lines += [f"| {row}" if row else "|" for row in rows]
        lines += _marked("$ ", "> ", step.command) + _marked("< ", "< ", step.stdin.removesuffix("\n"))
        lines += _lines(step.answer.stdout) + [f"2> {line}" for line in _lines(step.answer.stderr)]
        lines += [f"[exit {step.answer.exit_code}]"] if step.answer.exit_code else []
        lines += [f"[as {step.name}]"] if step.name else []
        lines += [f"[differs: {step.differs}]"] if step.differs else []
    return "\n".join(lines) + "\n"


def _marked(first: str, others: str, text: str) -> list[str]:
    return [(others if at else first) + line for at, line in enumerate(text.split("\n"))] if text else []


def _lines(text: str) -> list[str]:
    """The lines of an output as a terminal shows them, without colours and the notice about the legacy builder."""
    text = _NOTICE.sub("", _COLOUR.sub("", text)).strip("\n")
    return [line.rsplit("\r", 1)[-1] for line in re.sub(r"\r+\n", "\n", text).split("\n")] if text else []


def new_lab(transcript: Transcript) -> dockerlab.Lab:
    """A lab where a transcript begins: no hub, the registries, the base image, in the folder /lab."""
    settings = transcript.settings
    release: dict[str, Any] = {"release": int(settings["release"])} if "release" in settings else {}
    lab = dockerlab.Lab(hub=None, experimental=True, **release)
    for name, users in transcript.registries.items():
        lab.serve_registry(name, users=users)
    if transcript.notary:
        lab.serve_notary(transcript.notary)
    lab.host.write("/tmp/base.tar.gz", transcript.base)
    for line in transcript.preparation:
        lab.run(line)
    return lab


def typed(transcript: Transcript, host: Host) -> Iterator[tuple[Step, Answer]]:
    """Each step of a transcript with what a host answers to it now."""
    names: dict[str, str] = {}
    for step in transcript.steps:
        for path, content in step.files:
            host.host.write(f"/lab/{path}", content.encode())
        command = step.command
        for name, value in names.items():
            command = command.replace("${" + name + "}", value)
        said = host.run(command, step.stdin)
        if step.name:
            names[step.name] = said.stdout.strip()
        yield step, Answer(said.stdout, said.stderr, said.exit_code)
