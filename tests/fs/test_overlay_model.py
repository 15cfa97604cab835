"""Random calls on an overlay and on a real directory of this machine: both must agree on everything seen.

The one thing that an overlay does otherwise is rename(2) of a directory with lower parts (EXDEV); such a call is
left out on the real side.
"""

from __future__ import annotations

import errno
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import FileSystemError
from dockerlab.fs.layer import apply, diff
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.world import Clock

Call = tuple[str, tuple[object, ...]]

names = st.sampled_from("abc")
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
targets = st.sampled_from(["a", "b", "c", "a/b", "./b", "c/c", "nowhere/a"])
texts = st.binary(max_size=3)

making = st.one_of(
    st.tuples(st.just("mkdir"), st.tuples(paths)),
    st.tuples(st.just("write"), st.tuples(paths, texts)),
    st.tuples(st.just("symlink"), st.tuples(targets, paths)),
)
changing = st.one_of(
    making,
    st.tuples(st.just("append"), st.tuples(paths, texts)),
    st.tuples(st.just("truncate"), st.tuples(paths, st.integers(0, 4))),
    st.tuples(st.sampled_from(["unlink", "rmdir", "listdir", "readlink", "realpath"]), st.tuples(paths)),
    st.tuples(st.sampled_from(["rename", "link"]), st.tuples(paths, paths)),
    st.tuples(st.just("chmod"), st.tuples(paths, st.sampled_from([0o644, 0o600, 0o755]))),
)
START: list[Call] = [
    ("mkdir", ("/a",)),
    ("mkdir", ("/a/b",)),
    ("mkdir", ("/b",)),
    ("write", ("/a/c", b"text")),
    ("write", ("/b/a", b"more")),
    ("symlink", ("a/b", "/c")),
]


class Real:
    """The same calls on a directory of this machine."""

    def __init__(self, root: str) -> None:
        self.root = root

    def at(self, path: str) -> str:
        return self.root + path

    def mkdir(self, path: str) -> None:
        os.mkdir(self.at(path))

    def write(self, path: str, data: bytes) -> None:
        Path(self.at(path)).write_bytes(data)

    def append(self, path: str, data: bytes) -> None:
        with open(self.at(path), "ab") as file:
            file.write(data)

    def truncate(self, path: str, size: int) -> None:
        os.truncate(self.at(path), size)

    def symlink(self, target: str, path: str) -> None:
        os.symlink(target, self.at(path))

    def unlink(self, path: str) -> None:
        os.unlink(self.at(path))

    def rmdir(self, path: str) -> None:
        os.rmdir(self.at(path))

    def rename(self, old: str, new: str) -> None:
        os.rename(self.at(old), self.at(new))

    def link(self, old: str, new: str) -> None:
        os.link(self.at(old), self.at(new), follow_symlinks=False)

    def chmod(self, path: str, mode: int) -> None:
        os.chmod(self.at(path), mode)

    def listdir(self, path: str) -> list[str]:
        return sorted(os.listdir(self.at(path)))

    def readlink(self, path: str) -> str:
        return os.readlink(self.at(path))

    def realpath(self, path: str) -> str:
        found = os.stat(self.at(path)) and os.path.realpath(self.at(path))
        return found[len(os.path.realpath(self.root)) :]

    def seen(self) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = []
        for above, directories, files in os.walk(self.root):
            for name in directories + files:
                path = os.path.join(above, name)
                shown = path[len(self.root) :]
                if os.path.islink(path):
                    found.append((shown, "l", os.readlink(path), os.lstat(path).st_nlink))
                elif os.path.isdir(path):
                    found.append((shown, "d", os.stat(path).st_mode & 0o7777))
                else:
                    stat = os.stat(path)
                    found.append((shown, "f", Path(path).read_bytes(), stat.st_mode & 0o7777, stat.st_nlink))
        return sorted(found)


def seen(fs: OverlayFs) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for path, stat in list(fs.walk("/"))[1:]:
        if stat.kind == "l":
            found.append((path, "l", stat.target, stat.nlink))
        elif stat.kind == "d":
            found.append((path, "d", stat.mode))
        else:
            found.append((path, "f", fs.read(path), stat.mode, stat.nlink))
    return sorted(found)


def simulated(fs: OverlayFs, name: str, arguments: tuple[object, ...]) -> object:
    if name == "append":
        return fs.write(*arguments, append=True)  # type: ignore[arg-type, func-returns-value]
    if name == "realpath":
        fs.stat(str(arguments[0]))
    return getattr(fs, name)(*arguments)


def outcome(call: Callable[[], object]) -> object:
    """What a call returns, or the number of its error."""
    try:
        return call()
    except FileSystemError as error:
        return errno.errorcode[error.errno]
    except OSError as error:
        return errno.errorcode[error.errno or 0]


def agree(first: object, second: object) -> bool:
    """Other systems than Linux have some error numbers of their own."""
    failed = [isinstance(result, str) and result in errno.errorcode.values() for result in (first, second)]
    return first == second or (all(failed) and sys.platform != "linux")


def do(fs: OverlayFs, real: Real, calls: list[Call]) -> None:
    for name, arguments in calls:
        ours = outcome(lambda: simulated(fs, name, arguments))  # noqa: B023 - called at once
        if ours == "EXDEV":
            continue
        theirs = outcome(lambda: getattr(real, name)(*arguments))  # noqa: B023
        assert agree(ours, theirs), (name, arguments, ours, theirs)


@settings(deadline=None, max_examples=150)
@given(st.lists(making, max_size=12), st.lists(changing, max_size=20))
def test_an_overlay_behaves_as_a_real_directory(lower_calls: list[Call], calls: list[Call]) -> None:
    umask = os.umask(0o022)
    try:
        with tempfile.TemporaryDirectory() as folder:
            real = Real(folder)
            below = OverlayFs(EMPTY, Clock())
            do(below, real, [*START, *lower_calls])
            lower = apply(below.upper_layer(), EMPTY)
            clock = Clock()
            clock.advance(hours=1)
            fs = OverlayFs(lower, clock)
            do(fs, real, calls)
            assert seen(fs) == real.seen()
            check_layers(fs)
    finally:
        os.umask(umask)


def check_layers(fs: OverlayFs) -> None:
    """The upper layer, and the plain difference, both remake the merged view; the lower tree is untouched."""
    assert apply(fs.upper_layer(), fs.lower).entries == fs.tree().entries
    assert apply(diff(fs.lower, fs.tree()), fs.lower).entries == fs.tree().entries
    again = OverlayFs(apply(fs.upper_layer(), fs.lower), Clock())
    assert seen(again) == seen(fs)
