"""A container's log: lines as they were finished, also of a container that prints millions of them."""

from __future__ import annotations

import pytest

from dockerlab.runtime.container_log import LONGEST_LINE, Log


@pytest.fixture
def log() -> Log:
    found = Log()
    found.write("stdout", b"one\ntwo\n", 10)
    found.write("stderr", b"oops\n", 20)
    found.write("stdout", b"three\nunfin", 30)
    found.write("stdout", b"ished\n", 40)
    return found


def test_lines_come_in_the_order_in_which_they_were_finished(log: Log) -> None:
    lines = [(line.stream, line.data, line.time_ns) for line in log.select(0)]
    assert lines == [
        ("stdout", b"one\n", 10), ("stdout", b"two\n", 10), ("stderr", b"oops\n", 20), ("stdout", b"three\n", 30),
        ("stdout", b"unfinished\n", 40),
    ]  # fmt: skip


def test_what_was_printed_at_once_may_come_at_once(log: Log) -> None:
    assert [line.data for line in log.select(0, by_line=False)][:2] == [b"one\ntwo\n", b"oops\n"]


@pytest.mark.parametrize("count", range(8))
def test_the_last_lines_are_the_end_of_all_lines(log: Log, count: int) -> None:
    everything = list(log.select(0))
    assert log.last(count) == everything[len(everything) - min(count, len(everything)) :]


def test_only_what_lies_between_two_instants(log: Log) -> None:
    assert [line.data for line in log.select(0, since=20, until=30)] == [b"oops\n", b"three\n"]
    assert [line.data for line in log.last(1, until=30)] == [b"three\n"]


def test_a_line_without_an_end_is_cut_as_the_driver_cuts_it() -> None:
    log = Log()
    log.write("stdout", b"x" * (LONGEST_LINE + 5), 1)
    log.close(2)
    assert [len(line.data) for line in log.select(0)] == [LONGEST_LINE, 5]
