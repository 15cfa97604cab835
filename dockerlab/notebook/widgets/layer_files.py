"""Layers and merged trees as outlines: what a step added, changed, deleted, and where a file is from."""

from __future__ import annotations

import stat as modes
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dockerlab.cli.units import human_size_with_precision
from dockerlab.fs.changeset import Changeset
from dockerlab.fs.layer import Layer
from dockerlab.fs.tree import Device, Directory, File, Leaf, Node, Symlink, walk
from dockerlab.notebook.widgets.outline import Branch
from dockerlab.world import format_instant

MOST_TEXT, MOST_BYTES = 4_000, 256
KINDS = {"f": "-", "d": "d", "l": "l", "c": "c", "b": "b", "p": "p"}


def size_of(size: int) -> str:
    """As `docker images` prints it: '77.8MB'."""
    return human_size_with_precision(size, 3)


def changed(change: Changeset, below: Node | None, prefix: str = "") -> Iterator[Branch]:
    """What a layer does in a directory, by name: marks are A, C and D; '' for one that is passed through."""
    lower = below.entries if isinstance(below, Directory) else {}
    gone = {*lower} - {*change.entries} if change.opaque else {name for name in change.whiteouts if name in lower}
    for name in sorted({*change.entries} | gone):
        path, old, new = f"{prefix}/{name}", lower.get(name), change.entries.get(name)
        if new is None:
            yield _deleted(path, name, old)
        elif isinstance(new, Changeset):
            yield _folder(path, name, new, None if name in change.whiteouts or change.opaque else old, old)
        else:
            yield Branch(path, name, {"mark": "C" if old else "A", "size": size_of(new.size), "kind": new.kind})


def _deleted(path: str, name: str, old: Node | None) -> Branch:
    facts = {"mark": "D", "size": size_of(_weight(old)), "kind": old.kind if old else "f"}
    inner = None
    if isinstance(old, Directory) and old.entries:
        inner = lambda: (_deleted(f"{path}/{each}", each, old.entries[each]) for each in sorted(old.entries))  # noqa: E731
    return Branch(path, name, facts, inner)


def _folder(path: str, name: str, new: Changeset, below: Node | None, old: Node | None) -> Branch:
    mark = "A" if old is None else "C" if new.meta is not None and not _same(new, old) else ""
    weight = sum(leaf.size for leaf in {id(leaf): leaf for leaf in new.leaves()}.values())
    inner = (lambda: changed(new, below, path)) if new.entries or new.whiteouts or new.opaque else None
    return Branch(path, name, {"mark": mark, "size": size_of(weight), "kind": "d"}, inner)


def _same(new: Changeset, old: Node) -> bool:
    """A directory that stands in a layer just because something in it does."""
    if not isinstance(old, Directory) or new.meta is None:
        return False
    return (new.meta.mode, new.meta.uid, new.meta.gid) == (old.meta.mode, old.meta.uid, old.meta.gid)


def _weight(node: Node | None) -> int:
    """Bytes of a file, or of all files in a directory, hard-linked ones once."""
    if isinstance(node, Directory):
        return sum({id(each): each.size for _, each in walk(node) if each.kind != "d"}.values())
    return node.size if node else 0


def counts_of(layer: Layer, below: Directory) -> dict[str, int]:
    """How many files the layer adds, changes and deletes; directories don't count."""
    counts = {"A": 0, "C": 0, "D": 0}
    waiting = list(changed(layer.changeset, below))
    while waiting:
        branch = waiting.pop()
        if branch.facts["kind"] != "d":
            counts[branch.facts["mark"]] += 1
        waiting += (branch.inner or list)()
    return counts


def origins(layers: Iterable[Layer], numbers: Iterable[int]) -> dict[int, int]:
    """The step that each file of the merged tree comes from, by the `id()` of its node."""
    pairs = zip(layers, numbers, strict=True)
    return {id(leaf): number for layer, number in pairs for leaf in layer.changeset.leaves()}


def merged(tree: Directory, steps: Mapping[int, int], prefix: str = "") -> Iterator[Branch]:
    """What a directory of the merged tree holds, each file with the step that it comes from."""
    for name, node in sorted(tree.entries.items()):
        path = f"{prefix}/{name}"
        facts = {"size": size_of(_weight(node)), "kind": node.kind, "step": steps.get(id(node))}
        yield Branch(path, name, facts, _inner(node, steps, path))


def _inner(node: Node, steps: Mapping[int, int], path: str) -> Any:
    if not isinstance(node, Directory) or not node.entries:
        return None
    return lambda: merged(node, steps, path)


def described(node: Node) -> dict[str, str]:
    """What can be seen of a file: a line of facts, and its content as text or hex dump, cut where it is long."""
    meta = node.meta
    bits = modes.filemode(meta.mode)[1:]
    when = format_instant(meta.mtime)[:16].replace("T", " ")
    facts = f"{KINDS[node.kind]}{bits}  {meta.uid}:{meta.gid}  {when}"
    if isinstance(node, File):
        return {"facts": f"{facts}  {node.size} bytes", **content_of(node)}
    return {"facts": facts, "text": _no_file(node), "cut": ""}


def _no_file(node: Directory | Leaf) -> str:
    if isinstance(node, Symlink):
        return f"→ {node.target}"
    if isinstance(node, Device):
        return f"device {node.major}, {node.minor}"
    return f"{len(node.entries)} entries" if isinstance(node, Directory) else "a pipe"


def content_of(node: File) -> dict[str, str]:
    """Text where it is text, else a hex dump; `cut` says what is left out."""
    head = node.content.read(0, MOST_TEXT)
    if b"\0" not in head:
        text = head.decode("utf-8", "ignore" if node.size > MOST_TEXT else "replace")
        if "\ufffd" not in text:
            return {"text": text, "cut": _cut(MOST_TEXT, node.size)}
    return {"text": hex_dump(head[:MOST_BYTES]), "cut": _cut(MOST_BYTES, node.size)}


def _cut(most: int, size: int) -> str:
    return f"the first {size_of(most)} of {size_of(size)}" if size > most else ""


def hex_dump(data: bytes) -> str:
    """As `hexdump -C` prints it."""
    lines = []
    for at in range(0, len(data), 16):
        row = data[at : at + 16]
        halves = [" ".join(f"{byte:02x}" for byte in half) for half in (row[:8], row[8:])]
        letters = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)
        lines.append(f"{at:08x}  {halves[0]:23}  {halves[1]:23}  |{letters}|")
    return "\n".join(lines)
