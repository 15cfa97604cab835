"""NameBoard: what it foretells is what the command then does; names move, images go dangling, and are deleted."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.nameboard import PLANS, NameBoard


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox; docker pull -q alpine; docker tag busybox copy:1")
    return lab


def names(board: NameBoard) -> dict[str, str]:
    return {each["name"]: each["id"] for each in board.state["names"]}


def test_one_of_two_names_is_untagged_and_nothing_deleted(lab: Lab) -> None:
    board = NameBoard(lab, "copy:1")
    assert "untags copy:1 and deletes nothing" in board.state["words"]
    assert board.state["line"] == "docker rmi copy:1"
    board.act("do")
    assert names(board).keys() == {"alpine:latest", "busybox:latest"}
    assert board.said == "docker rmi copy:1: Untagged: copy:1"


def test_the_last_name_takes_the_image_along(lab: Lab) -> None:
    board = NameBoard(lab, "alpine")
    assert "deletes 1 image" in board.state["words"]
    assert "· deleted" not in NameBoard(lab).static_text()
    board.act("do")
    assert "Deleted: sha256:" in board.state["shell"]["typed"]
    assert "alpine:latest" not in names(board)


def test_a_removal_that_docker_refuses_says_why_beforehand(lab: Lab) -> None:
    lab.run("docker run -d --name web alpine sleep 1000")
    board = NameBoard(lab, "alpine:latest")
    reason = board.state["words"].partition("is refused: ")[2].rstrip(".…")
    board.act("do")
    assert reason
    assert reason[:60] in board.state["shell"]["typed"]
    assert "alpine:latest" in names(board)


def test_a_tag_that_moves_leaves_its_image_dangling_and_prune_takes_it(lab: Lab) -> None:
    board = NameBoard(lab, "busybox:latest")
    board.act("think_of", plan="tag")
    board.act("call_it", value="alpine")
    old = names(board)["alpine:latest"]
    assert board.said.endswith(f"{old} has no name then: it is dangling, but not deleted.")
    board.act("do")
    assert names(board)["alpine:latest"] == names(board)["busybox:latest"]
    assert names(board)[old] == ""
    board.act("think_of", plan="prune")
    assert "deletes 1 image without a name" in board.said
    board.act("do")
    assert old not in names(board)
    assert board.state["words"].startswith("docker image prune deletes nothing")


def test_a_new_name_and_the_same_name_again(lab: Lab) -> None:
    board = NameBoard(lab, "busybox:latest")
    board.act("think_of", plan="tag")
    assert "mine:1 is new" in board.said
    board.act("do")
    assert board.state["words"] == "docker tag: mine:1 already points there: nothing changes."
    board.act("call_it", value="UPPER")
    assert board.said.startswith("docker tag refuses that name: ")
    board.act("do")
    assert "must be lowercase" in board.state["shell"]["typed"]


def test_building_again_moves_the_name(lab: Lab) -> None:
    board = NameBoard(lab, "alpine:latest")
    before = names(board)["alpine:latest"]
    board.act("think_of", plan="build")
    assert f"alpine:latest moves to it; {before} has no name then" in board.said
    board.act("do")
    assert names(board)["alpine:latest"] not in ("", before)
    assert names(board)[before] == ""
    board.act("choose", name=before)
    assert board.state["line"].startswith(f"printf 'FROM {before}")


def test_a_pull_moves_nothing_where_the_registry_has_the_same(lab: Lab) -> None:
    board = NameBoard(lab, "alpine:latest")
    before = names(board)
    board.act("think_of", plan="pull")
    assert "If alpine:latest means another image there" in board.said
    board.act("do")
    assert "Image is up to date" in board.state["shell"]["typed"]
    assert names(board) == before


@pytest.mark.parametrize("plan", PLANS)
def test_every_plan_can_be_thought_of_an_image_without_a_name(lab: Lab, plan: str) -> None:
    lab.run("docker tag alpine copy:1; docker rmi busybox; docker tag alpine busybox; docker tag busybox alpine")
    lab.run("printf 'FROM alpine\\nLABEL a=1' | docker build -q -t once -; docker tag alpine once")
    board = NameBoard(lab)
    nameless = next(name for name, target in names(board).items() if not target)
    board.act("choose", name=nameless)
    board.act("think_of", plan=plan)
    assert (board.problem, bool(board.said)) == ("", True)
    board.act("do")
    assert bool(board.problem) == (plan in ("build", "pull"))


def test_an_unknown_plan_is_one_line(lab: Lab) -> None:
    board = NameBoard(lab)
    board.act("think_of", plan="burn")
    assert board.problem == "no plan 'burn'; there are: rmi, tag, build, pull, prune"


def test_an_empty_lab_and_a_removed_name(lab: Lab) -> None:
    empty = NameBoard(Lab())
    assert empty.state["names"] == []
    empty.act("write", value="docker pull -q busybox")
    empty.act("enter")
    assert list(names(empty)) == ["busybox:latest"]
    board = NameBoard(lab, "copy:1")
    lab.run("docker rmi copy:1")
    board.act("choose", name="copy:1")
    assert board.problem == "copy:1 is not there any more"


def test_a_saved_notebook_shows_what_each_removal_would_do(lab: Lab) -> None:
    board = NameBoard(lab)
    assert "docker rmi alpine:latest untags alpine:latest" in board.static_text()
    assert "deletes 1 image: 8.32MB freed" in board.static_text()
    assert "<table>" in board.static_html()
