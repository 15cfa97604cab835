"""Listening ahead: BuildKit's progress names a stage's image only once it is known whether its files are needed."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.errors import DockerlabError
from dockerlab.events import CacheDecision, Conversation, Event, Wait


@dataclass
class Ahead:
    """A stage that was begun before its turn to speak: what it has said so far, and what went wrong."""

    steps: Conversation[None]
    said: list[Event] = field(default_factory=list)
    error: DockerlabError | None = None

    def first_decision(self) -> bool | None:
        """Whether the first step is cached; None where that can't be known before something is waited for."""
        try:
            for event in self.steps:
                self.said.append(event)
                if isinstance(event, CacheDecision):
                    return event.hit
                if isinstance(event, Wait):
                    break
        except DockerlabError as error:
            self.error = error
        return None

    def replay(self) -> Conversation[None]:
        """Say it all, and go on."""
        yield from self.said
        if self.error is not None:
            raise self.error
        yield from self.steps
