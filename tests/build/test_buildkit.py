"""BuildKit: vertices, cache, history and errors (buildkit.json, and the engine's BuildKit asked for the rest)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dockerlab.build.backend import Base
from dockerlab.build.cache import BuildCache
from dockerlab.build.core import build
from dockerlab.build.request import BuildRequest
from dockerlab.build.sources import Download
from dockerlab.errors import InvalidParameterError, SolveError
from dockerlab.events import BuildProgress, CacheDecision, Event, StepFailed, StepOutput, StepStarted
from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import File, lookup
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image
from tests.build.workshop import Workshop, context, told


class Bench:
    """A workshop, its cache, and `docker build` in it."""

    def __init__(self) -> None:
        self.workshop = Workshop()
        self.cache = BuildCache()
        self.events: list[Event] = []

    def build(self, dockerfile: str, files: dict[str, str] | None = None, **options: Any) -> Image:
        self.events = []
        request = BuildRequest(context({"Dockerfile": dockerfile, **(files or {})}), **options)
        image_id, _ = told(build(request, self.workshop, self.cache), self.events)
        found = self.workshop.find_image(image_id)
        assert found is not None
        return found

    def fail(self, dockerfile: str, files: dict[str, str] | None = None, **options: Any) -> SolveError:
        with pytest.raises(SolveError) as caught:
            self.build(dockerfile, files, **options)
        return caught.value

    def titles(self) -> list[str]:
        return [event.title for event in self.events if isinstance(event, StepStarted)]

    def decisions(self) -> list[str]:
        return ["CACHED" if event.hit else event.reason for event in self.events if isinstance(event, CacheDecision)]

    def printed(self) -> str:
        return "".join(event.text for event in self.events if isinstance(event, StepOutput))


@pytest.fixture
def bench() -> Bench:
    return Bench()


def text_of(image: Image, path: str) -> str:
    node = lookup(image.tree, path)
    assert isinstance(node, File)
    return node.content.read().decode()


def test_vertices(bench: Bench) -> None:
    """Settings are no steps; names have their variables put in."""
    image = bench.build(
        'FROM busybox:1.35\nARG X=1\nRUN echo X=$X\nENV A=1\nCOPY f /f\nCMD ["cat","/x"]\n',
        {"f": "f\n"},
        tags=(Reference.parse("e"),),
    )
    assert bench.titles() == [
        "[internal] load build definition from Dockerfile",
        "[internal] load metadata for docker.io/library/busybox:1.35",
        "[internal] load .dockerignore",
        "[1/3] FROM docker.io/library/busybox:1.35",
        "[2/3] RUN echo X=1",
        "[internal] load build context",
        "[3/3] COPY f /f",
        "exporting to image",
    ]
    told_by = [event.text for event in bench.events if isinstance(event, BuildProgress)]
    assert "naming to docker.io/library/e:latest done" in told_by
    assert f"writing image {image.id} done" in told_by
    assert bench.printed() == "X=1\n"


def test_history(bench: Bench) -> None:
    """Times: a setting takes that of the layer before it, or of the first new layer."""
    image = bench.build(
        "FROM busybox:1.35\nMAINTAINER me\nARG V=1\nENV LEG 1 2\nLABEL a=1 b=2\nRUN echo hi > /x\nWORKDIR /w\n"
        'EXPOSE 80 53/udp\nCOPY f d/ /d/\nVOLUME /v\nUSER 1\nSTOPSIGNAL 9\nHEALTHCHECK NONE\nSHELL ["a"]\nCMD hi\n',
        {"f": "f", "d/g": "g"},
        build_args={"V": "2"},
    )
    steps = image.config.history[1:]
    assert [step.created_by for step in steps] == [
        "MAINTAINER me",
        "ARG V=2",
        "ENV LEG=1 2",
        "LABEL a=1 b=2",
        "RUN |1 V=2 /bin/sh -c echo hi > /x # buildkit",
        "WORKDIR /w",
        "EXPOSE map[53/udp:{} 80/tcp:{}]",
        "COPY f d/ /d/ # buildkit",
        "VOLUME [/v]",
        "USER 1",
        "STOPSIGNAL 9",
        'HEALTHCHECK &{["NONE"] "0s" "0s" "0s" "0s" \'\\x00\'}',
        "SHELL [a]",
        'CMD ["a" "hi"]',
    ]
    assert {step.comment for step in steps} == {"buildkit.dockerfile.v0"}
    assert [step.created_by.split()[0] for step in steps if not step.empty_layer] == ["RUN", "WORKDIR", "COPY"]
    assert steps[0].created == steps[4].created
    assert steps[-1].created == steps[7].created == image.config.created
    assert (image.config.container_config, image.config.author) == (None, "me")


def test_the_configuration_is_written_as_buildkit_does(bench: Bench) -> None:
    image = bench.build("FROM scratch\nCOPY f /f\n", {"f": "f"})
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    assert f'"config":{{"Env":["{path}"],"WorkingDir":"/","OnBuild":null}}' in image.config.raw.decode()


def test_every_step_that_could_change_files_is_a_layer_even_an_empty_one(bench: Bench) -> None:
    """Asked of the engine: WORKDIR on an existing directory and RUN true make empty layers, WORKDIR / makes none."""
    image = bench.build("FROM busybox:1.35\nWORKDIR /etc\nWORKDIR /\nRUN true\n")
    assert [len(layer.entries) for layer in image.layers[1:]] == [0, 0]
    assert [step.empty_layer for step in image.config.history[1:]] == [False, True, False]


def test_a_cached_build_is_the_same_image(bench: Bench) -> None:
    dockerfile = "FROM busybox:1.35\nRUN echo 1 > /1\nCOPY f /f\nWORKDIR /w\n"
    first = bench.build(dockerfile, {"f": "1"})
    bench.workshop.clock.advance(days=1)
    assert bench.build(dockerfile, {"f": "1"}).id == first.id
    assert bench.decisions() == ["CACHED"] * 3
    assert bench.workshop.ran == ["echo 1 > /1"]
    assert bench.build(dockerfile, {"f": "1"}, no_cache=True).id != first.id
    assert bench.decisions() == ["CACHED", *["--no-cache"] * 3], "the base is there already"


def test_why_a_step_is_built_anew(bench: Bench) -> None:
    dockerfile = "FROM busybox:1.35\nARG V=1\nCOPY s /src\nRUN true\n"
    files = {"s/app.py": "1", "s/b": "b"}
    bench.build(dockerfile, files)
    bench.build(dockerfile, {**files, "s/app.py": "2"})
    assert bench.decisions() == ["CACHED", "file s/app.py changed", "the step before it changed"]
    bench.build(dockerfile, {"s/app.py": "2", "s/c": "c"})
    assert bench.decisions()[1] == "file s/c is new, file s/b is gone"
    bench.build(dockerfile, files, build_args={"V": "2"})
    assert bench.decisions() == ["CACHED", "build argument V changed"]
    bench.build(dockerfile.replace("RUN true", "RUN echo"), files)
    assert bench.decisions() == ["CACHED", "the instruction changed"]
    bench.workshop.add_base("busybox:1.35", {"bin/sh": "another"})
    bench.build(dockerfile, files)
    assert bench.decisions()[0] == "the base image busybox:1.35 is another one than before"


def test_a_new_time_hits_a_new_mode_misses(bench: Bench) -> None:
    dockerfile = "FROM busybox:1.35\nCOPY f /f\n"
    bench.build(dockerfile, {"f": "f"})
    for change, expected in (({"mtime": 5}, ["CACHED"]), ({"mode": 0o600}, ["CACHED", "file f changed"])):
        sent = context({"Dockerfile": dockerfile, "f": "f"})
        node = sent.tree.entries["f"]
        changed = replace(node, meta=replace(node.meta, **change))  # type: ignore[type-var, arg-type]
        tree = replace(sent.tree, entries={**sent.tree.entries, "f": changed})
        bench.events = []
        told(build(BuildRequest(replace(sent, tree=tree)), bench.workshop, bench.cache), bench.events)
        assert bench.decisions() == expected


def test_only_the_needed_stages(bench: Bench) -> None:
    image = bench.build(
        "FROM busybox:1.35 AS a\nRUN echo a > /a\nFROM busybox:1.35 AS unused\nRUN false\nFROM scratch\n"
        "COPY --from=a /a /a\nCOPY --from=busybox:1.35 /bin/sh /sh\n"
    )
    steps = [title for title in bench.titles() if "/" in title and "internal" not in title]
    assert steps == [
        "[a 1/2] FROM docker.io/library/busybox:1.35",
        "[a 2/2] RUN echo a > /a",
        "[stage-2 1/2] COPY --from=a /a /a",
        "[stage-2 2/2] COPY --from=busybox:1.35 /bin/sh /sh",
    ]
    assert (text_of(image, "a"), text_of(image, "sh")) == ("a\n", "sh")


@pytest.mark.parametrize("target", ["a", "A", "0"])
def test_a_target(bench: Bench, target: str) -> None:
    image = bench.build("FROM busybox:1.35 AS a\nENV A=1\nFROM busybox:1.35\nENV B=1\n", target=target)
    assert image.config.config.env[-1] == "A=1"


def test_a_stage_on_a_stage_takes_over_all_but_its_triggers(bench: Bench) -> None:
    image = bench.build("FROM busybox:1.35 AS a\nENV A=1\nONBUILD RUN echo hi\nFROM a\nRUN echo $A\n")
    assert bench.titles()[4:6] == ["[stage-1 1/2] RUN echo hi", "[stage-1 2/2] RUN echo 1"]
    assert image.config.config.on_build is None


def test_triggers_of_the_base_count_as_steps(bench: Bench) -> None:
    bench.build("FROM busybox:1.35\nONBUILD COPY app /app\n", tags=(Reference.parse("ob"),))
    image = bench.build("FROM ob\nRUN true\n", {"app": "x"})
    assert bench.titles()[-3:-1] == ["[2/3] COPY app /app", "[3/3] RUN true"]
    assert text_of(image, "app") == "x"


def test_arguments(bench: Bench) -> None:
    """ARG after ENV of one name wins under BuildKit (asked of the engine); platforms and proxies are predefined."""
    bench.build("FROM busybox:1.35\nENV A=1\nARG A=2\nRUN echo $A\n")
    assert bench.printed() == "2\n"
    dockerfile = "FROM busybox:1.35\nARG TARGETPLATFORM\nRUN echo $TARGETPLATFORM $HTTP_PROXY\n"
    bench.build(dockerfile, build_args={"HTTP_PROXY": "p"})
    assert bench.printed() == "linux/amd64 p\n"
    image = bench.build("ARG V=1.35\nFROM busybox:$V\nARG V\nENV X=$V\n")
    assert image.config.config.env[-1] == "X=1.35"


def test_heredocs(bench: Bench) -> None:
    image = bench.build(
        "FROM busybox:1.35\nENV N=me\nRUN <<EOF\necho 1 > /1\necho 2 > /2\nEOF\nCOPY <<a.txt <<-'b.txt' /d/\nI am $N\n"
        "a.txt\n\tI am $N\nb.txt\n"
    )
    assert (text_of(image, "1"), text_of(image, "2")) == ("1\n", "2\n")
    assert (text_of(image, "d/a.txt"), text_of(image, "d/b.txt")) == ("I am me\n", "I am $N\n")
    assert image.config.history[2].created_by == "RUN /bin/sh -c echo 1 > /1\necho 2 > /2\n # buildkit"


def test_chown_and_chmod(bench: Bench) -> None:
    """A user that the image doesn't know counts as root (asked of the engine)."""
    image = bench.build(
        "FROM busybox:1.35\nCOPY --chown=www-data --chmod=600 f /f\nCOPY --chown=nosuch f /g\n", {"f": "f"}
    )
    first, second = lookup(image.tree, "f"), lookup(image.tree, "g")
    assert first is not None
    assert second is not None
    assert (first.meta.uid, first.meta.mode, second.meta.uid) == (33, 0o600, 0)


