"""Whether a text is a whole command already, or its next line belongs to it: what an interactive shell asks itself."""

from __future__ import annotations

from dockerlab.runtime.shell.dialects import BASH_SHELL
from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.parser import Parser


def is_complete(text: str) -> bool:
    """True too for what no further line can mend: the shell will say what is wrong with it."""
    if text.endswith("\\") and not text.endswith("\\\\"):
        return False
    parser = Parser(f"{text}\n", BASH_SHELL)
    try:
        while parser.line() is not None:
            pass
    except ShellSyntaxError as error:
        return not error.incomplete
    return parser.lexer.unfinished is None
