"""All storage drivers show the same tree, whatever is done, and keep the same of it in layers.

Random file operations are done with every driver at once, over several layers: the first ones make layers (through
`upper_layer`, as `docker commit` does, so that each driver stands on its own), the last ones work in a container. Where
the real ones differ, the calls are left out or the difference is said:

- Hard links to files of a lower layer: a union mount parts them when one is copied up, the others keep them. They are
  compared where the links are made and used within one layer, and in test_drivers_record.py beyond.
- rename(2) of a directory with parts in a lower layer is EXDEV on a union mount; it is then copied, as mv does.
- overlay2 keeps in its layer what was copied up without any change (a chmod to the same mode), the others don't: layers
  are compared by the tree that they make, and by the names that differ.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import FileSystemError
from dockerlab.fs.drivers import DRIVERS, StorageDriver
from dockerlab.fs.layer import Layer, apply, apply_all
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory
from dockerlab.world import Clock

Call = tuple[str, tuple[object, ...]]

names = st.sampled_from("abc")
paths = st.lists(names, min_size=1, max_size=3).map(lambda parts: "/" + "/".join(parts))
texts = st.binary(max_size=3)
modes = st.sampled_from([0o644, 0o600, 0o755])
calls = st.one_of(
    st.tuples(st.just("mkdir"), st.tuples(paths)),
    st.tuples(st.just("write"), st.tuples(paths, texts)),
    st.tuples(st.just("append"), st.tuples(paths, texts)),
    st.tuples(st.just("pwrite"), st.tuples(paths, texts, st.integers(0, 4))),
    st.tuples(st.just("truncate"), st.tuples(paths, st.integers(0, 4))),
    st.tuples(st.just("remove_tree"), st.tuples(paths)),
    st.tuples(st.just("rename"), st.tuples(paths, paths)),
    st.tuples(st.just("chmod"), st.tuples(paths, modes)),
    st.tuples(st.just("chown"), st.tuples(paths, st.integers(0, 2), st.integers(0, 2))),
    st.tuples(st.just("symlink"), st.tuples(st.sampled_from(["a", "b/c", "nowhere"]), paths)),
    st.tuples(st.just("file_to_dir"), st.tuples(paths)),
    st.tuples(st.just("dir_to_file"), st.tuples(paths, texts)),
)
with_links = st.one_of(calls, st.tuples(st.just("link"), st.tuples(paths, paths)))


def append(fs: OverlayFs, path: str, data: bytes) -> None:
    fs.write(path, data, append=True)


def file_to_dir(fs: OverlayFs, path: str) -> None:
    fs.unlink(path)
    fs.mkdir(path)


def dir_to_file(fs: OverlayFs, path: str, data: bytes) -> None:
    fs.remove_tree(path)
    fs.write(path, data)


def rename(fs: OverlayFs, old: str, new: str) -> None:
    """mv -T: rename(2), and where that can't be, copy and delete."""
    try:
        fs.rename(old, new)
    except FileSystemError as error:
        if error.errno != errno.EXDEV:
            raise
        if fs.exists(new):
            fs.rmdir(new)
        fs.graft(new, fs.node(old))
        fs.remove_tree(old)


OWN: dict[str, Callable[..., None]] = {
    "append": append,
    "file_to_dir": file_to_dir,
    "dir_to_file": dir_to_file,
    "rename": rename,
}


def do(fs: OverlayFs, done: Sequence[Call]) -> list[str]:
    """Do the calls; returns how each went."""
    went = []
    for name, arguments in done:
        fs.clock.advance(seconds=1)
        try:
            OWN[name](fs, *arguments) if name in OWN else getattr(fs, name)(*arguments)
            went.append("done")
        except FileSystemError as error:
            went.append(errno.errorcode[error.errno])
    return went


def seen(fs: OverlayFs) -> list[tuple[object, ...]]:
    """All that a container sees, times of directories apart: copying a tree stamps others than moving it."""
    return [
        (path, stat.kind, stat.mode, stat.uid, stat.gid, stat.target, fs.read(path) if stat.kind == "f" else b"")
        for path, stat in fs.walk()
    ]


