"""Layers: one changeset each, kept as the tar archive that its diff ID is the digest of (OCI image-spec, layer.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from dockerlab.fs.changeset import OPAQUE, WHITEOUT, Changeset, changeset_of
from dockerlab.fs.compression import decompress
from dockerlab.fs.content import Content
from dockerlab.fs.entry import Entry, entry_of
from dockerlab.fs.gzip import gzip
from dockerlab.fs.tar_reader import read_tar
from dockerlab.fs.tar_writer import write_tar
from dockerlab.fs.tree import EMPTY, Directory, Node
from dockerlab.oci.digest import Digest


@dataclass(frozen=True)
class Layer:
    """One changeset. Ask `Layer.from_tar` or `Layer.of` for one; all else is derived when it is asked for."""

    tar: Content
    packed: Content | None = field(default=None, compare=False, repr=False)

    @staticmethod
    def from_tar(content: Content) -> Layer:
        """The layer of an archive, compressed or not; an unfit one raises `ArchiveError` at once."""
        tar = decompress(content)
        layer = Layer(tar, None if tar is content else content)
        _ = layer.changeset
        return layer

    @staticmethod
    def of(entries: Iterable[Entry]) -> Layer:
        """The layer of entries, whiteouts ('.wh.x') and opaque marks ('.wh..wh..opq') among them, in their order."""
        listed = tuple(entries)
        layer = Layer(write_tar(listed))
        layer.__dict__["entries"] = listed
        _ = layer.changeset
        return layer

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """The archive's entries, in its order."""
        return tuple(read_tar(self.tar))

    @cached_property
    def changeset(self) -> Changeset:
        """The entries as changes to a tree."""
        return changeset_of(self.entries)

    @property
    def diff_id(self) -> Digest:
        """The digest of the archive, uncompressed."""
        return self.tar.digest

    @cached_property
    def blob(self) -> Content:
        """The compressed archive: as it came, or packed with our own gzip."""
        return gzip(self.tar) if self.packed is None else self.packed

    @property
    def digest(self) -> Digest:
        """The digest of the compressed archive, by which registries know the layer."""
        return self.blob.digest

    @cached_property
    def unpacked(self) -> Directory:
        """Its own files as a union mount keeps them on disk, apart from all other layers'."""
        return self.changeset.unpacked()

    @cached_property
    def size(self) -> int:
        """Bytes of its files as Docker counts them: symlinks by their text, hard-linked files once."""
        return sum({id(leaf): leaf.size for leaf in self.changeset.leaves()}.values())


def apply(layer: Layer, tree: Directory) -> Directory:
    """The tree with the layer on top; directories that the layer doesn't touch are shared with the old tree."""
    return layer.changeset.onto(tree)


def apply_all(layers: Iterable[Layer], tree: Directory = EMPTY) -> Directory:
    """The tree with the layers on top, the first one lowest."""
    for layer in layers:
        tree = apply(layer, tree)
    return tree


def diff(old: Directory, new: Directory, mtime: int = 0) -> Layer:
    """The layer that makes the new tree of the old one; its whiteouts (one per name) are stamped with `mtime`."""
    return Layer.of(_Differ(mtime).directory(old, new, ""))


def squash(layers: Iterable[Layer], base: Directory = EMPTY, mtime: int = 0) -> Layer:
    """One layer that does to `base` what all the layers do, without what they add and take away again."""
    return diff(base, apply_all(layers, base), mtime)


class _Differ:
    """Tells two trees apart, subtree by subtree; those that both share cost nothing."""

    def __init__(self, mtime: int) -> None:
        self.mtime = mtime
        self.first: dict[int, str] = {}

    def directory(self, old: Node | None, new: Directory, prefix: str) -> Iterator[Entry]:
        before = old.entries if isinstance(old, Directory) else {}
        for name in sorted({*before, *new.entries}):
            node = new.entries.get(name)
            if node is None:
                yield Entry(f"{prefix}{WHITEOUT}{name}", "f", 0, mtime=self.mtime)
            elif node is not before.get(name):
                yield from self._node(before.get(name), node, prefix + name)

    def _node(self, old: Node | None, new: Node, path: str) -> Iterator[Entry]:
        if isinstance(new, Directory):
            below = list(self.directory(old, new, f"{path}/"))
            if below or not isinstance(old, Directory) or old.meta != new.meta:
                yield entry_of(path, new)
            yield from below
        elif old != new:
            target = self.first.setdefault(id(new), path)
            yield entry_of(path, new, linkname="" if target == path else target)


__all__ = ["OPAQUE", "WHITEOUT", "Layer", "apply", "apply_all", "diff", "squash"]
