"""A build as stages and steps, from what its Dockerfile says and the events that it yielded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dockerlab.build.dialect import BUILDKIT
from dockerlab.build.graph import Graph, origins
from dockerlab.build.instructions import Instruction
from dockerlab.build.request import BuildRequest
from dockerlab.build.stages import Stage, plan
from dockerlab.errors import DockerlabError
from dockerlab.events import CacheDecision, Event, ImageBuilt, StepFailed, StepFinished, StepStarted
from dockerlab.notebook.diagrams.views import BuildView, Fate, StageView, StepView

STEPS = frozenset("FROM RUN COPY ADD WORKDIR".split())
CACHED = StepView("", Fate.CACHED)


def build_view(request: BuildRequest, events: Iterable[Event]) -> BuildView:
    """The build; what is wrong with the Dockerfile raises `DockerfileError`."""
    graph = Graph(plan(request.context.dockerfile, BUILDKIT))
    target = graph.target(request.target)
    told = list(events)
    fates = Fates(told)
    stages = tuple(stage_view(graph, stage, target, fates) for stage in graph.plan.stages)
    return BuildView(stages, target.index, image_name(told, request))


def image_name(events: Iterable[Event], request: BuildRequest) -> str:
    """What came of it: its first name, else its short ID."""
    for event in events:
        if isinstance(event, ImageBuilt):
            return event.names[0] if event.names else event.image_id.removeprefix("sha256:")[:12]
    return ""


class Fates:
    """What became of the steps, taken in the order in which a stage has them."""

    def __init__(self, events: Iterable[Event]) -> None:
        self._steps: dict[str, list[str]] = {}
        self._views: dict[str, StepView] = {}
        for event in events:
            if isinstance(event, StepStarted) and event.total:
                self._steps.setdefault(event.stage, []).append(event.key)
                self._views[event.key] = StepView(event.text, Fate.SKIPPED)
            elif isinstance(event, CacheDecision | StepFailed | StepFinished) and event.key in self._views:
                self._views[event.key] = decided(self._views[event.key], event)

    def take(self, stage: str, keyword: str) -> StepView | None:
        """The next step of a stage, where it has that keyword."""
        keys = self._steps.get(stage, [])
        if keys and self._views[keys[0]].text.partition(" ")[0] == keyword:
            return self._views[keys.pop(0)]
        return None


def decided(step: StepView, event: CacheDecision | StepFailed | StepFinished) -> StepView:
    """A step after one more event."""
    if isinstance(event, CacheDecision):
        return replace(step, fate=Fate.CACHED if event.hit else Fate.BUILT, reason=event.reason)
    if isinstance(event, StepFailed):
        return replace(step, fate=Fate.FAILED, reason=event.message)
    # What is done without a decision (FROM) was there.
    return replace(step, fate=Fate.CACHED) if step.fate is Fate.SKIPPED else step


def stage_view(graph: Graph, stage: Stage, target: Stage, fates: Fates) -> StageView:
    """A stage with its steps."""
    parent = graph.earlier(stage.head.base, stage)
    needed = stage in graph.needed(target)
    steps = tuple(steps_of(graph, stage, fates, needed, from_image=parent is None))
    return StageView(stage.name, steps, parent.index if parent else None, needed)


def steps_of(graph: Graph, stage: Stage, fates: Fates, needed: bool, *, from_image: bool) -> Iterator[StepView]:
    """The steps of a stage; FROM is one where it begins with an image."""
    label = graph.label(stage)
    if from_image:
        yield step_view(f"FROM {stage.head.base}", fates.take(label, "FROM"), needed, ())
    for instruction in stage.instructions:
        keyword = instruction.name
        told = fates.take(label, keyword) if keyword in STEPS else None
        yield step_view(instruction.text, told, needed, sources(graph, stage, instruction))


def step_view(text: str, told: StepView | None, needed: bool, used: tuple[int, ...]) -> StepView:
    """A step as it stands in the Dockerfile, with its fate."""
    if told is not None:
        return StepView(text, told.fate, told.reason, used)
    keyword = text.partition(" ")[0].upper()
    fate = Fate.SETTING if keyword not in STEPS and needed else Fate.SKIPPED
    # scratch is no image, so nothing tells of it; WORKDIR / changes nothing.
    nothing = needed and text.partition(" ")[2] in ("scratch", "/")
    return StepView(text, Fate.SETTING if nothing else fate, "", used)


def sources(graph: Graph, stage: Stage, instruction: Instruction) -> tuple[int, ...]:
    """The stages that an instruction takes files from."""
    found = []
    for name in origins(instruction):
        try:
            used = graph.source(name, stage)
        except DockerlabError:
            continue  # The build itself tells of a stage that can't be.
        found += [used.index] if used is not None else []
    return tuple(found)
