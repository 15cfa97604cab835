"""`docker login` and `docker logout` (docker/cli, cli/command/registry)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.cli.commands.base import Handler, Running, run_through
from dockerlab.cli.context import Context
from dockerlab.cli.credentials import HUB, config_path, erase, registry_key, store, stored
from dockerlab.cli.errors import worded
from dockerlab.cli.notes import note
from dockerlab.cli.parser import Invocation
from dockerlab.errors import CommandError, DockerlabError, UnauthorizedError
from dockerlab.events import Wait

_UNENCRYPTED = """
WARNING! Your credentials are stored unencrypted in '{path}'.
Configure a credential helper to remove this warning. See
https://docs.docker.com/go/credential-store/

"""
_EXISTING = "Authenticating with existing credentials... [Username: {user}]\n"
_OTHER_ACCOUNT = "To login with a different account, run 'docker logout' followed by 'docker login'"
_NO_WEB = "Failed to start web-based login - falling back to command line login...\n\n"
"""Nobody in a lab has a browser in which Docker Hub could ask."""
_HUB = """\
Log in with your Docker ID or email address to push and pull images from Docker Hub. If you don't have a Docker ID, \
head over to https://hub.docker.com/ to create one.
You can log in with your password or a Personal Access Token (PAT). Using a limited-scope PAT grants better security \
and is required for organizations using SSO. Learn more at https://docs.docker.com/go/access-tokens/

"""
_TOKENS = """\
A Personal Access Token (PAT) can be used instead.
To create a PAT, visit \x1b[4mhttps://app.docker.com/settings\x1b[0m


"""


def login(ctx: Context, args: Invocation) -> Running:
    """`docker login`: with what is typed, or again with what is stored."""
    server = registry_key(args.args[0] if args.args else "")
    user = args["username"] or ""
    if "username" in args.changed and not user:
        raise CommandError("username is empty")
    password = yield from _password(ctx, args)
    found = stored(ctx, server) if not user and not password else None
    if found and (yield from _is_still_good(ctx, server, *found)):
        ctx.line("Login Succeeded")
        return 0
    if not (user and password):
        user, password = yield from _ask(ctx, server, user, password, found[0] if found else "")
    token = yield from _authenticate(ctx, server, user, password)
    if store(ctx, server, {"username": user, "password": password, "identitytoken": token}):
        ctx.err(_UNENCRYPTED.format(path=config_path(ctx)))
    ctx.line("Login Succeeded")
    return 0


def _password(ctx: Context, args: Invocation) -> Generator[Wait, Any, str]:
    """The password of the command line or of standard input; '' where neither gives one."""
    if "password" in args.changed and not args["password"]:
        raise CommandError("password is empty")
    if not args["password-stdin"]:
        if args["password"]:
            ctx.complain("WARNING! Using --password via the CLI is insecure. Use --password-stdin.")
        return str(args["password"] or "")
    if args["password"]:
        raise CommandError("conflicting options: cannot specify both --password and --password-stdin")
    if not args["username"]:
        raise CommandError("the --password-stdin option requires --username to be set")
    data = yield from ctx.read_stdin()
    return data.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")


def _is_still_good(ctx: Context, server: str, user: str, password: str) -> Generator[Wait, Any, bool]:
    """Whether what is stored lets its owner in."""
    ctx.err(_EXISTING.format(user=user))
    ctx.err(note(_OTHER_ACCOUNT, terminal=ctx.proc.is_terminal(2)) + "\n\n")
    try:
        yield from _authenticate(ctx, server, user, password)
    except UnauthorizedError:
        ctx.complain("Stored credentials invalid or expired")
        return False
    except DockerlabError as error:
        ctx.complain(f"Login did not succeed, error: {worded(error)}")
        return False
    return True


def _ask(ctx: Context, server: str, user: str, password: str, usual: str) -> Generator[Wait, Any, tuple[str, str]]:
    """What is missing is asked for at the terminal, which shows nothing of a password; `usual` is the stored name."""
    if not ctx.stdin_is_terminal:
        raise CommandError("Error: Cannot perform an interactive login from a non TTY device")
    if server == HUB and not user and not password:
        ctx.err(_NO_WEB)
    if not user:
        ctx.out(_HUB if server == HUB else "")
        ctx.out(f"Username ({usual}): " if usual else "Username: ")
        user = (yield from ctx.read_stdin_line()).strip() or usual
    if not user:
        raise CommandError("Error: Non-null Username Required")
    if not password:
        ctx.out(note(_TOKENS.removesuffix("\n"), terminal=True) if server == HUB else "")
        ctx.out("Password: ")
        password = yield from ctx.read_secret()
        ctx.out("\n")
    if not password:
        raise CommandError("Error: Password Required")
    return user, password


def _authenticate(ctx: Context, server: str, user: str, password: str) -> Generator[Wait, Any, str]:
    """Try the credentials; returns the refresh token that stands for the password from now on, '' for none."""
    auth = {"username": user, "password": password, "serveraddress": server}
    result = ctx.engine.system.auth(auth)
    answer = (yield from run_through(result)) if isinstance(result, Generator) else result
    return str(answer["IdentityToken"])


def logout(ctx: Context, args: Invocation) -> int:
    """`docker logout`."""
    server = args.args[0] if args.args else HUB
    ctx.line(f"Removing login credentials for {registry_key(server)}")
    erase(ctx, server)
    return 0


COMMANDS: dict[str, Handler] = {"login": login, "logout": logout}
