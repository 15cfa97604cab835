"""The difference of two trees as a layer, for drivers that keep whole trees (moby, graphdriver: NaiveDiffDriver).

They look at what each file is, not at what was done to it: a file that was opened for writing or given the mode that
it had is no change. Entries are listed by path, a whiteout (mode 0, the present time) for each name that is gone;
there are no opaque marks. A file whose own name begins with '.wh.' becomes a whiteout in the layer, as it does in
life. (Asked of dockerd 20.10 with vfs, btrfs and fuse-overlayfs: tests/fs/data/drivers.json.)
"""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.fs.changes import compare
from dockerlab.fs.changeset import WHITEOUT
from dockerlab.fs.entry import Entry, entry_of
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import Directory, Node, lookup


class NaiveDiffFs(OverlayFs):
    """A container's files of which size and layer are found by comparing them with the image's."""

    @property
    def upper_size(self) -> int:
        """Bytes of the files that differ from the image's, hard-linked ones once (moby, archive.ChangesSize)."""
        tree = self.tree()
        nodes = (_node(tree, change.path) for change in compare(self.lower, tree) if change.kind != "D")
        return sum({id(node): node.size for node in nodes if not isinstance(node, Directory)}.values())

    def upper_layer(self) -> Layer:
        """What differs from the image, as a layer."""
        return Layer.of(exported(self.lower, self.tree(), self.clock.now))


def exported(old: Directory, new: Directory, now: int) -> Iterator[Entry]:
    """The entries of the layer that makes the new tree of the old one (moby, archive.ExportChanges)."""
    first: dict[int, str] = {}
    for change in compare(old, new):
        path = change.path[1:]
        if change.kind == "D":
            above, slash, name = path.rpartition("/")
            yield Entry(f"{above}{slash}{WHITEOUT}{name}", "f", 0, mtime=now)
            continue
        node = _node(new, path)
        target = path if isinstance(node, Directory) else first.setdefault(id(node), path)
        yield entry_of(path, node, linkname="" if target == path else target)


def _node(tree: Directory, path: str) -> Node:
    node = lookup(tree, path)
    assert node is not None
    return node
