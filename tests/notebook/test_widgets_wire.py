"""Wire: pushes and pulls are really made, and what is said of a blob is what the engine asked of the registry."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.widgets.wire import Wire
from dockerlab.notebook.widgets.wiretap import tapped
from dockerlab.oci.digest import Digest

DOCKERFILE = b"""FROM busybox
RUN dd if=/dev/urandom of=/big bs=1000 count=500
COPY note /note
"""


def built(release: int = 28) -> Lab:
    lab = Lab(release=release)
    lab.host.write("/lab/app/Dockerfile", DOCKERFILE)
    for version in ("1", "2"):
        lab.host.write("/lab/app/note", version.encode())
        assert lab.run(f"docker build -q -t app:{version} app").exit_code == 0
    return lab


@pytest.fixture
def lab() -> Lab:
    return built()


@pytest.fixture
def wire(lab: Lab) -> Wire:
    return Wire(lab, "app:1")


def fates(wire: Wire, kind: str = "layer") -> list[str]:
    return [row["fate"] for row in wire.state["rows"] if row["kind"] == kind]


def go(wire: Wire, name: str = "") -> str:
    if name:
        wire.act("call_it", value=name)
    wire.act("go")
    assert wire.problem == ""
    return wire.said


@pytest.mark.parametrize("release", [28, 29])
def test_a_second_push_on_the_same_base_sends_only_the_new_layer(release: int) -> None:
    wire = Wire(built(release), "app:1")
    assert go(wire).endswith("travelled: 3 of 3 layers.")
    assert (fates(wire), fates(wire, "config")) == (["sent"] * 3, ["sent"])
    wire.act("choose", name="app:2")
    assert "1 of 3 layers (2 there already)." in go(wire)
    assert fates(wire) == ["sent", "there", "there"]
    assert [each["words"] for each in wire.state["transfers"]] == [
        "push localhost:5000/app:1",
        "push localhost:5000/app:2",
    ]
    assert wire.state["transfers"][1]["share"] < 1 < wire.state["transfers"][0]["share"] == 100


def test_what_is_in_another_repository_of_the_registry_is_mounted(wire: Wire) -> None:
    go(wire)
    assert "0 of 3 layers (3 mounted)." in go(wire, "localhost:5000/copy:1")
    assert wire.state["rows"][0]["words"] == "mounted from app"
    assert fates(wire, "manifest") == ["sent"]


def test_blobs_have_the_sizes_and_digests_of_the_manifest_in_the_registry(lab: Lab, wire: Wire) -> None:
    lab.serve_registry("localhost:5000")
    lab.run("docker tag app:1 localhost:5000/app:1; docker push -q localhost:5000/app:1")
    text = lab.run("curl -s localhost:5000/v2/app/manifests/1").stdout
    manifest = json.loads(text)
    go(wire, "localhost:5000/elsewhere/app:1")
    blobs = {row["digest"]: row["name"] for row in wire.state["rows"]}
    layers = [Digest(each["digest"]).short for each in manifest["layers"]]
    assert list(blobs)[:3] == layers[::-1]
    assert list(blobs)[3:] == [Digest(manifest["config"]["digest"]).short, Digest.of(text.encode()).short]
    assert blobs[layers[-1]] == "COPY note /note"


def test_a_pull_brings_what_is_not_here(wire: Wire) -> None:
    go(wire)
    wire.act("turn", direction="pull")
    assert "0 of 3 layers (3 here already)." in go(wire)
    assert set(fates(wire)) == {"here"}
    wire.act("forget")
    assert wire.said == "The image is removed here first"
    assert "travelled: 1 of 3 layers (2 here already)." in go(wire), "app:2 keeps the layers below"
    assert "$ docker rmi -f app:1 localhost:5000/app:1" in wire.state["typed"]
    wire.act("forget")
    assert "travelled: 1 of 1 layer." in go(wire, "alpine")
    assert [row["name"] for row in wire.state["rows"] if row["kind"] == "manifest"] == [
        "the list of manifests",
        "the manifest",
    ]


def test_turns_say_in_which_order_blobs_travelled(wire: Wire) -> None:
    go(wire)
    turns = Counter(row["turn"] for row in wire.state["rows"])
    assert turns == Counter(range(1, 6))
    assert wire.state["rows"][-1]["turn"] == 5, "the manifest goes last"


def test_the_hub_wants_to_know_who_pushes(wire: Wire) -> None:
    wire.act("go_to", registry="docker.io")
    assert wire.state["target"] == "student/app:1"
    assert "2 of 3 layers (1 mounted)." in go(wire)
    assert "docker login -u student" in wire.state["typed"]
    assert "student/app" in wire.state["shelf"]


def test_the_registry_is_drawn_afterwards(wire: Wire) -> None:
    assert wire.state["shelf"] == ""
    go(wire)
    assert wire.state["shelf"].startswith("<img alt=")
    assert "app" in wire.state["shelf"]


def test_the_lab_is_left_alone(lab: Lab, wire: Wire) -> None:
    before = lab.history.here
    go(wire)
    assert lab.history.here is before
    assert "localhost:5000" not in lab.registries
    assert lab.run("docker images --format '{{.Repository}}'").stdout == "app\napp\n"


def test_the_copy_follows_the_lab_and_keeps_what_was_pushed(lab: Lab, wire: Wire) -> None:
    go(wire)
    lab.host.write("/lab/app/note", b"3")
    lab.run("docker build -q -t app:3 app")
    wire.catch_up()
    wire.act("choose", name="app:3")
    assert "1 of 3 layers (2 there already)." in go(wire)
    wire.act("restore")
    assert (wire.state["transfers"], wire.state["shelf"]) == ([], "")
    assert "3 of 3 layers." in go(wire)


def test_in_the_lab_itself_when_it_is_told_so(lab: Lab) -> None:
    lab.serve_registry("localhost:5000")
    wire = Wire(lab, "app:1", scratch=False)
    go(wire)
    assert lab.history.here.words == "docker push localhost:5000/app:1"
    assert lab.run("curl -s localhost:5000/v2/_catalog").stdout == '{"repositories":["app"]}\n'
    assert "localhost:5000/app:1" in [each["name"] for each in wire.state["images"]]
    wire.act("turn", direction="pull")
    wire.act("forget")
    go(wire)
    assert "docker rm -f" not in wire.state["typed"]


def test_the_client_is_the_engines_own_again_whatever_happens(lab: Lab) -> None:
    client = lab.engine.images.context.client

    def broken() -> None:
        with tapped(lab.engine):
            assert lab.engine.images.context.client is not client
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()
    assert lab.engine.images.context.client is client


@pytest.mark.parametrize(
    ("direction", "name", "problem"),
    [
        ("pull", "nosuch/thing", "docker pull nosuch/thing: Error response from daemon: pull access denied for"),
        ("pull", "UPPER", "invalid reference format: repository name must be lowercase"),
        ("push", "UPPER", "invalid reference format: repository name must be lowercase"),
        ("push", "registry.invalid/a:1", "docker push registry.invalid/a:1: "),
        ("push", "<b>&'\"😀", "invalid reference format"),
        ("pull", "localhost:5000/never:1", "docker pull localhost:5000/never:1: Error response from daemon: manifest"),
    ],
)
def test_what_docker_refuses_is_one_line(wire: Wire, direction: str, name: str, problem: str) -> None:
    wire.act("turn", direction=direction)
    wire.act("call_it", value=name)
    wire.act("go")
    assert wire.problem.startswith(problem)
    assert "\n" not in wire.problem
    assert wire.state["rows"] == []


def test_unknown_words_are_one_line(wire: Wire) -> None:
    wire.act("turn", direction="sideways")
    assert wire.problem == "no way 'sideways'; there are: push, pull"
    wire.act("choose", name="nosuch")
    assert wire.problem == "nosuch is not there any more"


def test_a_lab_without_images_can_pull() -> None:
    wire = Wire(Lab())
    wire.act("go")
    assert wire.problem == "Write the name that is to be pushed or pulled."
    wire.act("call_it", value="localhost:5000/a:1")
    wire.act("go")
    assert wire.problem == "No image is here that could be pushed: pull one first."
    wire.act("turn", direction="pull")
    assert "travelled: 1 of 1 layer." in go(wire, "busybox")
    assert wire.static_text() == ""


def test_an_image_of_no_layers(lab: Lab) -> None:
    lab.run("printf 'FROM scratch\\nLABEL a=b\\n' | docker build -q -t nothing -")
    wire = Wire(lab, "nothing")
    assert "0 of 0 layers" in go(wire)


def test_a_lab_that_reaches_the_world_outside_is_not_copied(lab: Lab) -> None:
    lab.connect_registry("localhost:5000", "http://127.0.0.1:9")
    wire = Wire(lab, "app:1")
    wire.act("go")
    assert wire.problem.endswith("so it can't be copied: use scratch=False.")
    assert "Wire" in wire.static_html()


def test_a_saved_notebook_shows_two_pushes(wire: Wire) -> None:
    text = wire.static_text()
    assert "3 of 3 layers." in text
    assert "0 of 3 layers (3 mounted)." in text
    assert "mounted from app" in wire.static_html()
    assert wire.state["transfers"] == []
