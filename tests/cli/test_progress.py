"""The lines of long work, as Docker 28.2.2 prints them where there is no terminal."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import Any

import pytest

from dockerlab.cli.progress.legacy import legacy_text
from dockerlab.cli.progress.plain import PlainProgress, excerpt
from dockerlab.cli.progress.transfer import lines, relay
from dockerlab.errors import CommandError, NotFoundError
from dockerlab.events import (
    BuildProgress,
    BuildWarning,
    CacheDecision,
    Event,
    ImageBuilt,
    ImageLoaded,
    LayerProgress,
    Status,
    StepFailed,
    StepFinished,
    StepOutput,
    StepStarted,
)
from dockerlab.world import NANOSECOND

IMAGE = "sha256:639863f895c99fa25cbff2817202be79cae9a0700b5cf919e6e71bacd9ab32f6"


def conversation(events: Iterable[Event], error: Exception | None = None) -> Generator[Event, Any, str]:
    yield from events
    if error:
        raise error
    return "done"


def printed(events: Iterable[Event]) -> str:
    said: list[str] = []
    assert list(relay(conversation(events), lines(said.append))) == []
    return "".join(said)


def test_a_pull_shows_no_bars_without_a_terminal() -> None:
    """Transcript registry.json: docker pull localhost:5005/bb:v2."""
    events = [
        Status("v2: Pulling from bb"),
        LayerProgress("00d2c0a70316", "Pulling fs layer"),
        LayerProgress("00d2c0a70316", "Downloading", 100, 200),
        LayerProgress("00d2c0a70316", "Verifying Checksum"),
        LayerProgress("00d2c0a70316", "Download complete"),
        LayerProgress("00d2c0a70316", "Extracting", 200, 200),
        LayerProgress("00d2c0a70316", "Pull complete"),
        Status("Status: Downloaded newer image for localhost:5005/bb:v2"),
    ]
    assert printed(events).splitlines() == [
        "v2: Pulling from bb",
        "00d2c0a70316: Pulling fs layer",
        "00d2c0a70316: Verifying Checksum",
        "00d2c0a70316: Download complete",
        "00d2c0a70316: Pull complete",
        "Status: Downloaded newer image for localhost:5005/bb:v2",
    ]


def test_load_names_an_image_or_its_id() -> None:
    """Transcript g12_save_load.json."""
    assert printed([ImageLoaded(IMAGE, "x:1"), ImageLoaded(IMAGE)]) == f"Loaded image: x:1\nLoaded image ID: {IMAGE}\n"


@pytest.mark.parametrize(
    ("events", "kind"), [((), NotFoundError), ((Status("1: Pulling from me/list"),), CommandError)]
)
def test_an_error_in_the_stream_is_not_the_answer(events: tuple[Event, ...], kind: type[Exception]) -> None:
    """Once the daemon has sent a line, its error comes without a prefix (g17_registry.json, pull of me/list:1)."""
    with pytest.raises(kind):
        list(relay(conversation(events, NotFoundError("no matching manifest")), lambda text: None))


def test_the_legacy_builder_tells_each_step() -> None:
    """Transcript build_basics.json and build_errors.json (a step's standard error is red)."""
    events = [
        StepStarted(1, 2, "FROM busybox:1.35", key="1"),
        StepFinished("1", IMAGE),
        StepStarted(2, 2, "RUN nosuch", key="2"),
        BuildProgress(" ---> Running in 7646c125dcdd", "2"),
        StepOutput("2", "stdout", "out\n"),
        StepOutput("2", "stderr", "err\n"),
        CacheDecision("2", True, "same"),
        StepFinished("2", IMAGE),
        ImageBuilt(IMAGE, ("demo:v1",)),
    ]
    assert "".join(map(legacy_text, events)).split("\n") == [
        "Step 1/2 : FROM busybox:1.35",
        " ---> 639863f895c9",
        "Step 2/2 : RUN nosuch",
        " ---> Running in 7646c125dcdd",
        "out",
        "\x1b[91merr",
        "\x1b[0m ---> Using cache",
        " ---> 639863f895c9",
        "Successfully built 639863f895c9",
        "Successfully tagged demo:v1",
        "",
    ]


class Watch:
    """A clock that stands still until it is told to go on."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def test_buildkit_numbers_its_steps() -> None:
    """The shape of buildkit.json, as buildx prints it today: no digests, and a first line about the driver."""
    watch = Watch()
    progress = PlainProgress(watch)
    text = progress.begin()
    text += progress.feed(StepStarted(0, 0, "[internal] load build definition from Dockerfile", key="a"))
    text += progress.feed(BuildProgress("transferring dockerfile: 107B done", "a"))
    text += progress.feed(StepFinished("a"))
    text += progress.feed(StepStarted(2, 3, "RUN echo hi", key="b"))
    watch.now = 123_000_000
    text += progress.feed(StepOutput("b", "stdout", "hi\n"))
    text += progress.feed(StepFinished("b", seconds=0.4))
    text += progress.feed(StepStarted(3, 3, "COPY f /f", stage="final", key="c"))
    text += progress.feed(CacheDecision("c", True, "same"))
    text += progress.feed(StepFinished("c"))
    assert text.splitlines() == [
        '#0 building with "default" instance using docker driver',
        "",
        "#1 [internal] load build definition from Dockerfile",
        "#1 transferring dockerfile: 107B done",
        "#1 DONE 0.0s",
        "",
        "#2 [2/3] RUN echo hi",
        "#2 0.123 hi",
        "#2 DONE 0.4s",
        "",
        "#3 [final 3/3] COPY f /f",
        "#3 CACHED",
    ]
    assert progress.epilogue() == ""


def test_steps_that_take_turns_say_their_names_again() -> None:
    """moby/buildkit, progressui: '#1 ...' when another step gets a word in."""
    progress = PlainProgress(Watch())
    text = progress.feed(StepStarted(1, 2, "RUN a", key="a")) + progress.feed(StepStarted(2, 2, "RUN b", key="b"))
    text += progress.feed(StepFinished("b")) + progress.feed(StepFinished("a"))
    lines = ["", "#1 [1/2] RUN a", "#1 ...", "", "#2 [2/2] RUN b", "#2 DONE 0.0s", "", "#1 [1/2] RUN a", "#1 DONE 0.0s"]
    assert text.splitlines() == lines


def test_a_failed_step_is_told_again_at_the_end() -> None:
    watch = Watch()
    progress = PlainProgress(watch)
    progress.feed(StepStarted(2, 2, "RUN false", key="a"))
    watch.now = NANOSECOND
    progress.feed(StepOutput("a", "stderr", "no newline"))
    text = progress.feed(StepFailed("a", 'process "/bin/sh -c false" did not complete successfully: exit code: 1'))
    assert text == (
        '#1 1.000 no newline\n#1 ERROR: process "/bin/sh -c false" did not complete successfully: exit code: 1\n'
    )
    assert progress.epilogue() == "------\n > [2/2] RUN false:\n1.000 no newline\n------\n"


def test_warnings_stand_at_the_end() -> None:
    progress = PlainProgress(Watch())
    progress.feed(BuildWarning("JSON arguments recommended for CMD", "JSONArgsRecommended", 3))
    assert progress.epilogue() == (
        "\n \x1b[33m1 warning found (use docker --debug to expand):\n\x1b[0m"
        " - JSONArgsRecommended: JSON arguments recommended for CMD (line 3)\n"
    )


def test_the_excerpt_marks_the_line_to_blame() -> None:
    """moby/buildkit, solver/errdefs/source.go: about four lines around a single one."""
    assert excerpt("Dockerfile", "FROM busybox:1.35\nRUN false", 2).splitlines() == [
        "Dockerfile:2",
        "--------------------",
        "   1 |     FROM busybox:1.35",
        "   2 | >>> RUN false",
        "--------------------",
    ]
    assert excerpt("Dockerfile", "FROM a", 9) == ""
