"""How programs complain: each message in two flavours, GNU's and busybox's.

Containers have no locale set, so GNU's quotes are the plain ones of the C locale.
"""

from __future__ import annotations

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.runtime.process import Process

BUSYBOX_VERSION = "BusyBox v1.35.0 (2023-01-03 00:00:00 UTC) multi-call binary."
COREUTILS_VERSION = "9.4"


class ProgramFailure(DockerlabError):
    """A program gives up: a message after its name, and an exit code."""

    def __init__(self, message: str = "", *, busybox: str | None = None, code: int = 1) -> None:
        super().__init__(message)
        self.busybox = message if busybox is None else busybox
        self.code = code

    def report(self, proc: Process) -> int:
        """Print it and return the exit code."""
        text = self.busybox if is_busybox(proc) else self.message
        if text:
            complain(proc, text)
        return self.code


class UsageFailure(ProgramFailure):
    """Wrong words: GNU points at --help, busybox prints how it is used (always, and often nothing else).

    A `busybox` text means that busybox only complains.
    """

    def __init__(
        self, message: str = "", *, busybox: str = "", usage: str = "", code: int = 0, hint: str = "--help"
    ) -> None:
        super().__init__(message, busybox=busybox, code=code)
        self.hint = hint
        self.busybox_code = 1
        self.usage = usage
        self.getopt = message.startswith(("invalid option", "unrecognized option", "option "))

    def report(self, proc: Process) -> int:
        """Print the complaint in the flavour of the machine."""
        if not is_busybox(proc):
            complain(proc, self.message)
            hint = self.hint.format(invoked_as(proc))
            proc.err(f"Try '{invoked_as(proc)} {hint}' for more information.\n")
            return self.code or 1
        if self.busybox:
            complain(proc, self.busybox)
        else:
            if self.getopt:
                complain(proc, self.message)
            proc.err(self.text(proc))
        return self.busybox_code

    def text(self, proc: Process) -> str:
        """Busybox's usage text."""
        return f"{BUSYBOX_VERSION}\n\nUsage: {name_of(proc)} {self.usage}".rstrip() + "\n"

    def print_help(self, proc: Process) -> int:
        """What --help prints: on stdout by GNU, on stderr by busybox."""
        if is_busybox(proc):
            proc.err(self.text(proc))
        else:
            proc.out(f"Usage: {invoked_as(proc)} {self.usage}".rstrip() + "\n")
        return 0


def missing_operand(after: str = "", what: str = "operand") -> UsageFailure:
    """The complaint about a word that is not there."""
    return UsageFailure(f"missing {what} after '{after}'" if after else f"missing {what}")


def is_busybox(proc: Process) -> bool:
    """Whether the program speaks as busybox does."""
    return proc.flavour == "busybox"


def name_of(proc: Process) -> str:
    """The program's name without its folder."""
    return proc.argv[0].rsplit("/", 1)[-1].lstrip("-")


def invoked_as(proc: Process) -> str:
    """The name in messages: GNU repeats the word that was typed, busybox names the applet."""
    return name_of(proc) if is_busybox(proc) else proc.argv[0]


def complain(proc: Process, text: str, code: int = 1) -> int:
    """Print a message on stderr after the program's name; returns the exit code 1 for the caller to return."""
    proc.err(f"{invoked_as(proc)}: {text}\n")
    return code


def blame(proc: Process, error: FileSystemError, path: str, gnu: str = "{}", busybox: str = "{}", code: int = 1) -> int:
    """Complain of a file: the flavour's words with the name as it was typed in them, and the kernel's reason."""
    words = busybox if is_busybox(proc) else gnu
    return complain(proc, f"{words.format(path)}: {error.strerror}", code)
