"""dd: blocks, and the lines about them on standard error."""

from __future__ import annotations

from dockerlab.fs.content import Zeros


def test_zeros_cost_no_memory(box) -> None:  # type: ignore[no-untyped-def]
    result = box.run("dd if=/dev/zero of=big bs=1M count=4096")
    assert result.stderr.startswith(
        "4096+0 records in\n4096+0 records out\n4294967296 bytes (4.3 GB, 4.0 GiB) copied, "
    )
    assert isinstance(box.fs.content("/lab/big"), Zeros)


def test_busyboxs_words(busybox) -> None:  # type: ignore[no-untyped-def]
    result = busybox.run("dd if=/dev/zero of=big bs=1024 count=1000")
    assert result.stderr.startswith("1000+0 records in\n1000+0 records out\n1024000 bytes (1000.0KB) copied, 0.0008")


def test_skip_seek_and_notrunc(box) -> None:  # type: ignore[no-untyped-def]
    box.write("a", "abcdef")
    box.write("b", "------")
    box.run("dd if=a of=b bs=1 skip=2 seek=1 count=2 conv=notrunc status=none")
    assert box.read("b") == "-cd---"


def test_random_bytes_are_the_same_in_every_lab(new_box) -> None:  # type: ignore[no-untyped-def]
    sums = {new_box("gnu").sh("dd if=/dev/urandom bs=1k count=4 2>/dev/null | sha256sum").stdout for _ in "12"}
    assert len(sums) == 1


def test_from_a_pipe_to_a_pipe(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("echo hello | dd bs=1 count=4 2>/dev/null").stdout == "hell"