def test_workdir_belongs_to_user(bench: Bench) -> None:
    image = bench.build("FROM busybox:1.35\nUSER www-data\nWORKDIR /made/it\n")
    node = lookup(image.tree, "made/it")
    assert node is not None
    assert node.meta.uid == 33


def test_add_from_the_network(bench: Bench) -> None:
    url = "http://files.test/x.txt"
    bench.workshop.downloads[url] = Download(Bytes(b"hello"), "x.txt")
    image = bench.build(f"FROM busybox:1.35\nADD {url} /d/\n")
    node = lookup(image.tree, "d/x.txt")
    assert node is not None
    assert node.meta.mode == 0o600
    assert url in bench.titles()


def test_excluded_sources(bench: Bench) -> None:
    image = bench.build("FROM scratch\nCOPY --exclude=*.md . /d/\n", {"a.md": "a", "b": "b"})
    assert sorted(lookup(image.tree, "d").entries) == ["Dockerfile", "b"]  # type: ignore[union-attr]


def test_labels_of_the_command_line(bench: Bench) -> None:
    image = bench.build("FROM busybox:1.35\nLABEL a=1\n", labels={"z": "1"})
    assert dict(image.config.config.labels) == {"a": "1", "z": "1"}


def test_a_base_from_a_registry_gets_no_name_here(bench: Bench) -> None:
    base = bench.workshop.base
    bench.workshop.registry["far:latest"] = Base.of(base, "sha256:" + "1" * 64)
    bench.build("FROM far\nRUN true\n")
    assert f"[1/2] FROM docker.io/library/far:latest@sha256:{'1' * 64}" in bench.titles()
    assert bench.workshop.find_image("far") is None


