"""What a block of the configuration says, and what it takes over from the block around it.

A setting that a block has replaces that of the outer block; of settings that may stand several times the inner ones
replace all outer ones (nginx.org, "add_header": "inherited … if and only if there are no … on the current level").
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dockerlab.runtime.servers.nginx.syntax import Directive

REWRITING = frozenset({"return", "rewrite", "set", "break", "if"})
"""Directives that are carried out in their order, and that nobody inherits."""
_COMPLAINTS = {
    "unterminated character set": "missing terminating ] for character class",
    "missing ), unterminated subpattern": "missing closing parenthesis",
    "unbalanced parenthesis": "unmatched closing parenthesis",
    "nothing to repeat": "quantifier does not follow a repeatable item",
    "multiple repeat": "quantifier does not follow a repeatable item",
    "bad escape (end of pattern)": "\\ at end of pattern",
}
"""Python's words for a wrong regular expression → those of PCRE2."""


@dataclass(frozen=True, eq=False)
class Scope:
    """One block: its directives, and the scope around it."""

    directives: tuple[Directive, ...]
    parent: Scope | None = None
    is_condition: bool = False
    """Whether it is the block of an `if`, which has the content of the location around it."""

    @functools.cached_property
    def _by_name(self) -> Mapping[str, tuple[Directive, ...]]:
        named: dict[str, tuple[Directive, ...]] = {}
        for directive in self.directives:
            named[directive.name] = (*named.get(directive.name, ()), directive)
        return named

    def own(self, name: str) -> tuple[Directive, ...]:
        """The directives of a name in this very block."""
        return self._by_name.get(name, ())

    def all(self, name: str) -> tuple[Directive, ...]:
        """The directives of a name in the innermost block that has some."""
        scope: Scope | None = self
        while scope is not None:
            if found := scope.own(name):
                return found
            scope = scope.parent
        return ()

    def find(self, name: str) -> Directive | None:
        """The last directive of a name, from the innermost block that has one."""
        return next(reversed(self.all(name)), None)

    def value(self, name: str, default: str = "") -> str:
        """The first argument of a directive."""
        found = self.find(name)
        return found.args[0] if found and found.args else default

    def is_on(self, name: str, default: bool = False) -> bool:
        """A switch."""
        return self.value(name, "on" if default else "off") == "on"

    def content(self, name: str) -> Directive | None:
        """A directive that says what a location gives: its own, or for an `if` that of its location."""
        found = self.own(name)
        if not found and self.is_condition and self.parent is not None:
            return self.parent.content(name)
        return found[-1] if found else None

    @property
    def steps(self) -> Sequence[Directive]:
        """The rewriting directives, in their order."""
        return [directive for directive in self.directives if directive.name in REWRITING]


def pattern_of(directive: Directive, text: str, *, fold: bool = False) -> re.Pattern[str]:
    """A regular expression of PCRE; a wrong one is the directive's mistake."""
    try:
        return _compiled(text, fold)
    except (re.error, RecursionError, OverflowError) as error:
        said = getattr(error, "msg", str(error))
        raise directive.error(f'pcre2_compile() failed: {_COMPLAINTS.get(said, said)} in "{text}"') from None


@functools.lru_cache(maxsize=512)
def _compiled(text: str, fold: bool) -> re.Pattern[str]:
    named = re.sub(r"\(\?<([A-Za-z_]\w*)>", r"(?P<\1>", text)
    # PCRE's $ also stands before a last newline, as Python's does; \z is Python's \Z.
    return re.compile(named.replace("\\z", "\\Z"), re.IGNORECASE if fold else 0)
