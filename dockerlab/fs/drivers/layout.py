"""What drivers write into their own directories, put together as trees of files to look at."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from dockerlab.fs.changeset import OPAQUE_MARK
from dockerlab.fs.content import Bytes
from dockerlab.fs.drivers.driver import KeptContainer, KeptLayer
from dockerlab.fs.layer import diff
from dockerlab.fs.tree import EMPTY, Device, Directory, File, Leaf, Metadata, Node
from dockerlab.fs.upper import UpperDir, UpperLeaf, Whiteout
from dockerlab.oci.digest import Digest

LINK_LENGTH = 26
"""Characters of the short names in `l/`, with which a mount's options fit into a page (moby, overlay2: idLength)."""


def folder(entries: Mapping[str, Node], mode: int = 0o710) -> Directory:
    """A directory."""
    return Directory(Metadata(mode), entries)


def text_file(text: str, mode: int = 0o644) -> File:
    """A file."""
    return File(Metadata(mode), Bytes(text.encode()))


def short_link(cache_id: str) -> str:
    """The short name of a layer's directory: moby draws it at random, here it follows from the long one."""
    raw = bytes.fromhex(Digest.of(f"link {cache_id}".encode()).hex)
    return base64.b32encode(raw).decode()[:LINK_LENGTH]


def stack_ids(kept: KeptLayer | None) -> Iterator[str]:
    """The directories' names of a layer and of those below it, top first."""
    while kept is not None:
        yield kept.cache_id
        kept = kept.parent


def parents(layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> set[str]:
    """The names of the layers that something stands on."""
    below = [each.parent for each in layers] + [each.top for each in containers]
    return {each.cache_id for each in below if each is not None}


def raw_upper(upper: UpperDir) -> Directory:
    """An upper directory as it is on disk: whiteouts are character devices 0:0, opaque directories say so."""
    meta = replace(upper.meta, xattrs=(*upper.meta.xattrs, OPAQUE_MARK)) if upper.opaque else upper.meta
    return Directory(meta, {name: _raw(each) for name, each in upper.names.items()})


def _raw(upper: Whiteout | UpperLeaf | UpperDir) -> Node:
    if isinstance(upper, UpperDir):
        return raw_upper(upper)
    return upper.node if isinstance(upper, UpperLeaf) else Device(Metadata(0, mtime=upper.mtime), "c", 0, 0)


def raw_init(container: KeptContainer) -> Directory:
    """The layer of mount points that Docker puts between an image and its container."""
    below = container.top.tree if container.top else EMPTY
    return diff(below, container.files.lower).unpacked


def whole_trees(layers: Sequence[KeptLayer], containers: Sequence[KeptContainer]) -> dict[str, Node]:
    """A directory with the whole merged tree for each layer, and two for each container."""
    entries: dict[str, Node] = {each.cache_id: apart(each.tree) for each in layers}
    for each in containers:
        entries |= {f"{each.mount_id}-init": apart(each.files.lower), each.mount_id: apart(each.files.tree())}
    return entries


def apart(tree: Directory) -> Directory:
    """A tree of files of its own: no file in it is one with a file of another tree, as a copy's are not."""
    return _apart(tree, {})


def _apart(tree: Directory, seen: dict[int, Leaf]) -> Directory:
    entries: dict[str, Node] = {}
    for name, node in tree.entries.items():
        if isinstance(node, Directory):
            entries[name] = _apart(node, seen)
        else:
            entries[name] = seen.setdefault(id(node), replace(node))
    return Directory(tree.meta, entries)
