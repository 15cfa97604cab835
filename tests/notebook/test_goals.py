"""Goals look at the lab's state: each is met, not met, and says what there is when nothing is there at all."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import (
    ContainerFile,
    Goal,
    ImageMode,
    LayersAtMost,
    MountedAt,
    NoTrace,
    Published,
    Pushed,
    PushedSame,
    SizeBelow,
    Trace,
)

LEAKY = "printf 'FROM busybox\\nRUN echo s3cret > /key\\nRUN rm /key\\n' > Dockerfile; docker build -q -t leaky ."
TOLD = "printf 'FROM busybox\\nENV KEY=s3cret\\n' > Dockerfile; docker build -q -t told ."


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    for line in (
        LEAKY,
        TOLD,
        "docker run -d -p 5000:5000 -v images:/var/lib/registry --name registry registry:2",
        "docker tag busybox localhost:5000/box:1; docker tag busybox localhost:5000/box:2",
        "docker tag alpine localhost:5000/box:3",
        "docker pull -q alpine; docker tag alpine localhost:5000/box:3; docker push -q -a localhost:5000/box",
        "docker pull -q busybox; docker tag busybox localhost:5000/box:1; docker tag busybox localhost:5000/box:2",
        "docker push -q -a localhost:5000/box",
        "docker run --name nameless -v /data busybox true",
        "docker run --name writer busybox sh -c 'echo hello > /note'",
    ):
        lab.run(line)
    return lab


@pytest.mark.parametrize(
    ("goal", "met", "have"),
    [
        (ContainerFile("writer", "/note", "hello"), True, "'hello\\n'"),
        (ContainerFile("writer", "/note", "bye"), False, "'hello\\n'"),
        (ContainerFile("writer", "/other", "hello"), False, "no file /other"),
        (ContainerFile("nobody", "/note", "hello"), False, "no container nobody"),
        (ImageMode("busybox", "/bin/busybox", 0o755), True, "mode 755"),
        (ImageMode("busybox", "/bin/busybox", 0o600), False, "mode 755"),
        (ImageMode("busybox", "/nothing", 0o600), False, "no image busybox with such a file"),
        (ImageMode("nothing", "/bin/busybox", 0o755), False, "no image nothing with such a file"),
        (LayersAtMost("leaky", "busybox", 2), True, "it adds 2"),
        (LayersAtMost("leaky", "busybox", 1), False, "it adds 2"),
        (LayersAtMost("nothing", "nobody", 1), False, "no image nothing"),
        (LayersAtMost("leaky", "nothing", 1), False, "no image nothing"),
        (SizeBelow("leaky", "busybox", 8), True, "it adds 7B"),
        (SizeBelow("leaky", "busybox", 7), False, "it adds 7B"),
        (SizeBelow("leaky", "nothing", 7), False, "no image nothing"),
        (NoTrace("busybox", "s3cret"), True, "no trace of it"),
        (NoTrace("leaky", "s3cret"), False, "it is in layer 2: /key, the settings or the history"),
        (NoTrace("nothing", "s3cret"), False, "no image nothing"),
        (Trace("leaky", "s3cret", "layer"), True, "layer 2: /key, the settings or the history"),
        (Trace("told", "s3cret", "layer"), False, "the settings or the history"),
        (Trace("nothing", "s3cret", "layer"), False, "no image nothing"),
        (Published("registry", "5000/tcp", "5000"), True, "5000/tcp at 5000"),
        (Published("registry", "5000/tcp", "80"), False, "5000/tcp at 5000"),
        (Published("writer", "80/tcp", "80"), False, "no published port"),
        (Published("nobody", "80/tcp", "80"), False, "no container nobody"),
        (MountedAt("registry", "/var/lib/registry"), True, "named volume at /var/lib/registry"),
        (MountedAt("registry", "/data"), False, "named volume at /var/lib/registry"),
        (MountedAt("writer", "/data"), False, "no mounts"),
        (MountedAt("nameless", "/data"), False, "anonymous volume at /data"),
        (MountedAt("nobody", "/data"), False, "no container nobody"),
        (Pushed("localhost:5000/box:1"), True, None),
        (Pushed("localhost:5000/box:9"), False, "the registry has no such image, or can't be reached"),
        (Pushed("localhost:1/box:1"), False, "the registry has no such image, or can't be reached"),
        (PushedSame("localhost:5000/box:1", "localhost:5000/box:2"), True, None),
        (PushedSame("localhost:5000/box:1", "localhost:5000/box:3"), False, None),
        (PushedSame("localhost:5000/box:1", "localhost:5000/box:9"), False, "no localhost:5000/box:9 in the registry"),
    ],
    ids=str,
)
def test_a_goal_says_whether_it_is_met_and_what_there_is(lab: Lab, goal: Goal, met: bool, have: str | None) -> None:
    finding = goal.look(lab)
    assert finding.met is met
    assert have is None or finding.have == have
    assert finding.wanted
