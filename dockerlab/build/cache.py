"""The build cache: what was built before, and in plain words why a step can or can't be taken from it.

BuildKit keeps the result of every step under a key of all that went into it. The legacy builder has no store of its
own: it looks among the images that were built on the same parent. `Memory` serves both with the reasons.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from dockerlab.fs.filesystem import FileSystem
from dockerlab.fs.layer import Layer


@dataclass(frozen=True)
class Facts:
    """What a step's result depends on: what it builds on, its instruction, copied files by path and sum.

    `arguments` are all other facts, by what they are called ('build argument V', 'variable PATH'); `origin` names the
    base image where the step is the first one on it.
    """

    parent: str
    text: str
    arguments: tuple[tuple[str, str], ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    origin: str = ""

    @property
    def key(self) -> str:
        """One digest over all that decides; how the instruction is written does not."""
        parts = [self.parent, self.text.split(None, 1)[0].upper(), *map(repr, self.arguments), *map(repr, self.files)]
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()


@dataclass
class Memory:
    """All steps that were built, so that a miss can be told from a miss."""

    _by_parent: dict[str, dict[str, Facts]] = field(default_factory=dict)
    _by_text: dict[str, Facts] = field(default_factory=dict)

    def note(self, facts: Facts) -> None:
        """Remember a step; the last one of a kind explains the next miss."""
        below = self._by_parent.setdefault(facts.parent, {})
        below.pop(facts.text, None)
        below[facts.text] = facts
        self._by_text[facts.text] = facts

    def explain(self, facts: Facts) -> str:
        """Why a step is not in the cache."""
        siblings = self._by_parent.get(facts.parent, {})
        before = siblings.get(facts.text)
        if before is not None:
            return _difference(before, facts)
        if facts.text in self._by_text:
            if facts.origin:
                return f"the base image {facts.origin} is another one than before"
            return "the step before it changed"
        keyword = facts.text.split(None, 1)[0]
        if any(text.split(None, 1)[0] == keyword for text in siblings):
            return "the instruction changed"
        return "it was not built before"


def _difference(before: Facts, now: Facts) -> str:
    pairs = ((before.arguments, now.arguments), (_named(before.files), _named(now.files)))
    for old, new in pairs:
        told = _changes(dict(old), dict(new))
        if told:
            return told
    return "its result is no longer there"


def _named(files: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(f"file {path}", text) for path, text in files]


def _changes(old: Mapping[str, str], new: Mapping[str, str]) -> str:
    changed = [f"{name} changed" for name in new if name in old and old[name] != new[name]]
    added = [f"{name} is new" for name in new if name not in old]
    gone = [f"{name} is gone" for name in old if name not in new]
    # A file that changed also changes the sums of nothing else, so the first few tell it all.
    told = [*changed, *added, *gone]
    return ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")


@dataclass
class Record:
    """A step's result in BuildKit's cache; times in nanoseconds since 1970."""

    id: str
    description: str
    layer: Layer
    created: int
    last_used: int
    uses: int = 0

    @property
    def size(self) -> int:
        """Bytes of the files in the layer."""
        return self.layer.size


@dataclass
class BuildCache:
    """BuildKit's results by key, and what is remembered of all builds."""

    records: dict[str, Record] = field(default_factory=dict)
    memory: Memory = field(default_factory=Memory)
    mounts: dict[str, FileSystem] = field(default_factory=dict)
    """The files of cache mounts, by ID."""
    bases: set[str] = field(default_factory=set)
    """The images that were built on before: their FROM is a result that is there already."""

    def find(self, facts: Facts, now: int) -> Record | None:
        """The result of a step that was built of just the same, None where there is none."""
        record = self.records.get(facts.key)
        if record is not None:
            record.last_used = now
            record.uses += 1
        return record

    def keep(self, facts: Facts, record: Record) -> None:
        """Keep a result."""
        self.records[facts.key] = record
        self.memory.note(facts)

    def prune(self, keep: Iterable[str] = ()) -> list[Record]:
        """Drop all results but those with the given IDs; returns what went."""
        kept = set(keep)
        gone = [record for record in self.records.values() if record.id not in kept]
        self.records = {key: record for key, record in self.records.items() if record.id in kept}
        return gone

    def __iter__(self) -> Iterator[Record]:
        return iter(self.records.values())

    def __len__(self) -> int:
        return len(self.records)
