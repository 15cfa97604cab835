"""The text of a Dockerfile, split into its lines of instruction.

This is the one module that knows the library which reads Dockerfiles (e2b-dockerfile-utils, a port of BuildKit's
frontend/dockerfile/parser). What it reads otherwise than BuildKit does is put right here: COPY and ADD split at blanks
even inside quotes, and the error texts are Docker's.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dockerlab.build.directives import parse_directives
from dockerlab.errors import DockerfileError

if TYPE_CHECKING:
    from e2b_dockerfile_utils import DockerfileInstruction, DockerfileSyntaxError

# Stands for '<<' while a text is read in which heredocs mean nothing; no Dockerfile has it.
_NO_HEREDOC = "\ue0f3"
_BLANKS = re.compile(r"[\t\v\f\r ]+")
_ONBUILD = re.compile(r"^\s*ONBUILD\s*", re.IGNORECASE)
_LIBRARY_TEXTS = {
    "Only strings are supported in JSON arrays": (
        "when using JSON array syntax, arrays must be comprised of strings only"
    )
}


class UnknownInstructionError(DockerfileError):
    """A line that begins with no instruction's name; `keyword` is what it begins with."""

    def __init__(self, keyword: str, line: int | None) -> None:
        super().__init__(f"unknown instruction: {keyword}", line=line)
        self.keyword = keyword


@dataclass(frozen=True, slots=True)
class Heredoc:
    """A document that follows its instruction; `content` is as written, `expand` says whether $VARIABLES count."""

    name: str
    content: str
    chomp: bool = False
    expand: bool = True
    descriptor: int = 0

    @property
    def text(self) -> str:
        """The content, without leading tabs where it was opened with '<<-'."""
        return re.sub(r"(?m)^\t+", "", self.content) if self.chomp else self.content


@dataclass(frozen=True, slots=True)
class Node:
    """One instruction as written; ENV and LABEL keep key, value and '=' (or '') for each pair in `args`."""

    keyword: str
    original: str
    flags: tuple[str, ...] = ()
    args: tuple[str, ...] = ()
    json: bool = False
    heredocs: tuple[Heredoc, ...] = ()
    first_line: int = 1
    last_line: int = 1

    @property
    def name(self) -> str:
        """The instruction's name in capitals."""
        return self.keyword.upper()

    @property
    def text(self) -> str:
        """The instruction in one line, continuation lines joined."""
        return self.original.strip()


@dataclass(frozen=True, slots=True)
class EmptyContinuation:
    """An empty line inside an instruction that goes on: allowed, with a warning."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile's instructions, its escape character, and the directives at its head."""

    text: str
    nodes: tuple[Node, ...]
    escape: str = "\\"
    directives: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[EmptyContinuation, ...] = ()


def parse(text: str, *, heredocs: bool = True) -> Dockerfile:
    """Read a Dockerfile; raises `DockerfileError` with the line, its text without any prefix.

    With `heredocs=False` '<<' means nothing, as before BuildKit.
    """
    from e2b_dockerfile_utils import DockerfileSyntaxError, parse_dockerfile_ast

    source = text if heredocs else text.replace("<<", _NO_HEREDOC)
    try:
        ast = parse_dockerfile_ast(source)
    except DockerfileSyntaxError as error:
        raise _translated(error) from None
    if not ast.instructions:
        raise DockerfileError("file with no instructions", line=1)
    warnings = tuple(
        EmptyContinuation(_restore(warning.message).partition(": ")[2], warning.line) for warning in ast.warnings
    )
    directives = {found.name: found.value for found in parse_directives(text)}
    return Dockerfile(text, tuple(map(_node, ast.instructions)), ast.escape_token, directives, warnings)


def parse_line(text: str) -> Node:
    """Read a single instruction, as ONBUILD keeps one."""
    nodes = parse(text).nodes
    if len(nodes) != 1:
        raise DockerfileError("onbuild trigger should be a single expression")
    return nodes[0]


def _restore(text: str) -> str:
    return text.replace(_NO_HEREDOC, "<<")


def _node(found: DockerfileInstruction) -> Node:
    original = _restore(found.original)
    keyword = original.split(None, 1)[0]
    args = [_restore(argument) for argument in found.args]
    if found.name in {"ADD", "COPY"} and not found.json:
        args = [word for argument in args for word in _BLANKS.split(argument) if word]
    elif found.name == "ONBUILD":
        trigger = _ONBUILD.sub("", original, count=1).strip()
        args = [trigger] if trigger else []
    return Node(
        keyword,
        original,
        tuple(map(_restore, found.flags)),
        tuple(args),
        found.json,
        tuple(Heredoc(h.name, h.content, h.chomp, h.expand, h.file_descriptor) for h in found.heredocs),
        found.start_line,
        found.end_line,
    )


def _translated(error: DockerfileSyntaxError) -> DockerfileError:
    """The library's error with Docker's text."""
    text = _restore(str(error).partition(": ")[2])
    keyword = text.removeprefix("unknown instruction: ")
    if keyword != text:
        return UnknownInstructionError(keyword, error.line)
    return DockerfileError(_LIBRARY_TEXTS.get(text, text), line=error.line)
