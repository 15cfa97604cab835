"""docker build with both builders (transcripts build_basics.json, build_errors.json, buildkit.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]
LEGACY = "DOCKER_BUILDKIT=0 docker build"


@pytest.fixture
def folder(lab: Any, host: Host) -> Host:
    lab.host.write("/lab/e/Dockerfile", b'FROM busybox:1.35\nRUN echo hi > /x && cat /x\nCMD ["cat","/x"]\n')
    return host


def test_the_legacy_builder_prints_steps(folder: Host) -> None:
    out, err, code = folder(f"{LEGACY} -t e e")
    lines = out.splitlines()
    assert lines[0].startswith("Sending build context to Docker daemon ")
    assert [line for line in lines if line.startswith(("Step", "hi"))] == [
        "Step 1/3 : FROM busybox:1.35", "Step 2/3 : RUN echo hi > /x && cat /x", "hi", 'Step 3/3 : CMD ["cat","/x"]',
    ]  # fmt: skip
    assert lines[-1] == "Successfully tagged e:latest"
    assert err.startswith("DEPRECATED: The legacy builder is deprecated")
    assert code == 0
    assert folder(f"{LEGACY} -t e e")[0].count(" ---> Using cache") == 2


def test_quiet_prints_the_id_alone(folder: Host) -> None:
    out, _, code = folder(f"{LEGACY} -q --iidfile iid e")
    assert (out[:7], len(out), code) == ("sha256:", 72, 0)
    assert folder("cat iid")[0] == out


def test_a_failing_step_gives_the_build_its_exit_code(folder: Host, lab: Any) -> None:
    lab.host.write("/lab/e/Dockerfile", b"FROM busybox:1.35\nRUN exit 42\n")
    _, err, code = folder(f"{LEGACY} e")
    assert err.endswith("\n\nThe command '/bin/sh -c exit 42' returned a non-zero code: 42\n")
    assert code == 42


@pytest.mark.parametrize(
    ("arguments", "text", "code"),
    [
        ("nosuchdir", 'unable to prepare context: path "nosuchdir" not found\n', 1),
        ("e/Dockerfile", "unable to prepare context: context must be a directory: /lab/e/Dockerfile\n", 1),
        ("-f nope e", "unable to prepare context: unable to evaluate symlinks in Dockerfile path: "
         "lstat /lab/nope: no such file or directory\n", 1),
        ("", "docker: 'docker build' requires 1 argument\n\nUsage:  docker build [OPTIONS] PATH | URL | -\n\n"
         "Run 'docker build --help' for more information\n", 1),
    ],
)  # fmt: skip
def test_what_the_client_refuses(folder: Host, arguments: str, text: str, code: int) -> None:
    out, err, exit_code = folder(f"{LEGACY} {arguments}")
    assert (out, err.partition("\n\n")[2], exit_code) == ("", text, code)


def test_buildkit_prints_plain_progress_on_standard_error(folder: Host) -> None:
    out, err, code = folder("docker build -t e e")
    lines = err.splitlines()
    assert (out, code) == ("", 0)
    assert lines[:3] == [
        '#0 building with "default" instance using docker driver', "",
        "#1 [internal] load build definition from Dockerfile",
    ]  # fmt: skip
    assert any(line.endswith("[2/2] RUN echo hi > /x && cat /x") for line in lines)
    named = (" naming to docker.io/library/e:latest done", " naming to docker.io/library/e done")
    assert any(line.endswith(named) for line in lines)
    assert "CACHED" in folder("docker build -t e e")[1]


def test_buildkit_shows_where_it_failed(folder: Host, lab: Any) -> None:
    lab.host.write("/lab/e/Dockerfile", b"FROM busybox:1.35\nRUN false\n")
    _, err, code = folder("docker build e")
    assert code == 1
    assert err.partition("------\n")[2].splitlines() == [
        " > [2/2] RUN false:",
        "------",
        "Dockerfile:2",
        "--------------------",
        "   1 |     FROM busybox:1.35",
        "   2 | >>> RUN false",
        "   3 |     ",
        "--------------------",
        'ERROR: failed to build: failed to solve: process "/bin/sh -c false" did not complete successfully: exit code: '
        "1",
    ]


def test_a_dockerfile_from_standard_input(host: Host) -> None:
    assert host("printf 'FROM busybox:1.35\\nRUN echo 1 > /1\\n' | docker build -q -t one -")[2] == 0
    assert host("docker run --rm one cat /1")[0] == "1\n"


def test_buildkit_misses_the_dockerfile_itself(host: Host) -> None:
    """The real BuildKit asks for it by the last part of its name, and says so when it has got nothing."""
    host("mkdir /lab/empty")
    out, err, code = host("docker build -f sub/Nope /lab/empty")
    assert (out, code) == ("", 1)
    assert "#1 [internal] load build definition from Nope\n#1 transferring dockerfile: 2B done\n" in err
    reason = "failed to read dockerfile: open Nope: no such file or directory"
    assert err.endswith(f"ERROR: failed to build: failed to solve: {reason}\n")
    legacy = host("DOCKER_BUILDKIT=0 docker build /lab/empty")[1]
    place = "lstat /lab/empty/Dockerfile: no such file or directory"
    assert legacy.endswith(f"unable to prepare context: unable to evaluate symlinks in Dockerfile path: {place}\n")
