"""What came of an operation on a container's files, in sentences: what was copied, what a deletion leaves behind."""

from __future__ import annotations

import errno
from collections.abc import Mapping

from dockerlab.fs.drivers import Touch, tree_size
from dockerlab.fs.drivers.search import OWN
from dockerlab.fs.snapshot import SnapshotFs
from dockerlab.fs.tree import Directory, lookup
from dockerlab.notebook.diagrams.wording import plural, size_text
from dockerlab.notebook.widgets.trials import Outcome, Pair

IDEAS: Mapping[str, str] = {
    "overlay2": "copies whole files up",
    "fuse-overlayfs": "copies whole files up",
    "btrfs": "copies blocks of 4 KiB",
    "zfs": "copies records of 128 KiB",
    "vfs": "copies all files beforehand",
}
FIRST = "Touch the file, or pick another one first: read it, change a byte, delete it."


def told(pair: Pair) -> str:
    """The last outcome in words."""
    if not pair.outcomes:
        return FIRST
    outcome = pair.outcomes[-1]
    operation = outcome.operation
    if outcome.touch is None:
        return refused(pair, outcome)
    touch = outcome.touch
    looked = f"looked up {touch.lookups:,} {'entry' if touch.lookups == 1 else 'entries'}"
    what = f"To {operation.words} in container {operation.container}, {pair.driver.name} {looked}"
    sentences = [f"{what} and copied {size_text(touch.bytes_copied)}.", copied(pair, touch)]
    return " ".join(filter(None, [*sentences, left(pair, outcome, touch)]))


def refused(pair: Pair, outcome: Outcome) -> str:
    """Why it was refused."""
    assert outcome.refusal is not None
    text = f"{pair.driver.name} refuses to {outcome.operation.words}: {outcome.refusal.strerror}."
    if outcome.refusal.errno == errno.EXDEV:
        text += " A directory that has parts in a layer below can't be renamed; mv copies it then."
    return text


def copied(pair: Pair, touch: Touch) -> str:
    """What had to be copied, and why no more or less."""
    if touch.operation in ("read", "delete"):
        return "Reading never copies." if touch.operation == "read" else ""
    if not isinstance(pair.trials["one"].files, SnapshotFs):
        return copied_up(touch)
    if pair.driver.name == "vfs":
        return "All files were copied when the container was created, so it has one of its own to write to."
    if not touch.blocks_copied:
        return "No block of the image's had to be copied."
    return f"That is {plural(touch.blocks_copied, 'block')} of the image's; those that nobody writes to stay shared."


def copied_up(touch: Touch) -> str:
    """On a union mount: whether the file was copied up."""
    if touch.bytes_copied:
        return "The whole file was copied up into the container's own layer; the image keeps its own copy."
    if touch.from_layer == OWN:
        return "It is in the container's own layer already."
    return "It is new, in the container's own layer." if touch.from_layer is None else "There are no bytes to copy."


def left(pair: Pair, outcome: Outcome, touch: Touch) -> str:
    """What a deletion, or a rename of a name that the image has, leaves behind."""
    if touch.operation not in ("delete", "rename"):
        return ""
    node = lookup(pair.trials[outcome.operation.container].files.lower, touch.path)
    if node is None:
        return "The image never had it: it is gone." if touch.operation == "delete" else ""
    kept = size_text(tree_size(node) if isinstance(node, Directory) else node.size)
    hidden = "A whiteout hides the name" if touch.leaves == "whiteout" else "The name is gone in this container"
    return f"{hidden}; {kept} stay in the image, so nothing is freed there."
