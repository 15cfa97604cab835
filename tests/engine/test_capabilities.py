"""Names of capabilities (asked of engine 20.10.24)."""

from __future__ import annotations

import pytest

from dockerlab.engine.capabilities import normalised
from dockerlab.errors import InvalidParameterError


def test_short_names_are_completed() -> None:
    assert normalised("CapAdd", ["net_admin", "CAP_NET_ADMIN", "chown"]) == ["CAP_CHOWN", "CAP_NET_ADMIN"]
    assert normalised("CapAdd", ["all"]) == ["ALL"]
    assert normalised("CapDrop", []) is None


def test_what_is_none() -> None:
    with pytest.raises(InvalidParameterError, match='invalid CapAdd: unknown capability: "CAP_NOSUCH"'):
        normalised("CapAdd", ["nosuch"])
