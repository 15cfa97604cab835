"""Parser directives: the comments at the head of a Dockerfile that set syntax, escape and check.

Follows BuildKit's reference ("Parser directives") and its frontend/dockerfile/parser: they must be the first lines,
each may stand once, names ignore case, and any other line ends them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from dockerlab.errors import DockerfileError

KNOWN = ("syntax", "escape", "check")
_PATTERNS = {mark: re.compile(rf"^{mark}\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(.+?)\s*$") for mark in ("#", "//")}


@dataclass(frozen=True, slots=True)
class Directive:
    """A directive with the line that it stands on, counted from 1."""

    name: str
    value: str
    line: int


def parse_directives(text: str, *, mark: str = "#", first_line: int = 1) -> list[Directive]:
    """The directives at the head of a text; the same one twice is an error."""
    found: dict[str, Directive] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), first_line):
        match = _PATTERNS[mark].match(line.lstrip())
        if match is None or match[1].lower() not in KNOWN:
            break
        name = match[1].lower()
        if name in found:
            raise DockerfileError(f"only one {name} parser directive can be used", line=number)
        found[name] = Directive(name, match[2], number)
    return list(found.values())


def find_directive(text: str, name: str, *, any_format: bool = False) -> str | None:
    """The value of a directive, None where it isn't set.

    A shebang may stand above; with `any_format` the comments may begin with '//', or the text be a JSON object, as
    frontends of other languages have it.
    """
    text = text.removeprefix("\ufeff")
    first_line = 1
    if text.startswith("#!"):
        text, first_line = text.partition("\n")[2], 2
    for mark in ("#", "//") if any_format else ("#",):
        for directive in parse_directives(text, mark=mark, first_line=first_line):
            if directive.name == name:
                return directive.value
    return _json_directive(text, name) if any_format else None


def _json_directive(text: str, name: str) -> str | None:
    try:
        value = json.loads(text)
    except ValueError:
        return None
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, str) else None
