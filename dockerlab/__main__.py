"""`python -m dockerlab`, or just `dockerlab`: the lab's host in a terminal, for those who are not in a notebook.

dockerlab                     a shell on the simulated host
dockerlab -c 'docker images'  one line, with its exit code
dockerlab registry serve …    a real registry; `dockerlab --help` names all such commands (`program`)

`--registry NAME=URL`, or such words in DOCKERLAB_REGISTRIES, lead names of the lab to real registries.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab

REGISTRIES = "DOCKERLAB_REGISTRIES"


def main() -> int:
    """Run one line, read lines until the end of the input, or do what another command says."""
    words = sys.argv[1:]
    if not words or (words[0] == "-c" and len(words) == 2):  # what must not wait for typer to be loaded
        return shell(words[1] if words else None)
    from dockerlab.program.app import run

    return run(words, shell)


def shell(line: str | None, registries: Sequence[str] = ()) -> int:
    """Run a line on a fresh host, or (None) all that is typed; `registries` are words 'NAME=URL'."""
    lab = Lab()
    try:
        for word in (*os.environ.get(REGISTRIES, "").split(), *registries):
            lab.connect_registry(*word.partition("=")[::2])
    except DockerlabError as error:
        print(f"dockerlab: {error}", file=sys.stderr)
        return 2
    if line is not None:
        return show(lab, line)
    from dockerlab.program import console

    return console.Console(lab).run() if console.can_be_used() else talk(lab)


def show(lab: Lab, line: str) -> int:
    """Run one line and print what it says while it says it."""
    conversation = lab.typed(line)
    while True:
        try:
            printed = next(conversation)
        except StopIteration as stop:
            return int(stop.value)
        stream = sys.stdout if printed.stream == "stdout" else sys.stderr
        stream.write(printed.text)
        stream.flush()


def talk(lab: Lab) -> int:
    """A shell without a terminal: one line after the other."""
    code = 0
    while True:
        try:
            line = input(f"root@dockerlab:{lab.cwd}# ")
        except EOFError:
            print()
            return code
        except KeyboardInterrupt:
            print("^C")
            continue
        code = show(lab, line)


if __name__ == "__main__":
    sys.exit(main())
