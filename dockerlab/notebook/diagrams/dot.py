"""Small pieces of DOT (Graphviz's language): cells, boxes and the frame that every diagram shares.

Labels are Graphviz's HTML-like tables. Fonts are only those whose widths Graphviz knows (Helvetica, Arial,
Courier, Courier New): Arial stands for bold Helvetica and Courier for bold Courier New, because two runs in
one cell would sit at different heights; `render` turns the faces into real ones afterwards. All text comes
from a student's lab, so everything is escaped here and nowhere else.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterable

from dockerlab.notebook.diagrams.palette import INK, OUTSIDE, Role

SANS, SANS_BOLD = "Helvetica", "Arial"
MONO, MONO_BOLD = "Courier New", "Courier"

FRAME = """\
  graph [bgcolor=transparent pad=0.12 fontname="Helvetica" fontsize=13 fontcolor="#7A7A7A" ranksep=0.5 nodesep=0.35]
  node [shape=plain fontname="Helvetica" fontsize=12 fontcolor="#1B1F24"]
  edge [fontname="Helvetica" fontsize=11 fontcolor="#7A7A7A" color="#7A7A7A" penwidth=1.3 arrowsize=0.75]
"""


def clean(text: str) -> str:
    """`text` without control characters, which neither DOT nor SVG can carry."""
    return "".join(" " if unicodedata.category(character)[0] == "C" else character for character in text)


def escape(text: str) -> str:
    """`text` as it may stand in an HTML-like label or an attribute of one."""
    return html.escape(clean(text), quote=True)


def quote(text: str) -> str:
    """`text` as a DOT string."""
    return '"' + clean(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def shorten(text: str, width: int) -> str:
    """At most `width` characters of `text` on one line, with an ellipsis where some are left out."""
    text = " ".join(clean(text).split())
    return text if len(text) <= width else text[: width - 1] + "…"


def run(text: str, *, face: str = SANS, size: int = 12, color: str = INK) -> str:
    """One run of text in one face."""
    return f'<FONT FACE="{face}" POINT-SIZE="{size}" COLOR="{color}">{escape(text) or " "}</FONT>'


def cell(content: str, *, align: str = "LEFT", width: int = 0, height: int = 0, port: str = "") -> str:
    """A table cell around `content` (runs or a table)."""
    parts = [f'ALIGN="{align}"']
    parts += [f'WIDTH="{width}"'] if width else []
    parts += [f'HEIGHT="{height}"'] if height else []
    parts += [f'PORT="{port}"'] if port else []
    return f"<TD {' '.join(parts)}>{content}</TD>"


def row(cells: Iterable[str]) -> str:
    """A table row."""
    return f"<TR>{''.join(cells)}</TR>"


def box(rows: Iterable[str], role: Role, *, title: str = "", port: str = "", padding: int = 5) -> str:
    """A rounded box in a role's colours; `title` is shown when a mouse rests on it."""
    attributes = (
        f'BORDER="{role.width}" STYLE="{role.style}" COLOR="{role.edge}" BGCOLOR="{role.fill}" '
        f'CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}"'
    )
    attributes += f' PORT="{port}"' if port else ""
    attributes += f' TITLE="{escape(title)}" HREF="#"' if title else ""
    return f"<TABLE {attributes}>{''.join(rows)}</TABLE>"


def column(items: Iterable[str], *, spacing: int = 2) -> str:
    """Boxes or runs one under the other, without a border."""
    rows = "".join(row([cell(item)]) for item in items)
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="0">{rows}</TABLE>'


def heading(name: str, about: str = "") -> str:
    """A bold name and a few plain words, for use outside boxes."""
    bold = run(name, face=SANS_BOLD, size=15, color=OUTSIDE)
    return bold + (run("   " + about, color=OUTSIDE) if about else "")


def bar(share: float, color: str, *, length: int = 64) -> str:
    """A horizontal bar; `share` is 0 to 1 of `length` points, never less than 2 unless it is 0."""
    filled = min(length, max(2, round(length * share))) if share > 0 else 0
    pieces = [f'<TD WIDTH="{filled}" HEIGHT="7" FIXEDSIZE="TRUE" BGCOLOR="{color}"></TD>'] if filled else []
    rest = length - filled
    pieces += [f'<TD WIDTH="{rest}" HEIGHT="7" FIXEDSIZE="TRUE"></TD>'] if rest else []
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">{row(pieces)}</TABLE>'


def node(name: str, label: str) -> str:
    """A node with an HTML-like label."""
    return f"  {name} [label=<{label}>]\n"


def graph(body: str, *, options: str = "") -> str:
    """A whole diagram in the shared frame."""
    extra = f"  {options}\n" if options else ""
    return f"digraph lab {{\n{FRAME}{extra}{body}}}\n"
