"""`make fidelity`: how truly the lab answers, counted, and written to docs/fidelity.md: python -m tests.fidelity

Two kinds of witnesses: transcripts of the real Docker Engine, typed again (tests/transcripts), and cases that
upstream's own tests recorded (tests/peer). Every number is counted anew by the code that the tests run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.oracle.agreement import Agreement
from tests.oracle.console import FOLDER, Transcript, new_lab, read, typed
from tests.peer.rates import Rate, rates

PAGE = Path(__file__).parent.parent / "docs" / "fidelity.md"
HEAD = """# How truly the lab answers

Written by `make fidelity`; a test compares it with what is counted.

"""
GROUPS = {
    "source: oracle scenario": "given transcripts: engine 20.10.24, client 28.2.2, legacy builder",
    "engine: 20": "our own transcripts of the same engine, the chapter's command lines among them",
    "release: 29": "our own transcripts for `Lab(release=29)`: engine 28.5.2, containerd image store",
    "engine: 28": "our own transcripts: engine 28.5.2 with BuildKit, buildx 0.29.1",
}
"""What stands in the head of a transcript → what it is; the first that fits."""


@dataclass(frozen=True)
class Count:
    """Lines of some transcripts, and in how many the lab agrees."""

    lines: int
    agreed: int

    @property
    def share(self) -> str:
        """In per cent."""
        return f"{100 * self.agreed / self.lines:.1f} %"


def group_of(transcript: Transcript) -> str:
    """Which kind of transcript it is."""
    head = "\n".join(transcript.head)
    return next(what for mark, what in GROUPS.items() if f"# {mark}" in head)


def count(transcript: Transcript) -> Count:
    """Type a transcript in a lab."""
    agreement = Agreement()
    verdicts = [agreement.holds(answer, step.answer) for step, answer in typed(transcript, new_lab(transcript))]
    return Count(len(verdicts), sum(verdicts))


def page() -> str:
    """The whole of docs/fidelity.md."""
    transcripts = [read(path) for path in sorted(FOLDER.glob("*.console"))]
    return HEAD + "\n".join([*_transcripts(transcripts), "", *_reasons(transcripts), "", *_cases(rates())]) + "\n"


def _transcripts(transcripts: Sequence[Transcript]) -> Iterable[str]:
    yield "## Transcripts of the real engine\n"
    yield "Output, errors and exit code of each line have to agree, and an ID has to name the same thing all through.\n"
    yield "| transcripts | files | lines | agree | |"
    yield "|---|---|---|---|---|"
    counted = [(group_of(one), count(one)) for one in transcripts]
    for group in GROUPS.values():
        members = [each for name, each in counted if name == group]
        if members:
            total = Count(sum(each.lines for each in members), sum(each.agreed for each in members))
            yield f"| {group} | {len(members)} | {total.lines} | {total.agreed} | {total.share} |"


def _reasons(transcripts: Sequence[Transcript]) -> Iterable[str]:
    """Why lines differ: the reason stands beside each of them in its transcript."""
    marked = [step.differs for one in transcripts for step in one.steps if step.differs]
    yield "Why lines differ (`[differs: …]` in the transcripts; some of them agree by chance):\n"
    yield "| lines | reason |"
    yield "|---|---|"
    for reason in sorted(set(marked), key=lambda each: (-marked.count(each), each)):
        yield f"| {marked.count(reason)} | {reason} |"


def _cases(found: Sequence[Rate]) -> Iterable[str]:
    yield "## Upstream's recorded cases\n"
    yield "What is left out, and why, stands in [tests/peer/README.md](../tests/peer/README.md).\n"
    yield "| data | cases in scope | agree | | left out |"
    yield "|---|---|---|---|---|"
    for rate in found:
        scope = rate.cases - rate.excluded
        yield f"| {rate.data} | {scope} | {rate.agree} | {Count(scope, rate.agree).share} | {rate.excluded} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))
