"""A finished picture: DOT for drawing, words for those who can't see it, characters for a terminal.

In a notebook a figure is `text/html` with an `<img>` data URL, which untrusted notebooks, GitHub and nbviewer
show too (they drop `image/svg+xml` and inline SVG), and `text/plain`, which says the same in characters.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Any

from dockerlab.notebook.diagrams import render
from dockerlab.notebook.diagrams.dot import escape


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its words: `title` names it, `alt` says what it shows, `text` draws it in characters."""

    dot: str
    title: str
    alt: str
    text: str

    @property
    def svg(self) -> str:
        """The picture as one `<svg>` element."""
        return render.svg(self.dot, self.title, self.alt)

    @property
    def html(self) -> str:
        """The picture as an `<img>` that needs nothing else."""
        data = base64.b64encode(self.svg.encode()).decode()
        return f'<img alt="{escape(self.alt)}" src="data:image/svg+xml;base64,{data}">'

    def __str__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self.html, "text/plain": self.text}
