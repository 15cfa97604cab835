"""Suitcase: trips are really made, and what is said of an item is what a docker command prints where it ends."""

from __future__ import annotations

import pytest

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.suitcase import Suitcase
from dockerlab.notebook.widgets.trips import ITEMS, PACKING, TRIPS, packed, proof, travel

IMAGE = {"files", "settings", "history", "layers", "deleted"}
SURVIVORS = {
    "save": IMAGE | {"tag"},
    "push": IMAGE | {"tag"},
    "export": {"files", "written"},
    "commit": IMAGE | {"written"},
    "squash": {"files", "settings", "history"},
}
"""As Docker's manual has it: an export is files only, a commit adds the container's, a squash keeps no layers."""


@pytest.mark.parametrize("release", [28, 29])
@pytest.mark.parametrize("trip", TRIPS)
def test_what_survives_is_what_docker_says(trip: str, release: int) -> None:
    proofs = travel(trip, release).proofs
    assert {key for key, proof in proofs.items() if proof.survives} == SURVIVORS[trip]
    assert all(proof.line.startswith("docker ") for proof in proofs.values())


def test_at_home_all_of_the_image_is_found_by_the_same_commands() -> None:
    home = packed(Lab())
    assert all(proof(home, ITEMS[key], "case:1").survives for key in [*IMAGE, "tag", "other tag", "process"])
    there = home.run("docker exec box cat /trip/note.txt /data/kept.txt")
    assert (there.stdout, there.exit_code) == ("note\nkept\n", 0)


def test_every_command_of_packing_and_trips_succeeds() -> None:
    lab = packed(Lab())
    assert lab.run("docker ps --format '{{.Names}}'").stdout == "box\n"
    assert len(PACKING) == 4
    for trip in TRIPS:
        assert "rror" not in travel(trip, 28).transcript


def test_expectations_are_compared_with_what_came() -> None:
    suitcase = Suitcase(Lab(), "export")
    for item in ("files", "settings"):
        suitcase.act("pick", item=item)
    assert suitcase.said == "settings (ENV, CMD): expected to survive"
    suitcase.act("go")
    assert suitcase.said == "2 items of 10 survive; 8 are as you expected."
    rows = {row["key"]: row for row in suitcase.state["items"]}
    assert (rows["settings"]["survives"], rows["settings"]["right"]) == (False, False)
    assert (rows["written"]["survives"], rows["written"]["right"]) == (True, False)


def test_who_expected_nothing_is_not_told_of_surprises() -> None:
    suitcase = Suitcase(Lab(), "export")
    suitcase.act("go")
    assert suitcase.said == "2 items of 10 survive."
    assert all(row["right"] for row in suitcase.state["items"])


def test_the_proof_of_an_item_is_shown_after_the_trip() -> None:
    suitcase = Suitcase(Lab(), "commit")
    assert suitcase.state["proof"] is None
    suitcase.act("go")
    suitcase.act("pick", item="written")
    assert suitcase.state["proof"]["text"] == "$ docker run --rm moved:1 cat /trip/note.txt\nnote"
    suitcase.act("pack_again")
    assert suitcase.state["done"] is False


def test_trips_that_were_made_stay_beside_each_other_and_the_lab_is_left_alone() -> None:
    lab = Lab()
    suitcase = Suitcase(lab)
    suitcase.act("go")
    suitcase.act("choose", trip="squash")
    assert suitcase.state["items"][0]["others"] == [True, None, None, None, None]
    assert lab.history.here.parent is None
    assert lab.engine.images.list() == []


def test_an_unknown_trip_is_one_line() -> None:
    with pytest.raises(NotFoundError, match="no trip named 'mail'; there are: save, push"):
        Suitcase(Lab(), "mail")
    suitcase = Suitcase(Lab())
    suitcase.act("choose", trip="mail")
    assert suitcase.problem.startswith("no trip named")
    suitcase.act("pick", item="toothbrush")
    assert suitcase.problem.startswith("no item 'toothbrush'; there are: files, written")


def test_a_saved_notebook_shows_all_trips_and_the_live_one_none() -> None:
    suitcase = Suitcase(Lab())
    assert "<th" in suitcase.static_html()
    assert suitcase.static_text().splitlines()[1].split("✓")[0].strip() == "the image's files"
    assert not any(each["done"] for each in suitcase.state["trips"])
