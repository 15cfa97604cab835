"""`python -m dockerlab`, or just `dockerlab`: the lab's host in a terminal, for those who are not in a notebook.

dockerlab                     a shell on the simulated host
dockerlab -c 'docker images'  one line, with its exit code
"""

from __future__ import annotations

import sys

from dockerlab.lab import Lab

USAGE = "usage: dockerlab [-c LINE]"


def main() -> int:
    """Run one line, or read lines until the end of the input."""
    words = sys.argv[1:]
    if words[:1] in (["-h"], ["--help"]):
        print(f"{USAGE}\n\n{__doc__}")
        return 0
    lab = Lab()
    if words[:1] == ["-c"] and len(words) == 2:
        return show(lab, words[1])
    if words:
        print(USAGE, file=sys.stderr)
        return 2
    return talk(lab)


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
    """A shell: one line after the other."""
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
