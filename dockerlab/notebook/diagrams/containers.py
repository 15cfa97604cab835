"""Containers on one image: a read-only stack below, a thin writable layer on top for each container.

A writable layer lists what `docker diff` lists: `+` a new file, `~` a file that was copied up before it was
changed (an arrow leads from the layer that it came from), `✕` a whiteout. A whiteout hides a file below and takes
nothing away: the file is still drawn in its layer, hatched and with its size, which the image keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS,
    SANS_BOLD,
    box,
    cell,
    column,
    edge,
    graph,
    heading,
    node,
    note,
    plain,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import (
    BASE,
    CHIP,
    CHIP_WHITEOUT,
    CHIP_WRITTEN,
    GONE,
    HIDDEN,
    INK,
    LAYER,
    MUTED,
    OUTSIDE,
    WRITABLE,
)
from dockerlab.notebook.diagrams.said import SIGNS, WORDS, characters, layers, lessons, listed, words
from dockerlab.notebook.diagrams.stack import fold
from dockerlab.notebook.diagrams.views import ChangeView, ContainerView, FileView, ImageView, LayerView
from dockerlab.notebook.diagrams.wording import listing, plural, shorten, shorten_path, size_text

MOST_CONTAINERS = 4
MOST_LAYERS = 12
MOST_CHIPS = 3
"""Files of one layer that one container's column has room for."""
GRIDS = {0: (24, 200), 1: (24, 200), 2: (24, 200), 3: (20, 172), 4: (16, 156)}
"""By the number of containers: the columns of a path that are shown, and the points that a container's column has."""
HEAD, LINE, CHIP_HEIGHT = 24, 19, 38
"""Points that the rows of a writable layer take: its name, a line of text, a changed file."""
ARROWS = {
    "C": (WRITABLE.edge, "copy-up", "dir=back penwidth=2.2 arrowsize=0.85", "labeldistance=3.2 labelangle=60"),
    "D": (OUTSIDE, "hides", "style=dashed arrowhead=tee penwidth=1.8", "labeldistance=2.8 labelangle=-55"),
}
"""Colour, word and look of an arrow, and where its word stands: beside its upper end, within the column."""
INDENT = cell(run(" ", size=1), width=3)
STRIP = 10
"""Points of a column's two lanes, where arrows pass beside the texts: copies on the left, whiteouts on the right."""
CHIPS = {"A": CHIP_WRITTEN, "C": CHIP_WRITTEN, "D": CHIP_WHITEOUT}


def containers_on_image(image: ImageView, containers: Sequence[ContainerView]) -> Figure:
    """The picture of an image with the containers that were made from it."""
    rows = fold(tuple(row for row in image.rows if not row.metadata), MOST_LAYERS)
    image = replace(image, rows=rows)
    picture = Picture(image, containers)
    dot = graph("".join(picture.parts()), options="nodesep=0.12; ranksep=0.5")
    title = f"Containers on {image.name}"
    return Figure.of(dot, title, words(image, containers), characters(image, containers))


