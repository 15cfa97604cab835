"""The legacy builder: its steps, its texts in history, its cache (scenarios build_*, g01, g02, g04, g05, g19)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from dockerlab.build.cache import BuildCache
from dockerlab.build.context import context_of_stdin
from dockerlab.build.core import build
from dockerlab.build.request import BuildRequest
from dockerlab.errors import BuildError, DockerfileError, DockerlabError, InvalidParameterError
from dockerlab.events import BuildProgress, BuildWarning, CacheDecision, Event, ImageBuilt, StepFinished, StepStarted
from dockerlab.fs.archive import entries_of, write_tar
from dockerlab.fs.tree import lookup
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image
from tests.build.workshop import Workshop, context, told, tree_of_texts


class Bench:
    """A workshop, its cache, and `docker build` of the legacy kind in it."""

    def __init__(self) -> None:
        self.workshop = Workshop()
        self.cache = BuildCache()
        self.events: list[Event] = []

    def build(self, dockerfile: str, files: dict[str, str] | None = None, **options: Any) -> Image:
        self.events = []
        sent = context({"Dockerfile": dockerfile, **(files or {})}, buildkit=False)
        request = BuildRequest(sent, buildkit=False, **options)
        image_id, _ = told(build(request, self.workshop, self.cache), self.events)
        found = self.workshop.find_image(image_id)
        assert found is not None
        return found

    def hits(self) -> list[bool]:
        return [event.hit for event in self.events if isinstance(event, CacheDecision)]

    def reasons(self) -> list[str]:
        return [event.reason for event in self.events if isinstance(event, CacheDecision) and not event.hit]

    def said(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, BuildProgress)]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def created_by(image: Image) -> list[str]:
    return [step.created_by for step in image.config.history[1:]]


def test_a_step_is_a_container_and_an_image(bench: Bench) -> None:
    """build_basics."""
    image = bench.build("FROM busybox:1.35\nENV A=hello\nRUN echo $A > /x\n", tags=(Reference.parse("demo:v1"),))
    kinds = [type(event).__name__ for event in bench.events]
    one = ["StepStarted", "CacheDecision", "BuildProgress", "BuildProgress", "StepFinished"]
    assert kinds == ["StepStarted", "StepFinished", *one, *one, "ImageBuilt"]
    running, removed = bench.said()[:2]
    assert running.startswith(" ---> Running in ")
    assert removed == f"Removing intermediate container {running[-12:]}"
    assert bench.events[-1] == ImageBuilt(image.id, ("demo:v1",))
    started = [event for event in bench.events if isinstance(event, StepStarted)]
    assert [(step.number, step.total, step.text) for step in started] == [
        (1, 3, "FROM busybox:1.35"),
        (2, 3, "ENV A=hello"),
        (3, 3, "RUN echo $A > /x"),
    ]
    assert bench.workshop.machines == {}


def test_what_history_says(bench: Bench) -> None:
    """SURPRISES 27; g05_metadata, build_instructions."""
    image = bench.build(
        'FROM busybox:1.35\nMAINTAINER Jane\nLABEL one=1 two="2 words"\nENV LEG one two\nARG V=1\nRUN true\n'
        'COPY f .\nADD f /g\nWORKDIR /w\nEXPOSE 80 53/udp 443/tcp\nVOLUME /v1 /v2\nVOLUME ["/v 4"]\nUSER 33:33\n'
        "STOPSIGNAL SIGINT\nHEALTHCHECK --interval=5s --timeout=2s --start-period=1s --retries=4 CMD cat /x || exit 1\n"
        'SHELL ["/bin/sh","-ec"]\nENTRYPOINT ["/bin/echo","ep"]\nCMD c1 c2\nONBUILD RUN echo hi\n',
        {"f": "data\n"},
    )
    sums = "file:662ccb3385420becb5514f28e79a6bbe83af61451ee56dd11678a81bfcfefa3f"
    nop, other = "/bin/sh -c #(nop) ", "/bin/sh -ec #(nop) "
    assert created_by(image) == [
        f"{nop} MAINTAINER Jane",
        f"{nop} LABEL one=1 two=2 words",
        f"{nop} ENV LEG=one two",
        f"{nop} ARG V=1",
        "|1 V=1 /bin/sh -c true",
        f"{nop}COPY {sums} in . ",
        f"{nop}ADD {sums} in /g ",
        f"{nop}WORKDIR /w",
        f"{nop} EXPOSE 443/tcp 53/udp 80",
        f"{nop} VOLUME [/v1 /v2]",
        f"{nop} VOLUME [/v 4]",
        f"{nop} USER 33:33",
        f"{nop} STOPSIGNAL SIGINT",
        f'{nop} HEALTHCHECK &{{["CMD-SHELL" "cat /x || exit 1"] "5s" "2s" "1s" \'\\x04\'}}',
        f"{other} SHELL [/bin/sh -ec]",
        f'{other} ENTRYPOINT ["/bin/echo" "ep"]',
        f'{other} CMD ["/bin/sh" "-ec" "c1 c2"]',
        f"{other} ONBUILD RUN echo hi",
    ]
    config = image.config.config
    assert config.exposed_ports == ("443/tcp", "53/udp", "80/tcp")
    assert config.env == ("PATH=/bin", "LEG=one two")
    assert config.volumes == ("/v 4", "/v1", "/v2")
    assert (config.user, config.working_dir, config.stop_signal) == ("33:33", "/w", "SIGINT")
    assert image.config.author == "Jane"
    assert image.config.container_config is not None
    assert image.config.container_config.hostname == image.config.container[:12]


def test_only_steps_that_change_files_make_layers(bench: Bench) -> None:
    """g23: WORKDIR on a directory that is there adds none, RUN true neither."""
    image = bench.build("FROM busybox:1.35\nENV A=1\nWORKDIR /etc\nWORKDIR /new\nRUN true\nRUN echo 1 > /1\n")
    assert [step.empty_layer for step in image.config.history[1:]] == [True, True, False, True, False]
    assert len(image.layers) == 3


def test_the_same_again_comes_from_the_cache(bench: Bench) -> None:
    dockerfile = "FROM busybox:1.35\nENV A=1\nCOPY f /f\nRUN true\n"
    first = bench.build(dockerfile, {"f": "1"})
    assert bench.hits() == [False, False, False]
    assert bench.build(dockerfile, {"f": "1"}).id == first.id
    assert bench.hits() == [True, True, True]
    assert bench.build(dockerfile, {"f": "1"}, no_cache=True).id != first.id
    assert bench.reasons() == ["--no-cache"] * 3


def test_a_miss_ends_the_cache_and_says_why(bench: Bench) -> None:
    """build_cache: the step of the changed file and all after it are built anew."""
    dockerfile = "FROM busybox:1.35\nCOPY d /d\nENV A=1\nRUN true\n"
    bench.build(dockerfile, {"d/app.py": "1", "d/b": "b"})
    bench.build(dockerfile, {"d/app.py": "2", "d/b": "b"})
    assert bench.reasons() == ["file d/app.py changed", "the step before it changed", "the step before it changed"]
    bench.build(dockerfile.replace("A=1", "A=2"), {"d/app.py": "2", "d/b": "b"})
    assert bench.reasons() == ["the instruction changed", "the step before it changed"]


def test_two_blanks_after_run_hit_inside_the_command_miss(bench: Bench) -> None:
    """SURPRISES 12."""
    bench.build("FROM busybox:1.35\nRUN echo a b\n")
    bench.build("FROM busybox:1.35\nRUN  echo a b\n")
    assert bench.hits() == [True]
    bench.build("FROM busybox:1.35\nRUN echo a  b\n")
    assert bench.hits() == [False]


def test_build_arguments(bench: Bench) -> None:
    """SURPRISES 11; g04: a changed argument misses at the first RUN after its ARG."""
    dockerfile = "FROM busybox:1.35\nARG V=1\nRUN true\n"
    bench.build(dockerfile)
    bench.build(dockerfile, build_args={"V": "1"})
    assert bench.hits() == [True, True]
    image = bench.build(dockerfile, build_args={"V": "2", "NOPE": "x"})
    assert bench.hits() == [True, False]
    assert bench.reasons() == ["build argument V changed"]
    assert created_by(image)[-1] == "|1 V=2 /bin/sh -c true"
    warnings = [event.text for event in bench.events if isinstance(event, BuildWarning)]
    assert warnings == ["[Warning] One or more build-args [NOPE] were not consumed"]


def test_an_argument_named_without_a_value_keeps_its_default(bench: Bench) -> None:
    """g04: `--build-arg A --build-arg B` with neither set."""
    dockerfile = "FROM busybox:1.35\nARG A\nARG B=bdef\nENV A=${A:-envA}\nRUN true\n"
    first = bench.build(dockerfile)
    assert bench.build(dockerfile, build_args={"A": None, "B": None}).id == first.id
    assert "A=envA" in first.config.config.env


def test_arguments_above_from(bench: Bench) -> None:
    """g02: they count in FROM, and in a stage only where an ARG names them again."""
    image = bench.build("ARG V=1.35\nFROM busybox:$V\nENV X=$V\nARG V\nENV Y=$V\n")
    assert image.config.config.env == ("PATH=/bin", "X=", "Y=1.35")
    assert next(event for event in bench.events if isinstance(event, StepFinished)).image_id is None


def test_env_uses_the_values_from_before_it(bench: Bench) -> None:
    """SURPRISES 13."""
    image = bench.build("FROM busybox:1.35\nENV FOO=bar\nENV FOO=new OLD=$FOO\n")
    assert image.config.config.env == ("PATH=/bin", "FOO=new", "OLD=bar")


def test_entrypoint_clears_an_inherited_cmd(bench: Bench) -> None:
    bench.build('FROM busybox:1.35\nENTRYPOINT ["a"]\nCMD ["b"]\n', tags=(Reference.parse("p1"),))
    assert bench.build('FROM p1\nENTRYPOINT ["c"]\n').config.config.cmd is None
    kept = bench.build('FROM busybox:1.35\nCMD ["x"]\nENTRYPOINT ["echo"]\n').config.config
    assert (kept.entrypoint, kept.cmd) == (("echo",), ("x",))
    emptied = bench.build("FROM p1\nENTRYPOINT []\nCMD []\n").config.config
    assert (emptied.entrypoint, emptied.cmd) == (None, ())


def test_healthcheck_none_keeps_the_parents_spans(bench: Bench) -> None:
    bench.build("FROM busybox:1.35\nHEALTHCHECK --interval=5s --retries=4 CMD x\n", tags=(Reference.parse("md"),))
    check = bench.build("FROM md\nHEALTHCHECK NONE\n").config.config.healthcheck
    assert check is not None
    assert (check.test, check.interval, check.retries) == (("NONE",), 5_000_000_000, 4)
    assert "Note: overriding previous HEALTHCHECK: [CMD-SHELL x]" in bench.said()


def test_stages(bench: Bench) -> None:
    """g04: by name in any case, by index, from an image; every stage is built."""
    image = bench.build(
        "FROM busybox:1.35 AS Build\nRUN echo 1 > /out\nFROM busybox:1.35 AS unused\nRUN echo 2 > /2\n"
        "FROM scratch\nCOPY --from=build /out /a\nCOPY --from=0 /out /b\nCOPY --from=busybox:1.35 /bin/sh /sh\n"
    )
    assert [name for name in ("a", "b", "sh") if lookup(image.tree, name)] == ["a", "b", "sh"]
    assert "echo 2 > /2" in bench.workshop.ran
    assert bench.build("FROM busybox:1.35 AS a\nENV A=1\nFROM a\nENV B=2\n", target="A").config.config.env[-1] == "A=1"


def test_triggers(bench: Bench) -> None:
    """build_onbuild."""
    bench.build("FROM busybox:1.35\nONBUILD COPY app /app\nONBUILD ENV B=1\n", tags=(Reference.parse("ob"),))
    image = bench.build("FROM ob\nRUN true\n", {"app": "x"})
    assert bench.said()[0] == "# Executing 2 build triggers"
    assert (image.config.config.on_build, image.config.config.env[-1]) == (None, "B=1")
    assert lookup(image.tree, "app") is not None


def test_labels_come_as_steps_at_the_end(bench: Bench) -> None:
    """g01: Step 5/6 : LABEL a=b."""
    image = bench.build("FROM busybox:1.35\n", labels={"c": "d", "a": "b"})
    texts = [event.text for event in bench.events if isinstance(event, StepStarted)]
    assert texts[1:] == ["LABEL a=b", "LABEL c=d"]
    assert dict(image.config.config.labels) == {"a": "b", "c": "d"}


def test_scratch(bench: Bench) -> None:
    image = bench.build("FROM scratch\nCOPY f /\n", {"f": "data\n"})
    assert next(event for event in bench.events if isinstance(event, StepFinished)).image_id == ""
    assert (len(image.config.history), list(image.tree.entries)) == (1, ["f"])
    with pytest.raises(BuildError, match="No image was generated"):
        bench.build("FROM scratch\n")


@pytest.mark.parametrize(
    ("body", "message", "code"),
    [
        ("RUN exit 42", "The command '/bin/sh -c exit 42' returned a non-zero code: 42", 42),
        ('RUN ["false"]', "The command 'false' returned a non-zero code: 1", 1),
        ("EXPOSE abc", "Invalid containerPort: abc", 1),
        ("EXPOSE 80/foo", "Invalid proto: foo", 1),
        ("STOPSIGNAL FOO", "Invalid signal: FOO", 1),
        (
            "COPY missing /x",
            "COPY failed: file not found in build context or excluded by .dockerignore: stat missing: "
            "file does not exist",
            1,
        ),
        ("COPY ../outside /x", "COPY failed: forbidden path outside the build context: ../outside ()", 1),
        ("ADD *.nope /x/", "ADD failed: no source files were specified", 1),
        (
            "COPY f g /x",
            "When using COPY with more than one source file, the destination must be a directory and end with a /",
            1,
        ),
        (
            "COPY --chown=nosuch f /x",
            "unable to convert uid/gid chown string to host mapping: can't find uid for user nosuch: "
            "no such user: nosuch",
            1,
        ),
        (
            "COPY --chmod=600 f /x",
            "the --chmod option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to "
            "build images with BuildKit enabled",
            1,
        ),
        ("COPY --from=3 /x /x", "invalid from flag value 3: index out of bounds", 1),
        ("COPY --from=0 /x /x", "invalid from flag value 0: refers to current build stage", 1),
        (
            "ADD http://127.0.0.1:1/x /x",
            'ADD failed: Get "http://127.0.0.1:1/x": dial tcp 127.0.0.1:1: connect: connection refused',
            1,
        ),
    ],
)
def test_steps_that_fail(bench: Bench, body: str, message: str, code: int) -> None:
    """g02_build_errors: no 'Error response from daemon' here; a program's own code is the build's."""
    with pytest.raises(BuildError) as caught:
        bench.build(f"FROM busybox:1.35\n{body}\n", {"f": "f", "g": "g"})
    assert (str(caught.value), caught.value.exit_code) == (message, code)


def test_a_failed_step_leaves_its_container_and_the_images_before_it(bench: Bench) -> None:
    """SURPRISES 10."""
    with pytest.raises(BuildError):
        bench.build("FROM busybox:1.35\nRUN echo a\nRUN false\n")
    assert len(bench.workshop.machines) == 1
    assert len(bench.workshop.images) == 2
    with pytest.raises(BuildError):
        bench.build("FROM busybox:1.35\nRUN exit 3\n", force_remove=True)
    assert len(bench.workshop.machines) == 1


def test_what_is_refused_before_the_first_step(bench: Bench) -> None:
    with pytest.raises(InvalidParameterError, match=r"the Dockerfile \(Dockerfile\) cannot be empty"):
        bench.build("")
    with pytest.raises(DockerfileError, match="unknown instruction: FOO"):
        bench.build("FROM busybox:1.35\nFOO x")
    with pytest.raises(InvalidParameterError, match="failed to reach build target nosuch in Dockerfile"):
        bench.build("FROM busybox:1.35 AS a\n", target="nosuch")
    assert bench.events == []


def test_a_stage_name_twice(bench: Bench) -> None:
    with pytest.raises(BuildError, match="a stage name already used"):
        bench.build("FROM busybox:1.35 AS a\nFROM busybox:1.35 AS a\n")


def test_a_base_that_cannot_be_had(bench: Bench) -> None:
    with pytest.raises(BuildError, match="no such host"):
        bench.build("FROM nosuch\n")


def test_containers_are_kept_on_demand(bench: Bench) -> None:
    """g01: --rm=false."""
    bench.build("FROM busybox:1.35\nRUN true\nCMD x\n", remove=False)
    assert len(bench.workshop.machines) == 2
    assert not any("Removing" in text for text in bench.said())


def test_squash(bench: Bench) -> None:
    """SURPRISES 15; g19: the old history stays, without layers, and a row for the merge comes on top."""
    dockerfile = "FROM busybox:1.35\nRUN echo x > /big\nRUN rm /big\nRUN rm /etc/group\nRUN echo k > /keep\n"
    plain = bench.build(dockerfile)
    image = bench.build(dockerfile, squash=True)
    assert (len(plain.layers), len(image.layers)) == (5, 2)
    assert [entry.path for entry in image.layers[-1].entries] == ["etc", "etc/.wh.group", "keep"]
    last = image.config.history[-1]
    assert (last.comment, last.created_by) == (f"merge {plain.id} to {bench.workshop.base.id}", "")
    assert all(step.empty_layer for step in image.config.history[1:-1])
    with pytest.raises(DockerlabError, match="cannot provide diff to non-parent"):
        bench.build("FROM busybox:1.35\nENV A=1\n", squash=True)


def test_a_context_through_a_pipe_misses_the_cache_of_the_folder(bench: Bench) -> None:
    """SURPRISES 26: tar(1) writes the owners' names into its archives, the client doesn't."""
    texts = {"Dockerfile": "FROM busybox:1.35\nCOPY f /f\n", "f": "f"}
    bench.build(texts["Dockerfile"], {"f": "f"})
    entries = [replace(entry, uname="root", gname="root") for entry in entries_of(tree_of_texts(texts))]
    request = BuildRequest(context_of_stdin(write_tar(entries).read()), buildkit=False)
    for expected in (False, True):
        bench.events = []
        told(build(request, bench.workshop, bench.cache), bench.events)
        assert bench.hits() == [expected]
