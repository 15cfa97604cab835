"""A root file system to import: 200 MB in 6,800 files, as a plain tar in memory."""

from __future__ import annotations

from collections.abc import Iterator

from dockerlab.fs.archive import Entry, write_tar
from dockerlab.fs.content import Bytes, Content, Filler

FILES, SIZE = 6_800, 200_000_000


def root_file_system() -> Content:
    """The archive's bytes, as they come from a disk."""
    return Bytes(write_tar(entries()).read())


def entries() -> Iterator[Entry]:
    """68 folders with 100 files each."""
    for folder in range(FILES // 100):
        yield Entry(f"usr/lib/part{folder:02}", "d", 0o755)
        for number in range(100):
            content = Filler(f"{folder}/{number}", SIZE // FILES)
            yield Entry(f"usr/lib/part{folder:02}/file{number:02}", "f", 0o644, content=content)
