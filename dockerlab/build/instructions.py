"""The eighteen instructions as values (Dockerfile reference; BuildKit, frontend/dockerfile/instructions)."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.build.dockerfile import Heredoc, Node
from dockerlab.build.mounts import Mount


@dataclass(frozen=True)
class Instruction:
    """One instruction; `node` is the line that it was read from."""

    node: Node

    @property
    def name(self) -> str:
        """The name in capitals."""
        return self.node.name

    @property
    def text(self) -> str:
        """The instruction as written, in one line."""
        return self.node.text


@dataclass(frozen=True)
class Pair:
    """A key with a value; `equals` is False for the legacy form 'KEY value', value None where ARG sets none."""

    key: str
    value: str | None
    equals: bool = True

    def __str__(self) -> str:
        return self.key if self.value is None else f"{self.key}={self.value}"


@dataclass(frozen=True)
class Document:
    """A heredoc that COPY or ADD takes as a file's content."""

    path: str
    data: str
    expand: bool = True


@dataclass(frozen=True)
class Transfer(Instruction):
    """What ADD and COPY share."""

    sources: tuple[str, ...]
    target: str
    documents: tuple[Document, ...] = ()
    chown: str = ""
    chmod: str = ""
    link: bool = False
    exclude: tuple[str, ...] = ()


@dataclass(frozen=True)
class Add(Transfer):
    """ADD: copies, fetches URLs, unpacks archives of the context."""

    checksum: str = ""
    keep_git_dir: bool | None = None
    unpack: bool | None = None


@dataclass(frozen=True)
class Copy(Transfer):
    """COPY: copies from the context, or from a stage or an image."""

    origin: str = ""
    parents: bool = False


@dataclass(frozen=True)
class Arg(Instruction):
    """ARG: variables of the build alone."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Command(Instruction):
    """What CMD, ENTRYPOINT and RUN share; `words` is None where ENTRYPOINT was given nothing."""

    words: tuple[str, ...] | None
    in_shell: bool


@dataclass(frozen=True)
class Cmd(Command):
    """CMD: default arguments, or the default command."""


@dataclass(frozen=True)
class Entrypoint(Command):
    """ENTRYPOINT: what runs."""


@dataclass(frozen=True)
class Run(Command):
    """RUN: a command whose changes become a layer."""

    documents: tuple[Heredoc, ...] = ()
    mounts: tuple[Mount, ...] = ()
    network: str = "default"
    security: str = ""
    flags_used: tuple[str, ...] = ()


@dataclass(frozen=True)
class Env(Instruction):
    """ENV: variables of the build and of the containers."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Label(Instruction):
    """LABEL: facts about the image."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Expose(Instruction):
    """EXPOSE: documents ports; sorted, as Docker keeps them."""

    ports: tuple[str, ...]


@dataclass(frozen=True)
class From(Instruction):
    """FROM: begins a stage."""

    base: str
    stage: str = ""
    platform: str = ""


@dataclass(frozen=True)
class Healthcheck(Instruction):
    """HEALTHCHECK: how to see that a container works; spans in nanoseconds, 0 for the default."""

    test: tuple[str, ...]
    interval: int = 0
    timeout: int = 0
    start_period: int = 0
    start_interval: int = 0
    retries: int = 0


@dataclass(frozen=True)
class Maintainer(Instruction):
    """MAINTAINER: the author; deprecated."""

    author: str


@dataclass(frozen=True)
class Onbuild(Instruction):
    """ONBUILD: an instruction for the images that build on this one."""

    expression: str


@dataclass(frozen=True)
class Shell(Instruction):
    """SHELL: what runs the shell form of RUN, CMD and ENTRYPOINT."""

    words: tuple[str, ...]


@dataclass(frozen=True)
class StopSignal(Instruction):
    """STOPSIGNAL: how `docker stop` asks."""

    signal: str


@dataclass(frozen=True)
class User(Instruction):
    """USER: who runs."""

    user: str


@dataclass(frozen=True)
class Volume(Instruction):
    """VOLUME: places that live outside the layers."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class Workdir(Instruction):
    """WORKDIR: the directory of what follows; made where it is missing."""

    path: str
