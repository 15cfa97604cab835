"""return, rewrite, set, break and if, in the order in which they stand (nginx.org, ngx_http_rewrite_module)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dockerlab.runtime.servers.nginx.scopes import Scope, pattern_of
from dockerlab.runtime.servers.nginx.syntax import Directive
from dockerlab.runtime.servers.nginx.variables import encoded, expand
from dockerlab.runtime.servers.nginx.visit import Visit

CYCLES = 10
"""How often a request may look for another location."""


class Given(Exception):  # a control flow: the phases end here
    """The request is answered with a status; `text` is a body or, for redirects, where to.

    `late` says that a Location stands behind the other headers, as `return` has it.
    """

    def __init__(self, status: int, text: str = "", *, body: bool = False, late: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.text = text
        self.body = body
        self.late = late


class Again(Exception):  # a control flow: look for a location once more
    """The path has changed, and with it the location."""


class Enough(Exception):  # a control flow: no more of these directives
    """`break`, and `rewrite … break`."""


def rewrite(visit: Visit, scope: Scope) -> None:
    """Carry the rewriting directives of a block out; raises Given or Again."""
    uri = visit.uri
    try:
        _run(visit, scope)
    except Enough:
        return
    if visit.uri != uri:
        raise Again


def _run(visit: Visit, scope: Scope) -> None:
    for step in scope.steps:
        STEPS[step.name](visit, step, scope)


def _return(visit: Visit, step: Directive, scope: Scope) -> None:
    words = step.args
    if not words[0].isdigit():
        raise Given(302, expand(words[0], visit), late=True)
    visit.status = int(words[0])
    text = expand(words[1], visit) if len(words) > 1 else ""
    raise Given(int(words[0]), text, body=len(words) > 1, late="://" in text)


def _set(visit: Visit, step: Directive, scope: Scope) -> None:
    visit.named[step.args[0].lstrip("$")] = expand(step.args[1], visit)


def _break(visit: Visit, step: Directive, scope: Scope) -> None:
    raise Enough


def _rewrite(visit: Visit, step: Directive, scope: Scope) -> None:
    match = pattern_of(step, step.args[0]).search(visit.uri)
    if match is None:
        return
    visit.note_match(match)
    flag = step.args[2] if len(step.args) > 2 else ""
    replacement = expand(step.args[1], visit)
    bare, asks, args = replacement.partition("?")
    query = args if asks and (args == "" or not visit.args) else f"{args}&{visit.args}" if args else visit.args
    if re.match(r"https?://|\$scheme", step.args[1]) or flag in ("redirect", "permanent"):
        target = bare if "://" in bare else encoded(bare)
        shown = f"{target}?{query}" if query else target
        raise Given(301 if flag == "permanent" else 302, shown, late="://" in shown)
    visit.uri, visit.args = bare, query
    if flag == "last":
        raise Again
    if flag == "break":
        raise Enough


def _if(visit: Visit, step: Directive, scope: Scope) -> None:
    if not holds(visit, step):
        return
    inner = Scope(step.block, scope, is_condition=True)
    if visit.location is not None:
        visit.condition = inner
    _run(visit, inner)


STEPS: Mapping[str, Callable[[Visit, Directive, Scope], None]] = {
    "return": _return,
    "set": _set,
    "break": _break,
    "rewrite": _rewrite,
    "if": _if,
}


def holds(visit: Visit, step: Directive) -> bool:
    """Whether the condition of an `if` is true."""
    words = " ".join(step.args)[1:-1].strip().split(None, 2)
    if len(words) < 2:
        return expand(words[0], visit) not in ("", "0") if words else False
    if words[0].lstrip("!") in _FILE_TESTS and words[0].lstrip("!").startswith("-"):
        found = _FILE_TESTS[words[0].lstrip("!")](visit, expand(words[1], visit))
        return found != words[0].startswith("!")
    value, operator, right = expand(words[0], visit), words[1], words[2] if len(words) > 2 else ""
    if operator in ("=", "!="):
        return (value == expand(right, visit)) == (operator == "=")
    match = pattern_of(step, right, fold=operator.endswith("*")).search(value)
    if match:
        visit.note_match(match)
    return bool(match) != operator.startswith("!")


_FILE_TESTS: Mapping[str, Callable[[Visit, str], bool]] = {
    "-f": lambda visit, path: visit.proc.fs.is_file(path),
    "-d": lambda visit, path: visit.proc.fs.is_dir(path),
    "-e": lambda visit, path: visit.proc.fs.exists(path),
    "-x": lambda visit, path: (found := visit.proc.fs.find(path)) is not None and bool(found.mode & 0o111),
}
