"""Pictures like maps: things with places of their own, straight arrows between points, words beside the arrows.

Places are in inches, y upwards. Graphviz (neato) draws them and moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dockerlab.notebook.diagrams.dot import MONO_BOLD, MONO_WIDTH, caption, graph, node, run

Point = tuple[float, float]
SIDES: dict[str, Point] = {"left": (-1, 0), "right": (1, 0), "above": (0, 1), "below": (0, -1)}
WORD = 13
INCH = 72
LINE = 0.2
POINT = "shape=point style=invis width=0.01"


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow from a point to a point, and the side on which its words stand, with a `gap` between."""

    start: Point
    end: Point
    side: str
    gap: float = 0.07

    @property
    def middle(self) -> Point:
        """Half of the way."""
        return ((self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2)

    def beside(self, words: Sequence[str]) -> Point:
        """Where the words stand."""
        width = max(map(len, words)) * WORD * MONO_WIDTH / INCH
        (x, y), (right, up) = self.middle, SIDES[self.side]
        return (x + right * (width / 2 + self.gap), y + up * (len(words) * LINE / 2 + self.gap / 2))


def thing(name: str, lines: Iterable[str], at: Point, size: Point, look: str) -> str:
    """A node of several runs of text at its place."""
    place = f'pos="{at[0]},{at[1]}!" width={size[0]} height={size[1]} fixedsize=true'
    return node(name, "<BR/>".join(lines), f"{place} {look}")


def arrow(name: str, way: Way, words: Sequence[str], color: str, *, look: str = "penwidth=1.6") -> str:
    """An arrow with its words."""
    ends = "".join(
        f'  {name}{end} [{POINT} pos="{x:g},{y:g}!"]\n' for end, (x, y) in (("a", way.start), ("b", way.end))
    )
    x, y = way.beside(words)
    text = "<BR/>".join(run(word, face=MONO_BOLD, size=WORD, color=color) for word in words)
    label = node(f"{name}w", text, f'pos="{x:.3f},{y:.3f}!" shape=none margin=0 width=0 height=0')
    return f'{ends}{label}  {name}a -> {name}b [color="{color}" {look}]\n'


def drawn(body: Iterable[str], notes: Iterable[str] = ()) -> str:
    """The whole map."""
    return graph("".join(body), options=f"layout=neato; splines=line; {caption(notes)}".rstrip("; "))
