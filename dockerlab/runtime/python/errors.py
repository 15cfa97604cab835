"""What ends a script apart from its own exceptions."""

from __future__ import annotations

from dockerlab.errors import DockerlabError


class NotSimulatedError(DockerlabError):
    """A part of Python that dockerlab does not play; the script is told so in one line and ends."""

    def __init__(self, what: str) -> None:
        super().__init__(f"dockerlab's Python does not simulate {what}")


class StopIterationError(Exception):
    """The StopIteration of scripts. (Python's own would end the evaluator that raises it.)"""

    script_name = "StopIteration"
