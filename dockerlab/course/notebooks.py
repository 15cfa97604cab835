"""Notebook files as they are read here: cells with their sources. Whatever else a file holds becomes one clear line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dockerlab.errors import InvalidParameterError, NotFoundError

BEGUN = re.compile(r"""\bexercise\(\s*["']([^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Notebook:
    """The sources of a notebook's cells, in order."""

    markdown: tuple[str, ...]
    code: tuple[str, ...]

    @property
    def exercises(self) -> tuple[str, ...]:
        """The names of the exercises that its cells begin."""
        return tuple(name for source in self.code for name in BEGUN.findall(source))


def read_notebook(path: Path) -> Notebook:
    """A notebook file, of any version of the format; what isn't one is a NotFoundError or an InvalidParameterError."""
    import nbformat

    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise NotFoundError(f"{path}: no such file") from None
    except UnicodeDecodeError:
        raise InvalidParameterError(f"{path}: not a notebook: it isn't text") from None
    except OSError as error:
        raise InvalidParameterError(f"{path}: {(error.strerror or 'unreadable').lower()}") from error
    try:
        cells = nbformat.reads(text, as_version=4).cells  # type: ignore[no-untyped-call]
        return Notebook(*(tuple(_sources(cells, kind)) for kind in ("markdown", "code")))
    except Exception as error:  # a broken file breaks nbformat in many ways, none of which helps a reader
        reason = "the JSON is broken" if isinstance(error, nbformat.reader.NotJSONError) else "it has no cells"
        raise InvalidParameterError(f"{path}: not a notebook: {reason}") from None


def write_notebook(path: Path, cells: list[Any]) -> None:
    """A new notebook of nbformat's cells, which was not run yet."""
    import nbformat

    new: Any = nbformat.v4.new_notebook
    nbformat.write(new(cells=cells), path)  # type: ignore[no-untyped-call]


def _sources(cells: list[dict[str, str]], kind: str) -> list[str]:
    return [cell["source"] for cell in cells if cell["cell_type"] == kind]
