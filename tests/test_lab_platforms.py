"""Images of another platform from the lab's Docker Hub: what is warned of, and what can't be run."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab

WARNING = (
    "WARNING: The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64) "
    "and no specific platform was requested\n"
)
CROSS = """FROM --platform=$BUILDPLATFORM ubuntu AS made
RUN uname -m > /made
FROM alpine
COPY --from=made /made /
"""


@pytest.fixture
def lab() -> Lab:
    """A host with an image for ARM."""
    lab = Lab()
    lab.run("docker pull -q --platform linux/arm64 alpine")
    return lab


def test_its_programs_are_not_executed(lab: Lab) -> None:
    answer = lab.run("docker run --rm alpine uname -m")
    assert (answer.stdout, answer.exit_code) == ("", 1)
    assert answer.stderr == f"{WARNING}exec /bin/uname: exec format error\n"


def test_who_asks_for_the_platform_is_not_warned(lab: Lab) -> None:
    answer = lab.run("docker run --rm --platform linux/arm64 alpine uname -m")
    assert (answer.stderr, answer.exit_code) == ("exec /bin/uname: exec format error\n", 1)


def test_the_hosts_own_platform_brings_it_back(lab: Lab) -> None:
    assert lab.run("docker run -q --rm --platform linux/amd64 alpine uname -m").stdout == "x86_64\n"
    assert lab.run("docker run --rm alpine uname -m").stderr == ""


@pytest.mark.parametrize("builder", ["DOCKER_BUILDKIT=1", "DOCKER_BUILDKIT=0"])
def test_a_run_step_on_it_fails(lab: Lab, builder: str) -> None:
    lab.host.write("/lab/Dockerfile", b"FROM alpine\nRUN uname -m\n")
    answer = lab.run(f"{builder} docker build --platform linux/arm64 . 2>&1")
    assert "exec /bin/sh: exec format error" in answer.stdout
    assert answer.exit_code == 1


def test_a_stage_on_the_builders_platform_makes_what_an_image_for_another_holds(lab: Lab) -> None:
    lab.host.write("/lab/Dockerfile", CROSS.encode())
    assert lab.run("docker build -q -t made --platform linux/arm64 .").exit_code == 0
    assert lab.run("docker inspect -f '{{.Architecture}}' made").stdout == "arm64\n"
    lab.run("docker create -q --name made --platform linux/arm64 made")
    assert lab.run("docker cp -q made:/made - | tar -xO").stdout == "x86_64\n"
