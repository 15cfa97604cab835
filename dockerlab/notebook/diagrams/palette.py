"""Colours and shapes of every diagram: a role has a fill, an edge and a line style.

The colours are of the Okabe-Ito set, which colour-blind people tell apart; shape, dashes and hatching say the
same as colour does, so a print in grey can be read too. Text outside a box has a grey that is readable on white
and on JupyterLab's dark theme.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#1B1F24"
MUTED = "#4B5563"
GONE = "#1B1F25"
"""An ink that `render` strikes through."""
OUTSIDE = "#7A7A7A"
HATCH = "#E9EAEC"
"""A fill that `render` draws as hatching: what is there, and can't be seen."""


@dataclass(frozen=True, slots=True)
class Role:
    """How one kind of thing is drawn."""

    fill: str
    edge: str
    dashed: bool = False
    width: int = 1

    @property
    def style(self) -> str:
        """Graphviz's STYLE of a table with this role."""
        return "ROUNDED,DASHED" if self.dashed else "ROUNDED"

    @property
    def shape(self) -> str:
        """The same for a node with a shape of its own."""
        style = "filled,dashed" if self.dashed else "filled"
        return f'style="{style}" fillcolor="{self.fill}" color="{self.edge}" penwidth={self.width}'


LAYER = Role("#DCEBF7", "#0072B2")
BASE = Role("#D9DDE3", "#4B5563")
WRITABLE = Role("#FDE3CF", "#D55E00", dashed=True, width=2)
SHARED = Role("#D8F0E6", "#00785A", width=2)
TAG = Role("#F5DFEC", "#A8457B")
METADATA = Role("#F3F4F6", "#6B7280")
DANGLING = Role("#F3F4F6", "#6B7280", dashed=True)
HIDDEN = Role(HATCH, "#4B5563", dashed=True)
FAILED = Role("#FDE3CF", "#B03A00", width=3)
FOUND = Role("#D8F0E6", "#00785A", width=3)
CHIP = Role("#FFFFFF", "#6B7280")
CHIP_WRITTEN = Role("#FFFFFF", "#D55E00")
CHIP_WHITEOUT = Role("#FFFFFF", "#D55E00", dashed=True)
