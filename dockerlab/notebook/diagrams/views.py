"""What diagrams are drawn from: plain frozen values, so that a drawing is a pure function and a test is a line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LayerView:
    """One row of an image: the instruction, the layer's short digest ('' for metadata) and its size in bytes."""

    keyword: str
    arguments: str
    digest: str
    size: int
    base: bool = False
    files: tuple[str, ...] = ()

    @property
    def metadata(self) -> bool:
        """Whether the instruction made no layer."""
        return not self.digest


@dataclass(frozen=True, slots=True)
class ImageView:
    """An image: its name, its short ID, its rows (bottom first)."""

    name: str
    id: str
    rows: tuple[LayerView, ...]

    @property
    def size(self) -> int:
        """Bytes of all layers."""
        return sum(row.size for row in self.rows)

    @property
    def layers(self) -> int:
        """How many rows are layers."""
        return sum(not row.metadata for row in self.rows)


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One line of `docker diff`: 'A', 'C' or 'D' and the path."""

    kind: str
    path: str


@dataclass(frozen=True, slots=True)
class ContainerView:
    """A container: its name, state, the bytes and the changes of its writable layer."""

    name: str
    state: str
    size: int = 0
    changes: tuple[ChangeView, ...] = ()


@dataclass(frozen=True, slots=True)
class TagView:
    """A name that points to an image ID."""

    name: str
    id: str


@dataclass(frozen=True, slots=True)
class IdView:
    """An image as its ID, with a few words about it; `dangling` when no name is left."""

    id: str
    about: str
    dangling: bool = False
