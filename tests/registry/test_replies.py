"""What is replied to a request, beside what Docker's registry replied (data/replies.json), in memory and in a folder.

Where the replies differ the data say why, so that nobody has to remember it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dockerlab.registry import Server
from dockerlab.registry.folder import FolderStorage
from tests.registry.replies import Stage

CASES = json.loads((Path(__file__).parent / "data" / "replies.json").read_text(encoding="utf-8"))["cases"]


def theirs(case: dict[str, Any]) -> dict[str, Any]:
    """What was recorded, with paths for Locations."""
    reply = case["reply"]
    headers = {
        name: value.replace("http://{host}", "").replace("?_state={state}", "") if name == "Location" else value
        for name, value in reply["headers"].items()
    }
    return {**reply, "headers": headers}


def ours(case: dict[str, Any]) -> dict[str, Any]:
    """What is to be replied: the same, but for what the case says."""
    reply, other = theirs(case), case.get("ours", {})
    headers = {**reply["headers"], **other.get("headers", {})}
    return {**reply, **other, "headers": {name: value for name, value in headers.items() if value is not None}}


@pytest.mark.parametrize("kind", ["memory", "folder"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["about"])
def test_a_reply_is_that_of_dockers_registry(case: dict[str, Any], kind: str, tmp_path: Path) -> None:
    server = Server() if kind == "memory" else Server(FolderStorage(tmp_path))
    assert Stage(server).reply(case) == ours(case)


def test_each_difference_is_one_and_has_its_reason() -> None:
    for case in CASES:
        assert ("ours" in case) == ("why" in case)
        assert ("ours" in case) == (ours(case) != theirs(case))


def test_all_recorded_traces_are_played() -> None:
    traces = [trace for case in CASES for trace in case.get("trace", [])]
    assert len(traces) == len(set(traces)) == 26
