"""--cache-from (asked of engine 20.10.24, transcript cache_from)."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab

DOCKERFILE = b"FROM busybox\nENV A=1\nRUN echo 1 > /one\nRUN echo 2 > /two\n"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.host.write("/lab/app/Dockerfile", DOCKERFILE)
    lab.run("export DOCKER_BUILDKIT=0; docker build -t app app")
    return lab


def hits(lab: Lab, options: str) -> int:
    return lab.run(f"docker build {options} app").stdout.count("Using cache")


def test_only_named_images_and_what_is_below_them_count(lab: Lab) -> None:
    assert hits(lab, "--cache-from app") == 3
    assert hits(lab, "--cache-from busybox") == 0
    assert hits(lab, "--cache-from nosuch") == 0
    assert hits(lab, "--cache-from nosuch,app:latest") == 3


def test_steps_of_a_loaded_image_are_taken_from_its_history(lab: Lab) -> None:
    before = lab.run("docker images -q app").stdout
    lab.run("docker save app -o app.tar; docker rmi app; docker image prune -f; docker load -i app.tar")
    assert hits(lab, "") == 0
    lab.run("docker image prune -f")
    assert hits(lab, "--cache-from app -t again") == 3
    assert lab.run("docker images -q again").stdout == before
