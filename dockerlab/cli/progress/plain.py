"""BuildKit's plain progress, as buildx prints it where there is no terminal (moby/buildkit, util/progress/progressui).

Every step is a vertex with a number of its own; a blank line and a headline come before its lines, and `DONE`,
`CACHED` or `ERROR` after them. When another vertex gets a word in between, the headline is said again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from dockerlab.build.context import BuildContext
from dockerlab.build.rules import RULES
from dockerlab.events import (
    BuildProgress,
    BuildWarning,
    CacheDecision,
    Event,
    StepFailed,
    StepFinished,
    StepOutput,
    StepStarted,
)
from dockerlab.world import NANOSECOND

_YELLOW, _PLAIN = "\x1b[33m", "\x1b[0m"
_RULE = "------\n"
_KEPT_LINES = 20
"""Lines of a failed step's output that are said again at the end."""


@dataclass
class _Vertex:
    """One step of the build graph, and what it has printed."""

    number: int
    name: str
    started: int
    cached: bool = False
    partial: str = ""
    log: list[str] = field(default_factory=list)


@dataclass
class PlainProgress:
    """Turns a build's events into text. `now` gives nanoseconds; `clock` times come from it."""

    now: Callable[[], int]
    driver: str = 'building with "default" instance using docker driver'
    expanded: bool = False
    """Whether warnings are told in full at the end."""
    dockerfile: BuildContext = field(default_factory=BuildContext)
    """Where the lines stand that warnings are about."""
    warnings: list[BuildWarning] = field(default_factory=list)
    failed: _Vertex | None = None
    _vertices: dict[str, _Vertex] = field(default_factory=dict)
    _current: str | None = None

    def begin(self) -> str:
        """The line that stands before everything."""
        return f"#0 {self.driver}\n"

    def feed(self, event: Event) -> str:
        """The text of one event, '' where it has none."""
        writer = _WRITERS.get(type(event))
        return "".join(writer(self, event)) if writer else ""

    def _enter(self, key: str, name: str = "") -> Iterator[str]:
        """Make a vertex the current one: its headline, unless it stands there already."""
        vertex = self._vertices.get(key)
        if vertex is None:
            vertex = _Vertex(len(self._vertices) + 1, name, self.now())
            self._vertices[key] = vertex
        if self._current != key:
            if self._current is not None:
                yield f"#{self._vertices[self._current].number} ...\n"
            self._current = key
            yield f"\n#{vertex.number} {vertex.name}\n"

    def _leave(self, key: str, word: str) -> Iterator[str]:
        vertex = self._vertices[key]
        yield from self._flush(vertex)
        yield f"#{vertex.number} {word}\n"
        self._current = None

    def started(self, event: StepStarted) -> Iterator[str]:
        """A vertex begins: '[2/3] RUN …', '[build 1/2] FROM …', or a name without a number."""
        yield from self._enter(event.key, event.title)

    def progress(self, event: BuildProgress) -> Iterator[str]:
        """A line of a vertex's own progress; the first one of an unknown vertex is its name."""
        known = event.key in self._vertices
        yield from self._enter(event.key, event.text)
        if known:
            yield f"#{self._vertices[event.key].number} {event.text}\n"

    def decision(self, event: CacheDecision) -> Iterator[str]:
        """Remembered until the vertex ends."""
        if event.key in self._vertices:
            self._vertices[event.key].cached = event.hit
        yield ""

    def output(self, event: StepOutput) -> Iterator[str]:
        """What a step printed, each line behind the seconds since the step began."""
        yield from self._enter(event.key)
        vertex = self._vertices[event.key]
        *lines, vertex.partial = (vertex.partial + event.text).split("\n")
        yield from (self._logged(vertex, line) for line in lines)

    def _logged(self, vertex: _Vertex, line: str) -> str:
        text = f"{(self.now() - vertex.started) / NANOSECOND:.3f} {line}"
        vertex.log.append(text)
        return f"#{vertex.number} {text}\n"

    def _flush(self, vertex: _Vertex) -> Iterator[str]:
        if vertex.partial:
            yield self._logged(vertex, vertex.partial)
            vertex.partial = ""

    def finished(self, event: StepFinished) -> Iterator[str]:
        """DONE with the seconds that it took, or CACHED."""
        yield from self._enter(event.key)
        cached = self._vertices[event.key].cached
        yield from self._leave(event.key, "CACHED" if cached else f"DONE {event.seconds:.1f}s")

    def failure(self, event: StepFailed) -> Iterator[str]:
        """ERROR and why."""
        yield from self._enter(event.key, event.key)
        self.failed = self._vertices[event.key]
        yield from self._leave(event.key, f"ERROR: {event.message}")

    def warned(self, event: BuildWarning) -> Iterator[str]:
        """A line of the vertex that found it, and kept for the end."""
        self.warnings.append(event)
        if event.key in self._vertices:
            yield from self._enter(event.key)
            yield f"#{self._vertices[event.key].number} WARN: {_short(event)}\n"

    def epilogue(self) -> str:
        """What stands at the end: the failed step with its last output, the warnings."""
        failed = ""
        if self.failed is not None:
            lines = "".join(f"{line}\n" for line in self.failed.log[-_KEPT_LINES:])
            failed = f"{_RULE} > {self.failed.name}:\n{lines}{_RULE}"
        return failed + self._warned()

    def _warned(self) -> str:
        if not self.warnings:
            return ""
        count = "1 warning" if len(self.warnings) == 1 else f"{len(self.warnings)} warnings"
        hint = "" if self.expanded else " (use docker --debug to expand)"
        tell = self._expanded if self.expanded else lambda warning: f" - {_short(warning)}\n"
        return f"\n {_YELLOW}{count} found{hint}:\n{_PLAIN}" + "".join(map(tell, self.warnings))

    def _expanded(self, warning: BuildWarning) -> str:
        """A warning with what its rule is about, where that is explained, and its line."""
        rule = RULES.get(warning.rule)
        about = f"{rule.description}\nMore info: {rule.url}\n" if rule else ""
        lines = excerpt(self.dockerfile.base_name, self.dockerfile.dockerfile, warning.line or 0)
        return f" - {_short(warning)}\n{about}{lines}\n"


