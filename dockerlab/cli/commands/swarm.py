"""Swarms and plugins, of which the lab has none: what a Docker in no swarm says of them (moby, daemon/cluster)."""

from __future__ import annotations

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.context import Context
from dockerlab.cli.parser import Invocation
from dockerlab.cli.table import COMMANDS as TABLE
from dockerlab.errors import CommandError, UnavailableError

NO_MANAGER = (
    'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm '
    "and try again."
)
_OF_MANAGERS = ("config", "node", "secret", "service", "stack")
"""Groups of commands that only a manager carries out."""


def refuse(ctx: Context, args: Invocation) -> int:
    """Any command for a manager; the inspect ones print that they found nothing, too."""
    if args.command.path[-1] == "inspect":
        ctx.line("[]")
    raise UnavailableError(NO_MANAGER)


def leave(ctx: Context, args: Invocation) -> int:
    """`docker swarm leave`."""
    raise UnavailableError("This node is not part of a swarm")


def unlock(ctx: Context, args: Invocation) -> int:
    """`docker swarm unlock`."""
    raise CommandError("Error: This node is not part of a swarm")


def plugins(ctx: Context, args: Invocation) -> int:
    """`docker plugin ls`: no more than the titles."""
    if not args["quiet"] and args["format"] in {"", "table"}:
        ctx.line("ID        NAME      DESCRIPTION   ENABLED")
    return 0


COMMANDS: dict[str, Handler] = {
    **{" ".join(command.key): refuse for path, command in TABLE.items() if path and path[0] in _OF_MANAGERS},
    "swarm ca": refuse,
    "swarm join-token": refuse,
    "swarm leave": leave,
    "swarm unlock": unlock,
    "plugin ls": plugins,
}
