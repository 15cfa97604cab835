"""The inspect commands: each object as JSON, or through a template (docker/cli, cli/command/inspect)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from dockerlab.cli.commands.base import Handler
from dockerlab.cli.commands.swarm import NO_MANAGER
from dockerlab.cli.context import Context
from dockerlab.cli.errors import UnreachableError, worded
from dockerlab.cli.inspector import inspector_of
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, EmptyNameError, UnavailableError

Finder: TypeAlias = Callable[[str], tuple[str, Any]]
"""A name to the kind of what it means ('image', 'container', …) and its details as the Engine API has them."""

_TYPES = ("config", "container", "image", "network", "node", "plugin", "secret", "service", "task", "volume")


def inspect_all(ctx: Context, names: list[str], format_: str, find: Finder) -> int:
    """Print what is found; what is not found is said at the end, and makes the exit code 1."""
    inspector = inspector_of(format_)
    errors = []
    for name in names:
        try:
            kind, details = find(name)
            inspector.add(kind, details)
        except DockerlabError as error:
            errors.append(worded(error))
    ctx.out(inspector.text())
    for text in errors:
        ctx.complain(text)
    return 1 if errors else 0


def _finders(ctx: Context, *, size: bool = False) -> Mapping[str, Callable[[str], Any]]:
    """How each kind of object is looked up, in the order in which plain `docker inspect` tries them."""
    engine = ctx.engine
    return {
        "container": lambda name: engine.containers.inspect(name, size=size),
        "image": lambda name: _inspect_image(ctx, name),
        "network": lambda name: engine.networks.inspect(name),
        "volume": lambda name: engine.volumes.inspect(name),
    }


def _inspect_image(ctx: Context, name: str) -> dict[str, Any]:
    if not name:
        raise CommandError("Error: No such image: ")  # the client asks nobody
    return ctx.engine.images.inspect(name)


def inspect(ctx: Context, args: Invocation) -> int:
    """`docker inspect`: whatever kind of object a name means, or the kind of --type."""
    kind, size = args["type"], bool(args["size"])
    if kind and kind not in _TYPES:
        known = ", ".join(f'"{name}"' for name in _TYPES)
        raise CommandError(f'unknown type: "{kind}": must be one of {known}')
    finders = _finders(ctx, size=size)

    def find(name: str) -> tuple[str, Any]:
        for each in (kind,) if kind else finders:
            if each not in finders:
                raise UnavailableError(NO_MANAGER)
            try:
                details = finders[each](name)
            except (EmptyNameError, UnreachableError):
                raise
            except DockerlabError:
                if kind:
                    raise
                continue
            if size and each != "container":
                ctx.complain(f"WARNING: --size ignored for {each}")
            return each, details
        raise CommandError(f"Error: No such object: {name}")

    return inspect_all(ctx, args.args, args["format"], find)


def _only(kind: str) -> Handler:
    """The handler of `docker KIND inspect`."""

    def handler(ctx: Context, args: Invocation) -> int:
        finder = _finders(ctx, size=bool(args.flags.get("size")))[kind]
        return inspect_all(ctx, args.args, args["format"], lambda name: (kind, finder(name)))

    return handler


COMMANDS: dict[str, Handler] = {
    "inspect": inspect,
    "container inspect": _only("container"),
    "image inspect": _only("image"),
    "network inspect": _only("network"),
    "volume inspect": _only("volume"),
}
