"""How a shell's flow of control leaves its usual path: errors, and the jumps of break, return and exit."""

from __future__ import annotations

from dockerlab.errors import DockerlabError


class ShellError(DockerlabError):
    """What ends a shell that is not interactive (POSIX.1-2024 XCU 2.8.1); `key` and `values` make its text."""

    def __init__(self, key: str, *values: object, status: int = 2, builtin: str = "") -> None:
        super().__init__(key, exit_code=status)
        self.key = key
        self.values = values
        self.status = status
        self.builtin = builtin


class RedirectError(ShellError):
    """A redirection that failed: only a special builtin's ends the shell."""


class ShellSyntaxError(DockerlabError):
    """Text that is no shell command; `incomplete` when more text could make it one.

    `line` is where the text ended, `start` where what is missing its end began. `found` is the token that should not
    be there, `expected` what should; `text` replaces both, `bash` is the token itself, which bash shows.
    """

    def __init__(
        self,
        line: int,
        *,
        found: str = "",
        expected: str = "",
        text: str = "",
        bash: str = "",
        incomplete: bool = False,
    ) -> None:
        super().__init__(text or found)
        self.line = line
        self.start = line
        self.unclosed = bool(text) and incomplete
        self.found = found
        self.expected = expected
        self.text = text
        self.bash = bash
        self.incomplete = incomplete

    def within(self, close: str) -> None:
        """The end is missing of something that `close` would end: bash says that instead."""
        self.bash, self.start, self.unclosed = close, self.line + 1, True


class Fatal(ShellError):
    """An error that ends the shell although the builtin that has it is not special."""


class Declined(ShellError):
    """An error that has been complained of already and ends nothing."""


class Jump(Exception):
    """A jump out of commands that are running; not an error."""


class BreakLoop(Jump):
    """`break n`."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self.count = count


class ContinueLoop(BreakLoop):
    """`continue n`."""


class Return(Jump):
    """`return status`."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Exit(Jump):
    """`exit status`, or the end that `set -e` asks for."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class Interrupt(Jump):
    """Ctrl-C: a person's shell drops the whole line."""


class Replaced(Jump):
    """`exec`: another program has run in the shell's place, and ended with `status`."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status
