"""`Trial`: a container's file system that says of each operation what it cost: what widgets animate.

Nothing here slows a real container down: the costs are read off the driver and the file system, around each call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dockerlab.fs.content import Content
from dockerlab.fs.drivers.driver import StorageDriver
from dockerlab.fs.drivers.search import OWN, Search
from dockerlab.fs.layer import Layer, apply_all
from dockerlab.fs.snapshot import SnapshotFs
from dockerlab.fs.tree import names_of
from dockerlab.fs.upper import Upper, UpperDir, Whiteout
from dockerlab.world import Clock


@dataclass(frozen=True, slots=True)
class Touch:
    """One operation and its cost; `search` is how the path was found before it.

    `leaves` is what the upper directory has in the path's place now, where that is more than a file: 'whiteout' or
    'opaque'. File systems without an upper directory leave nothing.
    """

    operation: str
    path: str
    search: Search
    bytes_copied: int = 0
    blocks_copied: int = 0
    leaves: str = ""

    @property
    def lookups(self) -> int:
        """How many entries were looked up to find the path."""
        return self.search.lookups

    @property
    def from_layer(self) -> int | None:
        """The layer that the path came from: 0 is the lowest, `OWN` the container; None where nothing was."""
        return self.search.layer


class Trial:
    """One container's files on a stack of layers (lowest first) with one driver; several stand beside each other."""

    def __init__(self, driver: StorageDriver, layers: Sequence[Layer], clock: Clock | None = None) -> None:
        self.driver = driver
        self.layers = tuple(layers)
        self.files = driver.mount(apply_all(self.layers), clock or Clock())
        created = driver.container_copies(self.files.lower)
        blocks = driver.blocks.count(created)
        self.touches: list[Touch] = [Touch("create", "/", Search((), OWN), created, blocks)]

    @property
    def bytes_copied(self) -> int:
        """All that was copied so far, the container's creation among it."""
        return sum(touch.bytes_copied for touch in self.touches)

    @property
    def disk(self) -> int:
        """Bytes of the blocks that only this container has."""
        return self.driver.container_blocks(self.files)

    @property
    def blocks_shared(self) -> int:
        """How many blocks are the image's."""
        return self.driver.shared_blocks(self.files)

    def read(self, path: str) -> Touch:
        """Read a file, whole."""
        return self._touch("read", path, lambda: self.files.content(path))

    def write(self, path: str, data: bytes | Content) -> Touch:
        """Write a file anew, as `>` does."""
        return self._touch("write", path, lambda: self.files.write(path, data))

    def append(self, path: str, data: bytes) -> Touch:
        """Write at a file's end, as `>>` does."""
        return self._touch("append", path, lambda: self.files.write(path, data, append=True))

    def edit(self, path: str, data: bytes, offset: int = 0) -> Touch:
        """Write over some bytes within a file."""
        return self._touch("edit", path, lambda: self.files.pwrite(path, data, offset))

    def truncate(self, path: str, size: int) -> Touch:
        """Cut a file."""
        return self._touch("truncate", path, lambda: self.files.truncate(path, size))

    def chmod(self, path: str, mode: int) -> Touch:
        """Set the permission bits."""
        return self._touch("chmod", path, lambda: self.files.chmod(path, mode))

    def chown(self, path: str, uid: int, gid: int) -> Touch:
        """Set owner and group."""
        return self._touch("chown", path, lambda: self.files.chown(path, uid, gid))

    def mkdir(self, path: str) -> Touch:
        """Make a directory."""
        return self._touch("mkdir", path, lambda: self.files.mkdir(path))

    def link(self, old: str, new: str) -> Touch:
        """Give a file one more name."""
        return self._touch("link", old, lambda: self.files.link(old, new))

    def rename(self, old: str, new: str) -> Touch:
        """Move a name."""
        return self._touch("rename", old, lambda: self.files.rename(old, new))

    def delete(self, path: str) -> Touch:
        """Remove a file, or a directory with all that is in it."""
        return self._touch("delete", path, lambda: self.files.remove_tree(path))

    def _touch(self, operation: str, path: str, call: Callable[[], object]) -> Touch:
        search = self.driver.search(self.layers, self.files, path)
        before = len(self.files.copied_up)
        call()
        copied = [copy.size for copy in self.files.copied_up[before:]]
        blocks = sum(map(self.driver.blocks.count, copied))
        touch = Touch(operation, path, search, sum(copied), blocks, self._left(path))
        self.touches.append(touch)
        return touch

    def _left(self, path: str) -> str:
        """What the upper directory of a union mount has at a path."""
        found: Upper | None = self.files.upper
        for name in names_of(path):
            found = found.names.get(name) if isinstance(found, UpperDir) else None
        if isinstance(self.files, SnapshotFs):
            return ""
        if isinstance(found, Whiteout):
            return "whiteout"
        return "opaque" if isinstance(found, UpperDir) and found.opaque else ""
