"""What a push would send: of each layer whether it is there already, can be mounted, or has to travel."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.notebook.diagrams.dot import (
    MONO,
    SANS_BOLD,
    box,
    caption,
    cell,
    column,
    edge,
    graph,
    heading,
    node,
    row,
    run,
)
from dockerlab.notebook.diagrams.figure import Figure
from dockerlab.notebook.diagrams.palette import BASE, DANGLING, LAYER, MUTED, OUTSIDE, SHARED, WRITABLE
from dockerlab.notebook.diagrams.views import ParcelView, PushView, Travel
from dockerlab.notebook.diagrams.wording import pad, plural, shorten, size_text

MOST_PARCELS = 20
ROLES = {Travel.EXISTS: BASE, Travel.MOUNTED: SHARED, Travel.UPLOADED: LAYER}
COLOURS = {Travel.EXISTS: OUTSIDE, Travel.MOUNTED: SHARED.edge, Travel.UPLOADED: WRITABLE.edge}
LOOKS = {
    Travel.EXISTS: "style=dotted arrowhead=none",
    Travel.MOUNTED: "style=dashed",
    Travel.UPLOADED: "penwidth=3",
}


def push_plan(push: PushView) -> Figure:
    """The picture of a push before it is made."""
    shown = push.parcels[-MOST_PARCELS:]
    here = node("here", column([heading("on this host"), *(here_box(*it) for it in numbered(shown))], spacing=4))
    there = node("there", column([heading("in the registry"), *(there_box(*it) for it in numbered(shown))], spacing=4))
    ties = [
        edge(f"here:h{number}:e", f"there:r{number}:w", color=COLOURS[it.travel], text=word(it), more=LOOKS[it.travel])
        for number, it in numbered(shown)
    ] or ["  here -> there [style=invis]\n"]
    more = len(push.parcels) - len(shown)
    lines = [*([f"{plural(more, 'layer')} below not drawn"] if more else []), verdict(push)]
    options = f"rankdir=LR; ranksep=1.6; {caption(lines)}"
    dot = graph(here + there + "".join(ties), options=options)
    return Figure.of(dot, f"docker push {push.name}", words(push), characters(push))


def numbered(parcels: tuple[ParcelView, ...]) -> Iterator[tuple[int, ParcelView]]:
    """The parcels, top first."""
    yield from reversed(list(enumerate(parcels)))


def here_box(number: int, parcel: ParcelView) -> str:
    """A layer of the image."""
    cells = [
        cell(run(shorten(parcel.name, 34), face=MONO), width=250),
        cell(run(size_text(parcel.size), face=SANS_BOLD), align="RIGHT", width=56),
    ]
    return box([row(cells)], LAYER, title=f"{parcel.name}: {word(parcel)}", port=f"h{number}")


def there_box(number: int, parcel: ParcelView) -> str:
    """Its place in the registry."""
    role = DANGLING if parcel.travel is Travel.UPLOADED else ROLES[parcel.travel]
    about = {Travel.EXISTS: "is there", Travel.MOUNTED: "is there, elsewhere", Travel.UPLOADED: "missing"}[
        parcel.travel
    ]
    cells = [
        cell(run(parcel.digest, face=MONO), width=100),
        cell(run(about, size=11, color=MUTED), width=120),
    ]
    return box([row(cells)], role, title=f"{parcel.digest} {about}", port=f"r{number}")


def word(parcel: ParcelView) -> str:
    """What happens to a parcel."""
    if parcel.travel is Travel.MOUNTED:
        return f"mount from {shorten(parcel.source, 20)}"
    return f"upload {size_text(parcel.size)}" if parcel.travel is Travel.UPLOADED else "already exists"


def verdict(push: PushView) -> str:
    """What travels, all in all."""
    sent = [parcel for parcel in push.parcels if parcel.travel is Travel.UPLOADED]
    total = size_text(sum(parcel.size for parcel in push.parcels))
    size = size_text(sum(parcel.size for parcel in sent))
    return f"{plural(len(sent), 'layer')} of {len(push.parcels)} would travel: {size} of {total}"


def words(push: PushView) -> str:
    """What the picture shows, for a screen reader."""
    shown = push.parcels[-MOST_PARCELS:]
    parts = "; ".join(f"{shorten(it.name, 60)} ({it.digest}): {word(it)}" for _, it in numbered(shown)) or "no layers"
    return f"docker push {push.name}, from the top: {parts}. {verdict(push)}."


def characters(push: PushView) -> Iterator[str]:
    """The picture in characters."""
    yield f"docker push {push.name}"
    for _, it in numbered(push.parcels[-MOST_PARCELS:]):
        arrow = {Travel.EXISTS: "····", Travel.MOUNTED: "╌╌╌→", Travel.UPLOADED: "═══→"}[it.travel]
        yield f"  {pad(shorten(it.name, 34), 34)}  {size_text(it.size):>7}  {arrow} {it.digest}  {word(it)}"
    yield verdict(push)
