"""Text in columns (Go, package text/tabwriter, with the parameters that docker gives it).

A cell is text that ends with a tab. A column is a run of neighbouring lines that have a cell there; it is as wide as
its widest cell plus the padding, and at least the minimum. What stands after a line's last tab isn't padded.
"""

from __future__ import annotations

from dockerlab.cli.units import width


def tabulate(text: str, *, minimum: int = 10, padding: int = 3) -> str:
    """Replace the tabs of a text by blanks, so that its cells stand in columns."""
    lines = [line.split("\t") for line in text.split("\n")]
    widths: list[list[int]] = [[0] * (len(cells) - 1) for cells in lines]
    _measure(lines, widths, 0, len(lines), 0, (minimum, padding))
    return "\n".join(_line(cells, columns) for cells, columns in zip(lines, widths, strict=True))


def _measure(
    lines: list[list[str]], widths: list[list[int]], start: int, end: int, column: int, rule: tuple[int, int]
) -> None:
    """Find the blocks of lines that share a column, and size them; then what stands to the right of each."""
    row = start
    while row < end:
        if len(lines[row]) - 1 <= column:
            row += 1
            continue
        first = row
        while row < end and len(lines[row]) - 1 > column:
            row += 1
        widest = max(width(lines[each][column]) for each in range(first, row))
        size = max(rule[0], widest + rule[1])
        for each in range(first, row):
            widths[each][column] = size
        _measure(lines, widths, first, row, column + 1, rule)


def _line(cells: list[str], columns: list[int]) -> str:
    padded = (cell + " " * (size - width(cell)) for cell, size in zip(cells, columns, strict=False))
    return "".join(padded) + cells[-1]
