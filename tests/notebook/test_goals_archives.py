"""Goals about archives: saved with a name, saved by ID, exported, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.archives import BareFiles, SavedImage


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox && docker tag busybox mine:1")
    return lab


def test_save_keeps_the_name_that_was_typed(lab: Lab) -> None:
    lab.run("docker save -o a.tar mine:1")
    assert SavedImage("/lab/a.tar", "mine:1").look(lab).met
    other = SavedImage("/lab/a.tar", "busybox:latest").look(lab)
    assert not other.met
    assert other.have == "it holds mine:1"


def test_an_image_that_is_saved_by_its_id_has_no_name_in_the_archive(lab: Lab) -> None:
    lab.run("docker save -o a.tar $(docker images -q mine)")
    assert SavedImage("/lab/a.tar", "").look(lab).met
    assert not SavedImage("/lab/a.tar", "mine:1").look(lab).met


def test_an_export_is_bare_files_and_no_image(lab: Lab) -> None:
    lab.run("docker create --name box busybox; docker export -o a.tar box; docker save -o b.tar busybox")
    assert BareFiles("/lab/a.tar", "bin/busybox").look(lab).met
    assert not BareFiles("/lab/b.tar", "bin/busybox").look(lab).met
    assert not SavedImage("/lab/a.tar", "busybox:latest").look(lab).met


@pytest.mark.parametrize("text", [None, "", "no archive"])
def test_what_is_no_archive_holds_nothing(lab: Lab, text: str | None) -> None:
    if text is not None:
        lab.host.write("/lab/a.tar", text.encode())
    assert not SavedImage("/lab/a.tar", "mine:1").look(lab).met
    assert not SavedImage("/lab/a.tar", "").look(lab).met
    assert not BareFiles("/lab/a.tar", "bin/busybox").look(lab).met
