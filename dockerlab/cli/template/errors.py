"""What goes wrong with templates: while reading them, and while running them."""

from __future__ import annotations

from dockerlab.errors import CommandError


class TemplateError(CommandError):
    """A template that can't be read or run. `str()` is Go's text, e.g. 'template: :1: unclosed action'.

    `position` is where, in characters from 0; Go's text tells the line, and a column only of templates that ran.
    """

    def __init__(self, message: str, position: int = 0) -> None:
        super().__init__(message)
        self.position = position


class TemplateSyntaxError(TemplateError):
    """A template that can't be read; `docker inspect` exits with 64 for it."""

    exit_code = 64


class TemplateRunError(TemplateError):
    """A template that can't be run on these data; `written` is the text that it had made till then."""

    def __init__(self, message: str, written: str = "", position: int = 0) -> None:
        super().__init__(message, position)
        self.written = written


class FunctionError(Exception):
    """A function's own complaint; the evaluator says where."""
