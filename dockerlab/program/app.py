"""The command line of `dockerlab`: words, options and their help, on typer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

import typer

from dockerlab.errors import DockerlabError
from dockerlab.program import course, registry


class Shell(Protocol):
    """The host's shell."""

    def __call__(self, line: str | None, registries: Sequence[str] = ()) -> int:
        """Run one line, or (None) read lines until the end of the input; returns the exit code."""


def run(words: Sequence[str], shell: Shell) -> int:
    """Do what the words say; returns the exit code."""
    try:
        _application(shell)(list(words), prog_name="dockerlab")
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else 0
    except DockerlabError as error:
        typer.echo(f"dockerlab: {error}", err=True)
        return 1
    return 0


def _application(shell: Shell) -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )

    @app.callback(invoke_without_command=True)
    def dockerlab(
        context: typer.Context,
        line: Annotated[
            str | None, typer.Option("-c", metavar="LINE", help="Run one line, and end with its exit code.")
        ] = None,
        registry: Annotated[
            list[str] | None, typer.Option(metavar="NAME=URL", help="Let a name in the lab lead to a real registry.")
        ] = None,
    ) -> None:
        """A Docker host in a terminal. Without a command: its shell."""
        if context.invoked_subcommand is None:
            raise typer.Exit(shell(line, registry or ()))

    app.add_typer(course.commands, name="course")
    app.add_typer(registry.commands, name="registry")
    return app
