"""Goals about what a registry keeps: a digest or its tags written down, the right ones, others, or none."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import DigestNoted, TagsNoted

NAME = "localhost:5000/box:1"
GOAL = DigestNoted("/lab/digest", NAME)


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -q -d -p 5000:5000 --name registry registry:2")
    lab.run(f"docker pull -q busybox && docker tag busybox {NAME} && docker push {NAME} > /lab/pushed")
    return lab


@pytest.mark.parametrize(
    "way",
    [
        "grep -o 'sha256:[0-9a-f]*' /lab/pushed > /lab/digest",
        "docker images --digests localhost:5000/box > /lab/digest",
        "curl -s localhost:5000/v2/box/manifests/1 | sha256sum > /lab/digest",
    ],
)
def test_any_way_to_the_digest_will_do(lab: Lab, way: str) -> None:
    lab.run(way)
    assert GOAL.look(lab).met


def test_the_image_id_is_another_number(lab: Lab) -> None:
    lab.run("docker images -q --no-trunc busybox > /lab/digest")
    finding = GOAL.look(lab)
    assert not finding.met
    assert finding.have.startswith("'sha256:3368f36dc326")


def test_without_a_file_or_a_registry_nothing_is_noted(lab: Lab) -> None:
    assert GOAL.look(lab).have == "no file /lab/digest"
    lab.run("echo sha256:1 > /lab/digest; docker rm -f registry")
    assert GOAL.look(lab).have == f"no {NAME} in the registry"


@pytest.mark.parametrize(
    ("line", "met"),
    [
        ("curl -s localhost:5000/v2/box/tags/list > /lab/tags", True),
        ("curl -s localhost:5000/v2/box/tags/list | jq . > /lab/tags", True),
        ("curl -s localhost:5000/v2/_catalog > /lab/tags", False),
        ("echo 1 > /lab/tags", False),
        ("echo one > /lab/tags", False),
        ("", False),
    ],
)
def test_tags_are_noted_as_the_registry_answers(lab: Lab, line: str, met: bool) -> None:
    lab.run(line)
    assert TagsNoted("/lab/tags", "localhost:5000/box").look(lab).met is met


def test_tags_of_a_registry_that_is_gone_are_not_noted(lab: Lab) -> None:
    lab.run("curl -s localhost:5000/v2/box/tags/list > /lab/tags; docker rm -f registry")
    assert not TagsNoted("/lab/tags", "localhost:5000/box").look(lab).met
