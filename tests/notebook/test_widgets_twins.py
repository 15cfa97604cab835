"""A copy of a lab is made once, led onwards as the lab goes on, and handed over for good."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from dockerlab.lab import Lab
from dockerlab.lab.journal import Moment
from dockerlab.notebook.widgets.twins import Twin


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker volume create one")
    return lab


def interrupted(*_: object) -> Iterator[tuple[Moment, Lab]]:
    raise KeyboardInterrupt


def volumes(lab: Lab | None) -> list[str]:
    assert lab is not None
    return [row["Name"] for row in lab.engine.volumes.list()]


def test_the_copy_is_as_the_lab_and_not_the_lab(lab: Lab) -> None:
    copy = Twin(lab).take()
    assert volumes(copy) == ["one"]
    assert copy is not None
    copy.run("docker volume create of-the-copy")
    assert volumes(lab) == ["one"]


def test_it_is_led_onwards(lab: Lab) -> None:
    twin = Twin(lab)
    copy = twin.prepare()
    lab.run("docker volume create two")
    assert twin.prepare() is copy
    assert volumes(copy) == ["one", "two"]
    assert twin.prepare() is copy


def test_where_the_lab_went_back_it_is_made_anew(lab: Lab) -> None:
    twin = Twin(lab)
    copy = twin.prepare()
    lab.undo()
    lab.run("docker volume create other")
    assert twin.prepare() is not copy
    assert volumes(twin.prepare()) == ["other"]


def test_one_that_was_interrupted_on_its_way_is_made_anew(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    twin = Twin(lab)
    copy = twin.prepare()
    lab.run("docker volume create two")
    with monkeypatch.context() as patch:
        patch.setattr(Lab, "rehearse", interrupted)
        with pytest.raises(KeyboardInterrupt):
            twin.prepare()
    assert twin.prepare() is not copy
    assert volumes(twin.prepare()) == ["one", "two"]


def test_what_was_taken_is_not_kept(lab: Lab) -> None:
    twin = Twin(lab)
    copy = twin.take()
    assert copy is not None
    copy.run("docker volume rm one")
    assert volumes(twin.take()) == ["one"]


def test_waiting_grows_in_one_moment_and_is_copied_as_it_is(lab: Lab) -> None:
    twin, terminal = Twin(lab), lab.open_terminal()
    terminal.type("sleep 100\n")
    terminal.wait()
    twin.prepare()
    terminal.wait()
    copy = twin.prepare()
    assert copy is not None
    assert copy.clock.now == lab.clock.now


def test_a_lab_that_reached_a_real_registry_has_none(lab: Lab) -> None:
    lab.connect_registry("localhost:5000", "http://127.0.0.1:9")
    assert Twin(lab).take() is None
