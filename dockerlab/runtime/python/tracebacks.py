"""Uncaught exceptions in CPython's words (docs.python.org, library/traceback; PEP 657 for the marks below a line)."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator, Sequence

from dockerlab.runtime.python.frames import Entry
from dockerlab.runtime.python.objects import ScriptError

HEADING = "Traceback (most recent call last):\n"
_AFTER = {
    True: "\nThe above exception was the direct cause of the following exception:\n\n",
    False: "\nDuring handling of the above exception, another exception occurred:\n\n",
}
_MOST_ALIKE = 3
"""Equal lines that are shown before the rest is counted."""


def traceback_of(error: BaseException, minor: int) -> str:
    """The whole text on standard error; `minor` is 11 for Python 3.11, whose marks differ from later ones."""
    facts = error.__dict__
    before = facts.get("lab_cause") or facts.get("lab_context")
    text = ""
    if before is not None and before is not error:
        text = traceback_of(before, minor) + _AFTER["lab_cause" in facts and facts["lab_cause"] is not None]
    return text + HEADING + "".join(_entries(facts.get("lab_entries", ()), minor)) + last_line(error)


def last_line(error: BaseException) -> str:
    """'ValueError: text'."""
    name = type_name(error)
    text = str(error)
    return f"{name}: {text}\n" if text else f"{name}\n"


def type_name(error: BaseException) -> str:
    """The name of an exception's class, with its module where it is not built in."""
    if isinstance(error, ScriptError):
        cls = error.instance.cls
        return cls.name if cls.module == "__main__" else f"{cls.module}.{cls.name}"
    return str(getattr(type(error), "script_name", type(error).__name__))


def syntax_error(error: SyntaxError, file: str) -> str:
    """A syntax error: the line, and a caret below it."""
    shown = (error.text or "").rstrip()
    line = shown.lstrip()
    text = f'  File "{file}", line {error.lineno}\n    {line}\n'
    if error.offset and line:
        start = max(error.offset - 1 - (len(shown) - len(line)), 0)
        exact = error.end_lineno == error.lineno and not isinstance(error, IndentationError)
        end = (error.end_offset or 0) - 1 - (len(shown) - len(line)) if exact else 0
        text += f"    {' ' * start}{'^' * max(end - start, 1)}\n"
    return f"{text}{type(error).__name__}: {error.msg}\n"


def _entries(entries: Sequence[Entry], minor: int) -> Iterator[str]:
    for text, alike in itertools.groupby(_entry(entry, minor) for entry in entries):
        count = len(list(alike))
        yield text * min(count, _MOST_ALIKE)
        if count > _MOST_ALIKE:
            more = count - _MOST_ALIKE
            yield f"  [Previous line repeated {more} more time{'s' * (more != 1)}]\n"


def _entry(entry: Entry, minor: int) -> str:
    node = entry.node
    number = getattr(node, "lineno", 0)
    text = f'  File "{entry.source.file}", line {number}, in {entry.name}\n'
    line = entry.source.line(number)
    # Only from 3.13 on does Python know the source of `-c` and of standard input.
    if not line.strip() or (entry.source.file.startswith("<") and minor < 13):
        return text
    return f"{text}    {line.strip()}\n{_marks(node, line, minor)}"


def _marks(node: ast.AST | None, line: str, minor: int) -> str:
    """The carets below a line; none where they would say nothing."""
    start, end = getattr(node, "col_offset", 0), getattr(node, "end_col_offset", 0)
    # The syntax tree counts bytes.
    start, end = (len(line.encode()[:at].decode(errors="ignore")) for at in (start, end))
    if getattr(node, "end_lineno", None) != getattr(node, "lineno", None):
        end = len(line.rstrip())
    indent = len(line) - len(line.lstrip())
    anchors = _anchors(node, line, minor)
    if anchors is None and line[start:end].strip() == line.strip():
        return ""
    if anchors is None:
        marks = "^" * (end - start)
    else:
        left, right = anchors
        marks = "~" * (left - start) + "^" * (right - left) + "~" * (end - right)
    return f"    {' ' * (start - indent)}{marks}\n" if marks else ""


def _anchors(node: ast.AST | None, line: str, minor: int) -> tuple[int, int] | None:
    """The part of an expression that stands for what went wrong: an operator, a subscript, a call's arguments."""
    if isinstance(node, ast.Expr):
        node = node.value
    if getattr(node, "lineno", 0) != getattr(node, "end_lineno", 1):
        return None
    if isinstance(node, ast.BinOp):
        at = node.left.end_col_offset or 0
        while at < len(line) and (line[at].isspace() or line[at] in ")"):
            at += 1
        width = 2 if line[at : at + 2] in ("**", "//", "<<", ">>") else 1
        return at, at + width
    if isinstance(node, ast.Subscript):
        return _from_bracket(node.value, node, line, "[")
    if isinstance(node, ast.Call) and minor >= 13:
        return _from_bracket(node.func, node, line, "(")
    return None


def _from_bracket(inner: ast.expr, outer: ast.expr, line: str, bracket: str) -> tuple[int, int]:
    at = line.find(bracket, inner.end_col_offset or 0)
    return at, outer.end_col_offset or at + 1
