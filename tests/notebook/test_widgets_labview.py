"""LabView maps the host, marks what the last command changed, and shows and takes up any moment."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.views.host import Card, changes
from dockerlab.notebook.widgets.labview import LabView, linked_with

LINES = (
    "docker run -d --name web -p 8080:80 -v data:/data busybox sleep 1000000",
    "docker network create net",
    "docker network connect net web",
    "docker stop web",
    "docker rm web",
)


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    for line in LINES:
        lab.run(line)
    return lab


def cards(view: LabView, kind: str) -> dict[str, dict[str, Any]]:
    groups = {group["kind"]: group["cards"] for group in view.state["groups"]}
    return {card["name"]: card for card in groups[kind]}


def test_everything_on_the_host_is_on_the_map(lab: Lab) -> None:
    lab.serve_registry("localhost:5000")
    lab.run("docker tag busybox localhost:5000/box:1; docker push -q localhost:5000/box:1")
    view = LabView(lab)
    assert [*cards(view, "image")] == ["busybox:latest, localhost:5000/box:1"]
    assert cards(view, "registry")["localhost:5000/box"]["about"] == "1"
    assert [*cards(view, "volume")] == ["data"]
    assert [*cards(view, "network")] == ["bridge", "net"]


def test_what_each_command_changed_is_marked_with_a_letter_and_a_word(lab: Lab) -> None:
    view = LabView(lab)
    told = []
    for place in range(1, len(LINES) + 1):
        view.act("look", value=place)
        every = [card for group in view.state["groups"] for card in group["cards"] if card["mark"]]
        told.append([(card["mark"], card["name"], card["word"]) for card in every])
    assert told == [
        [("A", "busybox:latest", "added"), ("A", "web", "added"), ("A", "data", "added")],
        [("A", "net", "added")],
        [("C", "web", "changed")],
        [("C", "web", "changed, was running, port 8080 → 80")],
        [("D", "web", "removed")],
    ]


def test_looking_back_leaves_the_lab_where_it_is(lab: Lab) -> None:
    view = LabView(lab)
    view.act("look", value="1", caret=None)
    assert cards(view, "container")["web"]["state"] == "▶ running"
    assert (view.state["at"], view.state["here"], view.state["now"]) == (1, 5, False)
    assert lab.run("docker ps -a -q").stdout == ""
    view.act("look", value=1)
    view.act("return_to_now")
    assert view.state["now"]


def test_a_moment_is_taken_up_again_and_a_branch_begins(lab: Lab) -> None:
    view = LabView(lab)
    view.act("look", value=1)
    view.act("take_up")
    assert lab.run("docker ps --format '{{.Names}}'").stdout == "web\n"
    view.catch_up()
    assert [branch["words"] for branch in view.state["branches"]] == [LINES[-1], "docker ps --format '{{.Names}}'"]
    assert [branch["shown"] for branch in view.state["branches"]] == [False, True]
    view.act("branch", number=0)
    assert (view.state["line"][-1], view.state["here"]) == (LINES[-1], None)
    view.act("take_up")
    assert lab.run("docker ps -a -q").stdout == ""


def test_undo_and_redo_move_the_lab_and_say_when_they_can_not(lab: Lab) -> None:
    view = LabView(lab)
    view.act("undo")
    assert cards(view, "container")["web"]["state"] == "■ exited (137)"
    assert view.state["can"] == {"undo": True, "redo": True}
    view.act("redo")
    view.act("redo")
    assert view.problem == "Nothing to do again: nothing was undone here."
    lab.reset()
    view.act("undo")
    assert view.problem == "Nothing to undo: the lab is fresh."
    assert view.state["line"] == ["a fresh lab"]


def test_a_view_that_was_made_late_knows_what_was_before_it(lab: Lab) -> None:
    early, late = LabView(Lab()), LabView(lab)
    for line in LINES:
        early.lab.run(line)
    early.catch_up()
    for place in range(len(LINES) + 1):
        early.act("look", value=place)
        late.act("look", value=place)
        assert early.state == late.state


def test_a_moment_that_may_not_be_done_twice_is_not_shown(lab: Lab) -> None:
    lab.connect_registry("localhost:5000", "http://127.0.0.1:9")
    lab.run("docker volume create last")
    view = LabView(lab)
    view.act("look", value=6)
    assert view.state["groups"] is None
    view.act("look", value=5)
    assert cards(view, "network")


def test_a_chosen_card_shows_what_it_is_linked_with(lab: Lab) -> None:
    view = LabView(lab)
    view.act("look", value=3)
    view.act("select", key="volume:data")
    assert view.said == "linked with: web"
    assert cards(view, "container")["web"]["linked"]
    view.act("select", key="volume:data")
    assert not cards(view, "container")["web"]["linked"]


def test_wrong_places_are_refused_in_a_line(lab: Lab) -> None:
    view = LabView(lab)
    view.act("branch", number=7)
    assert view.problem == "no branch 8: there are 1"
    view.act("look", value=99)
    assert view.state["at"] == 5


def test_a_closed_view_costs_nothing_and_catches_up(lab: Lab) -> None:
    view = LabView(lab)
    view.views = 0
    lab.run("docker volume create unseen")
    lab.run("docker volume create later")
    assert lab.history.here.parent not in view.maps
    view._receive(None, {"views": 1}, None)
    assert cards(view, "volume")["later"]["mark"] == "A"


def test_a_crowded_host_stays_legible() -> None:
    lab = Lab()
    lab.run("for n in $(seq 100); do docker volume create v$n; done")
    view = LabView(lab)
    volumes = next(group for group in view.state["groups"] if group["kind"] == "volume")
    assert (len(volumes["cards"]), volumes["more"]) == (60, 40)


def test_the_static_view_says_the_same_and_takes_no_text_as_markup(lab: Lab) -> None:
    lab.run("docker volume create kept # <b>&")
    view = LabView(lab)
    assert "A kept  (added)" in view.static_text()
    assert "&lt;b&gt;&amp;" in view.static_html()
    assert "<b>&" not in view.static_html()


def test_changes_tell_what_a_card_said_before() -> None:
    old = Card("k", "container", "web", "running", ("from a",))
    new = Card("k", "container", "site", "exited (0)", ("from a", "port 1 → 2"))
    assert changes([old], [new])["k"].was == "web, running"
    assert changes([old], [old]) == {}
    assert linked_with((Card("a", "x", "a", links=("b",)), Card("b", "x", "b")), "b") == {"a"}
