"""What a run of entries amounts to: a tree to be, with whiteouts; made with suspicion, since archives may lie.

An entry that would leave the tree, be written through a symlink or a file, link to what is not there, or contradict
an earlier one, is refused with `ArchiveError` before anything has changed. Whiteouts follow the OCI image-spec
(layer.md, "Whiteouts"); they hide what lower layers have, never what their own layer adds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from dockerlab.errors import ArchiveError
from dockerlab.fs.entry import Entry, leaf_of
from dockerlab.fs.paths import NAME_MAX, PATH_MAX
from dockerlab.fs.tree import MAX_DEPTH, Device, Directory, Leaf, Metadata, Node, Symlink

WHITEOUT = ".wh."
OPAQUE = ".wh..wh..opq"
OPAQUE_MARK = ("trusted.overlay.opaque", b"y")
"""The extended attribute of an opaque directory (Linux, Documentation/filesystems/overlayfs.rst)."""
_RESERVED = ".wh..wh."
NOT_A_DIRECTORY = "contradicts an earlier entry: not a directory"

IMPLIED = Metadata(0o755)
"""Of a directory that no entry describes."""


@dataclass(eq=False, slots=True)
class Changeset:
    """A directory's changes: entries by name, hidden names, whether all of the lower directory is hidden.

    `meta` is None for a directory that is only implied by what it holds.
    """

    meta: Metadata | None = None
    entries: dict[str, Changeset | Leaf] = field(default_factory=dict)
    whiteouts: set[str] = field(default_factory=set)
    opaque: bool = False

    def onto(self, lower: Node | None) -> Directory:
        """The directory that comes of it over a lower node; lower entries that it doesn't touch are shared."""
        below = lower if isinstance(lower, Directory) else None
        entries: dict[str, Node] = dict(below.entries) if below and not self.opaque else {}
        for name in self.whiteouts:
            entries.pop(name, None)
        for name, change in self.entries.items():
            entries[name] = change.onto(entries.get(name)) if isinstance(change, Changeset) else change
        return Directory(self.meta or (below.meta if below else IMPLIED), entries)

    def unpacked(self, *, hides: bool = False) -> Directory:
        """The directory as overlayfs has it on disk: whiteouts as devices 0:0, `hides` and opaque as an attribute."""
        meta = self.meta or IMPLIED
        if self.opaque or hides:
            meta = replace(meta, xattrs=(*meta.xattrs, OPAQUE_MARK))
        entries: dict[str, Node] = {name: Device(Metadata(0), "c", 0, 0) for name in sorted(self.whiteouts)}
        for name, change in self.entries.items():
            entries[name] = change.unpacked(hides=name in self.whiteouts) if isinstance(change, Changeset) else change
        return Directory(meta, entries)

    def leaves(self) -> Iterator[Leaf]:
        """All files, hard-linked ones as often as they have names."""
        for change in self.entries.values():
            if isinstance(change, Changeset):
                yield from change.leaves()
            else:
                yield change


def changeset_of(entries: Iterable[Entry], *, whiteouts: bool = True) -> Changeset:
    """The changeset of a layer's entries; with `whiteouts=False` the names that begin with '.wh.' mean nothing."""
    builder = _Builder(Changeset())
    for entry in entries:
        name = entry.path.rpartition("/")[2]
        if whiteouts and name.startswith(WHITEOUT):
            builder.hide(entry, name)
        elif entry.kind == "d":
            builder.add_directory(entry)
        else:
            builder.add_leaf(entry, name)
    return builder.root


def tree_of(entries: Iterable[Entry]) -> Directory:
    """The tree that an archive's entries amount to."""
    return changeset_of(entries, whiteouts=False).onto(None)


def _refuse(entry: Entry, why: str) -> ArchiveError:
    return ArchiveError(f'invalid tar entry "{entry.path}": {why}')


@dataclass(slots=True)
class _Builder:
    root: Changeset
    directories: dict[str, Changeset] = field(default_factory=dict)

    def _above(self, entry: Entry) -> Changeset:
        """The directory that the entry stands in."""
        return self._directory(entry.path.rpartition("/")[0], entry)

    def _directory(self, path: str, entry: Entry) -> Changeset:
        found = self.directories.get(path)
        if found is None:
            found = self._descend(path, entry)
            self.directories[path] = found
        return found

    def _descend(self, path: str, entry: Entry) -> Changeset:
        """The directory at a path, made where it is missing; never through anything else."""
        if not path:
            return self.root
        names = path.split("/")
        if len(names) > MAX_DEPTH or len(path.encode("utf-8", "replace")) >= PATH_MAX:
            raise _refuse(entry, "file name too long")
        here = self.root
        for name in names:
            _check_name(name, entry)
            below = here.entries.get(name)
            if below is None:
                below = Changeset()
                here.entries[name] = below
            if not isinstance(below, Changeset):
                through = "would be written through a symlink"
                raise _refuse(entry, through if isinstance(below, Symlink) else NOT_A_DIRECTORY)
            here = below
        return here

    def add_directory(self, entry: Entry) -> None:
        """Take in a directory's entry; a second one for the same directory overrules its metadata."""
        name = entry.path.rpartition("/")[2]
        if name:
            _check_name(name, entry)
            there = self._above(entry).entries.get(name)
            if there is not None and not isinstance(there, Changeset):
                raise _refuse(entry, NOT_A_DIRECTORY)
        self._directory(entry.path, entry).meta = entry.meta

    def add_leaf(self, entry: Entry, name: str) -> None:
        """Take in a file, link, device or pipe; a later entry takes an earlier one's place."""
        _check_name(name, entry)
        above = self._above(entry)
        if isinstance(above.entries.get(name), Changeset):
            raise _refuse(entry, "contradicts an earlier entry: is a directory")
        above.entries[name] = self._linked(entry) if entry.kind == "h" else leaf_of(entry)

    def _linked(self, entry: Entry) -> Leaf:
        """What a hard link leads to, which must be in this archive and stand before the link."""
        target = entry.linkname.strip("/")
        names = target.split("/")
        if ".." in names:
            raise _refuse(entry, f'hard link leaves the tree: "{target}"')
        found: Changeset | Leaf | None = self.root
        for name in names:
            found = found.entries.get(name) if isinstance(found, Changeset) else None
        if found is None or isinstance(found, Changeset) or target == entry.path:
            raise _refuse(entry, f'hard link to "{target}": no such file')
        return found

    def hide(self, entry: Entry, name: str) -> None:
        """Take in a whiteout; those that aufs keeps for itself (.wh..wh.…) mean nothing."""
        above = self._above(entry)
        if name == OPAQUE:
            above.opaque = True
        elif not name.startswith(_RESERVED):
            hidden = name[len(WHITEOUT) :]
            _check_name(hidden, entry)
            above.whiteouts.add(hidden)


def _check_name(name: str, entry: Entry) -> None:
    if name in ("", ".", ".."):
        raise _refuse(entry, "leaves the tree" if name == ".." else "has no name")
    if len(name) * 4 > NAME_MAX and len(name.encode("utf-8", "replace")) > NAME_MAX:
        raise _refuse(entry, "file name too long")
