"""What layers carry and nobody sees: each hidden byte with the layer that shipped it and the one that hid it.

Layers are read-only, so what a later one deletes or replaces is carried all the same (OCI image-spec, layer.md,
"Whiteouts"). Efficiency is what the merged tree shows of all that the layers carry: of 20,000 bytes shipped 10,000
visible are 50 %. Bytes are counted as Docker counts a layer's size: symlinks by their text, hard-linked files once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from dockerlab.fs.changeset import Changeset
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import File, Leaf

DELETED, REPLACED, REPEATED = "deleted", "replaced", "repeated"


@dataclass(frozen=True, slots=True)
class Hidden:
    """Bytes that are shipped in vain. Layers are counted from 0, the lowest; `path` is the file's first name there.

    `how` is 'deleted', 'replaced' by something else, or 'repeated': shipped once more with the same content.
    """

    path: str
    size: int
    shipped_by: int
    hidden_by: int
    how: str


@dataclass(frozen=True, slots=True)
class Account:
    """The bytes of a stack: all that is shipped, what the merged tree shows of it, and where the rest went."""

    shipped: int
    visible: int
    hidden: tuple[Hidden, ...]

    @property
    def wasted(self) -> int:
        """Bytes that are shipped and can't be seen."""
        return self.shipped - self.visible

    @property
    def efficiency(self) -> float:
        """The visible share, 0 to 1; an image without bytes wastes none."""
        return self.visible / self.shipped if self.shipped else 1.0


def account_of(layers: Iterable[Layer]) -> Account:
    """The account of a stack, lowest layer first; what is hidden is sorted by size, largest first."""
    counting = _Counting()
    for number, layer in enumerate(layers):
        counting.put(number, layer)
    hidden = sorted(counting.hidden, key=lambda each: (-each.size, each.path, each.shipped_by))
    shipped = sum(each.leaf.size for each in counting.all)
    return Account(shipped, shipped - sum(each.size for each in hidden), tuple(hidden))


@dataclass(eq=False, slots=True)
class _Shipped:
    """One file of one layer, and how many of its names can still be seen."""

    leaf: Leaf
    layer: int
    path: str
    names: int = 0


_Seen: TypeAlias = "dict[str, _Seen | _Shipped]"


@dataclass(slots=True)
class _Counting:
    """The merged tree as far as it has been put together, with each file's origin."""

    seen: _Seen = field(default_factory=dict)
    all: list[_Shipped] = field(default_factory=list)
    hidden: list[Hidden] = field(default_factory=list)

    def put(self, number: int, layer: Layer) -> None:
        """Put a layer on top."""
        self._cover(self.seen, layer.changeset, "", number, {})

    def _cover(self, here: _Seen, change: Changeset, prefix: str, number: int, known: dict[int, _Shipped]) -> None:
        for name in [*here] if change.opaque else [*change.whiteouts]:
            self._hide(here.pop(name, {}), number, change.entries.get(name))
        for name, above in change.entries.items():
            path = f"{prefix}/{name}"
            if isinstance(above, Changeset):
                below = here.get(name)
                if not isinstance(below, dict):
                    self._hide(below or {}, number, above)
                    below = here[name] = {}
                self._cover(below, above, path, number, known)
            else:
                self._hide(here.get(name, {}), number, above)
                here[name] = self._ship(above, path, number, known)

    def _ship(self, leaf: Leaf, path: str, number: int, known: dict[int, _Shipped]) -> _Shipped:
        shipped = known.get(id(leaf))
        if shipped is None:
            shipped = known[id(leaf)] = _Shipped(leaf, number, path)
            self.all.append(shipped)
        shipped.names += 1
        return shipped

    def _hide(self, below: _Seen | _Shipped, number: int, above: Changeset | Leaf | None) -> None:
        """Take away what stood under a name; a file is wasted when its last name is gone."""
        for shipped in _files(below):
            shipped.names -= 1
            if not shipped.names and shipped.leaf.size:
                how = _how(shipped.leaf, above)
                self.hidden.append(Hidden(shipped.path, shipped.leaf.size, shipped.layer, number, how))


def _files(below: _Seen | _Shipped) -> Iterator[_Shipped]:
    if isinstance(below, _Shipped):
        yield below
    else:
        for each in below.values():
            yield from _files(each)


def _how(leaf: Leaf, above: Changeset | Leaf | None) -> str:
    if above is None:
        return DELETED
    same = isinstance(leaf, File) and isinstance(above, File) and leaf.content == above.content
    return REPEATED if same else REPLACED
