"""Pieces of static views: HTML that a notebook shows without a kernel, with styles inline and every text escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

SOFT = "color:#7A7A7A"
MARKS = {"A": "add", "C": "change", "D": "delete"}


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], numbers: Sequence[int] = ()) -> str:
    """A table of texts; the columns `numbers` are set to the right."""
    styles = ["text-align:right" if column in numbers else "text-align:left" for column in range(len(heads))]
    cells = [_row("th", heads, styles)] if any(heads) else []
    return f"<table>{''.join([*cells, *(_row('td', row, styles) for row in rows)])}</table>"


def _row(tag: str, texts: Sequence[str], styles: Sequence[str]) -> str:
    pairs = zip(texts, styles, strict=True)
    cells = [f'<{tag} style="{style}">{escape(text)}</{tag}>' for text, style in pairs]
    return f"<tr>{''.join(cells)}</tr>"


def fold(summary: str, body: str) -> str:
    """A fold with a text on it; `body` is HTML."""
    return f"<details><summary>{escape(summary)}</summary>{body}</details>"


def heading(title: str, question: str) -> str:
    """The head of a widget."""
    return f'<p><b>{escape(title)}</b> <span style="{SOFT}">{escape(question)}</span></p>'


def paragraph(text: str) -> str:
    """A paragraph of text."""
    return f"<p>{escape(text)}</p>"


def code(text: str) -> str:
    """Text as it stands, in a typewriter's letters."""
    return f"<pre>{escape(text)}</pre>"
