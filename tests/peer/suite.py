"""A suite: upstream's recorded cases of one kind, how one is checked, and which are left out for what reason."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

TESTS = Path(__file__).parent.parent

Case = dict[str, Any]


def recorded(path: str) -> dict[str, Any]:
    """A file of recorded cases, by its path below `tests`."""
    found: dict[str, Any] = json.loads((TESTS / path).read_text(encoding="utf-8"))
    return found


def cases_of(path: str) -> list[Case]:
    """The cases of a file."""
    return list(recorded(path)["cases"])


@dataclass(frozen=True)
class Suite:
    """`data` names the file, `what` the test; `check(case)` fails where dockerlab disagrees.

    `excluded` has a reason for each case, by its ID, that is none of dockerlab's; `dropped` counts by reason those that
    were not even copied into the data. `note` is what a reader should know of those that are in.
    """

    data: str
    what: str
    cases: Sequence[Case]
    check: Callable[[Case], None]
    excluded: Mapping[str, str] = field(default_factory=dict)
    dropped: Mapping[str, int] = field(default_factory=dict)
    note: str = ""

    def reason(self, case: Case) -> str:
        """Why a case is left out; '' for those that are in."""
        return self.excluded.get(name_of(case), "")

    @property
    def in_scope(self) -> list[Case]:
        """The cases that are checked."""
        return [case for case in self.cases if not self.reason(case)]

    @property
    def params(self) -> list[Any]:
        """The same as parameters of a test, each under its own ID."""
        return [pytest.param(case, id=name_of(case)) for case in self.in_scope]

    def agrees(self, case: Case) -> bool:
        """Whether dockerlab answers as recorded."""
        try:
            self.check(case)
        except (AssertionError, pytest.fail.Exception):
            return False
        return True


def name_of(case: Case) -> str:
    """A case's ID; those that were asked here go by what was asked."""
    if "id" in case:
        return str(case["id"])
    return str(case["template"] if "template" in case else " ".join(case["argv"]) or "docker")
