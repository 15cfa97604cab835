"""Command lines in a cell, shown as a terminal shows them: both streams in one, in the order they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dockerlab.lab import Lab
from dockerlab.notebook.page import PAGE, Moving
from dockerlab.runtime.shell import is_complete

HINTS = {
    "the input device is not a TTY\n": "(A notebook's cell is no terminal: open one with terminal(), or leave out -t. "
    "In a cell that begins with %%docker run -i IMAGE sh, the lines below are what the shell reads.)",
}
"""What Docker says where a cell differs from a terminal, and what helps there."""

NO_TEXT = "(What comes now is no text, so it is not shown: -o FILE or > FILE puts it into a file.)\n"


def show(lab: Lab, line: str, *, stdin: str = "") -> None:
    """Run one command and print what it says while it says it; a hint follows where a cell is no terminal."""
    moving = Moving() if PAGE.watched else None
    try:
        for text in readable(lab.stream(line, stdin=stdin, onlooker=moving.see if moving else None)):
            if moving:
                moving.end()
            PAGE.print(text)
            if text in HINTS:
                PAGE.print(f"{HINTS[text]}\n")
    finally:
        if moving:
            moving.end()


def readable(pieces: Iterable[tuple[str, str]]) -> Iterator[str]:
    """What a page can show: of a stream nothing more once it has brought a NUL, as archives do."""
    unreadable: set[str] = set()
    for stream, text in pieces:
        if stream in unreadable:
            continue
        if "\0" in text:
            unreadable.add(stream)
        yield NO_TEXT if stream in unreadable else text


def show_session(lab: Lab, script: str) -> None:
    """Run a cell's lines one command after the other, each after its prompt."""
    for command in commands(script):
        PAGE.print("$ " + command.replace("\n", "\n> ") + "\n")
        show(lab, command)


def commands(script: str) -> Iterator[str]:
    """A script's complete commands: a loop, a here-document or a continued line is one command.

    Blank lines and comments between commands are left out.
    """
    pending = ""
    for line in script.splitlines():
        pending = f"{pending}\n{line}" if pending else line
        if not pending.strip() or pending.lstrip().startswith("#"):
            pending = ""
        elif is_complete(pending):
            yield pending
            pending = ""
    if pending:
        yield pending
