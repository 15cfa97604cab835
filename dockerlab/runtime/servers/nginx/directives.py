"""Which directive may stand where, with how many arguments, and what kind of value it takes.

The table was asked of nginx itself, directive by directive; values that need more than a look are checked by
`config`, when it makes sense of them.
"""

from __future__ import annotations

import functools
import importlib.resources
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.runtime.servers.nginx.syntax import ConfigError, Directive

LETTERS: Mapping[str, str] = {
    "main": "M", "events": "E", "http": "H", "server": "S", "location": "L", "upstream": "U",
    "server if": "s", "location if": "l", "limit_except": "x",
}  # fmt: skip
"""The contexts and the letters that they have in the table."""
INNER: Mapping[tuple[str, str], str] = {
    ("main", "events"): "events",
    ("main", "http"): "http",
    ("http", "server"): "server",
    ("http", "upstream"): "upstream",
    ("server", "location"): "location",
    ("location", "location"): "location",
    ("server", "if"): "server if",
    ("location", "if"): "location if",
    ("location", "limit_except"): "limit_except",
}
"""(context, block) → the context inside; what is missing here holds words of its own."""
FREE = "free"
MODIFIERS = ("=", "^~", "~", "~*")
_SIZE = re.compile(r"\d+(?:[kKmMgG]|ms|[smhdwMy])?(?:\s*\d+(?:ms|[smhdwMy]))*")


@dataclass(frozen=True)
class Rule:
    """A row of the table."""

    contexts: str
    least: int
    most: int
    kinds: frozenset[str]

    @property
    def is_block(self) -> bool:
        """Whether it opens a block."""
        return "block" in self.kinds


@functools.cache
def rules() -> Mapping[str, Rule]:
    """The table, read when the first configuration is."""
    text = importlib.resources.files(__package__).joinpath("directives.json").read_text("utf-8")
    return {name: _rule(row) for name, row in json.loads(text)["directives"].items()}


def _rule(row: str) -> Rule:
    contexts, counts, *kinds = row.split()
    least, _, most = counts.partition("-")
    return Rule(contexts, int(least), int(most), frozenset(kinds))


def check(
    directive: Directive, end: str, context: str, before: tuple[Directive, ...], around: Directive | None = None
) -> str:
    """Refuse what nginx refuses; returns the context inside of the directive's block."""
    if context == FREE:
        if end == "{":
            raise directive.error('unexpected "{"')
        return FREE
    rule = _find(directive, context)
    _check_shape(directive, rule, end)
    _check_value(directive, rule)
    if "once" in rule.kinds and any(each.name == directive.name for each in before):
        raise directive.error(f'"{directive.name}" directive is duplicate')
    if directive.name == "location" and around is not None and around.name == "location":
        _check_nesting(directive, around)
    if directive.name in ("stream", "mail"):
        raise directive.error(f'dockerlab does not simulate the "{directive.name}" block')
    return INNER.get((context, directive.name), FREE)


def matching(directive: Directive) -> tuple[str, str]:
    """The modifier of a `location`, which may stick to the pattern ('~\\.php$'), and the pattern."""
    if len(directive.args) == 2:
        if directive.args[0] not in MODIFIERS:
            raise directive.error(f'invalid location modifier "{directive.args[0]}"')
        return directive.args[0], directive.args[1]
    word = directive.args[0]
    if word.startswith("@"):
        return "@", word
    modifier = next((each for each in ("^~", "~*", "~", "=") if word.startswith(each)), "")
    return modifier, word[len(modifier) :]


def _check_nesting(directive: Directive, around: Directive) -> None:
    """What a forgotten brace leads to: a location inside of one that it does not belong to."""
    (modifier, name), (outer, above) = matching(directive), matching(around)
    if outer == "=":
        raise directive.error(f'location "{name}" cannot be inside the exact location "{above}"')
    if outer == "@":
        raise directive.error(f'location "{name}" cannot be inside the named location "{above}"')
    if modifier == "@":
        raise directive.error(f'named location "{name}" can be on the server level only')
    if modifier not in ("~", "~*") and outer not in ("~", "~*") and not name.startswith(above):
        raise directive.error(f'location "{name}" is outside location "{above}"')


def _find(directive: Directive, context: str) -> Rule:
    table = rules()
    rule = table.get(f"{context}.{directive.name}") or table.get(directive.name)
    if rule is None:
        raise directive.error(f'unknown directive "{directive.name}"')
    if LETTERS[context] not in rule.contexts:
        raise directive.error(f'"{directive.name}" directive is not allowed here')
    return rule


def _check_shape(directive: Directive, rule: Rule, end: str) -> None:
    if rule.is_block and end == ";":
        raise directive.error(f'directive "{directive.name}" has no opening "{{"')
    if not rule.is_block and end == "{":
        raise directive.error(f'directive "{directive.name}" is not terminated by ";"')
    # Seven stands for as many as one likes.
    if len(directive.args) < rule.least or (rule.most < 7 and len(directive.args) > rule.most):
        raise directive.error(f'invalid number of arguments in "{directive.name}" directive')


def _check_value(directive: Directive, rule: Rule) -> None:
    value = directive.args[0] if directive.args else ""
    if "flag" in rule.kinds and value not in ("on", "off"):
        text = f'invalid value "{value}" in "{directive.name}" directive, it must be "on" or "off"'
        raise directive.error(text)
    if directive.name == "worker_connections" and not value.isdigit():
        raise directive.error(f'invalid number "{value}"')
    if "number" in rule.kinds and not value.isdigit():
        raise directive.error(f'"{directive.name}" directive invalid number')
    if "value" in rule.kinds and not (_SIZE.fullmatch(value) or value in ("off", "auto", "none")):
        raise directive.error(f'"{directive.name}" directive invalid value')


__all__ = ["ConfigError", "FREE", "INNER", "LETTERS", "Rule", "check", "matching", "rules"]
