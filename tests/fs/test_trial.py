"""What single operations cost with each storage driver: the facts that the widgets show."""

from __future__ import annotations

import pytest

from dockerlab.fs.blocks import BTRFS, ZFS, changed_blocks
from dockerlab.fs.content import Bytes, Concat, Content, Filler, Span, Zeros, splice
from dockerlab.fs.drivers import DRIVERS, Look, Touch, Trial
from dockerlab.fs.drivers.search import OWN
from dockerlab.fs.entry import Entry
from dockerlab.fs.layer import Layer

BIG = 200_000_000
LAYERS = [
    Layer.of([Entry("d", "d"), Entry("d/old", content=Bytes(b"old")), Entry("big", content=Filler("big", BIG))]),
    Layer.of([Entry("d", "d"), Entry("d/new", content=Bytes(b"new"))]),
    Layer.of([Entry("d", "d"), Entry("d/.wh.old")]),
]


def trial(driver: str) -> Trial:
    return Trial(DRIVERS[driver](), LAYERS)


def cost(touch: Touch) -> tuple[int, int]:
    return touch.bytes_copied, touch.blocks_copied


@pytest.mark.parametrize("driver", DRIVERS)
def test_reading_copies_nothing(driver: str) -> None:
    assert cost(trial(driver).read("/big")) == (0, 0)


@pytest.mark.parametrize(
    ("driver", "expected"),
    [
        ("overlay2", (BIG, 48_829)),
        ("fuse-overlayfs", (BIG, 48_829)),
        ("btrfs", (4_096, 1)),
        ("zfs", (131_072, 1)),
        ("vfs", (0, 0)),
    ],
)
def test_the_first_byte_costs_a_file_a_block_or_nothing_and_the_second_nothing(
    driver: str, expected: tuple[int, int]
) -> None:
    files = trial(driver)
    assert cost(files.edit("/big", b"x", 100_000_000)) == expected
    assert cost(files.edit("/big", b"y", 100_000_000)) == (0, 0)
    assert files.files.content("/big").read(99_999_999, 3)[1:2] == b"y"


def test_vfs_copied_everything_before_twice() -> None:
    files = trial("vfs")
    assert files.touches[0].bytes_copied == 2 * (BIG + 3)
    assert files.blocks_shared == 0
    assert all(trial(driver).bytes_copied == 0 for driver in DRIVERS if driver != "vfs")


@pytest.mark.parametrize(("driver", "copied"), [("overlay2", BIG), ("btrfs", 0), ("zfs", 0), ("vfs", 0)])
def test_a_mode_is_metadata_but_not_to_a_union_mount(driver: str, copied: int) -> None:
    assert trial(driver).chmod("/big", 0o600).bytes_copied == copied


@pytest.mark.parametrize(("driver", "left"), [("overlay2", "whiteout"), ("fuse-overlayfs", "whiteout"), ("vfs", "")])
def test_what_a_deletion_leaves(driver: str, left: str) -> None:
    files = trial(driver)
    assert files.delete("/d/new").leaves == left
    assert files.delete("/d").leaves == left
    assert files.mkdir("/d").leaves == ("opaque" if left else "")


@pytest.mark.parametrize(
    ("driver", "disk"),
    [("overlay2", 4_096), ("fuse-overlayfs", 4_096), ("btrfs", 4_096), ("zfs", 512), ("vfs", 48_832 * 4_096)],
)
def test_writing_anew_copies_nothing_of_what_is_to_go(driver: str, disk: int) -> None:
    files = trial(driver)
    assert cost(files.write("/big", b"small")) == (0, 0)
    assert files.disk == disk  # vfs: two small files here, and the large one with a small one in the init layer


def test_the_search_falls_through_the_layers() -> None:
    looks = trial("overlay2").read("/d/new").search.looks
    assert looks == (
        Look("d", OWN, ""), Look("d", 2, "directory"), Look("d", 1, "directory"), Look("d", 0, "directory"),
        Look("new", 2, ""), Look("new", 1, "file"),
    )  # fmt: skip
    assert trial("overlay2").read("/big").from_layer == 0
    assert [trial(driver).read("/d/new").lookups for driver in DRIVERS] == [6, 6, 2, 2, 2]


def test_a_whiteout_ends_the_search() -> None:
    files = trial("overlay2")
    search = files.driver.search(files.layers, files.files, "/d/old")
    assert search.layer is None
    assert search.looks[-1] == Look("old", 2, "whiteout")


def test_after_the_copy_the_container_has_the_file() -> None:
    files = trial("overlay2")
    assert files.append("/d/new", b"!").from_layer == 1
    assert files.read("/d/new").from_layer == OWN


def test_two_containers_pay_for_themselves() -> None:
    one, other = trial("btrfs"), trial("btrfs")
    one.edit("/big", b"x")
    assert (one.disk, other.disk) == (4_096, 0)
    assert other.blocks_shared - one.blocks_shared == 1


def test_cutting_and_growing_touches_the_last_block() -> None:
    assert cost(trial("btrfs").truncate("/big", 10_000)) == (4_096, 1)
    assert cost(trial("btrfs").truncate("/big", 8_192)) == (0, 0)
    assert cost(trial("btrfs").append("/big", b"x")) == (4_096, 1)


@pytest.mark.parametrize("driver", ["btrfs", "zfs"])
def test_a_renamed_directory_still_reads_the_layers_blocks(driver: str) -> None:
    moved = trial(driver)
    moved.rename("/d", "/e")
    assert [moved.read(path).from_layer for path in ("/e/new", "/big")] == [1, 0]


@pytest.mark.parametrize(("size", "btrfs", "zfs"), [(0, 0, 0), (1, 4_096, 512), (131_072, 131_072, 131_072),
                                                    (131_073, 135_168, 262_144)])  # fmt: skip
def test_what_files_take(size: int, btrfs: int, zfs: int) -> None:
    assert (BTRFS.used(size), ZFS.used(size)) == (btrfs, zfs)


@pytest.mark.parametrize(
    ("new", "changed"),
    [
        (Filler("x", 1 << 20), set()),
        (splice(Filler("x", 1 << 20), 5_000, Bytes(b"z")), {1}),
        (Concat([Span(Filler("x", 1 << 20), 0, 4_096), Zeros((1 << 20) - 4_096)]), set(range(1, 256))),
    ],
)
def test_changed_blocks_are_found_by_reference_or_by_their_bytes(new: Content, changed: set[int]) -> None:
    old = Filler("x", 1 << 20)
    assert changed_blocks(old, new, 4_096, 1 << 20) == changed


def test_a_splice_is_what_pwrite_does() -> None:
    for old, place, new in ((b"abcdef", 2, b"XY"), (b"ab", 4, b"Z"), (b"", 0, b"q"), (b"abc", 1, b"12345")):
        expected = old[:place].ljust(place, b"\0") + new + old[place + len(new) :]
        assert splice(Bytes(old), place, Bytes(new)).read() == expected
        long = Filler("long", 1 << 17)
        raw = long.read()
        assert splice(long, place, Bytes(new)).read() == raw[:place] + new + raw[place + len(new) :]
