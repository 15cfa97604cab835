"""Small pieces of DOT (Graphviz's language): cells, boxes and the frame that every diagram shares.

Labels are Graphviz's HTML-like tables. Fonts are only those whose widths Graphviz knows (Helvetica, Arial,
Courier, Courier New): Arial stands for bold Helvetica and Courier for bold Courier New, because two runs in
one cell would sit at different heights; `render` turns the faces into real ones afterwards. All text comes
from a student's lab, so everything is escaped here and nowhere else.
"""

from __future__ import annotations

import html
from collections.abc import Iterable

from dockerlab.notebook.diagrams.palette import INK, OUTSIDE, Role
from dockerlab.notebook.diagrams.wording import clean, columns

SANS, SANS_BOLD = "Helvetica", "Arial"
MONO, MONO_BOLD = "Courier New", "Courier"

FRAME = """\
  graph [bgcolor=transparent pad=0.12 fontname="Helvetica" fontsize=13 fontcolor="#7A7A7A" ranksep=0.5 nodesep=0.35]
  node [shape=plain fontname="Helvetica" fontsize=12 fontcolor="#1B1F24"]
  edge [fontname="Helvetica" fontsize=11 fontcolor="#7A7A7A" color="#7A7A7A" penwidth=1.3 arrowsize=0.75]
"""
BLANK = "\N{NO-BREAK SPACE}"
BLANK_WIDTH = 0.556
"""What Graphviz reserves for a BLANK, in em."""
SANS_WIDTHS = {0: 0.0, 1: 0.75, 2: 1.25}
"""Of a character beyond ASCII by its columns in a terminal, in em, as browsers' fonts have it at most."""
MONO_WIDTH = 0.6
"""Of every character of a monospaced face, in em."""
BOLD_MORE = 0.045
"""By how much a bold letter is wider, in em."""


def escape(text: str) -> str:
    """`text` as it may stand in XML or in an attribute of it."""
    return html.escape(clean(text), quote=True)


def label(text: str) -> str:
    r"""`text` as it may stand in an HTML-like label, where Graphviz would take \N for the node's name."""
    return escape(text).replace("\\", "\\\\")


def run(text: str, *, face: str = SANS, size: int = 12, color: str = INK) -> str:
    """One run of text in one face."""
    return f'<FONT FACE="{face}" POINT-SIZE="{size}" COLOR="{color}">{label(text) or " "}{room(text, face)}</FONT>'


def room(text: str, face: str) -> str:
    """Blanks that make up for what Graphviz reserves too little: it counts bytes, and no letter as bold."""
    if face in (MONO, MONO_BOLD):
        return ""
    missing = sum(
        SANS_WIDTHS[columns(character)] - 0.278 * len(character.encode("utf-8", "replace"))
        for character in text
        if not character.isascii()
    )
    missing += BOLD_MORE * len(text) if face == SANS_BOLD else 0
    return BLANK * max(0, round(missing / BLANK_WIDTH))


def cell(content: str, *, align: str = "LEFT", width: int = 0, height: int = 0, port: str = "", more: str = "") -> str:
    """A table cell around `content` (runs or a table), with `more` attributes."""
    parts = [f'ALIGN="{align}"']
    parts += [f'WIDTH="{width}"'] if width else []
    parts += [f'HEIGHT="{height}"'] if height else []
    parts += [f'PORT="{port}"'] if port else []
    parts += [more] if more else []
    return f"<TD {' '.join(parts)}>{content}</TD>"


def row(cells: Iterable[str]) -> str:
    """A table row."""
    return f"<TR>{''.join(cells)}</TR>"


def box(rows: Iterable[str], role: Role, *, title: str = "", port: str = "", padding: int = 5, more: str = "") -> str:
    """A rounded box in a role's colours; `title` is shown when a mouse rests on it."""
    attributes = (
        f'BORDER="{role.width}" STYLE="{role.style}" COLOR="{role.edge}" BGCOLOR="{role.fill}" '
        f'CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}"'
    )
    attributes += f' PORT="{port}"' if port else ""
    attributes += f' TITLE="{label(title)}" HREF="#"' if title else ""
    attributes += f" {more}" if more else ""
    return f"<TABLE {attributes}>{''.join(rows)}</TABLE>"


def plain(rows: Iterable[str], *, spacing: int = 2, padding: int = 0, port: str = "") -> str:
    """A table without a border."""
    look = f'BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="{padding}"'
    look += f' PORT="{port}"' if port else ""
    return f"<TABLE {look}>{''.join(rows)}</TABLE>"


def column(items: Iterable[str], *, spacing: int = 2, port: str = "") -> str:
    """Boxes or runs one under the other, without a border."""
    return plain((row([cell(item)]) for item in items), spacing=spacing, port=port)


def heading(name: str, about: str = "") -> str:
    """A bold name and a few plain words, for use outside boxes."""
    return run(name, face=SANS_BOLD, size=15, color=OUTSIDE) + (run("   " + about, color=OUTSIDE) if about else "")


def note(text: str, color: str = OUTSIDE) -> str:
    """A sentence under a picture: what is to be seen in it."""
    return run(text, face=SANS_BOLD, size=12, color=color)


def caption(lines: Iterable[str]) -> str:
    """A graph's options for sentences under the picture, one under the other."""
    text = "".join(f'{note(line)}<BR ALIGN="LEFT"/>' for line in lines)
    return f"label=<{text}>; labeljust=l" if text else ""


def bar(share: float, color: str, *, length: int = 64) -> str:
    """A horizontal bar; `share` is 0 to 1 of `length` points, never less than 2 unless it is 0."""
    filled = min(length, max(2, round(length * share))) if share > 0 else 0
    pieces = [f'<TD WIDTH="{filled}" HEIGHT="7" FIXEDSIZE="TRUE" BGCOLOR="{color}"></TD>'] if filled else []
    rest = length - filled
    pieces += [f'<TD WIDTH="{rest}" HEIGHT="7" FIXEDSIZE="TRUE"></TD>'] if rest else []
    return plain([row(pieces)], spacing=0)


def node(name: str, label: str, more: str = "") -> str:
    """A node with an HTML-like label; `more` attributes give it a shape of its own."""
    return f"  {name} [label=<{label}>{' ' + more if more else ''}]\n"


def edge(
    source: str, target: str, *, color: str = OUTSIDE, text: str = "", place: str = "label", more: str = ""
) -> str:
    """An arrow with a word on it; as a `taillabel` the word does not bend it."""
    parts = [f'color="{color}"', *([more] if more else [])]
    parts += [f"{place}=<{run(f' {text} ', face=SANS_BOLD, size=11, color=color)}>"] if text else []
    return f"  {source} -> {target} [{' '.join(parts)}]\n"


def graph(body: str, *, options: str = "") -> str:
    """A whole diagram in the shared frame."""
    extra = f"  {options}\n" if options else ""
    return f"digraph lab {{\n{FRAME}{extra}{body}}}\n"