def _short(warning: BuildWarning) -> str:
    rule = f"{warning.rule}: " if warning.rule else ""
    return f"{rule}{warning.text}" + (f" (line {warning.line})" if warning.line else "")


_WRITERS: dict[type[Event], Callable[[PlainProgress, Any], Iterator[str]]] = {
    StepStarted: PlainProgress.started,
    BuildProgress: PlainProgress.progress,
    CacheDecision: PlainProgress.decision,
    StepOutput: PlainProgress.output,
    StepFinished: PlainProgress.finished,
    StepFailed: PlainProgress.failure,
    BuildWarning: PlainProgress.warned,
}


def excerpt(filename: str, text: str, first: int, last: int | None = None) -> str:
    """The lines of a Dockerfile around those to blame, marked with '>>>' (moby/buildkit, solver/errdefs/source.go)."""
    lines = text.split("\n")
    last = min(last or first, len(lines))
    if not 1 <= first <= len(lines):
        return ""
    start, end, padded = first, last, 0
    wanted = 4 if first == last else 2
    while padded < wanted:
        if start > 1:
            start, padded = start - 1, padded + 1
        if end != len(lines):
            end, padded = end + 1, padded + 1
        padded += 1
    rule = "--------------------\n"
    marked = "".join(
        f" {number:3d} | {'>>>' if first <= number <= last else '   '} {lines[number - 1]}\n"
        for number in range(start, end + 1)
    )
    return f"{filename}:{first}\n{rule}{marked}{rule}"
