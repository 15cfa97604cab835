"""A terminal's input: lines are edited and echoed, control characters become signals, and raw mode passes all on."""

from __future__ import annotations

import pytest

from dockerlab.runtime.streams import Feed
from dockerlab.runtime.terminals import Tty, relayed


@pytest.fixture
def shown() -> list[bytes]:
    return []


@pytest.fixture
def tty(shown: list[bytes]) -> Tty:
    return Tty(shown.append, list)


def test_a_line_can_be_read_once_it_is_complete(tty: Tty, shown: list[bytes]) -> None:
    tty.write(b"ec")
    assert tty.take(99) is None
    tty.write(b"ho\r")
    assert (tty.take_line(), tty.take_line()) == (b"echo\n", None)
    assert b"".join(shown) == b"echo\n"


def test_what_was_typed_wrong_can_be_taken_back(tty: Tty) -> None:
    tty.write(b"lx\x7fs\nrm -rf /\x15pwd\n")
    assert (tty.take_line(), tty.take_line()) == (b"ls\n", b"pwd\n")


def test_ctrl_d_ends_the_input_once_and_a_line_at_once(tty: Tty) -> None:
    tty.write(b"\x04ab\x04c\n")
    assert (tty.take(9), tty.take(1), tty.take(9), tty.take(9), tty.take(9)) == (b"", b"a", b"b", b"c\n", None)


def test_ctrl_c_drops_what_was_typed(tty: Tty, shown: list[bytes]) -> None:
    tty.write(b"rm\nhalf\x03")
    assert tty.take(9) is None
    assert shown[-1] == b"^C"


def test_somebody_waits_for_a_line_until_it_is_typed(tty: Tty) -> None:
    assert not tty.wanted
    tty.take(9)
    assert tty.wanted
    tty.write(b"x\n")
    assert not tty.wanted


def test_a_terminal_that_is_passed_on_keeps_nothing_for_itself(tty: Tty, shown: list[bytes]) -> None:
    inner = Tty(lambda data: None, list)
    with relayed(tty.reader, inner):
        tty.write(b"\x03ls\n")
        assert (tty.pending, inner.take_line(), tty.wanted) == (0, b"ls\n", False)
    tty.write(b"pwd\n")
    assert (tty.take_line(), shown) == (b"pwd\n", [b"p", b"w", b"d", b"\n"])
    with relayed(Feed(b""), inner), relayed(tty, None):
        assert tty.relay is None
