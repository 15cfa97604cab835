"""What `docker build` prints with DOCKER_BUILDKIT=0: a step, its container, its image (moby, builder/dockerfile)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dockerlab.cli.progress.transfer import transfer_line
from dockerlab.cli.units import short_id
from dockerlab.events import (
    BuildProgress,
    BuildWarning,
    CacheDecision,
    Event,
    ImageBuilt,
    StepFinished,
    StepOutput,
    StepStarted,
)

_RED, _PLAIN = "\x1b[91m", "\x1b[0m"


def legacy_text(event: Event) -> str:
    """The text of one event of a build, '' where it has none."""
    writer = _WRITERS.get(type(event))
    if writer is not None:
        return writer(event)
    line = transfer_line(event)
    return "" if line is None else line + "\n"


def _started(event: StepStarted) -> str:
    return f"Step {event.number}/{event.total} : {event.text}\n"


def _cached(event: CacheDecision) -> str:
    return " ---> Using cache\n" if event.hit else ""


def _output(event: StepOutput) -> str:
    """A step's standard error comes on standard output, in red."""
    return event.text if event.stream == "stdout" else f"{_RED}{event.text}{_PLAIN}"


def _finished(event: StepFinished) -> str:
    return "" if event.image_id is None else f" ---> {short_id(event.image_id)}\n"


def _progress(event: BuildProgress) -> str:
    return f"{event.text}\n"


def _warning(event: BuildWarning) -> str:
    """What is wrong with the Dockerfile is red; what is wrong with the command line is not."""
    return f"{_RED}{event.text}\n{_PLAIN}" if event.rule else f"{event.text}\n"


def _built(event: ImageBuilt) -> str:
    tagged = "".join(f"Successfully tagged {name}\n" for name in event.names)
    return f"Successfully built {short_id(event.image_id)}\n{tagged}"


_WRITERS: dict[type[Event], Callable[[Any], str]] = {
    StepStarted: _started,
    CacheDecision: _cached,
    StepOutput: _output,
    StepFinished: _finished,
    BuildProgress: _progress,
    BuildWarning: _warning,
    ImageBuilt: _built,
}
