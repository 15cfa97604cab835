"""`docker images` of release 29: names with their usage, or as a tree of platforms (docker/cli 29.8.0, image/tree.go).

    IMAGE                ID             DISK USAGE   CONTENT SIZE   EXTRA
    app:1                244d00b2e152       4.31MB          2.2MB   U
    └─ linux/amd64       d67559a490a2       4.31MB         2.19MB   U

Rows are the records of the Engine API's list with their manifests. Colours and the legend are for terminals only.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.cli.units import human_size_with_precision, short_id

Row = Mapping[str, Any]

UNTAGGED = "<untagged>"
GAP = 3
"""Blanks between columns."""

LEAST_NAME = 12
"""Columns that names need; where a terminal leaves less, columns are left out from the right."""

LEAST_WIDTH = 20
"""Columns that a terminal has at least."""

_RESET = "\x1b[0m"
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Paint:
    """How texts are coloured: what begins each kind, the mark of what is in use, and what begins the legend."""

    colours: Mapping[str, str]
    mark: str
    info: str

    def __call__(self, kind: str, text: str) -> str:
        """The text in its colour."""
        return f"{self.colours[kind]}{text}{_RESET}" if self.colours else text


NO_PAINT = Paint({}, "U", " Info -> ")
COLOURS = Paint(
    {
        "title": "\x1b[39m\x1b[1m",
        "name": "\x1b[34m\x1b[1m",
        "normal": "\x1b[39m",
        "faint": "\x1b[39m\x1b[2m",
    },
    mark=f"\x1b[38;5;0m\x1b[48;5;14m U {_RESET}",
    info=f"\x1b[1m\x1b[106m\x1b[30mi{_RESET}{_RESET} \x1b[96mInfo → {_RESET}{_RESET}",
)


def visible_width(text: str) -> int:
    """Columns that a text takes on a terminal, colours apart."""
    return len(_ESCAPES.sub("", text))


@dataclass(frozen=True, slots=True)
class Figures:
    """What a line says besides its name."""

    id: str
    usage: int
    content: int
    in_use: bool


@dataclass(frozen=True, slots=True)
class Platform:
    """A line below an image: its manifest for one kind of machine."""

    name: str
    figures: Figures
    available: bool


@dataclass(frozen=True, slots=True)
class Image:
    """An image with the names that stand over its line, and the platforms below it."""

    names: tuple[str, ...]
    figures: Figures
    platforms: tuple[Platform, ...] = ()


def images(rows: Iterable[Row], paint: Paint = NO_PAINT, *, width: int = 0, tree: bool = False) -> str:
    """The list; `width` is a terminal's, 0 where the output is none."""
    found = [image for row in rows for image in _images(row, tree=tree)]
    found.sort(key=lambda image: (not image.names, image.names[:1]))
    return sheet(found, paint, width)


def sheet(found: Sequence[Image], paint: Paint = NO_PAINT, width: int = 0) -> str:
    """The lines of these images, in their order."""
    return _Sheet(found, paint, max(width, LEAST_WIDTH) if width else 0).text()


def dangling(row: Row) -> bool:
    """Whether an image has no tag."""
    tags = row.get("RepoTags") or []
    return not tags or (tags == ["<none>:<none>"] and row.get("RepoDigests") == ["<none>@<none>"])


def _images(row: Row, *, tree: bool) -> Iterator[Image]:
    """An image for each of a row's names; as a tree one with all names."""
    manifests = row.get("Manifests") or ()
    shown = [manifest for manifest in manifests if manifest["Kind"] == "image"]
    platforms = tuple(map(_platform, shown))
    used = row["Containers"] > 0 or any(platform.figures.in_use for platform in platforms)
    content = sum(manifest["Size"]["Content"] for manifest in manifests)
    figures = Figures(row["Id"], row["Size"], content, used)
    names = sorted(row.get("RepoTags") or ())
    if tree:
        yield Image(tuple(names), figures, platforms)
    else:
        yield from (Image((name,) if name else (), figures) for name in names or [""])


