"""The commands that change a container's state: start, stop, kill, pause, wait, rename, rm and their kin.

Each takes several containers, goes on after one that fails, and exits with 1 then (docker/cli, container commands).
"""

from __future__ import annotations

from dockerlab.cli.commands import streams
from dockerlab.cli.commands.base import Handler, Running, act_on_each, run_through
from dockerlab.cli.context import Context
from dockerlab.cli.errors import worded
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, NotFoundError


def start(ctx: Context, args: Invocation) -> Running:
    """`docker start`: with -a or -i one container whose streams are connected."""
    names = args.args
    if args["attach"] or args["interactive"]:
        if len(names) > 1:
            raise CommandError("you cannot start and attach multiple containers at once")
        return (yield from streams.start_attached(ctx, names[0], stdin=bool(args["interactive"])))
    failed = []
    for name in names:
        try:
            yield from streams.start(ctx, name)
            ctx.line(name)
        except DockerlabError as error:
            ctx.complain(worded(error))
            failed.append(name)
    if failed:
        ctx.complain("Error: failed to start containers: " + ", ".join(failed))
    return 1 if failed else 0


def _timeout(args: Invocation) -> int | None:
    if {"timeout", "time"} <= args.changed:
        raise CommandError("conflicting options: cannot specify both --timeout and --time")
    for name in ("timeout", "time"):
        if name in args.changed:
            return int(args[name])
    return None


def stop(ctx: Context, args: Invocation) -> Running:
    """`docker stop`."""
    timeout, signal = _timeout(args), args["signal"] or None
    stop_one = ctx.engine.containers.stop
    return act_on_each(ctx, args.args, lambda name: stop_one(name, timeout=timeout, signal=signal))


def restart(ctx: Context, args: Invocation) -> Running:
    """`docker restart`."""
    timeout, signal = _timeout(args), args["signal"] or None
    restart_one = ctx.engine.containers.restart
    return act_on_each(ctx, args.args, lambda name: restart_one(name, timeout=timeout, signal=signal))


def kill(ctx: Context, args: Invocation) -> Running:
    """`docker kill`."""
    signal = args["signal"] or "SIGKILL"
    return act_on_each(ctx, args.args, lambda name: ctx.engine.containers.kill(name, signal))


def pause(ctx: Context, args: Invocation) -> Running:
    """`docker pause`."""
    return act_on_each(ctx, args.args, ctx.engine.containers.pause)


def unpause(ctx: Context, args: Invocation) -> Running:
    """`docker unpause`."""
    return act_on_each(ctx, args.args, ctx.engine.containers.unpause)


def wait(ctx: Context, args: Invocation) -> Running:
    """`docker wait`: the exit codes, a line for each."""
    errors = []
    for name in args.args:
        try:
            code = yield from run_through(ctx.engine.containers.wait(name))
            ctx.line(str(code))
        except DockerlabError as error:
            errors.append(worded(error))
    if errors:
        raise CommandError("\n".join(errors))
    return 0


def remove(ctx: Context, args: Invocation) -> int:
    """`docker rm`: with -f a container that is not there only makes a complaint."""
    force, errors = bool(args["force"]), []
    how = {"force": force, "volumes": bool(args["volumes"]), "link": bool(args["link"])}
    for name in args.args:
        try:
            if not name.strip("/"):
                raise CommandError("container name cannot be empty")
            ctx.engine.containers.remove(name.strip("/"), **how)
            ctx.line(name)
        except NotFoundError as error:
            ctx.complain(worded(error))
            errors += [] if force else [name]
        except DockerlabError as error:
            ctx.complain(worded(error))
            errors.append(name)
    return 1 if errors else 0


def rename(ctx: Context, args: Invocation) -> int:
    """`docker rename`."""
    old, new = (name.strip() for name in args.args)
    if not old or not new:
        raise CommandError("Error: Neither old nor new names may be empty")
    try:
        ctx.engine.containers.rename(old, new)
    except DockerlabError as error:
        ctx.complain(worded(error))
        raise CommandError(f"Error: failed to rename container named {old}") from error
    return 0


COMMANDS: dict[str, Handler] = {
    "container start": start,
    "container stop": stop,
    "container restart": restart,
    "container kill": kill,
    "container pause": pause,
    "container unpause": unpause,
    "container wait": wait,
    "container rm": remove,
    "container rename": rename,
}
