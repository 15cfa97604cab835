"""`dockerlab registry`: a registry on a real socket, in a folder, for a class on one machine (docs/registry.md)."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated, Any

import typer

from dockerlab.errors import InvalidParameterError, NotFoundError

commands = typer.Typer(
    help="A registry of your own: real tools push to it and pull from it.", rich_markup_mode=None, no_args_is_help=True
)


@commands.command()
def serve(
    root: Annotated[Path, typer.Option(metavar="DIR", help="The folder that everything lies in.")],
    port: Annotated[int, typer.Option(min=0, max=65_535, help="Where to listen; 0 takes a free port.")] = 5000,
    host: Annotated[str, typer.Option(help="Which address to listen at; 0.0.0.0 for other machines.")] = "127.0.0.1",
    htpasswd: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Let in only whose name and bcrypt hash stand in the file.")
    ] = None,
) -> None:
    """Serve the registry in a folder until Ctrl-C, with a line on standard output for every request."""
    from dockerlab.registry.folder import FolderStorage
    from dockerlab.registry.serve import HttpServer
    from dockerlab.registry.server import Server

    storage = FolderStorage(_folder(root))
    access = None if htpasswd is None else _access(htpasswd)
    storage.purge()
    site = HttpServer(Server(storage, access=access), host, port, typer.echo, _report)
    signal.signal(signal.SIGTERM, _interrupt)
    typer.echo(f"Serving {root} at http://{host}:{site.port}/v2/ (Ctrl-C ends it)", err=True)
    site.run()


@commands.command()
def add_user(
    name: Annotated[str, typer.Argument(help="Who shall be let in.")],
    htpasswd: Annotated[Path, typer.Option(metavar="FILE", help="The file of names and hashes; made where needed.")],
    password: Annotated[str, typer.Option(help="The password; without it, it is asked for.")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Read it from standard input.")] = False,
) -> None:
    """Put a name and the hash of its password into a file for `serve --htpasswd`, or give a name another password."""
    from dockerlab.registry.htpasswd import hash_password, parse_htpasswd

    if not name or ":" in name or not name.isprintable():
        raise InvalidParameterError("a name has no colon, and only what can be printed")
    if password_stdin:
        password = typer.get_text_stream("stdin").readline().rstrip("\r\n")
    elif not password:
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    if not password:
        raise InvalidParameterError("a password is needed")
    users = dict(parse_htpasswd(_text(htpasswd))) if htpasswd.exists() else {}
    users[name] = hash_password(password.encode())
    fresh = htpasswd.with_name(f"{htpasswd.name}.new")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{each}:{kept}\n" for each, kept in users.items()))
    fresh.replace(htpasswd)


@commands.command()
def garbage_collect(
    root: Annotated[Path, typer.Option(metavar="DIR", help="The folder of a registry, ours or Docker's.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", "-d", help="Say what would go, and remove nothing.")] = False,
    delete_untagged: Annotated[
        bool, typer.Option("--delete-untagged", "-m", help="Remove manifests, too, that no tag leads to.")
    ] = False,
) -> None:
    """Remove the blobs that no manifest needs; let nobody push meanwhile."""
    from dockerlab.registry.disk import DiskFiles
    from dockerlab.registry.garbage import Collector, Said
    from dockerlab.registry.layout import Shelves

    shelves = Shelves(DiskFiles(_folder(root)), "")
    for event in Collector(shelves, dry_run=dry_run, delete_untagged=delete_untagged).run():
        if isinstance(event, Said):
            typer.echo(event.line)


def _folder(root: Path) -> Path:
    if not root.is_dir() or not os.access(root, os.W_OK | os.X_OK):
        raise NotFoundError(f"--root: {root} is no folder that can be written to")
    return root


def _access(path: Path) -> Any:
    from dockerlab.registry.htpasswd import Htpasswd, parse_htpasswd

    try:
        parse_htpasswd(_text(path))
    except InvalidParameterError as error:
        raise InvalidParameterError(f"--htpasswd: {path}: {error}") from error

    def read() -> str:
        try:
            return path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return ""

    return Htpasswd(read)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidParameterError("the file is no text") from None
    except OSError as error:
        raise NotFoundError(f"--htpasswd: {path}: {(error.strerror or 'unreadable').lower()}") from error


def _report(line: str) -> None:
    typer.echo(f"dockerlab: {line}", err=True)


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


__all__ = ["commands"]
