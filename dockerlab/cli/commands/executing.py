"""`docker exec` and `docker attach`."""

from __future__ import annotations

from typing import Any

from dockerlab.cli.commands import streams
from dockerlab.cli.commands.base import Handler, Running, run_through
from dockerlab.cli.context import Context
from dockerlab.cli.options_files import env_files
from dockerlab.cli.parser import Invocation


def exec_(ctx: Context, args: Invocation) -> Running:
    """`docker exec`: its exit code is the program's."""
    name, *command = args.args
    stdin, tty, detach = bool(args["interactive"]), bool(args["tty"]), bool(args["detach"])
    body, containers = _body(ctx, args, command), ctx.engine.containers
    containers.inspect(name)
    if not detach:
        streams.check_tty(ctx, stdin, tty)
    exec_id = containers.exec_create(name, body)
    if detach:
        yield from run_through(containers.exec_start(exec_id, None, None, None, detach=True))
        return 0
    stdin_stream = ctx.proc.stdin if stdin else None
    running = containers.exec_start(exec_id, stdin_stream, ctx.proc.stdout, ctx.proc.stderr)
    code: int = yield from run_through(running)
    return code


def _body(ctx: Context, args: Invocation, command: list[str]) -> dict[str, Any]:
    attached = not args["detach"]
    return {
        "User": args["user"],
        "Privileged": bool(args["privileged"]),
        "Tty": bool(args["tty"]),
        "AttachStdin": attached and bool(args["interactive"]),
        "AttachStdout": attached,
        "AttachStderr": attached,
        "Env": [*env_files(ctx, args["env-file"]), *args["env"]],
        "WorkingDir": args["workdir"],
        "Cmd": command,
    }


def attach(ctx: Context, args: Invocation) -> Running:
    """`docker attach`: its exit code is that of process 1."""
    return streams.attach(ctx, args.args[0], stdin=not args["no-stdin"])


COMMANDS: dict[str, Handler] = {"container exec": exec_, "container attach": attach}
