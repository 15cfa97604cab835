"""`docker build`, with BuildKit (as buildx prints it) and with the legacy builder."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from functools import partial
from typing import Any

from dockerlab.build.context import BuildContext
from dockerlab.build.request import BuildRequest
from dockerlab.cli import trust
from dockerlab.cli.build_context import read_context
from dockerlab.cli.commands import build_calls
from dockerlab.cli.commands.base import Handler, Running
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import credentials_for
from dockerlab.cli.errors import SilentError
from dockerlab.cli.numbers import OptionError, parse_bool
from dockerlab.cli.parser import Invocation
from dockerlab.cli.progress.legacy import legacy_text
from dockerlab.cli.progress.plain import PlainProgress, excerpt
from dockerlab.cli.progress.rawjson import RawProgress
from dockerlab.cli.table import BUILDX
from dockerlab.cli.trust_build import tag_resolved, trusted_context
from dockerlab.cli.units import human_size
from dockerlab.errors import CommandError, DockerlabError, InvalidReferenceError, SolveError
from dockerlab.events import BuildAnswer, Conversation, Event, Wait
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference


def build(ctx: Context, args: Invocation) -> Running:
    """`docker build`: which builder it is, the parser has seen already."""
    return buildx(ctx, args) if args.command.path == BUILDX else legacy(ctx, args)


def legacy(ctx: Context, args: Invocation) -> Running:
    """`DOCKER_BUILDKIT=0 docker build`: each step on standard output; with -q only the image's ID."""
    _need_one_place(args)
    _need_experimental(ctx, args)
    _forget_id(ctx, args["iidfile"])
    quiet, compress = bool(args["quiet"]), bool(args["compress"])
    place, dockerfile = args.args[0], args["file"]
    context = yield from read_context(ctx, place, dockerfile, buildkit=False, compress=compress, quiet=quiet)
    context, resolved = trusted_context(ctx, context) if trust.is_on(ctx, args) else (context, ())
    said: list[str] = []
    write: Callable[[str], object] = said.append if quiet else ctx.out
    size = human_size(context.size)
    write(f"Sending build context to Docker daemon {size:>8}\r\r\n")
    request = _request(ctx, args, context, buildkit=False)
    try:
        image = yield from _relay_legacy(_begun(ctx, request), write)
    except DockerlabError:
        ctx.err("".join(said))
        raise
    if quiet:
        ctx.line(image)
    # With -q the client writes the daemon's answer as it came, with its newline.
    _write_id(ctx, args["iidfile"], f"{image}\n" if quiet else image)
    tag_resolved(ctx, resolved)
    return 0


def _begun(ctx: Context, request: BuildRequest) -> Conversation[str]:
    """The build, which may pull what its user may pull."""
    builder = ctx.engine.builder
    builder.backend.auth = partial(credentials_for, ctx)
    return builder.build(request)


def _need_one_place(args: Invocation) -> None:
    if len(args.args) != 1:
        usage = f"docker: '{args.command.name}' requires 1 argument\n\nUsage:  {args.command.usage}"
        raise CommandError(f"{usage}\n\nRun '{args.command.name} --help' for more information")


def _need_experimental(ctx: Context, args: Invocation) -> None:
    """The client asks the daemon what it offers before it sends anything."""
    if args["squash"] and not ctx.engine.config.experimental:
        raise CommandError('"--squash" is only supported on a Docker daemon with experimental features enabled')


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
    quiet = _is_quiet(args)
    write: Callable[[str], object] = (lambda text: None) if quiet else ctx.err
    _forget_id(ctx, args["iidfile"])
    try:
        context = yield from read_context(ctx, args.args[0], args["file"], buildkit=True)
        request = _request(ctx, args, context, buildkit=True)
        if request.platform:
            Platform.parse(request.platform)
    except DockerlabError as error:
        raise CommandError(f"{_FAILED}: {error}", exit_code=error.exit_code) from error
    if args["squash"]:
        write(_NO_SQUASH)
    conversation = _begun(ctx, request)
    progress = _progress(ctx, args, context)
    write(progress.begin())
    try:
        image, answer = yield from _relay_plain(conversation, progress, write)
    except DockerlabError as error:
        ctx.err(("" if quiet else progress.epilogue()) + _blamed(error))
        ctx.complain(f"{_FAILED}: failed to solve: {error}")
        raise SilentError("", exit_code=1) from error
    write(progress.epilogue())
    if answer is not None:
        return _tell(ctx, request.call, answer, as_json="format=json" in args["call"])
    if quiet:
        ctx.line(image)
    _write_id(ctx, args["iidfile"], image)
    return 0


