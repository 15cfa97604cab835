"""Overlay: what it says of a touch is what the driver's file system did, in one container and not in the other."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dockerlab.errors import NotFoundError
from dockerlab.fs.drivers import DRIVERS
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.overlay import Overlay
from dockerlab.notebook.widgets.trials import VERBS
from tests.notebook.cases import EVIL

DOCKERFILE = b"""FROM busybox
RUN mkdir /data && dd if=/dev/zero of=/data/big bs=1000 count=500
RUN echo first > /data/note && ln -s note /data/link && echo x > /data/gone
RUN echo second > /data/note && rm /data/gone
"""


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.host.write("/lab/app/Dockerfile", DOCKERFILE)
    assert lab.run("docker build -q -t app:1 app").exit_code == 0
    return lab


@pytest.fixture
def overlay(lab: Lab) -> Overlay:
    return Overlay(lab, "app:1")


def signs(overlay: Overlay) -> list[str]:
    return [row["sign"] for row in overlay.state["rows"]]


def container(overlay: Overlay, name: str) -> dict[str, Any]:
    return next(each for each in overlay.state["containers"] if each["name"] == name)


def files(overlay: Overlay, name: str) -> list[tuple[str, str, str]]:
    return [(each["sign"], each["path"], each["words"]) for each in container(overlay, name)["files"]]


def meter(overlay: Overlay, driver: str) -> dict[str, Any]:
    return next(each for each in overlay.state["meters"] if each["driver"] == driver)


def test_the_gaze_falls_until_the_path_is_found_and_what_lies_below_is_hidden(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/note")
    assert signs(overlay) == ["↓ nothing here", "► found", "hidden", "asked for data", "asked for data"]
    looks = [[look["turn"] for look in row["looks"]] for row in overlay.state["rows"]]
    assert looks == [[1], [2, 6], [3], [4], [5]]
    assert "it comes from layer 4 (RUN echo second > /data/note && rm /data/gone), after 6 look-ups" in overlay.said


def test_the_first_write_copies_the_whole_file_up_the_second_nothing(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/big")
    overlay.act("do", verb="append")
    assert "copied 500kB. The whole file was copied up" in overlay.said
    assert files(overlay, "one") == [("~", "/data/big", "copied up from layer 2, 500kB")]
    assert signs(overlay)[0] == "↓ nothing here"
    assert overlay.state["before"]
    overlay.act("do", verb="overwrite")
    assert "copied 0B. It is in the container's own layer already." in overlay.said
    assert signs(overlay)[:2] == ["► found", "asked for data"]
    assert meter(overlay, "overlay2")["copied"] == "500kB"


def test_a_write_in_one_container_is_not_seen_in_the_other(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/note")
    overlay.act("do", verb="append")
    assert container(overlay, "one")["sees"].endswith("second\nx")
    assert container(overlay, "two")["sees"].endswith("second\n")
    assert files(overlay, "two") == []
    overlay.act("pick", container="two")
    overlay.act("do", verb="delete")
    assert container(overlay, "two")["sees"] == "No such file or directory"
    assert container(overlay, "one")["sees"].endswith("second\nx")


def test_a_deletion_leaves_a_whiteout_and_frees_nothing(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/big")
    overlay.act("do", verb="delete")
    assert "A whiteout hides the name; 500kB stay in the image, so nothing is freed there." in overlay.said
    assert files(overlay, "one") == [("✕", "/data/big", "whiteout")]
    overlay.act("refresh")
    overlay.act("aim", value="data/big")
    assert signs(overlay)[0] == "✕ stop"
    assert "hidden" in signs(overlay)


def test_a_name_that_a_layer_deleted_is_looked_for_too(overlay: Overlay) -> None:
    overlay.act("aim", value="/data/gone")
    assert signs(overlay) == ["↓ nothing here", "✕ stop", "hidden", "asked for data", "asked for data"]
    assert "nothing is there" in overlay.said


def test_another_driver_has_had_the_same_done_at_its_own_price(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/big")
    overlay.act("do", verb="overwrite")
    assert {driver: meter(overlay, driver)["copied"] for driver in DRIVERS} == {
        "overlay2": "500kB",
        "fuse-overlayfs": "500kB",
        "btrfs": "4.1kB",
        "zfs": "131kB",
        "vfs": "19.1MB",
    }
    assert [meter(overlay, driver)["blocks"] for driver in ("btrfs", "zfs", "vfs")] == ["1", "1", "–"]
    overlay.act("switch", driver="btrfs")
    assert "That is 1 block of the image's; those that nobody writes to stay shared." in overlay.said
    assert files(overlay, "one") == [("~", "/data/big", "changed, 500kB")]
    assert signs(overlay) == ["► found", "not asked", "not asked", "not asked", "not asked"]
    overlay.act("switch", driver="vfs")
    assert "All files were copied when the container was created" in overlay.said
    assert container(overlay, "two")["keeps"].startswith("a whole copy, ")


def test_with_a_snapshot_one_layer_owns_the_blocks(lab: Lab) -> None:
    overlay = Overlay(lab, "app:1", "zfs")
    overlay.act("choose", key="/data/big")
    assert signs(overlay) == ["► found", "not asked", "not asked", "its blocks", "not asked"]
    overlay.act("do", verb="delete")
    assert files(overlay, "one") == [("✕", "/data/big", "gone")]
    assert "The name is gone in this container; 500kB stay in the image" in overlay.said


def test_union_mounts_refuse_to_rename_a_directory_that_others_rename(overlay: Overlay) -> None:
    overlay.act("aim", value="/data")
    overlay.act("do", verb="rename")
    assert overlay.problem == "/data: Invalid cross-device link"
    assert "mv copies it then" in overlay.state["summary"]
    assert [meter(overlay, driver)["refused"] for driver in DRIVERS] == [1, 1, 0, 0, 0]
    overlay.act("switch", driver="btrfs")
    overlay.act("aim", value="/data.old/note")
    assert signs(overlay)[0] == "► found"


def test_a_renamed_file_is_looked_at_under_its_new_name(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/note")
    overlay.act("call_it", value="/data/other")
    overlay.act("do", verb="rename")
    assert overlay.state["path"] == "/data/other"
    assert files(overlay, "one") == [("✕", "/data/note", "whiteout"), ("+", "/data/other", "new, 7B")]
    assert "A whiteout hides the name; 7B stay" in overlay.said


def test_a_link_is_followed_to_what_is_touched(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/link")
    overlay.act("do", verb="chmod")
    assert overlay.state["path"] == "/data/note"
    assert "-rw-------" in container(overlay, "one")["sees"]
    overlay.act("aim", value="/data/link")
    overlay.act("do", verb="delete")
    assert ("✕", "/data/link", "whiteout") in files(overlay, "one")


@pytest.mark.parametrize(
    ("path", "verb", "problem"),
    [
        ("/nosuch", "read", "/nosuch: No such file or directory"),
        ("/nosuch", "delete", "/nosuch: No such file or directory"),
        ("/data", "append", "/data: Is a directory"),
        ("/", "delete", "Choose a file or a directory first."),
        ("/data/note", "explode", "no operation 'explode'; there are: read, append, "),
    ],
)
def test_what_can_not_be_done_is_one_line_and_leaves_no_trace(
    overlay: Overlay, path: str, verb: str, problem: str
) -> None:
    overlay.act("aim", value=path)
    overlay.act("do", verb=verb)
    assert overlay.problem.startswith(problem)
    assert "\n" not in overlay.problem
    assert overlay.state["done"] == []
    assert files(overlay, "one") == []


def test_names_that_are_not_there_are_one_line(lab: Lab, overlay: Overlay) -> None:
    with pytest.raises(NotFoundError, match="no storage driver is called 'aufs': there are overlay2"):
        Overlay(lab, "app:1", "aufs")
    with pytest.raises(NotFoundError, match="No such image: nosuch"):
        Overlay(lab, "nosuch")
    overlay.act("switch", driver="aufs")
    assert overlay.problem.startswith("no storage driver is called 'aufs'")
    overlay.act("pick", container="three")
    assert overlay.problem == "no container 'three'; there are: one, two"


@pytest.mark.parametrize("verb", VERBS)
def test_a_path_of_odd_characters_is_a_path_like_any_other(overlay: Overlay, verb: str) -> None:
    path = EVIL.replace("/", "").replace("x" * 200, "")
    overlay.act("aim", value=path)
    overlay.act("do", verb="append")
    overlay.act("do", verb=verb)
    assert overlay.problem == ""
    assert json.dumps(overlay.state)


def test_as_at_first_both_containers_are_new(overlay: Overlay) -> None:
    overlay.act("choose", key="/data/note")
    overlay.act("do", verb="delete")
    overlay.act("restore")
    assert (files(overlay, "one"), overlay.state["done"], meter(overlay, "overlay2")["copied"]) == ([], [], "0B")


def test_search_shows_paths_and_the_tree_says_where_each_is_from(overlay: Overlay) -> None:
    overlay.act("search", value="data/")
    assert {row["name"]: row["step"] for row in overlay.state["tree"]["rows"]} == {
        "/data/big": 2,
        "/data/link": 3,
        "/data/note": 4,
    }
    overlay.act("choose", key="/data/note")
    overlay.act("do", verb="append")
    assert [row["step"] for row in overlay.state["tree"]["rows"] if row["selected"]] == [None]


def test_the_lab_is_left_alone_and_what_happens_there_changes_nothing_here(lab: Lab, overlay: Overlay) -> None:
    overlay.act("do", verb="delete")
    before = overlay.state
    lab.run("docker tag app:1 app:2; docker rmi -f app:1")
    overlay.cell_ran()
    assert overlay.state == before
    overlay.act("restore")
    assert (overlay.problem, files(overlay, "one")) == ("", [])
    assert overlay.static_html()
    lab.run("docker tag app:2 app:1; docker rmi app:2")
    assert lab.engine.containers.list(all=True) == []


def test_images_of_no_layers_and_of_as_many_as_there_may_be(lab: Lab) -> None:
    lab.run("printf 'FROM scratch\\nLABEL a=b\\n' | docker build -q -t nothing -")
    overlay = Overlay(lab, "nothing")
    assert overlay.state["path"] == "/"
    overlay.act("aim", value="/new")
    overlay.act("do", verb="append")
    assert files(overlay, "one") == [("+", "/new", "new, 1B")]
    lines = "".join(f"RUN echo {number} > /{number}\n" for number in range(124))
    lab.host.write("/lab/deep/Dockerfile", f"FROM busybox\n{lines}".encode())
    assert lab.run("docker build -q -t deep deep").exit_code == 0
    overlay = Overlay(lab, "deep")
    overlay.act("aim", value="/7")
    assert len(overlay.state["rows"]) < 10
    assert [row["folded"] for row in overlay.state["rows"] if "folded" in row] == [116, 7]


def test_a_saved_notebook_shows_the_search_and_what_a_byte_costs(overlay: Overlay) -> None:
    assert overlay.state["path"] == "/data/note"
    assert "<table>" in overlay.static_html()
    text = overlay.static_text().splitlines()
    assert text[0] == "/data/note  in app:1"
    assert text[-5].split() == ["overlay2", "copies", "whole", "files", "up", "0B", "at", "first", "7B", "then"]
    assert text[-1].split()[-5:] == ["19.1MB", "at", "first", "0B", "then"]
