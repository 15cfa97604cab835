"""All cases that were asked of a real kernel's overlayfs, through the real engine (data/overlay2.json).

Each case ran a command in a container; `docker commit` then made a layer, whose entries are listed in order, and
`docker diff` listed the changes. Here the command is done by file system calls.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Zeros
from dockerlab.fs.layer import apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.world import Clock

ORACLE = json.loads((Path(__file__).parent / "data" / "overlay2.json").read_text())


def lower_tree() -> Directory:
    """The image that the cases start from: what the recorded Dockerfile's RUN makes."""
    fs = OverlayFs(EMPTY, Clock())
    for name in ("dir/s", "ren", "gone", "f2d", "d2f", "empty"):
        fs.mkdir(f"/lf/{name}", parents=True)
    texts = {
        "mod.txt": "mod", "del.txt": "del", "dir/a": "a", "dir/b": "b", "dir/s/c": "c", "ren/x": "x", "ren/y": "y",
        "h1": "h", "chmod.txt": "ch", "own.txt": "own", "touch.txt": "t", "gone/g": "g", "rename.txt": "n",
        "tofile.txt": "f", "d2f/i": "i", "recreate.txt": "rec", "ro.txt": "ro", "linked.txt": "k", "swap": "sw",
    }  # fmt: skip
    for name, text in texts.items():
        fs.write(f"/lf/{name}", f"{text}\n".encode())
    fs.link("/lf/h1", "/lf/h2")
    fs.symlink("mod.txt", "/lf/sym")
    fs.write("/lf/big", Zeros(2048 * 1024))
    return apply(fs.upper_layer(), EMPTY)


def move(fs: OverlayFs, old: str, new: str) -> None:
    """mv: rename, and where that can't be, copy and delete."""
    try:
        fs.rename(old, new)
    except FileSystemError as error:
        if error.errno != errno.EXDEV:
            raise
        fs.graft(new, fs.node(old))
        fs.remove_tree(old)


def refused(number: int, call: Callable[[], object]) -> None:
    with pytest.raises(FileSystemError) as caught:
        call()
    assert caught.value.errno == number


def recreate_file(fs: OverlayFs) -> None:
    fs.unlink("/lf/recreate.txt")
    fs.write("/lf/recreate.txt", b"new\n")


def new_then_delete(fs: OverlayFs) -> None:
    fs.write("/lf/tmpf", b"\n")
    fs.unlink("/lf/tmpf")


def recreate_dir(fs: OverlayFs) -> None:
    fs.remove_tree("/lf/dir")
    fs.mkdir("/lf/dir")
    fs.write("/lf/dir/only", b"only\n")


def new_dir(fs: OverlayFs) -> None:
    fs.mkdir("/lf/newdir/sub", parents=True)
    fs.write("/lf/newdir/sub/f", b"1\n")


def break_link(fs: OverlayFs) -> None:
    fs.write("/lf/h1", b"w\n", append=True)
    assert fs.read("/lf/h2") == b"h\n"
    assert [fs.stat(f"/lf/{name}").nlink for name in ("h1", "h2")] == [1, 2]


def file_to_dir(fs: OverlayFs) -> None:
    fs.unlink("/lf/tofile.txt")
    fs.mkdir("/lf/tofile.txt")
    fs.write("/lf/tofile.txt/q", b"q\n")


def dir_to_file(fs: OverlayFs) -> None:
    fs.remove_tree("/lf/d2f")
    fs.write("/lf/d2f", b"nowfile\n")


def read_only(fs: OverlayFs) -> None:
    fs.read("/lf/ro.txt")
    assert [fs.stat(f"/lf/{name}", follow=False) for name in fs.listdir("/lf")]


def recreate_empty(fs: OverlayFs) -> None:
    fs.rmdir("/lf/empty")
    fs.mkdir("/lf/empty")


def fifo_and_device(fs: OverlayFs) -> None:
    fs.mknod("/lf/ff", "p")
    fs.mknod("/lf/null", "c", 0o644, 1, 3)


def swap(fs: OverlayFs) -> None:
    fs.write("/lf/.t", b"x\n")
    fs.rename("/lf/.t", "/lf/swap")


