"""A tree over what is there (moby, pkg/archive; asked of the real `docker cp`)."""

from __future__ import annotations

import pytest

from dockerlab.errors import CommandError
from dockerlab.fs.archive import Entry, tree_of
from dockerlab.fs.content import Bytes
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.fs.unpacking import unpack
from dockerlab.world import Clock


def refuse(path: str, there: str, comes: str) -> CommandError:
    return CommandError(f"{path}: {there}, {comes}")


def test_folders_merge_and_files_are_replaced() -> None:
    fs = OverlayFs(EMPTY, Clock())
    fs.mkdir("/out/a", parents=True)
    fs.write("/out/a/old", b"old")
    fs.write("/out/a/same", b"old")
    unpack(tree_of([Entry("a", "d", 0o755), Entry("a/same", content=Bytes(b"new"))]), fs, "/out", refuse)
    assert fs.listdir("/out/a") == ["old", "same"]
    assert fs.read("/out/a/same") == b"new"


def test_a_file_and_a_folder_never_take_each_others_place() -> None:
    fs = OverlayFs(EMPTY, Clock())
    fs.mkdir("/dir")
    fs.write("/file", b"")
    with pytest.raises(CommandError, match="/file: non-directory, directory"):
        unpack(tree_of([Entry("file", "d", 0o755)]), fs, "/", refuse)
    with pytest.raises(CommandError, match="/dir: directory, non-directory"):
        unpack(tree_of([Entry("dir", content=Bytes(b""))]), fs, "/", refuse)
