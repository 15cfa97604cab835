"""The commands, a module for each kind of object; `handler_of` finds the function that carries one out."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dockerlab.cli.commands.base import Handler


@cache
def _handlers() -> dict[str, Handler]:
    from dockerlab.cli.commands import (
        build,
        containers,
        contexts,
        cp,
        executing,
        image_lists,
        images,
        information,
        inspecting,
        lifecycle,
        listings,
        logs,
        manifests,
        networks,
        prune,
        registry,
        running,
        swarm,
        transfer,
        trust,
        trust_keys,
        usage,
        volumes,
    )

    modules = (build, containers, contexts, cp, executing, image_lists, images, information, inspecting, lifecycle)
    more = (listings, logs, manifests, networks, prune, registry, running, swarm, transfer, trust)
    last = (trust_keys, usage, volumes)
    return {name: handler for module in (*modules, *more, *last) for name, handler in module.COMMANDS.items()}


def handler_of(key: tuple[str, ...]) -> Handler | None:
    """The handler of a command by its key in the table, e.g. ('container', 'ls'); old names share it."""
    return _handlers().get(" ".join(key))
