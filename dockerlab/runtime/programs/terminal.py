"""How names are set in columns on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

GAP = 2


def columns(names: Sequence[str], width: int = 80) -> str:
    """Names top down in as many columns as fit, as ls does on a terminal."""
    if not names:
        return ""
    for rows in range(1, len(names) + 1):
        sheet = [names[at : at + rows] for at in range(0, len(names), rows)]
        widths = [max(map(len, column)) for column in sheet]
        if sum(widths) + GAP * (len(sheet) - 1) < width or rows == len(names):
            return "".join(_row(sheet, widths, at) for at in range(rows))
    return ""


def _row(sheet: Sequence[Sequence[str]], widths: Sequence[int], at: int) -> str:
    cells = [f"{column[at]:<{width + GAP}}" for column, width in zip(sheet, widths, strict=True) if at < len(column)]
    return "".join(cells).rstrip() + "\n"
