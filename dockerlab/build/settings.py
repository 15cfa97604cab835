"""What the instructions that touch no file do to an image's settings, and how the history tells it.

Both builders share it; where they differ, `Settings.buildkit` says which one is at work.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from dockerlab.build.instructions import (
    Cmd,
    Command,
    Entrypoint,
    Env,
    Expose,
    Healthcheck,
    Instruction,
    Label,
    Maintainer,
    Onbuild,
    Shell,
    StopSignal,
    User,
    Volume,
)  # fmt: skip
from dockerlab.build.ports import check_signal, exposed_ports
from dockerlab.oci.config import NIL, NIL_MAP
from dockerlab.oci.golang import quote, quote_list, quote_rune, show_duration, show_list
from dockerlab.oci.image import ContainerConfig
from dockerlab.oci.image import Healthcheck as Check

DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
DEFAULT_SHELL = ("/bin/sh", "-c")


@dataclass
class Settings:
    """The settings of a stage while it is being built."""

    config: ContainerConfig = field(default_factory=ContainerConfig)
    author: str = ""
    buildkit: bool = True
    cmd_set: bool = False

    @property
    def shell(self) -> tuple[str, ...]:
        """What runs the shell form."""
        return self.config.shell or DEFAULT_SHELL

    @property
    def env(self) -> dict[str, str]:
        """The variables of the image, in order."""
        return {name: value for name, _, value in (pair.partition("=") for pair in self.config.env)}

    def change(self, **values: Any) -> None:
        """Replace fields of the configuration."""
        self.config = replace(self.config, **values)

    def set_env(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Set variables; one that is there keeps its place."""
        env = self.env
        env.update(pairs)
        self.change(env=tuple(f"{name}={value}" for name, value in env.items()))

    def command_line(self, command: Command) -> tuple[str, ...] | None:
        """What a command runs: the shell form is put behind the shell."""
        words = command.words
        if not command.in_shell:
            return words
        if self.buildkit:
            return (*self.shell, " ".join(words or ()))
        return None if words is None else (*self.shell, *words)

    def resolve(self, path: str) -> str:
        """An absolute path from one that may be relative to WORKDIR."""
        joined = posixpath.normpath(posixpath.join("/", self.config.working_dir, path))
        return "/" + joined.lstrip("/")

    def apply(self, instruction: Instruction) -> str:
        """Carry out an instruction that only changes settings; returns what history says about it."""
        return _ACTIONS[type(instruction)](self, instruction)

    @staticmethod
    def knows(instruction: Instruction) -> bool:
        """Whether `apply` can carry it out."""
        return type(instruction) in _ACTIONS


def _maintainer(settings: Settings, instruction: Maintainer) -> str:
    settings.author = instruction.author
    return f"MAINTAINER {instruction.author}"


def _env(settings: Settings, instruction: Env) -> str:
    settings.set_env((pair.key, pair.value or "") for pair in instruction.pairs)
    return f"ENV {' '.join(map(str, instruction.pairs))}"


def _label(settings: Settings, instruction: Label) -> str:
    added = {pair.key: pair.value or "" for pair in instruction.pairs}
    settings.change(labels={**settings.config.labels, **added})
    return f"LABEL {' '.join(map(str, instruction.pairs))}"


def _expose(settings: Settings, instruction: Expose) -> str:
    added = [port for text in instruction.ports for port in exposed_ports(text)]
    ports = tuple(sorted({*settings.config.exposed_ports, *added}))
    settings.change(exposed_ports=ports)
    if settings.buildkit:
        return "EXPOSE map[" + " ".join(f"{port}:{{}}" for port in ports) + "]"
    return f"EXPOSE {' '.join(instruction.ports)}"


def _volume(settings: Settings, instruction: Volume) -> str:
    settings.change(volumes=tuple(sorted({*settings.config.volumes, *instruction.paths})))
    return f"VOLUME {show_list(instruction.paths)}"


def _user(settings: Settings, instruction: User) -> str:
    settings.change(user=instruction.user)
    return f"USER {instruction.user}"


def _stop_signal(settings: Settings, instruction: StopSignal) -> str:
    check_signal(instruction.signal)
    settings.change(stop_signal=instruction.signal)
    return f"STOPSIGNAL {instruction.signal}"


def _shell(settings: Settings, instruction: Shell) -> str:
    settings.change(shell=instruction.words)
    return f"SHELL {show_list(instruction.words)}"


def _onbuild(settings: Settings, instruction: Onbuild) -> str:
    settings.change(on_build=(*(settings.config.on_build or ()), instruction.expression))
    return f"ONBUILD {instruction.expression}"


def _cmd(settings: Settings, instruction: Cmd) -> str:
    words = settings.command_line(instruction) or ()
    escaped = {"args_escaped": True} if settings.buildkit else {}
    settings.change(cmd=words, **escaped)
    settings.cmd_set = settings.cmd_set or settings.buildkit or bool(instruction.words)
    return f"CMD {quote_list(words)}"


def _entrypoint(settings: Settings, instruction: Entrypoint) -> str:
    words = settings.command_line(instruction)
    # An inherited CMD was made for the inherited ENTRYPOINT, so it goes with it.
    cmd = settings.config.cmd if settings.cmd_set else None
    settings.change(entrypoint=words, cmd=cmd)
    return f"ENTRYPOINT {quote_list(words or ())}"


def _healthcheck(settings: Settings, instruction: Healthcheck) -> str:
    spans = (instruction.interval, instruction.timeout, instruction.start_period)
    check = Check(instruction.test, *spans, instruction.start_interval, instruction.retries)
    settings.change(healthcheck=check)
    shown = [*spans, instruction.start_interval] if settings.buildkit else spans
    texts = " ".join(quote(show_duration(span)) for span in shown)
    return f"HEALTHCHECK &{{{quote_list(instruction.test)} {texts} {quote_rune(instruction.retries)}}}"


_ACTIONS: dict[type[Instruction], Callable[[Settings, Any], str]] = {
    Cmd: _cmd,
    Entrypoint: _entrypoint,
    Env: _env,
    Expose: _expose,
    Healthcheck: _healthcheck,
    Label: _label,
    Maintainer: _maintainer,
    Onbuild: _onbuild,
    Shell: _shell,
    StopSignal: _stop_signal,
    User: _user,
    Volume: _volume,
}


def fresh_config(config: ContainerConfig) -> ContainerConfig:
    """The settings that a stage takes over from its base; one without PATH gets the default."""
    env = config.env
    if not any(pair.startswith("PATH=") for pair in env):
        env = (*env, DEFAULT_PATH)
    labels = config.labels if config.labels else NIL_MAP
    return replace(config, env=env, labels=labels, volumes=config.volumes or NIL)