@dataclass(frozen=True)
class Picture:
    """The pieces of the picture: each container has a column, in which the files below it stand that it touches."""

    image: ImageView
    containers: Sequence[ContainerView]

    @property
    def shown(self) -> Sequence[ContainerView]:
        """The containers that are drawn."""
        return self.containers[:MOST_CONTAINERS]

    @property
    def grid(self) -> tuple[int, int]:
        """The columns of a path, and the points of a column."""
        return GRIDS[len(self.shown)]

    def parts(self) -> Iterator[str]:
        """All nodes and arrows."""
        if self.shown:
            yield node("c", self.tops())
            yield "  c -> s [style=invis weight=1000]\n"
        yield node("s", self.below())
        yield from self.arrows()

    # The writable layers.

    def tops(self) -> str:
        """The writable layers, each over its column of the stack."""
        heights = [height(container) for container in self.shown]
        tops = [
            plain(
                [row([cell(run(" ", size=1), height=max(heights) - own)]), row([cell(self.top(at, container))])],
                spacing=0,
            )
            for at, (container, own) in enumerate(zip(self.shown, heights, strict=True))
        ]
        cells = [cell(top, width=self.grid[1]) for top in tops]
        return plain([row([cell(run(" ", size=1), width=sum(self.widths)), *cells])], spacing=0, padding=3)

    def top(self, at: int, container: ContainerView) -> str:
        """A container's writable layer."""
        path, width = self.grid
        head = [
            cell(run(shorten(container.name, path - 3), face=SANS_BOLD), width=width - 80),
            cell(run(size_text(container.size), face=SANS_BOLD), align="RIGHT", width=50),
        ]
        chips = [self.chip(change) for change in listed(container)]
        more = len(container.changes) - len(chips)
        lines = [f"{shorten(container.state, path)}, writable", *(["nothing written"] if not chips else [])]
        last = [f"and {more} more"] if more > 0 else []
        first, rest = ([run(line, size=11, color=MUTED) for line in part] for part in (lines, last))
        items = [*first, *chips, *rest, landing(f"b{at}", width - 18)]
        rows = [row(head), *(row([cell(item, more='COLSPAN="2"')]) for item in items)]
        return box(rows, WRITABLE, title=f"writable layer of container {container.name}", padding=3)

    def chip(self, change: ChangeView) -> str:
        """One changed path, and what it means."""
        path, width = self.grid
        about = {"A": "new", "C": "copied up", "D": "whiteout: hides it"}[change.kind]
        size = "" if change.kind == "D" else f", {size_text(change.size)}"
        ink = GONE if change.kind == "D" else INK
        shown = run(shorten_path(change.path, path), face=MONO, size=11, color=ink)
        sign = run(SIGNS[change.kind], face=SANS_BOLD, size=12, color=WRITABLE.edge)
        rows = [
            row([INDENT, cell(sign, width=10), cell(shown, width=width - 42)]),
            row([INDENT, cell(run(" ", size=8)), cell(run(about + size, size=10, color=MUTED))]),
        ]
        title = f"{change.path}: {WORDS[change.kind]}"
        return box(rows, CHIPS[change.kind], title=title, padding=1)

    # The image.

    def below(self) -> str:
        """The read-only stack, and what it all comes to."""
        rows = [self.layer_row(number, item) for number, item in layers(self.image)]
        empty = [] if rows else [box([row([cell(run("no layers: an empty image", color=MUTED))])], LAYER)]
        shared = (
            f"shared by all {len(self.containers)}, stored once" if len(self.containers) > 1 else "never written to"
        )
        more = len(self.containers) - len(self.shown)
        left = f" ({plural(more, 'more container')} not drawn)" if more > 0 else ""
        about = f"read-only, {shared}: {size_text(self.image.size)}{left}"
        notes = [note(line, WRITABLE.edge) for line in lessons(self.image, self.containers)]
        foot = heading(f"image {shorten(self.image.name, 50)}", about)
        return column([*reversed(rows), *empty, foot, *notes])

    @property
    def wide(self) -> bool:
        """Whether there is room for digests."""
        return len(self.shown) < 3

    @property
    def widths(self) -> tuple[int, ...]:
        """The points of a row's texts with their padding: keyword, arguments, digest where there is room, size."""
        return (62, 211, 98, 62) if self.wide else (62, 181, 62)

    def layer_row(self, number: int, item: LayerView) -> str:
        """One read-only layer, with its files below the containers that have copied up or hidden them."""
        role = BASE if item.base else LAYER
        texts = [
            run(item.keyword, face=MONO_BOLD, color=role.edge),
            run(shorten(item.arguments, 27 if self.wide else 21), face=MONO),
            *([run(item.digest, face=MONO, size=11, color=MUTED)] if self.wide else []),
            run(size_text(item.size), face=SANS_BOLD),
        ]
        sides = ["LEFT"] * (len(texts) - 1) + ["RIGHT"]
        cells = [
            cell(text, width=width, align=side) for text, width, side in zip(texts, self.widths, sides, strict=True)
        ]
        cells += [
            cell(self.files(number, item, place), width=self.grid[1], height=26) for place in range(len(self.shown))
        ]
        return box(
            [row(cells)], role, title=f"{item.keyword} {item.arguments}, read-only", port=f"l{number}", padding=3
        )

    def files(self, number: int, item: LayerView, place: int) -> str:
        """What a layer has in a container's column."""
        group = self.group(item, place)
        chips = [self.lower_chip(f"k{number}_{item.files.index(file)}", file) for file in group[:MOST_CHIPS]]
        more = len(group) - len(chips)
        chips += [run(f"and {plural(more, 'more file')}", size=10, color=MUTED)] if more > 0 else []
        above = [landing(f"g{number}_{place}", self.grid[1] - 10)] if len(group) > 1 else []
        return column([*above, *chips], spacing=1 if above else 2) if chips else run(" ")

    def group(self, item: LayerView, place: int) -> list[FileView]:
        """The files of a layer that stand in a container's column."""
        return [file for file in item.files if self.home(file.path) == place]

    def home(self, path: str) -> int | None:
        """The column of a file: that of the first container which copied it up or hides it."""
        for number, container in enumerate(self.shown):
            if any(change.path == path and change.kind != "A" for change in container.changes):
                return number
        return None

    def users(self, path: str, kind: str) -> list[str]:
        """The containers that have changed a path in that way."""
        return [it.name for it in self.containers if any((one.path, one.kind) == (path, kind) for one in it.changes)]

    def lower_chip(self, port: str, file: FileView) -> str:
        """A file of a read-only layer that some container has changed or hidden; it reaches into its arrows' lanes."""
        hiders, copiers = self.users(file.path, "D"), self.users(file.path, "C")
        who = listing(hiders or copiers, 1, 12)
        told = f"{size_text(file.size)}, {'hidden from' if hiders else 'copied to'} {who}"
        about = run(told, face=SANS_BOLD if hiders else SANS, size=10, color=INK if hiders else MUTED)
        path, width = self.grid
        name = cell(run(shorten_path(file.path, path), face=MONO, size=11), width=width - 2 * STRIP - 22)
        text = cell(plain([row([name]), row([cell(about)])], spacing=1))
        left, right = (lane(f"{port}{kind}") if used else "" for kind, used in (("C", copiers), ("D", hiders)))
        chip = box([row([left or INDENT, text, right])], HIDDEN if hiders else CHIP, title=file.path, padding=1)
        return plain([row(["" if left else lane(), cell(chip), "" if right else lane()])], spacing=0)

    # The arrows.

    def arrows(self) -> Iterator[str]:
        """From the files below to their copies above; from whiteouts to what they hide."""
        for number, container in enumerate(self.shown):
            for kind in "CD":
                for place, head in enumerate(self.heads(container, kind)):
                    yield arrow(kind, f"c:b{number}{kind}:s", f"s:{head}:n", named=place == 0)

    def heads(self, container: ContainerView, kind: str) -> list[str]:
        """Where they lead: of a copy to the topmost layer that has the file, of a whiteout to all that have it."""
        found: dict[str, None] = {}
        for change in container.changes:
            if change.kind == kind:
                homes = [it for it in reversed(list(layers(self.image))) if self.has(it[1], change.path)]
                found |= {self.port(*home, change): None for home in (homes[:1] if kind == "C" else homes)}
        return list(found)

    @staticmethod
    def has(item: LayerView, path: str) -> bool:
        """Whether a layer has a file at the path."""
        return any(file.path == path for file in item.files)

    def port(self, number: int, item: LayerView, change: ChangeView) -> str:
        """The file, or the group that it stands in."""
        place = self.home(change.path) or 0
        group = self.group(item, place)
        return f"{f'k{number}_{item.files.index(group[0])}' if len(group) == 1 else f'g{number}_{place}'}{change.kind}"


def height(container: ContainerView) -> int:
    """About how many points a writable layer is high."""
    chips = len(listed(container))
    lines = 1 + (not chips) + (len(container.changes) > chips)
    return HEAD + LINE * lines + CHIP_HEIGHT * chips


def landing(port: str, width: int) -> str:
    """An unseen row where arrows begin or end, each in its lane."""
    return plain(
        [row([lane(f"{port}C"), cell(run(" ", size=1), width=width - 2 * STRIP), lane(f"{port}D")])], spacing=0
    )


def lane(port: str = "") -> str:
    """A piece of the lane that an arrow passes or ends in."""
    return cell(run(" ", size=1), width=STRIP, port=port)


def arrow(kind: str, start: str, end: str, *, named: bool) -> str:
    """One arrow; `named`: with a word that says what it means."""
    color, word, look, beside = ARROWS[kind]
    more = f"{look} {beside}" if named else look
    return edge(start, end, color=color, text=word if named else "", place="taillabel", more=more)
