"""What `docker` says of a command line that it doesn't understand, and that help was asked for.

Exit codes: 125 for flags, 1 for all else (docker/cli, cli/cobra.go and cli/required.go at 28.2.2).
"""

from __future__ import annotations

from dockerlab.cli.table import Command
from dockerlab.errors import CommandError


class UsageError(CommandError):
    """A command line that makes no sense. `str()` is all of what is printed, without the last newline."""

    def __init__(self, message: str, command: Command, *, exit_code: int = 1) -> None:
        super().__init__(message, exit_code=exit_code)
        self.command = command


class HelpRequested(Exception):
    """Help is to be printed: on stdout where it was asked for, on stderr where a group was named without more."""

    def __init__(self, command: Command, *, asked: bool = True) -> None:
        super().__init__(command.name)
        self.command = command
        self.asked = asked


def flag_error(command: Command, message: str) -> UsageError:
    """A flag that isn't one, lacks its value or has a wrong one: exit 125."""
    return UsageError(f"{message}\n\nUsage:  {command.error_usage}\n\n{_run_help(command)}", command, exit_code=125)


def unknown_command(group: Command, word: str) -> UsageError:
    """A word that is no command of this group."""
    usage = f"\n\nUsage:  {group.error_usage}" if group.path else ""
    return UsageError(f"docker: unknown command: {group.name} {word}{usage}\n\n{_run_help(group)}", group)


def check_arity(command: Command, count: int) -> None:
    """Refuse a wrong number of arguments."""
    least, most = command.min_args, command.max_args
    if count < least or (most is not None and count > most):
        raise UsageError(_arity_text(command), command)


def _arity_text(command: Command) -> str:
    least, most = command.min_args, command.max_args
    last = _run_help(command)
    if most == 0:
        rule = "accepts no arguments"
    elif most is None:
        rule, last = f"requires at least {_arguments(least)}", f"See '{command.name} --help' for more information"
    elif least == most:
        rule = f"requires {_arguments(least)}"
    elif least == 0:
        rule, last = f"requires at most {_arguments(most)}", command.slip + last
    else:
        rule = f"requires at least {least} and at most {_arguments(most)}"
    return f"docker: '{command.name}' {rule}\n\nUsage:  {command.error_usage}\n\n{last}"


def _arguments(number: int) -> str:
    return f"{number} argument" if number == 1 else f"{number} arguments"


def _run_help(command: Command) -> str:
    return f"Run '{command.name} --help' for more information"
