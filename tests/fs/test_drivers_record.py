"""What a real engine answered with the drivers that compare trees: vfs, btrfs, fuse-overlayfs (data/drivers.json).

Each case ran a command in a container's /lf; recorded are what `docker diff` listed, what `docker ps --size` said, the
entries of the layer that `docker commit` made, and its size in `docker history`.
"""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dockerlab.cli.units import human_size_with_precision
from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Zeros
from dockerlab.fs.drivers import DRIVERS
from dockerlab.fs.layer import apply
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.world import Clock

RECORD: dict[str, dict[str, Any]] = json.loads((Path(__file__).parent / "data" / "drivers.json").read_text())["drivers"]
FILES = (
    "mod.txt del.txt dir/a dir/b dir/s/c ren/x ren/y chmod.txt own.txt touch.txt gone/g rename.txt tofile.txt d2f/i "
    "recreate.txt ro.txt linked.txt swap"
).split()


def image_tree() -> Directory:
    """What the recorded image has in /lf."""
    fs = OverlayFs(EMPTY, Clock())
    for name in ("dir/s", "ren", "gone", "f2d", "d2f", "empty"):
        fs.mkdir(f"/lf/{name}", parents=True)
    for name in FILES:
        fs.write(f"/lf/{name}", f"{name}\n".encode())
    fs.write("/lf/h1", b"h\n")
    fs.link("/lf/h1", "/lf/h2")
    fs.symlink("mod.txt", "/lf/sym")
    fs.write("/lf/big", Zeros(2048 * 1024))
    return apply(fs.upper_layer(), EMPTY)


def recreate(fs: OverlayFs) -> None:
    fs.unlink("/lf/recreate.txt")
    fs.write("/lf/recreate.txt", b"new\n")


def recreate_dir(fs: OverlayFs) -> None:
    fs.remove_tree("/lf/dir")
    fs.mkdir("/lf/dir")
    fs.write("/lf/dir/only", b"only\n")


def move(fs: OverlayFs) -> None:
    """mv: rename, and where that can't be, copy and delete."""
    try:
        fs.rename("/lf/ren", "/lf/ren2")
    except FileSystemError as error:
        if error.errno != errno.EXDEV:
            raise
        fs.graft("/lf/ren2", fs.node("/lf/ren"))
        fs.remove_tree("/lf/ren")


def file_to_dir(fs: OverlayFs) -> None:
    fs.unlink("/lf/tofile.txt")
    fs.mkdir("/lf/tofile.txt")
    fs.write("/lf/tofile.txt/q", b"q\n")


def dir_to_file(fs: OverlayFs) -> None:
    fs.remove_tree("/lf/d2f")
    fs.write("/lf/d2f", b"nowfile\n")


def recreate_empty(fs: OverlayFs) -> None:
    fs.rmdir("/lf/empty")
    fs.mkdir("/lf/empty")


def new_links(fs: OverlayFs) -> None:
    fs.write("/lf/n1", b"1\n")
    fs.link("/lf/n1", "/lf/n2")
    fs.symlink("abc", "/lf/l1")


def unlink_one(fs: OverlayFs) -> None:
    fs.unlink("/lf/h1")


COMMANDS: dict[str, Callable[[OverlayFs], None]] = {
    "modify": lambda fs: fs.write("/lf/mod.txt", b"more\n", append=True),
    "append-big": lambda fs: fs.write("/lf/big", b"\n", append=True),
    "delete": lambda fs: fs.unlink("/lf/del.txt"),
    "delete-recreate-file": recreate,
    "delete-dir": lambda fs: fs.remove_tree("/lf/gone"),
    "delete-recreate-dir": recreate_dir,
    "rename-dir": move,
    "break-link": lambda fs: fs.write("/lf/h1", b"w\n", append=True),
    "hardlink-new": lambda fs: fs.link("/lf/linked.txt", "/lf/linked2.txt"),
    "chmod": lambda fs: fs.chmod("/lf/chmod.txt", 0o600),
    "chmod-same": lambda fs: fs.chmod("/lf/chmod.txt", 0o644),
    "touch": lambda fs: fs.utime("/lf/touch.txt"),
    "open-rw-only": lambda fs: fs.write("/lf/ro.txt", b"", append=True),
    "file-to-dir": file_to_dir,
    "dir-to-file": dir_to_file,
    "rmdir-empty-recreate": recreate_empty,
    "mknod-00": lambda fs: fs.mknod("/lf/fakewh", "c", 0o644, 0, 0),
    "wh-name": lambda fs: fs.write("/lf/.wh.foo", b""),
    "chmod-dir": lambda fs: fs.chmod("/lf/dir", 0o700),
    "sub": lambda fs: fs.unlink("/lf/dir/s/c"),
    "newlinks": new_links,
    "unlink-one": unlink_one,
    "nlink": lambda fs: None,
}
ERRORS = {"Invalid argument": errno.EINVAL, "No such file or directory": errno.ENOENT}
CASES = [(driver, case) for driver, cases in RECORD.items() for case in cases]


def run(driver: str, case: str) -> OverlayFs:
    """The case done; where the real one said that it can't be done, so it must be here."""
    clock = Clock()
    fs = DRIVERS[driver]().mount(image_tree(), clock)
    clock.advance(minutes=1)
    said = RECORD[driver][case]["said"]
    expected = next((number for text, number in ERRORS.items() if said and said[0].endswith(text)), None)
    if expected is None:
        COMMANDS[case](fs)
    else:
        with pytest.raises(FileSystemError) as caught:
            COMMANDS[case](fs)
        assert caught.value.errno == expected
    return fs


def test_every_recorded_case_is_here() -> None:
    assert {case for cases in RECORD.values() for case in cases} == set(COMMANDS)


@pytest.mark.parametrize(("driver", "case"), CASES)
def test_case(driver: str, case: str) -> None:
    fs, recorded = run(driver, case), RECORD[driver][case]
    assert [str(change) for change in fs.changes()] == recorded["diff"]
    assert human_size_with_precision(fs.upper_size, 3) == recorded["size"]
    layer = fs.upper_layer()
    assert DRIVERS[driver]().layer_size(layer) == recorded["history"]
    assert [entry.path for entry in layer.entries] == [_path(entry) for _, entry in recorded["layer"]]
    for entry, (mode, _) in zip(layer.entries, recorded["layer"], strict=True):
        assert entry.kind == {"-": "f"}.get(mode[0], mode[0])
        assert entry.mode & 0o777 == _bits(mode)


def _path(listed: str) -> str:
    return listed.partition(" -> ")[0].partition(" link to ")[0].rstrip("/")


def _bits(mode: str) -> int:
    return int("".join("0" if letter == "-" else "1" for letter in mode[1:]), 2)


@pytest.mark.parametrize(("driver", "links"), [("vfs", [3, 8, 2]), ("btrfs", [1, 1, 2])])
def test_link_counts(driver: str, links: list[int]) -> None:
    fs = run(driver, "nlink")
    assert [fs.stat(path).nlink for path in ("/lf/dir", "/lf", "/lf/h1")] == links
    assert [str(each) for each in links] == RECORD[driver]["nlink"]["said"][:3]


def test_hard_links_stay_links_in_a_copy_and_part_on_a_union_mount() -> None:
    assert run("vfs", "break-link").read("/lf/h2") == b"h\nw\n"
    assert run("btrfs", "unlink-one").stat("/lf/h2").nlink == 1
    assert run("fuse-overlayfs", "break-link").read("/lf/h2") == b"h\n"
