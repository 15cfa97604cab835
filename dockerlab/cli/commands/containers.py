"""Looking into one container and making things of it: diff, top, port, commit, export, update."""

from __future__ import annotations

from typing import Any

from dockerlab.cli.commands.base import Handler, Running, act_on_each
from dockerlab.cli.commands.transfer import check_output, parse_name, write_content
from dockerlab.cli.context import Context
from dockerlab.cli.options_resources import parse_restart
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError

_KINDS = {0: "C", 1: "A", 2: "D"}
"""The API's kinds of change (Engine API, "Get changes on a container's filesystem")."""
_TOP_COLUMN, _TOP_GAP = 20, 3


def diff(ctx: Context, args: Invocation) -> int:
    """`docker diff`."""
    if not args.args[0]:
        raise CommandError("Container name cannot be empty")
    for change in ctx.engine.containers.changes(args.args[0]):
        ctx.line(f"{_KINDS[change['Kind']]} {change['Path']}")
    return 0


def top(ctx: Context, args: Invocation) -> int:
    """`docker top`: the columns of ps(1), each at least twenty wide."""
    name, *options = args.args
    listing = ctx.engine.containers.top(name, " ".join(options))
    rows = [listing["Titles"], *(listing["Processes"] or ())]
    widths = [max(_TOP_COLUMN, *(len(row[at]) + _TOP_GAP for row in rows)) for at in range(len(rows[0]) - 1)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=False)]
        ctx.line("".join([*cells, row[-1]]))
    return 0


def port(ctx: Context, args: Invocation) -> int:
    """`docker port`: all mappings, or where one port of the container is to be found."""
    name = args.args[0]
    settings = ctx.engine.containers.inspect(name)["NetworkSettings"]
    ports: dict[str, list[dict[str, str]] | None] = settings["Ports"] or {}
    if not any(args.args[1:]):
        for key in sorted(ports, key=_port_order):
            for binding in sorted(ports[key] or (), key=_address):
                ctx.line(f"{key} -> {_address(binding)}")
        return 0
    wanted = args.args[1]
    key = wanted if "/" in wanted else f"{wanted}/tcp"
    number = key.partition("/")[0]
    if not number.isdigit():
        reason = f'strconv.ParseUint: parsing "{number}": invalid syntax'
        raise CommandError(f"Error: invalid port ({number}): {reason}")
    if not ports.get(key):
        raise CommandError(f"Error: No public port '{wanted}' published for {name}")
    for binding in sorted(ports[key] or (), key=_address):
        ctx.line(_address(binding))
    return 0


def _port_order(key: str) -> tuple[int, str]:
    number, _, kind = key.partition("/")
    return int(number), kind


def _address(binding: dict[str, str]) -> str:
    host = binding["HostIp"]
    return f"[{host}]:{binding['HostPort']}" if ":" in host else f"{host}:{binding['HostPort']}"


def commit(ctx: Context, args: Invocation) -> int:
    """`docker commit`."""
    if {"pause", "no-pause"} <= args.changed:
        raise CommandError("conflicting options: --no-pause and --pause cannot be used together")
    name, repository, tag = args.args[0], "", ""
    if len(args.args) > 1:
        reference = parse_name(args.args[1])
        if reference.digest:
            raise CommandError("refusing to create a tag with a digest reference")
        repository, tag = reference.familiar_name, reference.tag or "latest"
    image = ctx.engine.containers.commit(
        name,
        repo=repository,
        tag=tag,
        author=args["author"],
        message=args["message"],
        changes=list(args["change"]),
        pause=bool(args["pause"]) and not args.flags.get("no-pause"),
    )
    ctx.line(image)
    return 0


def export(ctx: Context, args: Invocation) -> int:
    """`docker export`."""
    output = args["output"]
    if output:
        check_output(ctx, output, "failed to export container")
    elif ctx.terminal and ctx.proc.is_terminal(1):
        raise CommandError("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    write_content(ctx, ctx.engine.containers.export(args.args[0]), output)
    return 0


_LIMITS = {
    "blkio-weight": "BlkioWeight",
    "cpu-period": "CpuPeriod",
    "cpu-quota": "CpuQuota",
    "cpu-rt-period": "CpuRealtimePeriod",
    "cpu-rt-runtime": "CpuRealtimeRuntime",
    "cpu-shares": "CpuShares",
    "cpuset-cpus": "CpusetCpus",
    "cpuset-mems": "CpusetMems",
    "cpus": "NanoCpus",
    "memory": "Memory",
    "memory-reservation": "MemoryReservation",
    "memory-swap": "MemorySwap",
    "pids-limit": "PidsLimit",
}
"""`docker update`'s flags and the names that the API has for them."""


def update(ctx: Context, args: Invocation) -> Running:
    """`docker update`: only what was given changes."""
    if not args.changed:
        raise CommandError("you must provide one or more flags when using this command")
    body: dict[str, Any] = {field: args[name] for name, field in _LIMITS.items() if name in args.changed}
    if args["restart"]:
        body["RestartPolicy"] = parse_restart(args["restart"])
    return act_on_each(ctx, args.args, lambda name: ctx.engine.containers.update(name, body))


COMMANDS: dict[str, Handler] = {
    "container diff": diff,
    "container top": top,
    "container port": port,
    "container commit": commit,
    "container export": export,
    "container update": update,
}