def link_counts(fs: OverlayFs) -> list[int]:
    return [stat.nlink for _, stat in fs.walk() if stat.kind != "d"]


def build(driver: StorageDriver, clock: Clock, steps: Sequence[Sequence[Call]]) -> tuple[list[Layer], list[list[str]]]:
    """A layer for each run of calls, and how they went."""
    layers: list[Layer] = []
    told = []
    for step in steps:
        fs = driver.mount(apply_all(layers), clock)
        told.append(do(fs, step))
        layers.append(fs.upper_layer())
        assert plain(apply(layers[-1], fs.lower)) == plain(fs.tree())
    return layers, told


def plain(tree: Directory) -> list[tuple[object, ...]]:
    return seen(OverlayFs(tree, Clock()))


@settings(deadline=None, max_examples=80)
@given(st.lists(st.lists(calls, max_size=10), max_size=3), st.lists(calls, max_size=12), st.lists(calls, max_size=6))
def test_every_driver_shows_the_same(steps: list[list[Call]], in_one: list[Call], in_another: list[Call]) -> None:
    results = []
    for make in DRIVERS.values():
        driver, clock = make(), Clock()
        layers, told = build(driver, clock, steps)
        tree = apply_all(layers)
        containers = [driver.mount(tree, clock), driver.mount(tree, clock)]
        told += [do(containers[0], in_one), do(containers[1], in_another), do(containers[0], in_another)]
        results.append((told, *map(seen, containers), plain(tree)))
    assert all(result == results[0] for result in results)


@settings(deadline=None, max_examples=80)
@given(st.lists(with_links, max_size=25))
def test_hard_links_within_a_layer_are_links_with_every_driver(step: list[Call]) -> None:
    results = []
    for make in DRIVERS.values():
        driver = make()
        fs = driver.mount(EMPTY, Clock())
        told = do(fs, step)
        again = driver.mount(apply(fs.upper_layer(), EMPTY), Clock())
        assert (seen(again), link_counts(again)) == (seen(fs), link_counts(fs))
        results.append((told, seen(fs), link_counts(fs)))
    assert all(result == results[0] for result in results)


@settings(deadline=None, max_examples=80)
@given(st.lists(with_links, max_size=15), st.lists(with_links, max_size=15))
def test_the_drivers_that_keep_whole_trees_agree_in_all(below: list[Call], above: list[Call]) -> None:
    """vfs, btrfs and zfs: hard links through layers, and layers that are the same, entry by entry."""
    results = []
    for name in ("vfs", "btrfs", "zfs"):
        driver, clock = DRIVERS[name](), Clock()
        (layer,), told = build(driver, clock, [below])
        fs = driver.mount(apply(layer, EMPTY), clock)
        told.append(do(fs, above))
        results.append((told, seen(fs), link_counts(fs), fs.upper_layer().diff_id, layer.diff_id))
    assert all(result == results[0] for result in results)


@settings(deadline=None, max_examples=60)
@given(st.lists(calls, max_size=12), st.lists(calls, max_size=12))
def test_what_differs_is_the_same_with_every_driver(below: list[Call], above: list[Call]) -> None:
    """`docker diff` lists the same; overlay2's layer names at least what the compared ones name."""
    results = {}
    for name, make in DRIVERS.items():
        driver, clock = make(), Clock()
        (layer,), _ = build(driver, clock, [below])
        fs = driver.mount(apply(layer, EMPTY), clock)
        do(fs, above)
        results[name] = ([str(change) for change in fs.changes()], {entry.path for entry in fs.upper_layer().entries})
    changes = {name: each[0] for name, each in results.items()}
    assert all(each == changes["overlay2"] for each in changes.values())
    assert results["vfs"][1] == results["btrfs"][1] == results["zfs"][1] == results["fuse-overlayfs"][1]
    files = {path for path in results["vfs"][1] if ".wh." not in path}
    assert files <= results["overlay2"][1]
