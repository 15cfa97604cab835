"""Goals about what docker inspect says: met, not met, nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import FileSays, OnlyStopped

ID = FileSays("/lab/id.txt", "busybox", "Id", "the ID of busybox")
LAYER = FileSays("/lab/id.txt", "busybox", "RootFS.Layers.0", "the layer of busybox")
INSPECT = "docker image inspect busybox"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def test_a_field_in_a_file(lab: Lab) -> None:
    lab.run(INSPECT + " -f '{{.Id}}' > /lab/id.txt")
    finding = ID.look(lab)
    assert finding.met
    lab.run("cut -d: -f2 /lab/id.txt > /lab/hex; mv /lab/hex /lab/id.txt")
    assert ID.look(lab).met
    assert finding.wanted == "the host's file /lab/id.txt holds the ID of busybox, and nothing else"
    assert not LAYER.look(lab).met


def test_an_item_of_a_list(lab: Lab) -> None:
    lab.run(INSPECT + " -f '{{index .RootFS.Layers 0}}' > /lab/id.txt")
    assert LAYER.look(lab).met


def test_more_than_the_field_is_not_the_field(lab: Lab) -> None:
    lab.run(INSPECT + " -f '{{json .Id}}' > /lab/id.txt")
    assert ID.look(lab).have.startswith("'\"sha256:")
    lab.run(INSPECT + " > /lab/id.txt")
    assert ID.look(lab).have == "82 lines"


def test_nothing_there(lab: Lab) -> None:
    assert ID.look(lab).have == "no file /lab/id.txt"
    lab.run("echo > /lab/id.txt")
    assert not FileSays("/lab/id.txt", "busybox", "RootFS.Layers.7", "no layer").look(lab).met
    lab.run("docker rmi busybox")
    assert ID.look(lab).have == "no image busybox"


def test_only_the_container_with_a_setting_has_stopped(lab: Lab) -> None:
    goal = OnlyStopped(("anna", "ben"), "COLOR=green")
    assert goal.look(lab).have == "no container anna"
    lab.run("docker run -d --name anna -e COLOR=red busybox sleep 999")
    lab.run("docker run -d --name ben -e COLOR=green busybox sleep 999")
    assert goal.look(lab).have == "stopped: none"
    lab.run("docker stop ben")
    assert goal.look(lab).met
    lab.run("docker stop anna")
    assert (goal.look(lab).met, goal.look(lab).have) == (False, "stopped: anna, ben")
