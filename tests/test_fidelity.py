"""docs/fidelity.md says what is counted."""

from __future__ import annotations

from tests import fidelity


def test_the_page_is_true() -> None:
    assert fidelity.PAGE.read_text(encoding="utf-8") == fidelity.page(), "run `make fidelity`"
