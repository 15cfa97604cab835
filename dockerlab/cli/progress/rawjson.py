"""BuildKit's progress as data, `--progress=rawjson`: a line of JSON for each piece of news (client.SolveStatus).

Vertexes begin and end, statuses tell of their own progress, logs hold what a step printed and warnings what the checks
found; bytes and texts are in base64, as Go's encoding/json writes them.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
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
from dockerlab.oci.digest import Digest
from dockerlab.world import format_instant

Row = dict[str, Any]
_STREAMS = {"stdout": 1, "stderr": 2}
_SIZE = re.compile(r"(.+:) (\d+)B$")


@dataclass
class RawProgress:
    """Turns a build's events into lines of JSON. `now` gives nanoseconds since 1970."""

    now: Callable[[], int]
    dockerfile: BuildContext = field(default_factory=BuildContext)
    _vertexes: dict[str, Row] = field(default_factory=dict)

    def begin(self) -> str:
        """Nothing stands before the first vertex."""
        return ""

    def epilogue(self) -> str:
        """Nothing stands at the end: all has been told."""
        return ""

    def feed(self, event: Event) -> str:
        """The line of one event, '' where it is no news."""
        writer = _WRITERS.get(type(event))
        news = writer(self, event) if writer else None
        return json.dumps(news, separators=(",", ":"), ensure_ascii=False) + "\n" if news else ""

    @property
    def _time(self) -> str:
        return format_instant(self.now())

    def started(self, event: StepStarted) -> Row:
        """A vertex begins."""
        row = {"digest": str(Digest.of(event.key.encode())), "name": event.title, "started": self._time}
        self._vertexes[event.key] = row
        return {"vertexes": [dict(row)]}

    def decided(self, event: CacheDecision) -> Row | None:
        """Told when the vertex ends."""
        if event.hit and event.key in self._vertexes:
            self._vertexes[event.key]["cached"] = True
        return None

    def finished(self, event: StepFinished) -> Row:
        """A vertex ends."""
        return {"vertexes": [self._ended(event.key)]}

    def failed(self, event: StepFailed) -> Row:
        """A vertex ends with an error."""
        return {"vertexes": [self._ended(event.key) | {"error": event.message}]}

    def _ended(self, key: str) -> Row:
        row = self._vertexes[key]
        order = ("digest", "name", "started", "completed", "cached")
        done = {**row, "completed": self._time}
        return {name: done[name] for name in order if name in done}

    def progress(self, event: BuildProgress) -> Row:
        """Something that a vertex has done: 'transferring context: 30B done' is a status with a size."""
        text = event.text.removesuffix(" done")
        sized = _SIZE.match(text)
        named = {"name": text.partition(" ")[0]} if sized else {}
        status = {
            "id": sized[1] if sized else text,
            "vertex": self._vertexes[event.key]["digest"],
            **named,
            "current": int(sized[2]) if sized else 0,
            "timestamp": self._time,
            "started": self._vertexes[event.key]["started"],
            "completed": self._time,
        }
        return {"statuses": [status]}

    def output(self, event: StepOutput) -> Row:
        """What a step printed."""
        log = {
            "vertex": self._vertexes[event.key]["digest"],
            "stream": _STREAMS[event.stream],
            "data": _encoded(event.text),
            "timestamp": self._time,
        }
        return {"logs": [log]}

    def warned(self, event: BuildWarning) -> Row:
        """A finding of the build checks, with the rule behind it and the Dockerfile."""
        rule = RULES.get(event.rule)
        line = event.line or 0
        context = self.dockerfile
        warning = {
            "vertex": self._vertexes[event.key]["digest"] if event.key in self._vertexes else "",
            "level": 1,
            "short": _encoded(f"{event.rule}: {event.text} (line {line})"),
            "detail": [_encoded(rule.description)] if rule else None,
            "url": rule.url if rule else "",
            "sourceInfo": {
                "filename": context.base_name,
                "data": _encoded(context.dockerfile),
                "language": "Dockerfile",
            },
            "range": [{"start": {"line": line}, "end": {"line": line}}],
        }
        return {"warnings": [warning]}


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogateescape")).decode()


_WRITERS: Mapping[type[Event], Callable[[RawProgress, Any], Row | None]] = {
    StepStarted: RawProgress.started,
    CacheDecision: RawProgress.decided,
    StepFinished: RawProgress.finished,
    StepFailed: RawProgress.failed,
    BuildProgress: RawProgress.progress,
    StepOutput: RawProgress.output,
    BuildWarning: RawProgress.warned,
}
