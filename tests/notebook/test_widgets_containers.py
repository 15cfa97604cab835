"""ContainersExplorer: its buttons are docker commands, and its numbers say what sharing saves."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.containers import ContainersExplorer


@pytest.fixture
def explorer() -> ContainersExplorer:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return ContainersExplorer("busybox", lab)


def test_containers_are_added_written_in_and_removed(explorer: ContainersExplorer) -> None:
    explorer.act("add")
    explorer.act("add")
    assert explorer.state["sentence"].startswith("2 containers share one image of 4.27MB and have written 0B")
    explorer.act("write")
    assert "have written 6B of their own" in explorer.said
    assert explorer.state["typed"].startswith("$ docker exec ")
    explorer.act("remove")
    assert explorer.state["sentence"].startswith("1 container stands on an image of 4.27MB")


def test_without_containers_nothing_can_be_written(explorer: ContainersExplorer) -> None:
    assert explorer.state["none"]
    explorer.act("write")
    assert explorer.problem == "busybox has no container yet: add one first."


def test_a_removed_image_says_so(explorer: ContainersExplorer) -> None:
    explorer.lab.run("docker rmi busybox")
    explorer.cell_ran()
    assert explorer.state["gone"] == "No such image: busybox:latest"
