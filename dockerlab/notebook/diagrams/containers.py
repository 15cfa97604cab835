"""Containers on one image: a read-only stack below, a thin writable layer on top for each container.

A writable layer lists what `docker diff` lists: `+` a new file, `~` a file that was copied up before it was
changed (an arrow leads from the layer that it came from), `✕` a whiteout. A whiteout hides a file below and takes
nothing away: the file is still drawn in its layer, hatched and with its size, which the image keeps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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
GRIDS = {0: (24, 200), 1: (24, 200), 2: (24, 200), 3: (20, 172), 4: (17, 152)}
"""By the number of containers: the columns of a path that are shown, and the points that a container's column has."""
WORD = "labeldistance=3.2 labelangle=60"
"""Where the word on an arrow stands: beside its upper end."""
INDENT = cell(run(" ", size=1), width=3)
CHIPS = {"A": CHIP_WRITTEN, "C": CHIP_WRITTEN, "D": CHIP_WHITEOUT}


def containers_on_image(image: ImageView, containers: Sequence[ContainerView]) -> Figure:
    """The picture of an image with the containers that were made from it."""
    image = ImageView(image.name, image.id, fold(tuple(row for row in image.rows if not row.metadata), MOST_LAYERS))
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
        tops = [self.top(number, container) for number, container in enumerate(self.shown)]
        cells = [cell(top, width=self.grid[1], more='VALIGN="BOTTOM"') for top in tops]
        return plain([row([cell(run(" ", size=1), width=sum(self.widths)), *cells])], spacing=0, padding=3)

    def top(self, at: int, container: ContainerView) -> str:
        """A container's writable layer."""
        path, width = self.grid
        head = [
            cell(run(shorten(container.name, path - 3), face=SANS_BOLD), width=width - 80),
            cell(run(size_text(container.size), face=SANS_BOLD), align="RIGHT", width=50),
        ]
        chips = [self.chip(f"f{at}_{number}", change) for number, change in enumerate(listed(container))]
        more = len(container.changes) - len(chips)
        chips = chips or [run("nothing written", size=11, color=MUTED)]
        chips += [run(f"and {more} more", size=11, color=MUTED)] if more > 0 else []
        state = run(f"{shorten(container.state, path)}, writable", size=11, color=MUTED)
        rows = [row(head), *(row([cell(item, more='COLSPAN="2"')]) for item in (state, *chips))]
        return box(rows, WRITABLE, title=f"writable layer of container {container.name}", port=f"b{at}", padding=3)

    def chip(self, port: str, change: ChangeView) -> str:
        """One changed path, and what it means."""
        path, width = self.grid
        about = {"A": "new", "C": "copied up, changed", "D": "whiteout: hides it"}[change.kind]
        size = "" if change.kind == "D" else f", {size_text(change.size)}"
        ink = GONE if change.kind == "D" else INK
        shown = run(shorten_path(change.path, path), face=MONO, size=11, color=ink)
        sign = run(SIGNS[change.kind], face=SANS_BOLD, size=12, color=WRITABLE.edge)
        rows = [
            row([INDENT, cell(sign, width=10), cell(shown, width=width - 42)]),
            row([INDENT, cell(run(" ", size=8)), cell(run(about + size, size=10, color=MUTED))]),
        ]
        title = f"{change.path}: {WORDS[change.kind]}"
        return box(rows, CHIPS[change.kind], title=title, port=port, padding=1)

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
        for place in range(len(self.shown)):
            chips = [self.lower_chip(number, file, item.files) for file in item.files if self.home(file.path) == place]
            more = len(chips) - MOST_CHIPS
            chips[MOST_CHIPS:] = [run(f"and {plural(more, 'more file')}", size=10, color=MUTED)] if more > 0 else []
            cells.append(cell(column(chips) if chips else run(" "), width=self.grid[1], height=26))
        return box(
            [row(cells)], role, title=f"{item.keyword} {item.arguments}, read-only", port=f"l{number}", padding=3
        )

    def home(self, path: str) -> int | None:
        """The column of a file: that of the first container which copied it up or hides it."""
        for number, container in enumerate(self.shown):
            if any(change.path == path and change.kind != "A" for change in container.changes):
                return number
        return None

    def hiders(self, path: str) -> list[str]:
        """The containers that hide a path."""
        return [
            it.name
            for it in self.containers
            if any(change.path == path and change.kind == "D" for change in it.changes)
        ]

    def lower_chip(self, number: int, file: FileView, files: Sequence[FileView]) -> str:
        """A file of a read-only layer that some container has changed or hidden."""
        hiders = self.hiders(file.path)
        about = f"{size_text(file.size)}, hidden from {listing(hiders, 1, 12)}" if hiders else size_text(file.size)
        path, width = self.grid
        rows = [
            row([INDENT, cell(run(shorten_path(file.path, path), face=MONO, size=11), width=width - 22)]),
            row(
                [INDENT, cell(run(about, face=SANS_BOLD if hiders else SANS, size=10, color=INK if hiders else MUTED))]
            ),
        ]
        port = f"k{number}_{files.index(file)}"
        return box(rows, HIDDEN if hiders else CHIP, title=file.path, port=port, padding=1)

    # The arrows.

    def arrows(self) -> Iterator[str]:
        """From a file below to its copy above; from a whiteout to what it hides."""
        for number, container in enumerate(self.shown):
            changes = listed(container)
            for place, change in enumerate(changes):
                # From the lowest file itself; from the others the arrow would run through those below them.
                start = f"f{number}_{place}" if place == len(changes) - 1 else f"b{number}"
                for port in self.places(change):
                    ends = f"c:{start}:s", f"s:{port}:n"
                    if change.kind == "C":
                        look = f"dir=back penwidth=2.2 arrowsize=0.85 {WORD}"
                        yield edge(*ends, color=WRITABLE.edge, text="copy-up", place="taillabel", more=look)
                    else:
                        look = f"style=dashed arrowhead=tee penwidth=1.8 {WORD}"
                        yield edge(*ends, color=OUTSIDE, text="hides", place="taillabel", more=look)

    def places(self, change: ChangeView) -> list[str]:
        """The ports of the files below that a change is about: of a copy the topmost, of a whiteout all."""
        found = [
            f"k{number}_{place}"
            for number, item in reversed(list(layers(self.image)))
            for place, file in enumerate(item.files)
            if file.path == change.path and self.drawn(item, file)
        ]
        return {"A": [], "C": found[:1], "D": found}[change.kind]

    def drawn(self, item: LayerView, file: FileView) -> bool:
        """Whether a file has a chip: a layer has room for a few."""
        home = self.home(file.path)
        beside = [other for other in item.files if self.home(other.path) == home]
        return home is not None and file in beside[:MOST_CHIPS]
