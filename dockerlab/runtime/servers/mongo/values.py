"""Values of mongosh: reading JavaScript's literals, and showing values as Node's util.inspect does.

ObjectId and Date are kept as MongoDB's extended JSON writes them: {"$oid": …}, {"$date": …}.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dockerlab.errors import DockerlabError

_TOKEN = re.compile(
    r"""\s+|//[^\n]*|(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`$]*`)|(?P<number>-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    |(?P<word>[$\w][$\w]*)|(?P<mark>.)""",
    re.VERBOSE | re.DOTALL,
)
BREAK = 80
"""Columns that a value may take before it goes on several lines (breakLength)."""
COMPACT = 3
"""Levels that may share a line (compact)."""


class ScriptError(DockerlabError):
    """What mongosh can't run; the message starts with the error's class."""


def tokenize(text: str) -> list[tuple[str, str]]:
    """Kinds and texts of a script's tokens."""
    found = ((match.lastgroup or "", match[0]) for match in _TOKEN.finditer(text))
    return [(kind, piece) for kind, piece in found if kind]


class Reader:
    """A place in a script."""

    def __init__(self, tokens: Sequence[tuple[str, str]]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def here(self) -> str:
        """The next token; '' at the end."""
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, wanted: str = "") -> str:
        """The next token, which should be a certain one."""
        text = self.here
        if not text or (wanted and text != wanted):
            raise ScriptError(f"SyntaxError: Unexpected token{f' {text!r}' if text else ', expected more'}")
        self.at += 1
        return text

    def value(self) -> Any:
        """A literal."""
        kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
        if kind == "string":
            return _unquoted(self.take())
        if kind == "number":
            self.at += 1
            return float(text) if re.search(r"[.eE]", text) else int(text)
        if text in ("{", "["):
            return self._object() if text == "{" else self._list("[", "]")
        self.take()
        if text in _NAMES:
            return _NAMES[text]
        if text == "new":
            text = self.take()
        if text in ("ObjectId", "ISODate", "Date", "NumberInt", "NumberLong"):
            return _made(text, self._list("(", ")"))
        raise ScriptError(f"ReferenceError: {text} is not defined")

    def arguments(self) -> list[Any]:
        """What stands in the brackets of a call."""
        return self._list("(", ")")

    def _list(self, first: str, last: str) -> list[Any]:
        self.take(first)
        items = []
        while self.here != last:
            items.append(self.value())
            if self.here != last:
                self.take(",")
        self.take(last)
        return items

    def _object(self) -> dict[str, Any]:
        self.take("{")
        found: dict[str, Any] = {}
        while self.here != "}":
            name = _unquoted(self.take())
            self.take(":")
            found[name] = self.value()
            if self.here != "}":
                self.take(",")
        self.take("}")
        return found


_NAMES: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None}


def _unquoted(text: str) -> str:
    if text[:1] not in ("'", '"', "`"):
        return text
    escapes = {"n": "\n", "t": "\t", "r": "\r"}
    return re.sub(r"\\(.)", lambda match: escapes.get(match[1], match[1]), text[1:-1], flags=re.DOTALL)


def _made(name: str, arguments: list[Any]) -> Any:
    first = arguments[0] if arguments else None
    if name == "ObjectId":
        return {"$oid": str(first or "")}
    if name in ("ISODate", "Date"):
        return {"$date": str(first or "")}
    return int(first or 0)


# Showing.


def show(value: Any) -> str:
    """A value as mongosh prints it as the result of a line: texts without quotes."""
    return value if isinstance(value, str) else _inspect(value, 0)[0]


def _inspect(value: Any, indent: int) -> tuple[str, int]:
    """The text of a value, and how many levels are in it."""
    if isinstance(value, dict) and "$oid" in value:
        return f"ObjectId('{value['$oid']}')", 0
    if isinstance(value, dict) and "$date" in value:
        return f"ISODate('{value['$date']}')", 0
    if isinstance(value, dict):
        parts = [(f"{_key(name)}: ", item) for name, item in value.items()]
        return _joined(parts, "{", "}", indent)
    if isinstance(value, list):
        return _joined([("", item) for item in value], "[", "]", indent)
    return _plain(value), 0


def _joined(parts: Sequence[tuple[str, Any]], first: str, last: str, indent: int) -> tuple[str, int]:
    if not parts:
        return first + last, 1
    texts, levels = [], 0
    for name, item in parts:
        text, inner = _inspect(item, indent + 2)
        texts.append(name + text)
        levels = max(levels, inner)
    # Node's own sum: what is short enough, and not too deep, stays on one line.
    total = sum(map(len, texts)) + 2 * len(texts) + indent + 11
    if levels < COMPACT and total <= BREAK and not any("\n" in text for text in texts):
        return f"{first} {', '.join(texts)} {last}", levels + 1
    space = " " * (indent + 2)
    lines = ",\n".join(space + text for text in texts)
    return f"{first}\n{lines}\n{' ' * indent}{last}", levels + 1


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name) else f"'{name}'"


def _plain(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, str):
        mark = '"' if "'" in value and '"' not in value else "'"
        escaped = value.replace("\\", "\\\\").replace("\n", "\\n")
        return mark + (escaped.replace("'", "\\'") if mark == "'" else escaped) + mark
    return str(value)
