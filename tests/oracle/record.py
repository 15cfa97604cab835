"""Type transcripts on a real engine: python -m tests.oracle.record FILE.console ...

Each file gets an engine of its own (tests/oracle/real_host.py), which is empty but for the transcript's base image.
What it answers is written into the file: commands and settings stay, everything else is new. A new transcript is
written by putting down its commands, each with `$ ` in front, and recording it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from tests.oracle.console import Transcript, read, render, typed
from tests.oracle.real_host import UnavailableError, started


def record(path: Path) -> Transcript:
    """The transcript in a file with a real engine's answers of now."""
    transcript = read(path)
    with started(transcript.registries, transcript.notary) as host:
        host.prepare(transcript)
        engine = f"# engine: {host.version}"
        steps = [replace(step, answer=answer) for step, answer in typed(transcript, host)]
    head = [line for line in transcript.head if not line.startswith("# engine:")]
    return replace(transcript, head=[*head, engine], steps=steps)


def main(arguments: Sequence[str]) -> int:
    """Record the files that are named."""
    for name in arguments:
        try:
            recorded = record(Path(name))
        except UnavailableError as error:
            print(error)
            return 1
        Path(name).write_text(render(recorded), encoding="utf-8")
        print(f"{name}: {len(recorded.steps)} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
