"""The magics: `%docker`, `%%host`, `%%hostfile` and `%lab`.

No magic expands `{name}` or `$name` as IPython does by default: `{{.Id}}` and `$PWD` belong to Docker and the shell.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from typing import Any

from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class, no_var_expand
from IPython.display import display

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.drawing import draw_line
from dockerlab.notebook.page import PAGE
from dockerlab.notebook.session import current_lab
from dockerlab.notebook.terminal import show, show_session

LAB_USAGE = (
    "usage: %lab [status | reset [28|29] | undo | redo | clock [2 weeks|3 days|…] "
    "| draw [NAME|names|build|…] | present [off]]"
)
SPAN = re.compile(r"\+?\s*(\d+(?:\.\d+)?)\s*(week|day|hour|minute|second)s?")


@magics_class
class DockerMagics(Magics):
    """Docker and a simulated host in notebook cells."""

    @no_var_expand
    @line_cell_magic
    def docker(self, line: str, cell: str | None = None) -> None:
        """Run one docker command; a cell's body is its standard input."""
        show(current_lab(), f"docker {line}", stdin=cell or "")

    @no_var_expand
    @line_cell_magic
    def host(self, line: str, cell: str | None = None) -> None:
        """Type lines into the host's shell. `%%host COMMAND` gives the cell's body to COMMAND as its input."""
        if cell is None or not line.strip():
            show_session(current_lab(), line if cell is None else cell)
        else:
            show(current_lab(), line, stdin=cell)

    @no_var_expand
    @line_cell_magic
    def hostfile(self, line: str, cell: str | None = None) -> None:
        """Write the cell's body to a file of the host."""
        words = shlex.split(line)
        if cell is None or len(words) != 1:
            print("usage: %%hostfile PATH, and the file's text in the lines below")
            return
        lab = current_lab()
        path = lab.path(words[0])
        try:
            lab.host.write(path, cell.encode())
        except DockerlabError as error:
            print(f"%%hostfile: {error}")
            return
        print(f"wrote {path} ({len(cell.encode())} bytes)")

    @no_var_expand
    @line_magic
    def lab(self, line: str) -> None:
        """Reset, undo, redo, move the clock, or draw what is there."""
        verb, _, rest = line.strip().partition(" ")
        action = LAB_ACTIONS.get(verb or "status")
        if action is None:
            print(f"%lab: unknown word {verb!r}\n{LAB_USAGE}")
            return
        action(current_lab(), rest.strip())


def reset(lab: Lab, release: str) -> None:
    """A fresh host, as it was, or of another release of Docker."""
    if not release:
        lab.reset()
        print("A fresh lab: no images, no containers, an empty /lab folder.")
        return
    try:
        lab.reset(release=int(release))
    except ValueError:
        print(f"%lab reset: no release {release!r} of Docker: 28 or 29\n{LAB_USAGE}")
        return
    print(f"A fresh lab with Docker {release}: no images, no containers, an empty /lab folder.")


def undo(lab: Lab, _: str) -> None:
    """One command back."""
    undone = lab.undo()
    print(f"Undone: {undone}" if undone else "Nothing to undo: the lab is fresh.")


def redo(lab: Lab, _: str) -> None:
    """One command that was undone, done again."""
    again = lab.redo()
    print(f"Done again: {again}" if again else "Nothing to do again: nothing was undone here.")


def clock(lab: Lab, span: str) -> None:
    """Show the clock, or move it forward."""
    if span:
        parts = SPAN.findall(span)
        if not parts or SPAN.sub("", span).replace(",", "").replace("and", "").strip():
            print(f"%lab clock: can't read {span!r} as a span of time\n{LAB_USAGE}")
            return
        lab.clock.advance(**{f"{unit}s": float(count) for count, unit in parts})
    print(f"The lab's clock shows {lab.clock.date():%A, %d %B %Y, %H:%M:%S} UTC.")


def draw_named(_: Lab, line: str) -> None:
    """Draw an image, a container, all names, the last build, …"""
    try:
        display(draw_line(line))  # type: ignore[no-untyped-call]
    except DockerlabError as error:
        print(error)


def present(_: Lab, word: str) -> None:
    """Instructor's mode, on or off."""
    from dockerlab.notebook.widgets.present import STAGE

    if word == "off":
        print("No longer presenting." if STAGE.leave() else "Nobody is presenting: %lab present begins.")
    elif word:
        print(f"%lab present: off, or nothing, not {word!r}\n{LAB_USAGE}")
    else:
        display(STAGE.enter())  # type: ignore[no-untyped-call]


def status(lab: Lab, _: str) -> None:
    """What is in the lab, in a few lines."""
    images, containers = lab.engine.images.list(), lab.engine.containers.list(all=True)
    running = sum(row["State"] == "running" for row in containers)
    print(f"{len(images)} images, {len(containers)} containers ({running} running), in folder {lab.cwd}")
    clock(lab, "")


LAB_ACTIONS: dict[str, Callable[[Lab, str], None]] = {
    "reset": reset,
    "undo": undo,
    "redo": redo,
    "clock": clock,
    "draw": draw_named,
    "present": present,
    "status": status,
}


def one_line(shell: Any, kind: type, error: BaseException, trace: Any, tb_offset: int | None = None) -> None:
    """An error of the lab's is for the student to read: its text, without a traceback."""
    print(f"{error}", file=sys.stderr)


def register(shell: Any) -> None:
    """Give a shell the magics, and let it show our errors in one line."""
    shell.register_magics(DockerMagics)
    shell.set_custom_exc((DockerlabError,), one_line)
    shell.events.register("pre_run_cell", PAGE.begin)
