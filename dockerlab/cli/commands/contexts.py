"""`docker context`: the lab has only the default one (docker/cli, cli/command/context and cli/context/store)."""

from __future__ import annotations

import hashlib
from typing import Any

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.commands.inspecting import inspect_all
from dockerlab.cli.context import Context
from dockerlab.cli.format import Column, Formatter, View
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError

_DEFAULT = "default"
_HOST = "unix:///var/run/docker.sock"
_COLUMNS = Formatter(
    "*formatter.clientContextContext",
    (
        Column("Name", "NAME", lambda row, view: row["Name"]),
        Column("Current", None, lambda row, view: row["Current"]),
        Column("Description", "DESCRIPTION", lambda row, view: row["Description"]),
        Column("DockerEndpoint", "DOCKER ENDPOINT", lambda row, view: row["DockerEndpoint"]),
        Column("Error", "ERROR", lambda row, view: ""),
    ),
)
_TABLE = "table {{.Name}}{{if .Current}} *{{end}}\t{{.Description}}\t{{.DockerEndpoint}}\t{{.Error}}"


def list_(ctx: Context, args: Invocation) -> int:
    """`docker context ls`: the current one has a star."""
    row = {
        "Name": _DEFAULT,
        "Current": True,
        "Description": "Current DOCKER_HOST based configuration",
        "DockerEndpoint": _HOST,
    }
    template = _TABLE if args["format"] in {"", "table"} else args["format"]
    ctx.out(_COLUMNS.text([row], "{{.Name}}" if args["quiet"] else template, View(now=ctx.now)))
    return 0


def show(ctx: Context, args: Invocation) -> int:
    """`docker context show`."""
    ctx.line(_DEFAULT)
    return 0


def use(ctx: Context, args: Invocation) -> int:
    """`docker context use`."""
    name = args.args[0]
    if not name:
        raise CommandError("context name cannot be empty")
    _check(ctx, name)
    ctx.line(name)
    ctx.complain(f'Current context is now "{name}"')
    return 0


def inspect(ctx: Context, args: Invocation) -> int:
    """`docker context inspect`."""

    def find(name: str) -> tuple[str, Any]:
        _check(ctx, name)
        return "context", _DETAILS

    return inspect_all(ctx, args.args or [_DEFAULT], args["format"], find)


_DETAILS = {
    "Name": _DEFAULT,
    "Metadata": {},
    "Endpoints": {"docker": {"Host": _HOST, "SkipTLSVerify": False}},
    "TLSMaterial": {},
    "Storage": {"MetadataPath": "<IN MEMORY>", "TLSPath": "<IN MEMORY>"},
}


def remove(ctx: Context, args: Invocation) -> int:
    """`docker context rm`: the default one stays."""
    errors = []
    for name in args.args:
        if name == _DEFAULT:
            errors.append(f'context "{name}" cannot be removed')
        elif args["force"]:
            ctx.line(name)
        else:
            errors.append(f'context "{name}" does not exist')
    if errors:
        raise CommandError("\n".join(errors))
    return 0


def _check(ctx: Context, name: str) -> None:
    """The client keeps each context in a folder that is called after the digest of its name."""
    if name != _DEFAULT:
        path = f"{ctx.home}/.docker/contexts/meta/{hashlib.sha256(name.encode()).hexdigest()}/meta.json"
        raise CommandError(f'context "{name}": context not found: open {path}: no such file or directory')


COMMANDS: dict[str, Handler] = {
    "context inspect": inspect,
    "context ls": list_,
    "context rm": remove,
    "context show": show,
    "context use": use,
}
