"""Goals about what images and containers do, and about lines of the host's files: met, not met, nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import ContainerOf, ExitCode, LineBefore, Logged, Prints, StartedAgain

GREET = 'FROM busybox\nENTRYPOINT ["echo", "hello"]\nCMD ["world"]\n'


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def test_what_an_image_prints_is_tried_elsewhere(lab: Lab) -> None:
    assert Prints("greet", "", "hello world").look(lab).have == "no image greet"
    lab.run(f"docker build -q -t greet - <<'END'\n{GREET}END")
    typed = lab.commands
    assert Prints("greet", "", "hello world").look(lab).met
    assert Prints("greet", "you", "hello you").look(lab).met
    assert Prints("greet", "you", "hello world").look(lab).have == "it prints 'hello you'"
    assert (lab.commands, lab.run("docker ps -aq").stdout) == (typed, "")


def test_an_image_that_cannot_be_run_says_why(lab: Lab) -> None:
    assert (
        Prints("busybox", "no-such-program", "hi")
        .look(lab)
        .have.endswith("executable file not found in $PATH: unknown")
    )


def test_an_image_that_never_ends_is_looked_at_for_a_second(lab: Lab) -> None:
    lab.run("""printf 'FROM busybox\nCMD while :; do echo tick; sleep 10; done\n' | docker build -q -t clock -""")
    assert Prints("clock", "", "tick").look(lab).met


def test_how_a_container_ended(lab: Lab) -> None:
    assert ExitCode("box", 3).look(lab).have == "no container box"
    lab.run("docker run -d --name box busybox sh -c 'sleep 5; exit 3'")
    assert ExitCode("box", 3).look(lab).have == "it is running"
    lab.run("sleep 6")
    assert ExitCode("box", 3).look(lab).met
    assert ExitCode("box", 0).look(lab).have == "it ended with 3"


@pytest.mark.parametrize(
    "name", ["busybox", "busybox:latest", "docker.io/library/busybox", "$(docker images -q busybox)"]
)
def test_an_image_is_the_same_by_whatever_name_a_container_was_made_from_it(lab: Lab, name: str) -> None:
    assert ContainerOf("box", "busybox").look(lab).have == "no container box"
    lab.run(f"docker run --name box {name} true")
    assert ContainerOf("box", "busybox").look(lab).met
    assert not ContainerOf("box", "alpine").look(lab).met


def test_a_container_that_was_stopped_and_started_again(lab: Lab) -> None:
    assert StartedAgain("box").look(lab).have == "no container box"
    lab.run("docker run -d --name box busybox sleep 1000")
    assert StartedAgain("box").look(lab).have == "it has never been stopped"
    lab.run("docker stop box")
    assert StartedAgain("box").look(lab).have == "it is exited"
    lab.run("docker start box")
    assert StartedAgain("box").look(lab).met


def test_what_a_container_has_printed(lab: Lab) -> None:
    assert Logged("box", "hi").look(lab).have == "no container box"
    lab.run("docker run --name box busybox echo hi")
    assert Logged("box", "hi").look(lab).met
    assert Logged("box", "bye").look(lab).have == "'hi\\n'"


def test_one_line_of_a_file_stands_before_another(lab: Lab) -> None:
    before = LineBefore("/lab/Dockerfile", "COPY", "RUN")
    assert before.look(lab).have == "no file /lab/Dockerfile"
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN ls\n")
    assert before.look(lab).have == "no 'COPY' in it"
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN ls\nCOPY a /\n")
    assert before.look(lab).have == "'RUN' first"
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nCOPY a /\nRUN ls\n")
    assert before.look(lab).met
