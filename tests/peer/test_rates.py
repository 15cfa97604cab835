"""The table in README.md is what is counted, and nothing of it is below what the project promises."""

from __future__ import annotations

import pytest

from tests.peer import rates
from tests.peer.suite import TESTS, Suite

README = TESTS / "peer" / "README.md"
LEAST = 95.0
"""Per cent of the cases in scope that have to agree."""


def test_the_table_is_true() -> None:
    assert "\n".join(rates.table()) in README.read_text(encoding="utf-8"), "put `python -m tests.peer.rates` into it"


@pytest.mark.parametrize("suite", rates.SUITES, ids=[suite.data for suite in rates.SUITES])
def test_nearly_all_cases_agree(suite: Suite) -> None:
    assert rates.rate_of(suite).share >= LEAST


def test_every_reason_names_a_case() -> None:
    """What is left out is there, so that a reason can't outlive its case."""
    for suite in rates.SUITES:
        known = {case.get("id") for case in suite.cases}
        assert set(suite.excluded) <= known, suite.data
