"""The real Docker Engine reads what the lab writes, and the lab reads what the engine writes."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from dockerlab import Lab
from tests.interop.conftest import Real

NAMES = ("dockerlab-greeter:1", "dockerlab-real:1", "dockerlab-box:1")

ON_TOP = b"""FROM dockerlab-greeter:1
RUN echo more > /more && rm /file && mkdir -p /d/e && touch /d/e/f && chown 1000:50 /d
USER 1000:50
EXPOSE 80/tcp
HEALTHCHECK --interval=5s CMD true
VOLUME /data
CMD ["sh", "-c", "id; cat /more; ls /file /d/e; exit 3"]
"""


@pytest.fixture(autouse=True)
def _tidy(engine: Real) -> Iterator[None]:
    """Leave the engine as it was."""
    yield
    engine.run(["docker", "rmi", "-f", *NAMES])


def test_the_engine_loads_and_runs_what_the_lab_built(lab: Lab, greeter: str, engine: Real) -> None:
    engine.keep(lab, "greeter.tar")
    assert engine.check("docker load -i greeter.tar") == "Loaded image: dockerlab-greeter:1\n"
    assert engine.check("docker images -q --no-trunc dockerlab-greeter:1").strip() == greeter
    ours, theirs = lab.run("docker run --rm dockerlab-greeter:1"), engine.run("docker run --rm dockerlab-greeter:1")
    assert (ours.stdout, ours.stderr, ours.exit_code) == (theirs.stdout, theirs.stderr, theirs.exit_code)
    assert theirs.stdout.startswith("hello world\ndata\n")


@pytest.mark.parametrize("part", ["Config", "RootFS", "Created", "Architecture", "Os", "Author"])
def test_both_describe_it_alike(lab: Lab, greeter: str, engine: Real, part: str) -> None:
    engine.keep(lab, "greeter.tar")
    engine.check("docker load -i greeter.tar")
    words = ["docker", "image", "inspect", "-f", f"{{{{json .{part}}}}}", "dockerlab-greeter:1"]
    ours = json.loads(lab.run(" ".join(words[:4]) + f" '{words[4]}' {words[5]}").stdout)
    theirs = json.loads(engine.check(words))
    if part == "Config":
        # 20.10 knows fields that 28 has dropped, and names empty ones; what both name must be the same.
        ours, theirs = ({key: value for key, value in each.items() if value} for each in (ours, theirs))
        theirs = {key: value for key, value in theirs.items() if key != "Image"}
        ours.pop("Image", None)
    assert ours == theirs


def test_both_tell_the_same_history(lab: Lab, greeter: str, engine: Real) -> None:
    engine.keep(lab, "greeter.tar")
    engine.check("docker load -i greeter.tar")
    words = ["docker", "history", "--no-trunc", "--format", "{{.CreatedBy}}|{{.Size}}|{{.Comment}}"]
    ours = lab.run("docker history --no-trunc --format '{{.CreatedBy}}|{{.Size}}|{{.Comment}}' dockerlab-greeter:1")
    assert ours.stdout == engine.check([*words, "dockerlab-greeter:1"])


def test_the_lab_loads_runs_and_saves_what_the_engine_built(lab: Lab, greeter: str, engine: Real) -> None:
    engine.keep(lab, "greeter.tar")
    engine.check("docker load -i greeter.tar")
    (engine.folder / "context").mkdir()
    (engine.folder / "context" / "Dockerfile").write_bytes(ON_TOP)
    build = ["env", "DOCKER_BUILDKIT=0", "docker", "build", "-q", "-t", "dockerlab-real:1", "context"]
    image_id = engine.check(build).strip()
    engine.check("docker save -o real.tar dockerlab-real:1")

    fresh = Lab()
    engine.give(fresh, "real.tar")
    assert fresh.run("docker load -i real.tar").stdout == "Loaded image: dockerlab-real:1\n"
    assert fresh.run("docker images -q --no-trunc").stdout.strip() == image_id
    ours, theirs = fresh.run("docker run --rm dockerlab-real:1"), engine.run("docker run --rm dockerlab-real:1")
    assert (ours.stdout, ours.stderr, ours.exit_code) == (theirs.stdout, theirs.stderr, theirs.exit_code)

    fresh.run("docker save -o again.tar dockerlab-real:1")
    engine.keep(fresh, "again.tar")
    assert (engine.folder / "again.tar").read_bytes() == (engine.folder / "real.tar").read_bytes()
    engine.check("docker rmi -f dockerlab-real:1")
    engine.check("docker load -i again.tar")
    assert engine.check("docker images -q --no-trunc dockerlab-real:1").strip() == image_id


def test_an_exported_container_is_imported_by_the_other(lab: Lab, greeter: str, engine: Real) -> None:
    lab.run("docker create --name box dockerlab-greeter:1")
    lab.run("docker export -o tree.tar box")
    engine.keep(lab, "tree.tar")
    engine.check(["docker", "import", "tree.tar", "dockerlab-box:1"])
    assert engine.check("docker run --rm dockerlab-box:1 cat /file /src/Dockerfile") == "data\n" + (
        lab.host.read("/lab/Dockerfile").decode()
    )
