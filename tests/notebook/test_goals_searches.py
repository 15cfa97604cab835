"""Goals about searches: met, not met, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import SearchFound

OFFICIAL = "docker search --filter is-official=true --format '{{.Name}}'"


@pytest.mark.parametrize(
    ("line", "met", "have"),
    [
        (f"{OFFICIAL} --limit 100 python > found", True, "4 in it, the first python"),
        (f"{OFFICIAL} --limit 100 python | sort -r > found", True, "4 in it, the first python"),
        (f"{OFFICIAL} python > found", False, "1 in it, the first python"),
        ("docker search --format '{{.Name}}' --limit 100 python > found", False, "38 in it, the first python"),
        ("printf '' > found", False, "an empty file"),
        ("true", False, "no file /lab/found"),
    ],
)
def test_the_names_of_official_repositories(line: str, met: bool, have: str) -> None:
    lab = Lab()
    assert lab.run(line).exit_code == 0
    finding = SearchFound("/lab/found", "python", official=True).look(lab)
    assert (finding.met, finding.have) == (met, have)


def test_fewer_results_find_fewer_names() -> None:
    lab = Lab()
    lab.run(f"{OFFICIAL} python > found")
    assert SearchFound("/lab/found", "python", official=True, limit=25).look(lab).met


def test_without_a_hub_nothing_is_found() -> None:
    lab = Lab(hub=None)
    lab.host.write("/lab/found", b"python\n")
    assert SearchFound("/lab/found", "python").look(lab).have == "Docker Hub can't be reached"
