"""What containerd's overlayfs snapshotter says that files take (asked of engine 28.5.2; `du -B1` says the same)."""

from __future__ import annotations

from dockerlab.fs.content import Bytes
from dockerlab.fs.entry import Entry
from dockerlab.fs.layer import Layer
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.snapshotter import BLOCK, Snapshotter, layer_usage
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata
from dockerlab.world import Clock


def file(path: str, size: int) -> Entry:
    return Entry(path, "f", 0o644, content=Bytes(bytes(size)))


def test_a_layer_takes_whole_blocks_and_its_root_is_one() -> None:
    assert layer_usage(Layer.of([])) == BLOCK
    assert layer_usage(Layer.of([file("one", 1)])) == 2 * BLOCK
    assert layer_usage(Layer.of([file("big", BLOCK + 1)])) == 3 * BLOCK
    assert layer_usage(Layer.of([file("empty", 0)])) == BLOCK


def test_directories_take_a_block_each_even_those_that_no_entry_describes() -> None:
    assert layer_usage(Layer.of([file("a/b/c", 1)])) == 4 * BLOCK


def test_hard_links_count_once_and_short_symbolic_links_not_at_all() -> None:
    linked = [file("one", 10), Entry("two", "h", 0o644, linkname="one")]
    assert layer_usage(Layer.of(linked)) == 2 * BLOCK
    assert layer_usage(Layer.of([Entry("short", "l", 0o777, linkname="x")])) == BLOCK
    assert layer_usage(Layer.of([Entry("long", "l", 0o777, linkname="x" * 60)])) == 2 * BLOCK


def test_whiteouts_take_nothing() -> None:
    assert layer_usage(Layer.of([file(".wh.gone", 0), file("there", 1)])) == 2 * BLOCK


def test_a_container_stands_on_a_snapshot_of_mount_points() -> None:
    """`docker run busybox sh -c 'echo x > /x; mkdir /d; touch /etc/n'`: 16.4kB, and 20.48kB below that."""
    lower = Directory(entries={"etc": EMPTY, "proc": EMPTY, "sys": EMPTY})
    files = OverlayFs(lower, Clock())
    files.write("/x", b"x\n")
    files.mkdir("/d")
    files.write("/etc/n", b"")
    assert Snapshotter().container_sizes([], lower, files) == (16_384, 16_384 + 20_480)
    assert Snapshotter().init_usage(EMPTY) == 20_480 + 2 * BLOCK


def test_what_is_copied_up_costs_its_folder_another_block() -> None:
    """Asked of engine 28.5.2: `echo x >> /etc/passwd` 16384, `touch /etc/n` 8192, `rm /etc/motd` 8192."""
    passwd = File(Metadata(), Bytes(b"root"))
    lower = Directory(entries={"etc": Directory(entries={"passwd": passwd, "motd": passwd})})

    def usage(path: str, data: bytes | None) -> int:
        files = OverlayFs(lower, Clock())
        if data is None:
            files.unlink(path)
        else:
            files.write(path, data)
        return Snapshotter().writable_usage(files)

    assert usage("/etc/passwd", b"x\n") == 16_384
    assert usage("/etc/n", b"") == 8_192
    assert usage("/etc/motd", None) == 8_192


def test_it_tells_nothing_about_its_folders() -> None:
    assert Snapshotter().graph_data(["top", "below"], init="x-init") is None
