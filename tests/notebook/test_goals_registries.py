"""Goals about what a registry keeps: a digest that was written down, on paper or not, the right one or not."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import DigestNoted

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
