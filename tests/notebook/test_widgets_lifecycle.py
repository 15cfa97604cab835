"""LifeCycle: what its table says of every command in every state is tried in a lab; its buttons are docker commands."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.pictures import picture_of_life
from dockerlab.notebook.widgets.lifecycle import COMMANDS, GONE, OUTCOMES, LifeCycle

WAYS = {
    GONE: (),
    "created": ("docker create --name box busybox sleep 1000",),
    "running": ("docker run -d --name box busybox sleep 1000",),
    "paused": ("docker run -d --name box busybox sleep 1000", "docker pause box"),
    "restarting": ("docker run -d --name box --restart always busybox sh -c 'sleep 1; false'",),
    "exited": ("docker run -d --name box busybox sleep 1000", "docker kill box"),
}
"""How a container comes into each state; waits between restarts grow, until one is long enough to look at."""

WHILE, LATEST = 10, Lab().clock.now + 60 * 10**9


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def in_state(lab: Lab, state: str) -> LifeCycle:
    for line in WAYS[state]:
        lab.run(line)
    lab.clock.advance(seconds=WHILE)
    widget = LifeCycle(lab, "box")
    while widget.state["state"] != state and lab.clock.now < LATEST:
        lab.clock.advance(seconds=0.05)
        widget.catch_up()
    assert widget.state["state"] == state
    return widget


@pytest.mark.parametrize("state", OUTCOMES)
@pytest.mark.parametrize("verb", COMMANDS)
def test_each_button_does_what_it_says(lab: Lab, state: str, verb: str) -> None:
    widget = in_state(lab, state)
    told = next(each for each in widget.state["commands"] if each["verb"] == verb)
    widget.act("press", verb=verb)
    assert widget.state["state"] == OUTCOMES[state].get(verb, state)
    refused = "Error response from daemon" in widget.state["shell"]["typed"]
    assert refused == (told["kind"] == "refused" or (state == GONE and verb == "rm -f"))


def test_the_picture_marks_the_state_and_follows(lab: Lab) -> None:
    widget = in_state(lab, "created")
    assert "box is created" in widget.state["picture"]
    widget.act("press", verb="start")
    assert "box is running" in widget.state["picture"]
    assert widget.said == "docker start box: box. box is running"


def test_rm_loses_what_was_written_and_keeps_image_and_volume(lab: Lab) -> None:
    lab.run("docker run -d --name box -v data:/data busybox sleep 1000")
    widget = LifeCycle(lab, "box")
    assert [each["path"] for each in widget.state["losses"]["files"]] == ["/data"]
    widget.act("press", verb="exec")
    assert {"mark": "A", "path": "/hello.txt", "size": "6B"} in widget.state["losses"]["files"]
    assert widget.state["losses"]["keeps"] == ["image busybox", "volume data"]
    widget.act("press", verb="rm -f")
    assert widget.state["losses"] is None
    assert lab.run("docker volume ls -q").stdout == "data\n"


def test_a_line_of_ones_own_is_run_and_undone(lab: Lab) -> None:
    widget = in_state(lab, "running")
    widget.act("write", value="docker stop -t 1 box")
    widget.act("enter")
    assert (widget.state["state"], widget.state["shell"]["own"]) == ("exited", "")
    widget.act("undo")
    assert widget.state["state"] == "running"
    assert widget.state["shell"]["typed"] == "(undone: docker stop -t 1 box)"


def test_only_docker_commands_are_typed_here(lab: Lab) -> None:
    widget = LifeCycle(lab)
    widget.act("write", value="rm -rf /")
    widget.act("enter")
    assert widget.problem.startswith("Type a docker command here")


def test_a_fresh_lab_has_nothing_to_undo_and_a_container_to_make() -> None:
    widget = LifeCycle(Lab())
    assert (widget.state["name"], widget.state["state"]) == ("box", GONE)
    widget.act("undo")
    assert widget.problem == "Nothing to undo: the lab is fresh."
    widget.act("press", verb="run")
    assert widget.state["state"] == "running"


def test_names_that_are_no_names_get_dockers_answer(lab: Lab) -> None:
    widget = LifeCycle(lab, "<b>&'😀")
    widget.act("press", verb="run")
    assert "Invalid container name (<b>&'😀)" in widget.state["shell"]["typed"]
    assert "<b>" not in widget.static_html().replace("<b>LifeCycle</b>", "")
    widget.act("press", verb="fly")
    assert widget.problem.startswith("no command 'fly' here; there are: create, run, start")


def test_another_container_is_chosen_and_makes_of_its_own_image(lab: Lab) -> None:
    lab.run("docker pull -q alpine; docker create --name one busybox; docker create --name two alpine")
    widget = LifeCycle(lab)
    assert widget.state["name"] == "two"
    widget.act("choose", name="one")
    widget.act("press", verb="rm")
    assert "docker create --name one busybox sleep 1000" in [each["line"] for each in widget.state["commands"]]


def test_a_saved_notebook_shows_states_commands_and_losses(lab: Lab) -> None:
    widget = in_state(lab, "paused")
    assert "docker unpause box</td>" in widget.static_html()
    assert "paused → running" in widget.static_text()
    assert "<script" not in widget.static_html()


@pytest.mark.parametrize("state", [state for state in WAYS if state != GONE])
def test_what_the_picture_calls_possible_is_what_the_engine_does(lab: Lab, state: str) -> None:
    life = in_state(lab, state)
    possible = {command["verb"] for command in life.state["commands"] if command["kind"] == "moves"}
    said = picture_of_life(lab.engine, "box").text.rpartition("now possible: ")[2].split(", ")
    assert len(said) > 1
    assert set(said) <= possible