def test_a_failing_step(bench: Bench) -> None:
    error = bench.fail("FROM busybox:1.35\nRUN \\\n  exit 7\nRUN never\n")
    assert str(error) == 'process "/bin/sh -c exit 7" did not complete successfully: exit code: 7'
    assert (error.dockerfile_name, error.first_line, error.last_line, error.exit_code) == ("Dockerfile", 2, 3, 1)
    assert isinstance(bench.events[-1], StepFailed)
    assert len(bench.workshop.images) == 1


@pytest.mark.parametrize(
    ("dockerfile", "message", "line"),
    [
        ("", "the Dockerfile cannot be empty", 0),
        ("# c\n", "file with no instructions", 1),
        ("RUN echo\n", "no build stage in current context", 1),
        ("FROM busybox:1.35\nFOO bar\n", "unknown instruction: FOO (did you mean FROM?)", 2),
        ("FROM busybox:1.35\nENV A\n", "ENV must have two arguments", 2),
        ("FROM busybox:1.35\nEXPOSE abc\n", "Invalid containerPort: abc", 2),
        ("FROM busybox:1.35\nCOPY --from=3 /x /x\n", "invalid stage index 3", 2),
        ("FROM busybox:1.35\nCOPY --from=0 /x /x\n", "circular dependency detected on stage: stage-0", 2),
        ("FROM busybox:1.35\nENV X=${bad\n", "failed to process \"${bad\": syntax error: missing '}'", 2),
        ("FROM BusyBox\n", 'failed to parse stage name "BusyBox": invalid reference format', 1),
        ("FROM busybox:1.35\nCOPY missing /x\n", '"/missing": not found', 2),
        ("FROM busybox:1.35\nCOPY ../x /x\n", '"/x": not found', 2),
        ("FROM busybox:1.35\nCOPY a b /x\n", "When using COPY with more than one source file", 2),
        ("FROM nosuch\n", "nosuch: failed to resolve source metadata for docker.io/library/nosuch:latest: ", 1),
        ("FROM busybox:1.35\nRUN --mount=type=secret,id=t,required true\n", 'secret "t": not found', 2),
    ],
)
def test_errors(bench: Bench, dockerfile: str, message: str, line: int) -> None:
    error = bench.fail(dockerfile)
    assert message in str(error)
    assert error.first_line == line


def test_further_errors(bench: Bench) -> None:
    assert str(bench.fail("FROM busybox:1.35 AS one\n", target="ones")) == (
        'target stage "ones" could not be found (did you mean one?)'
    )
    with pytest.raises(InvalidParameterError, match="squash"):
        bench.build("FROM busybox:1.35\n", squash=True)
    with pytest.raises(SolveError, match="failed to read dockerfile: open Dockerfile: no such file or directory"):
        told(build(BuildRequest(context({"f": "f"})), bench.workshop))


def test_wildcards_that_fit_nothing_copy_nothing(bench: Bench) -> None:
    """Asked of the engine."""
    assert bench.build("FROM busybox:1.35\nCOPY *.nope /x/\n").layers[-1].entries == ()
