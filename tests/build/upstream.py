"""Upstream's recorded cases (see data/README.md), as pytest parameters."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parent / "data"


def recorded(name: str) -> dict[str, Any]:
    """A file of recorded cases."""
    found: dict[str, Any] = json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))
    return found


def cases(name: str, excluded: Iterable[str] = ()) -> list[Any]:
    """The cases of a file as parameters, each under its own ID, without those that the README excludes."""
    left_out = set(excluded)
    return [pytest.param(case, id=case["id"]) for case in recorded(name)["cases"] if case["id"] not in left_out]
