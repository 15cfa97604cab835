"""Goals about names: met, not met, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.images import ImageExists
from dockerlab.notebook.learning.goals.names import NoName, NoneDangling, OtherImage, SameImage


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox && docker tag busybox mine:1 && docker pull -q alpine")
    return lab


def test_two_names_of_one_image_are_the_same_image(lab: Lab) -> None:
    assert SameImage("mine:1", "busybox").look(lab).met
    assert not OtherImage("mine:1", "busybox").look(lab).met


def test_names_of_two_images_are_told_with_both_ids(lab: Lab) -> None:
    ids = [lab.run(f"docker images -q {name}").stdout.strip() for name in ("mine", "alpine")]
    finding = SameImage("mine:1", "alpine").look(lab)
    assert not finding.met
    assert finding.have == f"mine:1 leads to {ids[0]}, alpine to {ids[1]}"
    assert OtherImage("mine:1", "alpine").look(lab).met


@pytest.mark.parametrize("goal", [SameImage("mine:1", "mine:2"), OtherImage("mine:2", "mine:1")])
def test_a_name_that_is_not_there_is_neither_the_same_nor_another(lab: Lab, goal: SameImage | OtherImage) -> None:
    finding = goal.look(lab)
    assert not finding.met
    assert finding.have == "no image mine:2"


def test_a_name_is_gone_when_it_was_removed_even_if_the_image_stays(lab: Lab) -> None:
    assert not NoName("mine:1").look(lab).met
    lab.run("docker rmi mine:1")
    assert NoName("mine:1").look(lab).met


def test_an_image_whose_name_moved_away_is_dangling(lab: Lab) -> None:
    assert NoneDangling().look(lab).met
    for text in ("one", "two"):
        lab.run(f"printf 'FROM busybox\\nRUN echo {text} > /t\\n' | docker build -q -t mine:1 -")
    assert NoneDangling().look(lab).have == "1 without a name"
    lab.run("docker image prune -f")
    assert NoneDangling().look(lab).met


def test_what_there_is_instead_of_an_image_are_names(lab: Lab) -> None:
    for text in ("one", "two"):
        lab.run(f"printf 'FROM busybox\\nRUN echo {text} > /t\\n' | docker build -q -t mine:1 -")
    assert ImageExists("mine:2").look(lab).have == "images named alpine:latest, busybox:latest, mine:1"
