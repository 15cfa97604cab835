"""Which engine a command speaks to: -H, --context and their variables (docker/cli, cli/command/cli.go).

A lab has one engine, behind the usual socket, and only the context `default`. Whoever asks for another one is told
what the client tells where nobody answers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from dockerlab.cli.context import Context
from dockerlab.cli.credentials import config_path
from dockerlab.cli.errors import UnreachableError
from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_hosts import SOCKET, parse_host
from dockerlab.cli.preferences import current_context
from dockerlab.errors import CommandError

if TYPE_CHECKING:
    from dockerlab.engine import Engine

DEFAULT = "default"
_OURS = frozenset((f"unix://{SOCKET}", SOCKET.replace("/var/", "unix:///")))


class _EndpointError(CommandError):
    """The client can't be set up."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"Failed to initialize: unable to resolve docker endpoint: {reason}")


class _Nobody:
    """Stands where the engine would: whatever is asked of it, nobody answers."""

    def __init__(self, host: str, engine: Engine) -> None:
        self.host = host
        self.release = engine.release

    def __getattr__(self, name: str) -> Any:
        raise UnreachableError(self.host)


def connected(ctx: Context, flags: Mapping[str, Any], *, needed: bool = True) -> Context:
    """The surroundings with the engine that the flags of `docker` itself and the environment name.

    `needed` is false for commands that don't speak to an engine, and so don't mind a context that isn't there.
    """
    name = context_name(ctx, flags)
    if name != DEFAULT:
        if not needed:
            return ctx
        raise _EndpointError(str(missing_context(ctx, name)))
    if flags["tlsverify"] or ctx.env.get("DOCKER_TLS_VERIFY"):
        raise _EndpointError(f"open {_folder(ctx)}/ca.pem: no such file or directory")
    host = _host(flags["host"] or [ctx.env.get("DOCKER_HOST", "")])
    return ctx if host in _OURS else replace(ctx, engine=cast("Engine", _Nobody(host, ctx.engine)))


def context_name(ctx: Context, flags: Mapping[str, Any]) -> str:
    """The name of the context in force: an address, however it is given, means the default one."""
    if flags["context"]:
        if flags["host"]:
            raise CommandError("conflicting options: cannot specify both --host and --context")
        return str(flags["context"])
    if flags["host"] or ctx.env.get("DOCKER_HOST"):
        return DEFAULT
    return ctx.env.get("DOCKER_CONTEXT") or current_context(ctx) or DEFAULT


def missing_context(ctx: Context, name: str) -> CommandError:
    """The client keeps each context in a folder that is called after the digest of its name."""
    path = f"{_folder(ctx)}/contexts/meta/{hashlib.sha256(name.encode()).hexdigest()}/meta.json"
    return CommandError(f'context "{name}": context not found: open {path}: no such file or directory')


def _folder(ctx: Context) -> str:
    return config_path(ctx).rpartition("/")[0]


def _host(hosts: list[str]) -> str:
    if len(hosts) > 1:
        raise _EndpointError("Specify only one -H")
    try:
        return parse_host(hosts[0])
    except OptionError as error:
        raise _EndpointError(str(error)) from error
