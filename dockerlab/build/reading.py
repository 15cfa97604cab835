"""From a line of a Dockerfile to an instruction, with Docker's error texts for what makes no sense."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeAlias

from dockerlab.build.dialect import NAMES, Dialect
from dockerlab.build.dockerfile import Node
from dockerlab.build.flags import Flags, read_flags
from dockerlab.build.instructions import (
    Add,
    Arg,
    Cmd,
    Copy,
    Document,
    Entrypoint,
    Env,
    Expose,
    From,
    Healthcheck,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Pair,
    Run,
    Shell,
    StopSignal,
    User,
    Volume,
    Workdir,
)  # fmt: skip
from dockerlab.build.mounts import parse_mount
from dockerlab.errors import DockerfileError, InvalidParameterError
from dockerlab.oci.golang import parse_duration, quote

MINIMUM_DURATION = 1_000_000
"""The shortest span that a health check may have: a millisecond."""
_STAGE = re.compile(r"[a-z][a-z0-9-_.]*")
_HEREDOC = re.compile(r"\d*<<-?\s*[^<]")

Reader: TypeAlias = Callable[[Node, Flags], Instruction]


def read(node: Node, dialect: Dialect) -> Instruction:
    """The instruction of a line; raises `DockerfileError` with the line, without any prefix."""
    try:
        reader = READERS.get(node.name)
        if reader is None:
            raise DockerfileError(dialect.unknown_instruction(node.keyword))
        return reader(node, read_flags(node, dialect))
    except InvalidParameterError as error:
        raise DockerfileError(str(error), line=node.first_line) from None


def _one(node: Node) -> str:
    if len(node.args) != 1:
        raise DockerfileError(f"{node.name} requires exactly one argument")
    return node.args[0]


def _some(node: Node) -> tuple[str, ...]:
    if not node.args:
        raise DockerfileError(f"{node.name} requires at least one argument")
    return node.args


def _pairs(node: Node) -> tuple[Pair, ...]:
    words = _some(node)
    if len(words) % 3:
        raise DockerfileError(f"Bad input to {node.name}, too many arguments")
    triples = zip(words[::3], words[1::3], words[2::3], strict=True)
    pairs = tuple(Pair(key, value, sign == "=") for key, value, sign in triples)
    if not all(pair.key for pair in pairs):
        raise DockerfileError(f"{node.name} names can not be blank")
    return pairs


def _command(node: Node) -> tuple[str, ...]:
    """The words of the exec form, or the one text of the shell form; none where nothing was given."""
    return node.args if node.json else (" ".join(node.args),) if node.args else ()


def _read_sources(node: Node) -> tuple[tuple[str, ...], str, tuple[Document, ...]]:
    if len(node.args) < 2:
        raise DockerfileError(
            f"{node.name} requires at least two arguments, but only one was provided. "
            "Destination could not be determined"
        )
    *sources, target = node.args
    names = {heredoc.name: heredoc for heredoc in node.heredocs}
    if names and _HEREDOC.match(target):
        raise DockerfileError(f"{node.name} cannot accept a heredoc as a destination")
    if not names:
        return tuple(sources), target, ()
    plain = tuple(source for source in sources if not _HEREDOC.match(source))
    documents = tuple(Document(found.name, found.text, found.expand) for found in node.heredocs)
    return plain, target, documents


def _read_add(node: Node, flags: Flags) -> Instruction:
    sources, target, documents = _read_sources(node)
    return Add(
        node, sources, target, documents, flags.text("chown"), flags.text("chmod"), flags.on("link"),
        flags.all("exclude"), flags.text("checksum"), flags.maybe("keep-git-dir"), flags.maybe("unpack"),
    )  # fmt: skip


def _read_copy(node: Node, flags: Flags) -> Instruction:
    sources, target, documents = _read_sources(node)
    return Copy(
        node, sources, target, documents, flags.text("chown"), flags.text("chmod"), flags.on("link"),
        flags.all("exclude"), flags.text("from"), flags.on("parents"),
    )  # fmt: skip


def _read_arg(node: Node, flags: Flags) -> Instruction:
    pairs = []
    for word in _some(node):
        key, equals, value = word.partition("=")
        if not key:
            raise DockerfileError("ARG names can not be blank")
        pairs.append(Pair(key, value if equals else None))
    return Arg(node, tuple(pairs))


def _read_run(node: Node, flags: Flags) -> Instruction:
    mounts = tuple(map(parse_mount, flags.all("mount")))
    network = flags.text("network") or "default"
    if network not in {"default", "none", "host"}:
        raise DockerfileError(f"invalid network mode: {network}")
    return Run(
        node, _command(node), not node.json, node.heredocs, mounts, network, flags.text("security"), tuple(flags)
    )


def _read_from(node: Node, flags: Flags) -> Instruction:
    words = node.args
    if len(words) == 3 and words[1].lower() == "as":
        stage = words[2].lower()
        if not _STAGE.fullmatch(stage):
            raise DockerfileError(
                f"invalid name for build stage: {quote(words[2])}, name can't start with a number or contain symbols"
            )
        return From(node, words[0], stage, flags.text("platform"))
    if len(words) != 1:
        raise DockerfileError("FROM requires either one or three arguments")
    return From(node, words[0], "", flags.text("platform"))


def _span(flags: Flags, name: str) -> int:
    text = flags.text(name)
    if not text:
        return 0
    span = parse_duration(text)
    if span and span < MINIMUM_DURATION:
        raise DockerfileError(f"Interval {quote(name)} cannot be less than 1ms")
    return span


def _retries(flags: Flags) -> int:
    text = flags.text("retries")
    if not text:
        return 0
    if not re.fullmatch(r"[+-]?\d+", text):
        raise DockerfileError(f"strconv.ParseInt: parsing {quote(text)}: invalid syntax")
    if int(text) < 0:
        raise DockerfileError(f"--retries must be at least 0 (not {int(text)})")
    return int(text)


def _read_healthcheck(node: Node, flags: Flags) -> Instruction:
    kind, *words = _some(node)
    if kind.upper() == "NONE":
        if words:
            raise DockerfileError("HEALTHCHECK NONE takes no arguments")
        return Healthcheck(node, ("NONE",))
    if kind.upper() != "CMD":
        raise DockerfileError(f"Unknown type {quote(kind.upper())} in HEALTHCHECK (try CMD)")
    if not words:
        raise DockerfileError("Missing command after HEALTHCHECK CMD")
    test = ("CMD", *words) if node.json else ("CMD-SHELL", " ".join(words))
    interval, timeout = _span(flags, "interval"), _span(flags, "timeout")
    period, pause = _span(flags, "start-period"), _span(flags, "start-interval")
    return Healthcheck(node, test, interval, timeout, period, pause, _retries(flags))


def _read_onbuild(node: Node, flags: Flags) -> Instruction:
    expression = _some(node)[0]
    trigger = expression.split(None, 1)[0].upper()
    if trigger == "ONBUILD":
        raise DockerfileError("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed")
    if trigger in {"MAINTAINER", "FROM"}:
        raise DockerfileError(f"{trigger} isn't allowed as an ONBUILD trigger")
    return Onbuild(node, expression)


def _read_shell(node: Node, flags: Flags) -> Instruction:
    if not node.args:
        raise DockerfileError("SHELL requires at least one argument")
    if not node.json:
        raise DockerfileError("SHELL requires the arguments to be in JSON form")
    return Shell(node, node.args)


def _read_volume(node: Node, flags: Flags) -> Instruction:
    paths = tuple(path.strip() for path in _some(node))
    if not all(paths):
        raise DockerfileError("VOLUME specified can not be an empty string")
    return Volume(node, paths)


READERS: dict[str, Reader] = {
    "ADD": _read_add,
    "ARG": _read_arg,
    "CMD": lambda node, flags: Cmd(node, _command(node), not node.json),
    "COPY": _read_copy,
    "ENTRYPOINT": lambda node, flags: Entrypoint(node, _command(node) or None, not node.json),
    "ENV": lambda node, flags: Env(node, _pairs(node)),
    "EXPOSE": lambda node, flags: Expose(node, tuple(sorted(_some(node)))),
    "FROM": _read_from,
    "HEALTHCHECK": _read_healthcheck,
    "LABEL": lambda node, flags: Label(node, _pairs(node)),
    "MAINTAINER": lambda node, flags: Maintainer(node, _one(node)),
    "ONBUILD": _read_onbuild,
    "RUN": _read_run,
    "SHELL": _read_shell,
    "STOPSIGNAL": lambda node, flags: StopSignal(node, _one(node)),
    "USER": lambda node, flags: User(node, _one(node)),
    "VOLUME": _read_volume,
    "WORKDIR": lambda node, flags: Workdir(node, _one(node)),
}

assert set(READERS) == set(NAMES)
