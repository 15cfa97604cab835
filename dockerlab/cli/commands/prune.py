"""The prune commands: containers, images, volumes, networks, the build cache, and all of them at once.

Texts and order follow docker/cli: cli/command/{container,image,volume,network,builder,system}/prune.go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.commands.pruning import QUESTION, Filters, agreed, reclaimed
from dockerlab.cli.context import Context
from dockerlab.cli.parser import Invocation
from dockerlab.cli.preferences import prune_filters
from dockerlab.errors import CommandError

Pruned: TypeAlias = tuple[str, int]
"""The text about what is gone, and the bytes that it gave back."""


def _list(title: str, names: list[str] | None) -> str:
    return f"{title}:\n" + "".join(f"{name}\n" for name in names) + "\n" if names else ""


def prune_containers(ctx: Context, filters: Filters) -> Pruned:
    """Remove stopped containers."""
    report = ctx.engine.containers.prune(filters)
    return _list("Deleted Containers", report["ContainersDeleted"]), report["SpaceReclaimed"]


def prune_images(ctx: Context, filters: Filters, *, everything: bool) -> Pruned:
    """Remove dangling images, or all that no container uses."""
    report = ctx.engine.images.prune({**filters, "dangling": ["false" if everything else "true"]})
    lines = [
        f"untagged: {record['Untagged']}" if record.get("Untagged") else f"deleted: {record['Deleted']}"
        for record in report["ImagesDeleted"] or ()
    ]
    return _list("Deleted Images", lines), report["SpaceReclaimed"]


def prune_volumes(ctx: Context, filters: Filters) -> Pruned:
    """Remove volumes that no container uses."""
    report = ctx.engine.volumes.prune(filters)
    return _list("Deleted Volumes", report["VolumesDeleted"]), report["SpaceReclaimed"]


def prune_networks(ctx: Context, filters: Filters) -> Pruned:
    """Remove the networks of users that no container is connected to."""
    report = ctx.engine.networks.prune(filters)
    return _list("Deleted Networks", report["NetworksDeleted"]), 0


def prune_build_cache(ctx: Context, *, everything: bool) -> Pruned:
    """Empty the build cache."""
    report = ctx.engine.builder.prune(all=everything)
    return _list("Deleted build cache objects", report["CachesDeleted"]), report["SpaceReclaimed"]


def _finish(ctx: Context, pruned: Pruned) -> int:
    text, space = pruned
    ctx.out(text)
    ctx.line(reclaimed(space))
    return 0


def containers(ctx: Context, args: Invocation) -> Running:
    """`docker container prune`."""
    if not (yield from agreed(ctx, args["force"], "all stopped containers.")):
        return 0
    return _finish(ctx, prune_containers(ctx, prune_filters(ctx, args)))


def images(ctx: Context, args: Invocation) -> Running:
    """`docker image prune`."""
    everything = bool(args["all"])
    what = "all images without at least one container associated to them." if everything else "all dangling images."
    if not (yield from agreed(ctx, args["force"], what)):
        return 0
    return _finish(ctx, prune_images(ctx, prune_filters(ctx, args), everything=everything))


def volumes(ctx: Context, args: Invocation) -> Running:
    """`docker volume prune`: anonymous volumes, with -a named ones too."""
    kind, filters = "all local volumes" if args["all"] else "anonymous local volumes", prune_filters(ctx, args)
    if args["all"] and "all" in filters:
        raise CommandError("conflicting options: cannot specify both --all and --filter all=1")
    if not (yield from agreed(ctx, args["force"], f"{kind} not used by at least one container.")):
        return 0
    if args["all"]:
        filters["all"] = ("true",)
    return _finish(ctx, prune_volumes(ctx, filters))


def networks(ctx: Context, args: Invocation) -> Running:
    """`docker network prune`: the three networks that are always there stay."""
    if (yield from agreed(ctx, args["force"], "all custom networks not used by at least one container.")):
        ctx.out(prune_networks(ctx, prune_filters(ctx, args))[0])
    return 0


def builder(ctx: Context, args: Invocation) -> Running:
    """`docker builder prune`."""
    kind = "all build cache" if args["all"] else "all dangling build cache"
    question = f"WARNING! This will remove {kind}. {QUESTION}"
    if not args["force"] and not (yield from ctx.confirm(question)):
        return 0
    return _finish(ctx, prune_build_cache(ctx, everything=bool(args["all"])))


def system(ctx: Context, args: Invocation) -> Running:
    """`docker system prune`: all of the above, volumes only where they are asked for."""
    everything, with_volumes, filters = bool(args["all"]), bool(args["volumes"]), prune_filters(ctx, args)
    if with_volumes and "until" in filters:
        raise CommandError('ERROR: The "until" filter is not supported with "--volumes"')
    if not args["force"] and not (yield from ctx.confirm(_system_warning(everything, with_volumes, filters))):
        return 0
    steps: list[Callable[[], Pruned]] = [lambda: prune_containers(ctx, filters), lambda: prune_networks(ctx, filters)]
    if with_volumes:
        steps.append(lambda: prune_volumes(ctx, filters))
    steps.append(lambda: prune_images(ctx, filters, everything=everything))
    steps.append(lambda: prune_build_cache(ctx, everything=everything))
    total = 0
    for step in steps:
        text, space = step()
        ctx.out(text)
        total += space
    ctx.line(reclaimed(total))
    return 0


def _system_warning(everything: bool, with_volumes: bool, filters: Mapping[str, Any]) -> str:
    lines = ["all stopped containers", "all networks not used by at least one container"]
    if with_volumes:
        lines.append("all anonymous volumes not used by at least one container")
    if everything:
        lines += ["all images without at least one container associated to them", "all build cache"]
    else:
        lines += ["all dangling images", "unused build cache"]
    text = "WARNING! This will remove:\n" + "".join(f"  - {line}\n" for line in lines) + "\n"
    if filters:
        shown = sorted(f"  - {name}={value}" for name, values in filters.items() for value in values)
        text += "  Items to be pruned will be filtered with:\n" + "\n".join(shown) + "\n\n"
    return text + QUESTION


COMMANDS: dict[str, Handler] = {
    "container prune": containers,
    "image prune": images,
    "volume prune": volumes,
    "network prune": networks,
    "builder prune": builder,
    "system prune": system,
}
