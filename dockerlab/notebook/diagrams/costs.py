"""What one piece of work costs with each storage driver: a row for each, a bar for each measure.

Bars of one measure share a scale. On the disk the hatched end is what the work has added, or set free.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from dockerlab.lab.comparison import Comparison, DriverCost
from dockerlab.notebook.diagrams.dot import (
    MONO_BOLD,
    SANS_BOLD,
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
from dockerlab.notebook.diagrams.palette import HATCH, LAYER, OUTSIDE, SHARED, WRITABLE
from dockerlab.notebook.diagrams.wording import listing, shorten, size_text

LENGTH = 104
"""Of the longest bar, in points."""
MEASURES: tuple[tuple[str, str], ...] = (
    ("bytes copied", WRITABLE.edge),
    ("disk afterwards", LAYER.edge),
    ("look-ups", SHARED.edge),
)


def driver_costs(comparison: Comparison) -> Figure:
    """The picture of a comparison; its characters are the table that `print` shows."""
    rows = comparison.rows
    head = heading("What the same work costs", "by storage driver")
    table = plain([titles(), *(cost_row(cost, rows) for cost in rows)], spacing=2, padding=2)
    lines = [*verdict(rows), "hatched: what the work added to the disk, or set free"]
    label = column([head, *([table] if rows else []), *map(note, lines)])
    text = [*str(comparison).split("\n"), *verdict(rows)]
    return Figure.of(graph(node("costs", label)), "What the same work costs by storage driver", words(rows), text)


def titles() -> str:
    """The row above the bars."""
    named = [cell(run(name, face=SANS_BOLD, color=OUTSIDE), more='COLSPAN="2"') for name, _ in MEASURES]
    return row([cell(run("driver", face=SANS_BOLD, color=OUTSIDE)), *named])


def cost_row(cost: DriverCost, rows: tuple[DriverCost, ...]) -> str:
    """A driver with its three bars, each with its figure."""

    def longest(value: Callable[[DriverCost], int]) -> int:
        return max(map(value, rows)) or 1

    most_disk = longest(lambda it: max(it.disk_before, it.disk_after))
    held, moved = min(cost.disk_before, cost.disk_after), abs(cost.disk_grown)
    copied, lookups = longest(lambda it: it.bytes_copied), longest(lambda it: it.lookups)
    bars = (
        (two_part_bar(cost.bytes_copied / copied, 0, MEASURES[0][1]), size_text(cost.bytes_copied)),
        (two_part_bar(held / most_disk, moved / most_disk, MEASURES[1][1]), disk_text(cost)),
        (two_part_bar(cost.lookups / lookups, 0, MEASURES[2][1]), f"{cost.lookups:,}"),
    )
    cells = [each for bar, figure in bars for each in (cell(bar), cell(run(figure, color=OUTSIDE), width=104))]
    return row([cell(run(shorten(cost.driver, 20), face=MONO_BOLD, color=OUTSIDE), width=116), *cells])


def two_part_bar(solid: float, hatched: float, color: str) -> str:
    """A bar whose end is hatched; both shares are of the longest bar. What is not 0 can be seen."""
    first, second = (max(2, round(LENGTH * share)) if share else 0 for share in (solid, hatched))
    first = min(first, LENGTH - second)
    look = 'HEIGHT="13" FIXEDSIZE="TRUE"'
    pieces = [f'<TD WIDTH="{first}" {look} BGCOLOR="{color}"></TD>'] if first else []
    if second:
        pieces.append(f'<TD WIDTH="{second}" {look} BGCOLOR="{HATCH}"></TD>')
    rest = LENGTH - first - second
    pieces += [f'<TD WIDTH="{rest}" {look}></TD>'] if rest else []
    return plain([row(pieces)], spacing=0)


def disk_text(cost: DriverCost) -> str:
    """'404MB (+200MB)'."""
    sign = "+" if cost.disk_grown > 0 else "−"
    grown = f" ({sign}{size_text(abs(cost.disk_grown))})" if cost.disk_grown else ""
    return f"{size_text(cost.disk_after)}{grown}"


def verdict(rows: tuple[DriverCost, ...]) -> Iterator[str]:
    """Who copied most and least, and how many look-ups are saved by whom."""
    if not rows:
        yield "No driver was compared"
        return
    for name, value, shown in (
        ("bytes copied", lambda it: it.bytes_copied, size_text),
        ("look-ups", lambda it: it.lookups, lambda count: f"{count:,}"),
    ):
        yield extremes(rows, name, value, shown)


def extremes(
    rows: tuple[DriverCost, ...], name: str, value: Callable[[DriverCost], int], shown: Callable[[int], str]
) -> str:
    """'bytes copied, least: btrfs, zfs (0B); most: vfs (409MB)'."""
    values = [value(cost) for cost in rows]
    if min(values) == max(values):
        return f"{name} with each: {shown(values[0])}"
    ends = {end: listing([cost.driver for cost in rows if value(cost) == end], 5) for end in (min(values), max(values))}
    (least, best), (most, worst) = ends.items()
    return f"{name}, least: {best} ({shown(least)}); most: {worst} ({shown(most)})"


def words(rows: tuple[DriverCost, ...]) -> str:
    """What the picture shows, for a screen reader."""
    parts = [
        f"{shorten(cost.driver, 20)}: {size_text(cost.bytes_copied)} copied, "
        f"disk {disk_text(cost)}, {cost.lookups:,} look-ups"
        for cost in rows
    ]
    return ". ".join(["The same work with each storage driver", *parts, *verdict(rows)]) + "."
