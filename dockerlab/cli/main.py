"""`main`: one `docker` command from its words to its exit code; no error leaves it but as text on standard error."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from dockerlab.cli.commands import handler_of
from dockerlab.cli.connection import connected
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import config_fault, config_path
from dockerlab.cli.errors import SilentError, worded
from dockerlab.cli.help import help_text
from dockerlab.cli.numbers import parse_bool
from dockerlab.cli.parser import Invocation, parse
from dockerlab.cli.table import Command, commands_of
from dockerlab.cli.usage import HelpRequested
from dockerlab.errors import CommandError, DockerlabError
from dockerlab.events import Wait

DEPRECATED = """\
DEPRECATED: The legacy builder is deprecated and will be removed in a future release.
            BuildKit is currently disabled; enable it by removing the DOCKER_BUILDKIT=0
            environment-variable.

"""
DEFAULT_CONFIG = "{config}"
"""What stands for the usual folder in the table of commands."""
_BUILDERS = (("build",), ("builder",), ("image", "build"))


def main(argv: Sequence[str], ctx: Context) -> Generator[Wait, Any, int]:
    """Carry out `docker ARGV`; yields while it waits, returns the exit code."""
    try:
        return (yield from _run_or_help(argv, ctx))
    except SilentError as error:
        return error.exit_code
    except DockerlabError as error:
        ctx.complain(worded(error))
        return error.exit_code


def _run_or_help(argv: Sequence[str], ctx: Context) -> Generator[Wait, Any, int]:
    try:
        return (yield from _run(argv, ctx))
    except HelpRequested as asked:
        return _print_help(asked, ctx)


def _run(argv: Sequence[str], ctx: Context) -> Generator[Wait, Any, int]:
    buildkit = buildkit_is_on(ctx)
    if not buildkit and _is_build(argv):
        ctx.err(DEPRECATED)
    table = commands_of(ctx.release)
    invocation = parse(argv, env=ctx.env, buildkit=buildkit, tell=ctx.line, complain=ctx.complain, table=table)
    if not invocation.command.path:  # nothing but --version leads here
        ctx.line(f"Docker version {ctx.release.client.version}, build {ctx.release.client.commit}")
        return 0
    ctx = _configured(ctx, invocation)
    if fault := config_fault(ctx):
        ctx.complain(f"WARNING: Error parsing config file ({config_path(ctx)}): {fault}")
    ctx = connected(ctx, invocation.globals, needed=invocation.command.key[0] != "context")
    if refusal := _not_offered(invocation.command, ctx):
        raise CommandError(refusal)
    handler = handler_of(invocation.command.key)
    if handler is None:
        raise CommandError(f"dockerlab does not simulate '{invocation.command.name}'")
    result = handler(ctx, invocation)
    return result if isinstance(result, int) else (yield from result)


def buildkit_is_on(ctx: Context) -> bool:
    """Whether `docker build` means buildx: DOCKER_BUILDKIT is not 0."""
    value = ctx.env.get("DOCKER_BUILDKIT", "")
    try:
        return parse_bool(value) if value else True
    except CommandError as error:
        raise CommandError(f"DOCKER_BUILDKIT environment variable expects boolean value: {error}") from error


def _configured(ctx: Context, invocation: Invocation) -> Context:
    """--config is another way to set DOCKER_CONFIG."""
    folder = invocation.globals["config"]
    return ctx if folder == DEFAULT_CONFIG else replace(ctx, env={**ctx.env, "DOCKER_CONFIG": folder})


def _is_build(argv: Sequence[str]) -> bool:
    words = tuple(word for word in argv if not word.startswith("-"))
    return any(words[: len(names)] == names for names in _BUILDERS)


def _not_offered(command: Command, ctx: Context) -> str:
    """What the client says before anything else of a command that the daemon does not offer, '' where it does."""
    if not command.needs_experimental or ctx.engine.config.experimental:
        return ""
    return f"{command.name} is only supported on a Docker daemon with experimental features enabled"


def _print_help(asked: HelpRequested, ctx: Context) -> int:
    if refusal := _not_offered(asked.command, ctx):
        (ctx.line if asked.asked else ctx.complain)(refusal)
        return 0 if asked.asked else 1
    config, table = f"{ctx.home}/.docker", commands_of(ctx.release)
    experimental = ctx.engine.config.experimental
    text = help_text(asked.command, config=config, asked=asked.asked, table=table, experimental=experimental)
    (ctx.out if asked.asked else ctx.err)(text)
    return 0
