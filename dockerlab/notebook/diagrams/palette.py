"""Colours and shapes of every diagram: a role has a fill, an edge and a line style.

The colours are of the Okabe-Ito set, which colour-blind people tell apart; shape and dashes say the same as
colour does, so a print in grey can be read too. Text outside a box has a grey that is readable on white and
on JupyterLab's dark theme.
"""

from __future__ import annotations

from dataclasses import dataclass

INK = "#1B1F24"
MUTED = "#4B5563"
OUTSIDE = "#7A7A7A"


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


LAYER = Role("#DCEBF7", "#0072B2")
BASE = Role("#D9DDE3", "#4B5563")
WRITABLE = Role("#FDE3CF", "#D55E00", dashed=True, width=2)
SHARED = Role("#D8F0E6", "#00785A")
TAG = Role("#F5DFEC", "#A8457B")
METADATA = Role("#F3F4F6", "#6B7280")
DANGLING = Role("#F3F4F6", "#6B7280", dashed=True)
CHIP = Role("#FFFFFF", "#6B7280")
CHIP_WRITTEN = Role("#FFFFFF", "#D55E00")
