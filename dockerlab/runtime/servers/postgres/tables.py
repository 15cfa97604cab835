"""How psql prints the rows of a query: aligned, unaligned, expanded (postgresql.org/docs, "psql", \\pset)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dockerlab.runtime.servers.sql.wire import Message


@dataclass
class Style:
    """What the options and \\pset say."""

    aligned: bool = True
    tuples_only: bool = False
    expanded: bool = False
    csv: bool = False
    separator: str = "|"


def show(answer: Message, style: Style) -> str:
    """The text of an answer with rows."""
    columns: list[str] = answer["columns"]
    rows: list[list[str | None]] = answer["rows"]
    bare = bool(answer.get("bare"))
    if style.csv:
        return _csv(columns, rows, style)
    if style.expanded and not answer.get("title"):
        return _expanded(columns, rows, style)
    if not style.aligned:
        return _unaligned(columns, rows, style, bare)
    text = _aligned(columns, rows, answer["right"], style, str(answer.get("title") or ""))
    if style.tuples_only:
        return text + "\n"
    footer = "".join(f"{line}\n" for line in answer.get("footer") or ())
    return text + ("" if bare else f"({_count(len(rows))})\n") + footer + "\n"


def _count(number: int) -> str:
    return f"{number} row{'' if number == 1 else 's'}"


def _csv(columns: Sequence[str], rows: Sequence[Sequence[str | None]], style: Style) -> str:
    lines = [] if style.tuples_only else [list(columns)]
    lines += [[cell or "" for cell in row] for row in rows]
    return "".join(",".join(map(_quoted, line)) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in ',"\n') else cell


def _unaligned(columns: Sequence[str], rows: Sequence[Sequence[str | None]], style: Style, bare: bool) -> str:
    lines = [] if style.tuples_only else [style.separator.join(columns)]
    lines += [style.separator.join(cell or "" for cell in row) for row in rows]
    if not style.tuples_only and not bare:
        lines.append(f"({_count(len(rows))})")
    return "".join(f"{line}\n" for line in lines)


def _aligned(
    columns: Sequence[str], rows: Sequence[Sequence[str | None]], right: Sequence[bool], style: Style, title: str
) -> str:
    cells = [[(cell or "").split("\n") for cell in row] for row in rows]
    shown = [] if style.tuples_only else [[[name]] for name in columns]
    widths = [
        max(
            [len(line) for row in cells for line in row[at]]
            + [len(name) for part in shown[at : at + 1] for name in part[0]]
        )
        if cells or shown
        else 0
        for at in range(len(columns))
    ]
    out = ""
    if not style.tuples_only:
        total = sum(widths) + 3 * len(widths) - 1
        out += f"{title.center(total).rstrip() if len(title) < total else title}\n" if title else ""
        out += "|".join(f" {_centred(name, width)} " for name, width in zip(columns, widths, strict=True)) + "\n"
        out += "+".join("-" * (width + 2) for width in widths) + "\n"
    return out + "".join(_lines(row, widths, right) for row in cells)


def _centred(text: str, width: int) -> str:
    left = (width - len(text)) // 2
    return " " * left + text + " " * (width - len(text) - left)


def _lines(row: Sequence[Sequence[str]], widths: Sequence[int], right: Sequence[bool]) -> str:
    """A row, whose cells may have several lines; '+' marks those that go on."""
    out = ""
    for number in range(max(len(cell) for cell in row) if row else 0):
        pieces = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            text = cell[number] if number < len(cell) else ""
            padded = text.rjust(width) if right[at] else text.ljust(width)
            more = number + 1 < len(cell)
            last = at == len(row) - 1
            pieces.append(
                f" {padded}+" if more else f" {padded.rstrip() if last and (number or not right[at]) else padded} "
            )
        line = "|".join(pieces)
        out += (line[:-1] if not line.endswith("+") else line) + "\n"
    return out


def _expanded(columns: Sequence[str], rows: Sequence[Sequence[str | None]], style: Style) -> str:
    if not rows:
        return "" if style.tuples_only else "(0 rows)\n\n"
    names = max(map(len, columns))
    values = max(len(line) for row in rows for cell in row for line in (cell or "").split("\n"))
    out = ""
    for number, row in enumerate(rows, start=1):
        if not style.tuples_only:
            head = f"-[ RECORD {number} ]"
            plus = names + 1
            rule = "-" * plus + "+" + "-" * (values + 1)
            out += (head + rule[len(head) :] if len(head) <= plus or rule[len(head) :] else head) + "\n"
        for name, cell in zip(columns, row, strict=True):
            out += f"{name.ljust(names)} | {cell or ''}".rstrip(" ") + ("" if cell else " ") + "\n"
    return out + "\n"
