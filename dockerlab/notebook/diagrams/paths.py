"""Where a path comes from: the search falls through the layers, top down, and ends where something is found.

The first layer that has the path wins; copies below it are hidden. A whiteout ends the search without a find, so
does an opaque directory (or a file in a directory's place) above the path. Directories are merged from all layers
that the search reaches.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from dockerlab.notebook.diagrams.dot import (
    MONO,
    MONO_BOLD,
    SANS_BOLD,
    box,
    cell,
    column,
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
    DANGLING,
    FOUND,
    HIDDEN,
    INK,
    LAYER,
    MUTED,
    OUTSIDE,
    WRITABLE,
    Role,
)
from dockerlab.notebook.diagrams.views import PlaceView, SearchView, Stop
from dockerlab.notebook.diagrams.wording import pad, plural, remark, shorten, shorten_path, size_text

MOST_PLACES = 20
NAME = 38


class Step(Enum):
    """What a layer means to the search, with the sign that stands beside it."""

    PASSED = "↓ nothing here"
    FOUND = "► found"
    MERGED = "► merged"
    STOPPED = "✕ stop"
    HIDDEN = "hidden"
    UNSEEN = "not asked"


@dataclass(frozen=True, slots=True)
class Result:
    """A search: what each place meant, and the places that make up what is found."""

    steps: tuple[Step, ...]
    winners: tuple[PlaceView, ...]

    @staticmethod
    def of(places: Sequence[PlaceView]) -> Result:
        """Search the places, top first."""
        steps: list[Step] = []
        winners: list[PlaceView] = []
        over = False
        for place in places:
            if over:
                steps.append(Step.HIDDEN if place.kind else Step.UNSEEN)
                continue
            usable = place.kind == "directory" or (place.kind and not winners)
            if usable:
                winners.append(place)
                steps.append(Step.MERGED if len(winners) > 1 else Step.FOUND)
            elif place.kind:
                # A file below a directory of the same name: the directory replaced it.
                steps.append(Step.HIDDEN)
            else:
                steps.append(Step.PASSED if place.stop is Stop.NOTHING else Step.STOPPED)
            over = place.stop is not Stop.NOTHING or (bool(place.kind) and place.kind != "directory")
        return Result(tuple(steps), tuple(winners))


def path_search(search: SearchView) -> Figure:
    """The picture of one search."""
    result = Result.of(search.places)
    found = verdict(search, result)
    shown = visible(search.places, result.steps)
    rows = [place_row(item) if isinstance(item, tuple) else skipped(item) for item in shown]
    head = heading(shorten_path(search.path, 60), f"in {shorten(search.owner, 40)}: who has it?")
    label = column([head, *([plain(rows, spacing=2)] if rows else []), *map(note, [found, *remark(search.driver)])])
    return Figure.of(graph(node("search", label)), title(search), words(search, result), characters(search, result))


def title(search: SearchView) -> str:
    """The picture's name."""
    return f"Where {search.path} of {search.owner} comes from"


Row = tuple[PlaceView, Step]


def visible(places: Sequence[PlaceView], steps: Sequence[Step]) -> list[Row | int]:
    """The rows that are drawn; a run of layers that have nothing to say is one number where all don't fit."""
    rows = list(zip(places, steps, strict=True))
    if len(rows) <= MOST_PLACES:
        return list(rows)
    telling = [row for row in rows if row[1] not in (Step.PASSED, Step.UNSEEN)][:MOST_PLACES]
    shown: list[Row | int] = []
    for number, item in enumerate(rows):
        if number in (0, len(rows) - 1) or item in telling:
            shown.append(item)
        elif shown and isinstance(shown[-1], int):
            shown[-1] += 1
        else:
            shown.append(1)
    return shown


ROLES = {Step.FOUND: FOUND, Step.MERGED: FOUND, Step.HIDDEN: HIDDEN, Step.UNSEEN: DANGLING, Step.STOPPED: WRITABLE}


