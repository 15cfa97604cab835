"""Tar archives: reading, writing, and the trees that they hold."""

from __future__ import annotations

from dockerlab.fs.changeset import tree_of
from dockerlab.fs.compression import decompress, is_compressed
from dockerlab.fs.entry import Entry, entries_of, entry_of
from dockerlab.fs.tar_reader import read_tar
from dockerlab.fs.tar_writer import write_tar

__all__ = ["Entry", "decompress", "entries_of", "entry_of", "is_compressed", "read_tar", "tree_of", "write_tar"]