def _platform(manifest: Mapping[str, Any]) -> Platform:
    data, size = manifest["ImageData"], manifest["Size"]
    figures = Figures(manifest["ID"], size["Total"], size["Content"], bool(data["Containers"]))
    of = data["Platform"]
    name = "/".join(filter(None, (of["os"], of["architecture"], of.get("variant"))))
    return Platform(name, figures, manifest["Available"])


class _Sheet:
    """The lines of one list, in columns."""

    def __init__(self, found: Sequence[Image], paint: Paint, width: int) -> None:
        self.found, self.paint, self.width = found, paint, width
        self.spaced = any(image.platforms for image in found)
        self.marked = any(figures.in_use for image in found for figures in _figures(image))
        self.name_width, self.columns = self._fitted()

    def _fitted(self) -> tuple[int, int]:
        """The width of names, and how many columns have room beside them."""
        widest = _widest(self.found)
        if not self.width:
            return widest, len(_COLUMNS)
        left = self.width
        for at, (_, width, _) in enumerate(_COLUMNS):
            if left - width - GAP < LEAST_NAME:
                return min(left, widest), at
            left -= width + GAP
        return min(left, widest), len(_COLUMNS)

    def text(self) -> str:
        """All lines."""
        lines = [self._legend()] if self.width else []
        heads = [_aligned(self.paint("title", title), title, width, right) for title, width, right in self._shown()]
        lines.append((" " * GAP).join([self._first("title", "IMAGE"), *heads]))
        for image in self.found:
            lines += self._lines(image)
        return "\n".join(lines) + "\n"

    def _legend(self) -> str:
        """What the mark means, at the right edge."""
        told = f"{self.paint.info} {self.paint.mark} In Use"
        return " " * max(0, self.width - visible_width(told)) + told

    def _lines(self, image: Image) -> Iterator[str]:
        """An image's names, its figures beside the last, then its platforms."""
        *others, last = image.names or ("",)
        yield from (self._first("name", name) for name in others)
        if visible_width(last) > self.name_width:
            yield self._first("name", last)
            yield " " * self.name_width + self._details("normal", image.figures)
        else:
            first = self._first("name", last) if last else self._first("faint", UNTAGGED)
            yield first + self._details("normal", image.figures)
        for at, platform in enumerate(image.platforms, 1):
            colour = "normal" if platform.available else "faint"
            branch = "└─ " if at == len(image.platforms) else "├─ "
            yield self._first(colour, branch + platform.name) + self._details(colour, platform.figures)
        if self.spaced:
            yield ""

    def _first(self, colour: str, text: str) -> str:
        return _aligned(self.paint(colour, text), text, self.name_width, right=False)

    def _shown(self) -> Sequence[tuple[str, int, bool]]:
        return _COLUMNS[: self.columns]

    def _details(self, colour: str, figures: Figures) -> str:
        """The columns after the name."""
        sizes = (human_size_with_precision(size, 3) for size in (figures.usage, figures.content))
        texts = [self.paint(colour, text) for text in (short_id(figures.id), *sizes)]
        mark = self.paint.mark if figures.in_use else " " * visible_width(self.paint.mark)
        texts.append(mark if self.marked else "")
        cells = zip(texts, self._shown(), strict=False)
        return "".join(" " * GAP + _aligned(text, text, width, right) for text, (_, width, right) in cells)


_COLUMNS = (("ID", 12, False), ("DISK USAGE", 10, True), ("CONTENT SIZE", 12, True), ("EXTRA", 5, False))
"""Title, width, whether at the right."""


def _aligned(painted: str, text: str, width: int, right: bool) -> str:
    fill = " " * max(0, width - visible_width(text))
    return fill + painted if right else painted + fill


def _figures(image: Image) -> Iterator[Figures]:
    yield image.figures
    yield from (platform.figures for platform in image.platforms)


def _widest(found: Sequence[Image]) -> int:
    """The client counts bytes here, so that the branch before a platform takes seven columns, not three."""
    names = [name for image in found for name in image.names or (UNTAGGED,)]
    platforms = [f"└─ {platform.name}" for image in found for platform in image.platforms]
    return max(len(text.encode()) for text in ("Image", *names, *platforms))
