"""Goals about the order of an image's steps: met, not met, nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import Finding, StepBefore


def look(dockerfile: str) -> Finding:
    lab = Lab()
    lab.host.write("/lab/app.py", b"app\n")
    lab.host.write("/lab/Dockerfile", dockerfile.encode())
    lab.run("docker build -q -t app .")
    return StepBefore("app", "RUN", "COPY").look(lab)


@pytest.mark.parametrize(
    ("dockerfile", "met", "have"),
    [
        ("FROM busybox\nRUN true\nCOPY app.py /\n", True, "'RUN' first"),
        ("FROM busybox\nCOPY app.py /\nRUN true\n", False, "'COPY' first"),
        ("FROM busybox\nRUN true\n", False, "no step with 'COPY'"),
        ("FROM busybox\nNONSENSE\n", False, "no image app"),
    ],
)
def test_the_order_of_two_steps(dockerfile: str, met: bool, have: str) -> None:
    finding = look(dockerfile)
    assert (finding.met, finding.have) == (met, have)
    assert finding.wanted == "in the history of image app, 'RUN' comes before 'COPY'"
