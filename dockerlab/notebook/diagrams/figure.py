"""A finished picture: DOT for drawing, words for those who can't see it, characters for a terminal.

In a notebook a figure is `text/html` with an `<img>` data URL, which untrusted notebooks, GitHub and nbviewer
show too (they drop `image/svg+xml` and inline SVG), and `text/plain`, which says the same in characters. Where
nothing can lay a picture out, the characters take its place.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from dockerlab.errors import RendererError
from dockerlab.notebook.diagrams import render
from dockerlab.notebook.diagrams.dot import escape
from dockerlab.notebook.diagrams.wording import clean


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words: `title` names it, `alt` says what it shows, `text` draws it in characters."""

    dot: str
    title: str
    alt: str
    text: str

    @staticmethod
    def of(dot: str, title: str, alt: str, lines: Iterable[str]) -> Figure:
        """A figure whose words hold nothing that a terminal or a reader could stumble over."""
        return Figure(dot, clean(title), clean(alt), "\n".join(clean(line).rstrip() for line in lines))

    @property
    def svg(self) -> str:
        """The picture as one `<svg>` element; `RendererError` where nothing can lay it out."""
        return render.svg(self.dot, self.title, self.alt)

    @property
    def html(self) -> str:
        """The picture as an `<img>` that needs nothing else; as characters where it can't be drawn."""
        try:
            data = base64.b64encode(self.svg.encode()).decode()
        except RendererError as error:
            return f"<pre>{escape_lines(self.text)}</pre>\n<p>{escape(str(error))}</p>"
        return f'<img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}


def escape_lines(text: str) -> str:
    """Several lines as they may stand in HTML."""
    return "\n".join(map(escape, text.split("\n")))
