"""RUN with heredocs: what its shell is given (BuildKit, dispatchRun)."""

from __future__ import annotations

import re
from dataclasses import replace

from dockerlab.build.instructions import Run

_ALONE = re.compile(r"\d*<<-?\s*[^\s<|>&;]+$")
_SHOWN = 15


def command_of(instruction: Run) -> tuple[Run, str]:
    """The instruction with its heredocs as its command, and what the step's name says of them.

    A heredoc alone is the script; where more stands on the line, the shell gets line and documents as written.
    """
    if not instruction.documents or not instruction.words:
        return instruction, ""
    line = instruction.words[0]
    first = instruction.documents[0]
    if _ALONE.match(line):
        return replace(instruction, words=(first.text,)), f" ({_summary(first.text)})"
    parts = [line, *(f"{document.content}{document.name}" for document in instruction.documents)]
    return replace(instruction, words=("\n".join(parts),)), ""


def _summary(text: str) -> str:
    shown = " ".join(text.split("\n")).strip() if "\n" not in text.strip() else text.strip().split("\n", 1)[0] + "..."
    return shown if len(shown) <= _SHOWN + 3 or shown.endswith("...") else shown[:_SHOWN] + "..."