_FAILED = "ERROR: failed to build"
_MODES = frozenset({"auto", "none", "plain", "quiet", "rawjson", "tty"})
_NO_SQUASH = (
    "WARNING: experimental flag squash is removed with BuildKit. "
    "You should squash inside build using a multi-stage Dockerfile for efficiency.\n"
)


def _is_quiet(args: Invocation) -> bool:
    """Whether only the image's ID is printed; refuses a way of progress that is none, or that contradicts -q."""
    mode = args["progress"]
    if mode and mode not in _MODES:
        raise CommandError(f"ERROR: invalid progress mode {mode}")
    if args["quiet"] and mode not in ("", "auto", "quiet"):
        raise CommandError(f"ERROR: progress={mode} and quiet cannot be used together")
    return bool(args["quiet"]) or mode == "quiet"


def _progress(ctx: Context, args: Invocation, context: BuildContext) -> PlainProgress | RawProgress:
    """How the build is told of; `docker --debug build` tells of warnings in full."""
    if args["progress"] == "rawjson":
        return RawProgress(lambda: ctx.now, context)
    debugging = bool(args.flags.get("debug") or args.globals.get("debug"))
    return PlainProgress(lambda: ctx.now, expanded=debugging, dockerfile=context)


def _call(args: Invocation) -> str:
    """What --check and --call ask for; '' to build."""
    name: str = "check" if args["check"] else args["call"].partition(",")[0]
    return {"build": "", "lint": "check"}.get(name, name)


def _tell(ctx: Context, call: str, document: Mapping[str, Any], *, as_json: bool) -> int:
    """Print what BuildKit answered."""
    text, code = build_calls.shown(call, document, as_json=as_json)
    ctx.out(text)
    if fault := document.get("buildError"):
        ctx.complain(f"ERROR: {fault['message']}")
    return code


def _relay_plain(
    conversation: Generator[Event, None, Any], progress: PlainProgress | RawProgress, write: Callable[[str], object]
) -> Generator[Wait, Any, tuple[str, Mapping[str, Any] | None]]:
    """Print the progress; returns the image's ID, or what was answered instead of building one."""
    answer: Mapping[str, Any] | None = None
    while True:
        try:
            event = next(conversation)
        except StopIteration as stop:
            return str(stop.value), answer
        if isinstance(event, Wait):
            yield event
        elif isinstance(event, BuildAnswer):
            answer = event.document
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
        tags=tuple(_tag(name, buildkit) for name in args["tag"]),
        build_args=_arguments(args["build-arg"], ctx.env),
        labels={name: value for name, _, value in (label.partition("=") for label in args["label"])},
        target=args["target"],
        buildkit=buildkit,
        no_cache=bool(args["no-cache"]),
        cache_from=() if buildkit else tuple(args["cache-from"]),
        pull=bool(args["pull"]),
        squash=bool(given("squash")) and not buildkit,
        quiet=bool(args["quiet"]),
        remove=bool(given("rm", True)),
        force_remove=bool(given("force-rm")),
        network=args["network"] or "default",
        platform=_platform(args["platform"]),
        extra_hosts=tuple(args["add-host"]),
        secrets=_secrets(ctx, given("secret") or ()),
        provenance=_is_attested(given("provenance") or ""),
        call=_call(args) if buildkit else "",
        host=_limits(args),
    )


def _is_attested(text: str) -> bool:
    """Whether --provenance leaves it on: 'false' and 'mode=max,disabled=true' don't."""
    try:
        return parse_bool(text) if text else True
    except OptionError:
        return "disabled=true" not in text.split(",")


def _tag(name: str, buildkit: bool) -> Reference:
    try:
        return Reference.parse(name).with_default_tag()
    except InvalidReferenceError as error:
        # Buildx cuts the reason down to its last words.
        reason = "repository name must be lowercase" if buildkit and "lowercase" in str(error) else str(error)
        raise CommandError(f'invalid tag "{name}": {reason}') from error


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
    "isolation": "Isolation",
    "security-opt": "SecurityOpt",
}


def _limits(args: Invocation) -> dict[str, object]:
    return {field: args[name] for name, field in _LIMITS.items() if args.flags.get(name)}


def _forget_id(ctx: Context, path: str) -> None:
    """No stale file is left, should the build fail."""
    if path and ctx.fs.is_file(ctx.path(path)):
        ctx.fs.unlink(ctx.path(path))


def _write_id(ctx: Context, path: str, image: str) -> None:
    if path:
        ctx.write_file(path, image.encode())


COMMANDS: dict[str, Handler] = {"image build": build}
