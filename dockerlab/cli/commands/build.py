"""`docker build`, with BuildKit (as buildx prints it) and with the legacy builder."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any

from dockerlab.build.context import BuildContext
from dockerlab.build.request import BuildRequest
from dockerlab.cli.build_context import read_context
from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.context import Context
from dockerlab.cli.errors import SilentError
from dockerlab.cli.parser import Invocation
from dockerlab.cli.progress.legacy import legacy_text
from dockerlab.cli.progress.plain import PlainProgress, excerpt
from dockerlab.cli.table import BUILDX
from dockerlab.cli.units import human_size
from dockerlab.errors import CommandError, DockerlabError, InvalidReferenceError, SolveError
from dockerlab.events import Event, Wait
from dockerlab.oci.reference import Reference


def build(ctx: Context, args: Invocation) -> Running:
    """`docker build`: which builder it is, the parser has seen already."""
    return buildx(ctx, args) if args.command.path == BUILDX else legacy(ctx, args)


def legacy(ctx: Context, args: Invocation) -> Running:
    """`DOCKER_BUILDKIT=0 docker build`: each step on standard output; with -q only the image's ID."""
    _need_one_place(args)
    context = yield from read_context(ctx, args.args[0], args["file"], buildkit=False, compress=bool(args["compress"]))
    quiet = bool(args["quiet"])
    said: list[str] = []
    write: Callable[[str], object] = said.append if quiet else ctx.out
    size = human_size(context.size)
    write(f"Sending build context to Docker daemon {size:>8}\r\r\n")
    request = _request(ctx, args, context, buildkit=False)
    try:
        image = yield from _relay_legacy(ctx.engine.builder.build(request), write)
    except DockerlabError:
        ctx.err("".join(said))
        raise
    if quiet:
        ctx.line(image)
    # With -q the client writes the daemon's answer as it came, with its newline.
    _write_id(ctx, args["iidfile"], f"{image}\n" if quiet else image)
    return 0


def _need_one_place(args: Invocation) -> None:
    if len(args.args) != 1:
        usage = f"docker: '{args.command.name}' requires 1 argument\n\nUsage:  {args.command.usage}"
        raise CommandError(f"{usage}\n\nRun '{args.command.name} --help' for more information")


def _relay_legacy(
    conversation: Generator[Event, None, Any], write: Callable[[str], object]
) -> Generator[Wait, Any, str]:
    """Print the steps; an error after the first of them comes without the daemon's prefix."""
    begun = False
    while True:
        try:
            event = next(conversation)
        except StopIteration as stop:
            return str(stop.value)
        except DockerlabError as error:
            raise (CommandError(str(error), exit_code=error.exit_code) if begun else error) from error
        if isinstance(event, Wait):
            yield event
        else:
            begun = True
            write(legacy_text(event))


def buildx(ctx: Context, args: Invocation) -> Running:
    """`docker build` as of today: BuildKit's plain progress on standard error."""
    quiet = bool(args["quiet"]) or args["progress"] == "quiet"
    write: Callable[[str], object] = (lambda text: None) if quiet else ctx.err
    try:
        context = yield from read_context(ctx, args.args[0], args["file"], buildkit=True)
        request = _request(ctx, args, context, buildkit=True)
    except DockerlabError as error:
        raise CommandError(f"ERROR: {error}", exit_code=error.exit_code) from error
    conversation = ctx.engine.builder.build(request)
    progress = PlainProgress(lambda: ctx.now)
    write(progress.begin())
    try:
        image = yield from _relay_plain(conversation, progress, write)
    except DockerlabError as error:
        ctx.err(progress.epilogue() + _blamed(error))
        ctx.complain(f"ERROR: failed to solve: {error}")
        raise SilentError("", exit_code=1) from error
    write(progress.epilogue())
    if quiet:
        ctx.line(image)
    _write_id(ctx, args["iidfile"], image)
    return 0


def _relay_plain(
    conversation: Generator[Event, None, Any], progress: PlainProgress, write: Callable[[str], object]
) -> Generator[Wait, Any, str]:
    while True:
        try:
            event = next(conversation)
        except StopIteration as stop:
            return str(stop.value)
        if isinstance(event, Wait):
            yield event
        else:
            write(progress.feed(event))


def _blamed(error: DockerlabError) -> str:
    """The lines of the Dockerfile that the error is about."""
    if not isinstance(error, SolveError) or not error.first_line:
        return ""
    return excerpt(error.dockerfile_name, error.dockerfile, error.first_line, error.last_line)


def _request(ctx: Context, args: Invocation, context: BuildContext, *, buildkit: bool) -> BuildRequest:
    given = args.flags.get
    return BuildRequest(
        context=context,
        tags=tuple(_tag(name) for name in args["tag"]),
        build_args=_arguments(args["build-arg"], ctx.env),
        labels={name: value for name, _, value in (label.partition("=") for label in args["label"])},
        target=args["target"],
        buildkit=buildkit,
        no_cache=bool(args["no-cache"]),
        pull=bool(args["pull"]),
        squash=bool(given("squash")),
        quiet=bool(args["quiet"]),
        remove=bool(given("rm", True)),
        force_remove=bool(given("force-rm")),
        network=args["network"] or "default",
        platform=_platform(args["platform"]),
        extra_hosts=tuple(args["add-host"]),
        secrets=_secrets(ctx, given("secret") or ()),
        host=_limits(args),
    )


def _tag(name: str) -> Reference:
    try:
        return Reference.parse(name).with_default_tag()
    except InvalidReferenceError as error:
        raise CommandError(f'invalid tag "{name}": {error}') from error


def _secrets(ctx: Context, options: tuple[str, ...]) -> dict[str, bytes]:
    """`--secret id=token,src=FILE` or `--secret id=token,env=NAME`."""
    found = {}
    for option in options:
        fields = {key: value for key, _, value in (part.partition("=") for part in option.split(","))}
        name = fields.get("id", "")
        source = fields.get("src") or fields.get("source")
        if source:
            found[name] = ctx.read_file(source)
        else:
            found[name] = ctx.env.get(fields.get("env") or name, "").encode()
    return found


def _platform(value: object) -> str:
    """Buildx takes several platforms, the legacy builder one; only one can be built for here."""
    return value if isinstance(value, str) else ",".join(value) if isinstance(value, tuple | list) else ""


def _arguments(pairs: tuple[str, ...], env: Mapping[str, str]) -> dict[str, str | None]:
    """`--build-arg NAME` takes the environment's value; without one it counts as given, but unset."""
    split = (pair.partition("=") for pair in pairs)
    return {name: value if separator else env.get(name) for name, separator, value in split}


_LIMITS = {
    "memory": "Memory",
    "memory-swap": "MemorySwap",
    "cpu-shares": "CpuShares",
    "cpu-period": "CpuPeriod",
    "cpu-quota": "CpuQuota",
    "cpuset-cpus": "CpusetCpus",
    "cpuset-mems": "CpusetMems",
    "shm-size": "ShmSize",
}


def _limits(args: Invocation) -> dict[str, object]:
    return {field: args[name] for name, field in _LIMITS.items() if args.flags.get(name)}


def _write_id(ctx: Context, path: str, image: str) -> None:
    if path:
        ctx.write_file(path, image.encode())


COMMANDS: dict[str, Handler] = {"image build": build}
