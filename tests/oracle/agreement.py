"""When two answers say the same: what differs by nature (IDs, times, ages, versions, sizes of archives) is made alike.

IDs and digests are numbered in the order in which they appear, and each has to stand for the same thing all through a
transcript: where the engine says the ID of an image again, the lab has to say its own of that image again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

from tests.oracle.console import Answer

_ID = re.compile(r"(?<![0-9a-zA-Z])(?:sha256:)?([0-9a-f]{64}|[0-9a-f]{12})(?![0-9a-zA-Z])")
_AGE = r"(Less than a second|About an? \w+|\d+ (second|minute|hour|day|week|month|year)s?)( ago)?"
_BUILDKIT = [
    (re.compile(r"exporting layers \d+\.\d+s done"), "exporting layers done"),
    (re.compile(r"\bref \S+::\S+:"), "ref REF:"),
    (re.compile(r"^(#\d+) \d+\.\d+ ", re.MULTILINE), r"\1 TIME "),
    (re.compile(r"^\d+\.\d{3} ", re.MULTILINE), "TIME "),
    (re.compile(r"\b\d+\.\d+s\b"), "TIMEs"),
    (re.compile(r"(transferring \w+: )\S+"), r"\1SIZE"),
]
"""What BuildKit measures: seconds, bytes that it had to send, names of its own."""
_BY_NATURE = [
    *_BUILDKIT,
    (re.compile(r"\x1b\[[0-9;]*m"), ""),
    (re.compile(r"(Docker daemon +)[\d.]+ ?[kM]?B[\r\n]*"), r"\1SIZE\n"),
    (re.compile(r"\r+\n?"), "\n"),
    (re.compile(r"DEPRECATED: The legacy builder.*?(\n\n?(?=\S|\Z)|\Z)", re.DOTALL), ""),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?( ?[+-]\d{4} UTC|Z| ?[+-]\d\d:\d\d)?"), "TIME"),
    (re.compile(_AGE), "AGE"),
    (re.compile(r"\bwith ID [0-9a-f]{7}\b"), "with ID KEY"),
    (re.compile(r"\d+\.\d+\.\d+(\+\w+)?(, build \w+)?"), "VERSION"),
    (re.compile(r'("size": |size: )\d+'), r"\1SIZE"),
    (re.compile(r"[ \t]{2,}"), "  "),
    (re.compile(r"[ \t]+$", re.MULTILINE), ""),
]


def alike(text: str) -> str:
    """A text without what differs by nature."""
    return _numbered(text)[0]


def _numbered(text: str) -> tuple[str, Sequence[str]]:
    """The text with its IDs as #1, #2 …, and the IDs in that order."""
    for pattern, replacement in _BY_NATURE:
        text = pattern.sub(replacement, text)
    seen: list[str] = []

    def number(match: re.Match[str]) -> str:
        short = match[1][:12]
        if short not in seen:
            seen.append(short)
        return f"#{seen.index(short) + 1}"

    return _ID.sub(number, text.strip("\n")), seen


@dataclass
class Agreement:
    """Compares the answers of one transcript, in order; remembers which ID stands for which."""

    _ours: dict[str, str] = field(default_factory=dict)

    def holds(self, ours: Answer, theirs: Answer) -> bool:
        """Whether two answers say the same."""
        streams = ((ours.stdout, theirs.stdout), (ours.stderr, theirs.stderr))
        pairs = [(_numbered(our), _numbered(their)) for our, their in streams]
        if ours.exit_code != theirs.exit_code or any(our[0] != their[0] for our, their in pairs):
            return False
        named = (zip(our[1], their[1], strict=True) for our, their in pairs)
        return all(self._same(our, their) for our, their in chain.from_iterable(named))

    def _same(self, ours: str, theirs: str) -> bool:
        """Whether an ID of ours stands for theirs; from now on it does."""
        known = self._ours.get(theirs, ours)
        self._ours[theirs] = ours
        return known == ours