COMMANDS: dict[str, Callable[[OverlayFs], None]] = {
    "modify": lambda fs: fs.write("/lf/mod.txt", b"more\n", append=True),
    "append-big": lambda fs: fs.write("/lf/big", b"\n", append=True),
    "delete": lambda fs: fs.unlink("/lf/del.txt"),
    "delete-recreate-file": recreate_file,
    "new-then-delete": new_then_delete,
    "delete-dir": lambda fs: fs.remove_tree("/lf/gone"),
    "delete-recreate-dir": recreate_dir,
    "new-dir": new_dir,
    "rename-file": lambda fs: fs.rename("/lf/rename.txt", "/lf/renamed.txt"),
    "rename-dir": lambda fs: move(fs, "/lf/ren", "/lf/ren2"),
    "rename-dir-syscall": lambda fs: refused(errno.EXDEV, lambda: fs.rename("/lf/ren", "/lf/ren2")),
    "hardlink-new": lambda fs: fs.link("/lf/linked.txt", "/lf/linked2.txt"),
    "hardlink-break": break_link,
    "chmod": lambda fs: fs.chmod("/lf/chmod.txt", 0o600),
    "chmod-same": lambda fs: fs.chmod("/lf/chmod.txt", 0o644),
    "chown": lambda fs: fs.chown("/lf/own.txt", 33, 33),
    "touch": lambda fs: fs.utime("/lf/touch.txt"),
    "chmod-dir": lambda fs: fs.chmod("/lf/dir", 0o700),
    "file-to-dir": file_to_dir,
    "dir-to-file": dir_to_file,
    "symlink-through": lambda fs: fs.write("/lf/sym", b"via\n", append=True),
    "open-rw-only": lambda fs: fs.write("/lf/ro.txt", b"", append=True),
    "read-only": read_only,
    "rmdir-empty-recreate": recreate_empty,
    "fifo-dev": fifo_and_device,
    "mknod-00": lambda fs: refused(errno.EPERM, lambda: fs.mknod("/lf/fakewh", "c", 0o644, 0, 0)),
    "wh-name": lambda fs: fs.write("/lf/.wh.foo", b"\n"),
    "swap-tmp": swap,
    "setxattr-dir-delete-nested": lambda fs: fs.unlink("/lf/dir/s/c"),
}


def run(case: str) -> OverlayFs:
    clock = Clock()
    fs = OverlayFs(lower_tree(), clock)
    clock.advance(minutes=1)
    COMMANDS[case](fs)
    return fs


def test_every_recorded_case_is_here() -> None:
    assert [case["case"] for case in ORACLE["cases"]] == list(COMMANDS)


@pytest.mark.parametrize("case", ORACLE["cases"], ids=lambda case: case["case"])
def test_case(case: dict[str, object]) -> None:
    fs = run(str(case["case"]))
    diff = case["diff"]
    assert isinstance(diff, list)
    assert [str(change) for change in fs.changes()] == sorted(filter(None, diff), key=lambda line: line[2:])
    if "error" in case:
        # The real engine's commit fails: "open …/merged/lf/.wh.foo: no such file or directory".
        refused(errno.ENOENT, fs.upper_layer)
    else:
        assert [entry.path for entry in fs.upper_layer().entries] == case["layer"]


@pytest.mark.parametrize("case", [name for name in COMMANDS if name != "wh-name"])
def test_the_layer_remakes_the_merged_view(case: str) -> None:
    fs = run(case)
    assert apply(fs.upper_layer(), fs.lower) == fs.tree()


def test_whiteouts_and_opaque_marks_look_as_the_engine_makes_them() -> None:
    # Asked of the engine: mode 600 for a whiteout; for an opaque mark the directory's mode and owner, time 0.
    fs = run("delete-recreate-dir")
    fs.chmod("/lf/dir", 0o2750)
    fs.unlink("/lf/del.txt")
    entries = {entry.path: entry for entry in fs.upper_layer().entries}
    assert entries["lf/.wh.del.txt"].mode == 0o600
    opaque = entries["lf/dir/.wh..wh..opq"]
    assert (opaque.mode, opaque.mtime, opaque.kind) == (0o750, 0, "f")


def test_a_byte_in_a_big_file_costs_the_whole_file() -> None:
    fs = run("append-big")
    assert fs.upper_size == 2048 * 1024 + 1
    assert [(copy.path, copy.size) for copy in fs.copied_up] == [("/lf/big", 2048 * 1024)]
    fs.write("/lf/big", b"again", append=True)
    assert len(fs.copied_up) == 1