def role_of(place: PlaceView, step: Step) -> Role:
    """The colours of a layer."""
    if step is Step.PASSED:
        return WRITABLE if place.writable else LAYER
    return ROLES[step]


def place_row(item: Row) -> str:
    """A layer, with the sign of the search beside it."""
    place, step = item
    role = role_of(place, step)
    cells = [
        cell(run(shorten(place.name, NAME), face=MONO_BOLD if place.writable else MONO), width=300),
        cell(run(place.digest, face=MONO, size=11, color=MUTED), width=92),
        cell(run(holds(place), face=SANS_BOLD, color=INK if place.kind or place.at else MUTED), width=250),
    ]
    strong = step in (Step.FOUND, Step.MERGED, Step.STOPPED)
    colour = FOUND.edge if step in (Step.FOUND, Step.MERGED) else WRITABLE.edge if step is Step.STOPPED else OUTSIDE
    sign = run(step.value, face=SANS_BOLD if strong else "Helvetica", size=13 if strong else 11, color=colour)
    title = f"{place.name}: {step.value}"
    return row([cell(sign, width=92), cell(box([row(cells)], role, title=title, padding=5))])


def skipped(count: int) -> str:
    """A row for layers that are not drawn."""
    return row([cell(run(" ")), cell(run(f"… {plural(count, 'layer')} without it", color=OUTSIDE))])


def holds(place: PlaceView) -> str:
    """What a layer has at the path."""
    parts = []
    if place.kind:
        parts.append(place.kind if place.kind == "directory" else f"{place.kind}, {size_text(place.size)}")
    if place.stop is not Stop.NOTHING:
        parts.append(f"{place.stop.value} {shorten_path(place.at, 24)}".rstrip())
    return ", ".join(parts) or "—"


def verdict(search: SearchView, result: Result) -> str:
    """What comes of the search, in one sentence."""
    hidden = sum(step is Step.HIDDEN for step in result.steps)
    below = f"; {hidden} {'copy below is' if hidden == 1 else 'copies below are'} hidden" if hidden else ""
    if not result.winners:
        stopped = next(
            (place for place, step in zip(search.places, result.steps, strict=True) if step is Step.STOPPED), None
        )
        why = (
            f"the {stopped.stop.value} {shorten_path(stopped.at, 40)} ends the search" if stopped else "no layer has it"
        )
        return f"No such file: {why}{below}"
    first = shorten(result.winners[0].name, 60)
    if len(result.winners) > 1:
        return f"A directory merged from {len(result.winners)} layers; the topmost gives its permissions{below}"
    return f"It comes from: {first}{below}"


def words(search: SearchView, result: Result) -> str:
    """What the picture shows, for a screen reader."""
    shown = visible(search.places, result.steps)
    parts = [
        f"{shorten(item[0].name, 60)}: {spoken(*item)}"
        if isinstance(item, tuple)
        else f"{plural(item, 'layer')} without it"
        for item in shown
    ]
    said = "; ".join(parts) or "No layers"
    found = ". ".join([verdict(search, result), *remark(search.driver)])
    return f"Search for {search.path} in {search.owner}, top down. {said}. {found}."


def spoken(place: PlaceView, step: Step) -> str:
    """A layer's part in words."""
    said = step.value.lstrip("↓►✕ ")
    return f"{said} ({holds(place)})" if place.kind or place.at else said


def characters(search: SearchView, result: Result) -> Iterator[str]:
    """The picture in characters."""
    yield f"{search.path}  in {search.owner}"
    for item in visible(search.places, result.steps):
        if isinstance(item, int):
            yield f"  {'':<14} … {plural(item, 'layer')} without it"
        else:
            place, step = item
            name = pad(shorten(place.name, NAME), NAME)
            yield f"  {step.value:<14} {name}  {place.digest:<12}  {holds(place)}"
    yield verdict(search, result)
    yield from remark(search.driver)
