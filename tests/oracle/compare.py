"""`make oracle`: type every transcript on a real engine and in the lab, side by side: python -m tests.oracle.compare

For each file: how many lines it has, in how many the engine of this machine still says what was recorded, and in how
many the lab says what this engine says now. Where no engine can be started, one line says why.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.oracle.agreement import Agreement, alike
from tests.oracle.console import FOLDER, Answer, Transcript, new_lab, read, typed
from tests.oracle.real_host import UnavailableError, started, unavailable


@dataclass(frozen=True)
class Line:
    """One command and three answers to it."""

    command: str
    recorded: Answer
    engine: Answer
    lab: Answer


@dataclass(frozen=True)
class Comparison:
    """A transcript, and what was said to each of its lines."""

    name: str
    lines: Sequence[Line]

    @property
    def steady(self) -> int:
        """In how many lines the engine says what was recorded."""
        agreement = Agreement()
        return sum(agreement.holds(line.engine, line.recorded) for line in self.lines)

    @property
    def agreed(self) -> int:
        """In how many lines the lab says what the engine says."""
        return len(self.lines) - len(self.differences)

    @cached_property
    def differences(self) -> Sequence[Line]:
        """The other lines."""
        agreement = Agreement()
        return [line for line in self.lines if not agreement.holds(line.lab, line.engine)]


def compare(transcript: Transcript) -> Comparison:
    """Type a transcript on both; raises UnavailableError."""
    with started(transcript.registries, transcript.notary) as host:
        host.prepare(transcript)
        if (wanted := transcript.settings.get("engine", host.version)).split(".")[0] != host.version.split(".")[0]:
            raise UnavailableError(f"recorded from {wanted}, this machine has {host.version}")
        real = [answer for _, answer in typed(transcript, host)]
    ours = [answer for _, answer in typed(transcript, new_lab(transcript))]
    rows = zip(transcript.steps, real, ours, strict=True)
    return Comparison(transcript.path.stem, [Line(step.command, step.answer, *answers) for step, *answers in rows])


def main(arguments: Sequence[str]) -> int:
    """Print a line for each transcript, and with -v every difference."""
    verbose, names = "-v" in arguments, [name for name in arguments if name != "-v"]
    if reason := unavailable():
        print(reason)
        return 0
    print(f"{'transcript':32} {'lines':>6} {'engine = record':>16} {'lab = engine':>13}")
    done = list(_compared(names or sorted(map(str, FOLDER.glob("*.console"))), verbose=verbose))
    lines = sum(len(one.lines) for one in done)
    print(f"{'all':32} {lines:6} {sum(one.steady for one in done):16} {sum(one.agreed for one in done):13}")
    return 0


def _compared(names: Sequence[str], *, verbose: bool) -> Iterator[Comparison]:
    for name in names:
        try:
            one = compare(read(Path(name)))
        except UnavailableError as error:
            print(f"{Path(name).stem:32} skipped: {error}")
            continue
        print(f"{one.name:32} {len(one.lines):6} {one.steady:16} {one.agreed:13}", flush=True)
        if verbose:
            for line in one.differences:
                print(f"$ {line.command}\n--- engine\n{_text(line.engine)}\n--- lab\n{_text(line.lab)}\n")
        yield one


def _text(answer: Answer) -> str:
    return f"{alike(answer.stdout)}{alike(answer.stderr)}\n[exit {answer.exit_code}]"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
