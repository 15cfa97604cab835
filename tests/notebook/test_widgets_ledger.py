"""Ledger: what is ticked is summed up by the engine's own rules, said row by row, and deleted by docker commands."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.ledger import Ledger, used_space


@pytest.fixture
def ledger() -> Ledger:
    lab = Lab()
    lab.run("mkdir notes; printf 'FROM busybox\\nRUN dd if=/dev/zero of=/big bs=1000 count=5000' > notes/Dockerfile")
    lab.run("docker build -q -t notes:1 notes; docker pull -q busybox; docker pull -q alpine")
    lab.run("docker run -d --name web -v data:/data notes:1 sh -c 'echo hello > /data/file; sleep 1000'")
    return Ledger(lab)


def row(ledger: Ledger, key: str) -> dict[str, Any]:
    return next(each for group in ledger.state["groups"] for each in group["rows"] if each["key"] == key)


def test_before_anything_is_ticked_sharing_is_shown(ledger: Ledger) -> None:
    assert row(ledger, "image:notes:1")["words"] == "4.27MB shared with busybox:latest"
    assert [part["kind"] for part in row(ledger, "image:notes:1")["parts"]] == ["shared", "own"]
    assert row(ledger, "image:alpine:latest")["words"] == ""
    assert row(ledger, "volume:data")["about"] == "mounted by web"
    assert ledger.state["summary"].startswith("Nothing is ticked")


def test_what_another_image_needs_stays(ledger: Ledger) -> None:
    ledger.act("tick", key="image:busybox:latest")
    assert row(ledger, "image:busybox:latest")["words"] == "frees 0B, 4.27MB stay for notes:1"
    assert row(ledger, "image:busybox:latest")["parts"][0]["kind"] == "stays"
    assert ledger.said == "Deleting it would free 0B, though its size is 4.27MB."
    ledger.act("tick", key="image:busybox:latest")
    assert ledger.state["commands"] == []


def test_an_image_in_use_is_refused_in_dockers_words_until_its_container_is_ticked(ledger: Ledger) -> None:
    ledger.act("tick", key="image:notes:1")
    assert "container" in row(ledger, "image:notes:1")["refused"]
    assert ledger.said.endswith("1 command would be refused.")
    ledger.act("tick", key="container:web")
    assert row(ledger, "image:notes:1")["refused"] == ""
    assert row(ledger, "image:notes:1")["words"] == "frees 5MB, 4.27MB stay for busybox:latest"


def test_deleting_frees_what_was_said(ledger: Ledger) -> None:
    for key in ("container:web", "image:notes:1", "image:busybox:latest", "volume:data"):
        ledger.act("tick", key=key)
    promised = ledger.state["then"]
    assert ledger.state["commands"] == [
        "docker rm -f web",
        "docker rmi notes:1 busybox:latest",
        "docker volume rm data",
    ]
    ledger.act("delete")
    assert ledger.state["now"] == promised
    assert [each["key"] for group in ledger.state["groups"] for each in group["rows"]] == ["image:alpine:latest"]
    ledger.act("undo")
    assert row(ledger, "volume:data")["size"] == "6B"


def test_what_is_not_there_any_more_is_said(ledger: Ledger) -> None:
    ledger.act("tick", key="image:alpine:latest")
    ledger.lab.run("docker rmi alpine")
    ledger.cell_ran()
    assert ledger.state["commands"] == []
    ledger.act("tick", key="image:alpine:latest")
    assert ledger.problem == "alpine:latest is not there any more"
    ledger.act("delete")
    assert ledger.problem.startswith("Nothing is ticked")


def test_dangling_images_go_by_their_id(ledger: Ledger) -> None:
    ledger.lab.run("docker tag alpine kept; docker build -q -t kept notes; docker rmi alpine")
    ledger.lab.run("printf 'FROM alpine' | docker build -q -t once -; docker tag busybox once")
    ledger.cell_ran()
    dangling = [each for each in ledger.state["groups"][0]["rows"] if ":" not in each["name"]]
    assert [len(each["name"]) for each in dangling] == [12]
    ledger.act("tick", key=dangling[0]["key"])
    ledger.act("delete")
    assert ledger.problem == ""
    assert "Deleted: sha256:" in ledger.state["shell"]["typed"]


def test_an_empty_lab_has_nothing_to_free() -> None:
    ledger = Ledger(Lab())
    assert (ledger.state["now"], ledger.state["share"]) == ("0B", 0)
    assert used_space(ledger.lab) == 0
    assert ledger.static_text() == "docker system df says 0B in all."


def test_a_saved_notebook_shows_the_rows(ledger: Ledger) -> None:
    assert "4.27MB shared with busybox:latest" in ledger.static_html()
    assert "volume     data" in ledger.static_text()
