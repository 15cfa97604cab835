"""Goals about what a registry holds: met, not met, and nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import Goal, NotPushed, PushedLabel, StoreUnnamed, Swept

BOX = "localhost:5000/box:1"
SETTING = "-e REGISTRY_STORAGE_DELETE_ENABLED=true"
COLLECT = "docker exec registry registry garbage-collect /etc/docker/registry/config.yml"


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    for line in (
        f"docker run -d -p 5000:5000 --name registry {SETTING} registry:2",
        f"printf 'FROM busybox\\nLABEL edition=one\\n' | docker build -q -t {BOX} -",
        f"docker push {BOX} && docker run --name other {BOX} true",
    ):
        assert lab.run(line).exit_code == 0
    return lab


@pytest.mark.parametrize(
    ("goal", "met", "have"),
    [
        (NotPushed("localhost:5000/box:2"), True, "no such image there"),
        (NotPushed("localhost:5009/box:1"), False, "the registry can't be reached"),
        (PushedLabel(BOX, "edition", "one"), True, "an image with edition 'one'"),
        (PushedLabel(BOX, "edition", "two"), False, "an image with edition 'one'"),
        (PushedLabel(BOX, "author", "me"), False, "an image with author None"),
        (PushedLabel("busybox", "edition", "one"), False, "an image with edition None"),
        (PushedLabel("localhost:5009/box:1", "a", "b"), False, "the registry has no such image, or can't be reached"),
        (Swept("registry"), True, "0 such blobs"),
        (Swept("other"), False, "no volume at /var/lib/registry"),
        (Swept("nobody"), False, "no container nobody"),
        (StoreUnnamed("other"), False, "no volume there"),
        (StoreUnnamed("nobody"), False, "no container nobody"),
    ],
    ids=str,
)
def test_a_goal_says_whether_it_is_met_and_what_there_is(lab: Lab, goal: Goal, met: bool, have: str) -> None:
    finding = goal.look(lab)
    assert (finding.met, finding.have) == (met, have)
    assert finding.wanted


def test_an_image_that_is_there_is_not_gone(lab: Lab) -> None:
    finding = NotPushed(BOX).look(lab)
    assert not finding.met
    assert finding.have.startswith("it leads to ")


def test_a_store_in_a_volume_without_a_name_is_told_from_one_with_a_name(lab: Lab) -> None:
    assert StoreUnnamed("registry").look(lab).met
    lab.run("docker run -d -p 5001:5000 --name named -v images:/var/lib/registry registry:2")
    assert StoreUnnamed("named").look(lab).have == "images"


def test_a_registry_whose_files_are_broken_is_told_and_not_raised() -> None:
    lab = Lab()
    lab.run("docker run -d -p 5000:5000 --name registry -v images:/var/lib/registry registry:2")
    lab.run(f"docker pull -q busybox; docker tag busybox {BOX}; docker push {BOX}")
    blobs = "/var/lib/registry/docker/registry/v2/blobs"
    lab.run(f"docker exec registry sh -c 'for each in $(find {blobs} -name data); do echo no >$each; done'")
    assert Swept("registry").look(lab).have.startswith("failed to garbage collect: failed to mark")
    assert not PushedLabel(BOX, "edition", "one").look(lab).met


def test_what_was_deleted_lies_about_until_garbage_is_collected() -> None:
    lab = Lab()
    lab.run(f"docker run -d -p 5000:5000 --name registry {SETTING} -v images:/var/lib/registry registry:2")
    lab.run(f"docker pull -q busybox; docker tag busybox {BOX}; docker push {BOX}")
    digest = lab.run("docker image inspect -f '{{join .RepoDigests \"\\n\"}}' busybox | grep localhost").stdout.strip()
    lab.run(f"curl -s -X DELETE localhost:5000/v2/box/manifests/{digest.partition('@')[2]}")
    assert NotPushed(BOX).look(lab).met
    assert Swept("registry").look(lab).have == "3 such blobs"
    lab.run(COLLECT)
    assert Swept("registry").look(lab).met
