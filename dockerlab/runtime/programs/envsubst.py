"""envsubst (GNU gettext): variables of the environment in place of their names."""

from __future__ import annotations

import re

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

_VARIABLE = re.compile(r"\$(?:(\w+)|\{(\w+)\})")


@program("envsubst", options="v", usage="[OPTION] [SHELL-FORMAT]")
def envsubst(proc: Process, args: Arguments) -> Waiting:
    """Replace $NAME and ${NAME}; with a format, only those that it names."""
    named = {one or other for one, other in _VARIABLE.findall(args.operands[0])} if args.operands else None
    if "v" in args:
        proc.out("".join(f"{name}\n" for name in sorted(named or ())))
        return 0

    def value(found: re.Match[str]) -> str:
        name = found[1] or found[2]
        return proc.env.get(name, "") if named is None or name in named else found[0]

    text = text_of((yield from open_source(proc, "-").read_all()))
    proc.out(_VARIABLE.sub(value, text))
    return 0
