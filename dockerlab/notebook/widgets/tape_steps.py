"""The lines of a Dockerfile and what became of each in a build, taken from the events that the build yields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from dockerlab.build.dockerfile import parse
from dockerlab.errors import DockerlabError
from dockerlab.events import CacheDecision, Event, StepFailed, StepFinished, StepStarted
from dockerlab.notebook.widgets.layer_files import size_of
from dockerlab.store.images import Image

LAYERED = ("RUN", "COPY", "ADD", "WORKDIR")
STEPS = ("FROM", *LAYERED)


@dataclass(frozen=True, slots=True)
class Step:
    """A line's fate: 'hit', 'miss', 'failed', 'after' (not reached), 'setting' (no files), '' before a build."""

    fate: str
    reason: str
    seconds: float = 0.0
    saved: float = 0.0
    size: int | None = None

    def facts(self) -> dict[str, Any]:
        """For the front end."""
        return {
            "fate": self.fate,
            "reason": self.reason,
            "seconds": f"{self.seconds:.1f} s" if self.fate == "miss" else "",
            "saved": f"{self.saved:.1f} s saved" if self.fate == "hit" and self.saved >= 0.05 else "",
            "size": "" if self.size is None else size_of(self.size),
        }


def blocks(text: str) -> list[str]:
    """A Dockerfile's instructions, each with its continued lines, its heredocs and the comments above it."""
    lines = text.splitlines()
    try:
        ends = [node.last_line for node in parse(text).nodes]
    except DockerlabError:
        ends = list(range(1, len(lines) + 1))
    starts = [0, *ends]
    found = ["\n".join(lines[start:end]) for start, end in zip(starts, ends, strict=False)]
    return [block.strip("\n") for block in found if block.strip()]


def words_of(block: str) -> list[str]:
    """The words of an instruction, without the comments above it."""
    kept = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
    return " ".join(kept).split()


def keyword_of(block: str) -> str:
    """'RUN'; '' where there is no instruction."""
    return next(iter(words_of(block)), "").upper()


def base_names(lines: Iterable[str]) -> list[str]:
    """The images that the build stands on."""
    words = [words_of(line) for line in lines if keyword_of(line) == "FROM"]
    return [next((word for word in each[1:] if not word.startswith("--")), "") for each in words]


def argument_names(lines: Iterable[str]) -> dict[str, str]:
    """The build arguments with their defaults."""
    pairs = [word.partition("=") for line in lines if keyword_of(line) == "ARG" for word in words_of(line)[1:]]
    return {name: value for name, _, value in pairs}


def fates(
    lines: Mapping[int, str], events: Iterable[Event], costs: dict[str, float], *, failed: bool
) -> dict[int, Step]:
    """What became of each line; `costs` remembers what steps took when they were built, so that hits can tell."""
    told = _Told(events)
    names = _stage_names(lines.values())
    steps: dict[int, Step] = {}
    stage = -1
    for at, text in lines.items():
        keyword = keyword_of(text)
        stage += keyword == "FROM"
        labels = names[stage] if stage >= 0 else ()
        started = told.take(labels, keyword, single=len(names) == 1) if keyword in STEPS else None
        if keyword not in STEPS:
            steps[at] = Step("setting", "")
        elif started is None:
            steps[at] = Step("after", "not reached" if failed else "not needed")
        else:
            steps[at] = _priced(told.step(started), started, costs, base=keyword == "FROM")
    return steps


def _stage_names(lines: Iterable[str]) -> list[tuple[str, ...]]:
    """What events may call each stage."""
    heads = [words_of(line) for line in lines if keyword_of(line) == "FROM"]
    named = [words[-1].lower() if len(words) > 3 and words[-2].upper() == "AS" else "" for words in heads]
    return [(name or f"stage-{number}",) for number, name in enumerate(named)]


def _priced(step: Step, started: StepStarted, costs: dict[str, float], *, base: bool) -> Step:
    if base and step.fate != "failed":
        return replace(step, fate="hit", reason=step.reason or "the base image")
    if step.fate == "miss":
        costs[started.text] = step.seconds
    return replace(step, saved=costs.get(started.text, 0.0)) if step.fate == "hit" else step


class _Told:
    """A build's events, by step."""

    def __init__(self, events: Iterable[Event]) -> None:
        self.waiting: list[StepStarted] = []
        self.steps: dict[str, Step] = {}
        for event in events:
            if isinstance(event, StepStarted) and event.total:
                self.waiting.append(event)
            elif isinstance(event, CacheDecision):
                self.steps[event.key] = Step("hit" if event.hit else "miss", event.reason)
            elif isinstance(event, StepFinished) and event.key in self.steps:
                self.steps[event.key] = replace(self.steps[event.key], seconds=event.seconds)
            elif isinstance(event, StepFailed):
                self.steps[event.key] = Step("failed", event.message)

    def take(self, labels: Iterable[str], keyword: str, *, single: bool) -> StepStarted | None:
        """The next step of a stage, where it has that keyword."""
        for started in self.waiting:
            if single or started.stage.lower() in labels:
                if started.text.partition(" ")[0].upper() != keyword:
                    return None
                self.waiting.remove(started)
                return started
        return None

    def step(self, started: StepStarted) -> Step:
        """Its fate; a step of which nothing else is told went wrong."""
        return self.steps.get(started.key, Step("hit" if started.text.startswith("FROM") else "failed", ""))


def sized(lines: Mapping[int, str], steps: Mapping[int, Step], image: Image) -> dict[int, Step]:
    """The steps of the last stage with their layers' sizes: layers and steps agree from the top down."""
    heads = [at for at, text in lines.items() if keyword_of(text) == "FROM"]
    order = list(lines)
    last = order[order.index(heads[-1]) :] if heads else []
    made = [at for at in last if keyword_of(lines[at]) in LAYERED and steps[at].fate in ("hit", "miss")]
    sizes = [layer.size for layer in image.layers]
    above = dict(zip(reversed(made), reversed(sizes), strict=False))
    if heads:
        above[heads[-1]] = sum(sizes[: len(sizes) - len(made)])
    return {at: replace(step, size=above.get(at)) for at, step in steps.items()}
