"""Programs in pipes: what reads standard input streams, what never ends by itself ends with its reader."""

from __future__ import annotations

import pytest


def test_yes_ends_with_its_reader(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("yes | head -2").stdout == "y\ny\n"


def test_zero_without_end(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("cat /dev/zero | head -c 100000 | wc -c").stdout.strip() == "100000"


def test_tail_follows_what_is_added(box) -> None:  # type: ignore[no-untyped-def]
    box.write("log", "one\n")
    result = box.sh("tail -f log & p=$!; sleep 2; echo two >> log; sleep 2; kill $p")
    assert result.stdout == "one\ntwo\n"


def test_sed_passes_lines_on_as_they_come(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("yes | sed 's/y/n/' | head -1").stdout == "n\n"


def test_awk_reads_commands_and_writes_to_them(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh(
        """awk 'BEGIN{"echo hi" | getline x; print x; system("echo sys"); print "b\\na" | "sort"}'"""
    ).lines == ["hi", "sys", "a", "b"]


def test_tee_writes_what_it_passes_on(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("echo a | tee x y; echo b | tee -a x > /dev/null").stdout == "a\n"
    assert (box.read("x"), box.read("y")) == ("a\nb\n", "a\n")


def test_timeout_ends_what_takes_too_long(box) -> None:  # type: ignore[no-untyped-def]
    before = box.clock.now
    assert box.run("timeout 2 sleep 100").exit_code == 124
    assert box.clock.now - before == 2_000_000_000


def test_xargs_runs_in_batches(box) -> None:  # type: ignore[no-untyped-def]
    assert box.sh("seq 5 | xargs -n2 echo").lines == ["1 2", "3 4", "5"]
    assert box.sh("find /etc -type f -print0 | xargs -0 -I{} echo got {}").lines == [
        "got /etc/group",
        "got /etc/passwd",
    ]


def test_split_counts_of_the_transcripts(box) -> None:  # type: ignore[no-untyped-def]
    """The lines of the oracle's g09_tag_rmi and g12_save_load that need several programs at once."""
    assert box.sh("printf 'a%.0s' $(seq 64 | sed 's/.*/a/') | wc -c").stdout.strip() == "64"
    assert box.sh("printf 'b\\na\\nb\\n' | sort | uniq -c").lines == ["      1 a", "      2 b"]


@pytest.mark.parametrize(
    "line",
    ["sort /dev/zero", "sha256sum /dev/zero", "awk 'BEGIN { while (1); }'", "sed ':a;ba' /etc/passwd", "cat /dev/zero"],
)
def test_what_never_ends_is_stopped(box, line: str) -> None:  # type: ignore[no-untyped-def]
    """A real machine would run for ever; a notebook's cell must come back."""
    assert box.sh(line).exit_code != 0
