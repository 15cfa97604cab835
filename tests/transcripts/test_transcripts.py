"""Console transcripts of the real Docker Engine, typed again in the lab; `tests/oracle/console.py` has their form.

The file `data/SOURCE.txt` says who answered, and `tests/oracle/record.py` asks again. What differs by nature (IDs,
times, ages, versions) is made alike on both sides.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.console import FOLDER, alike, new_lab, read, render, typed

TRANSCRIPTS = sorted(FOLDER.glob("*.console"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_lab_answers_as_the_engine_did(path: Path) -> None:
    transcript = read(path)
    for step, answer in typed(transcript, new_lab(transcript)):
        where = f"{path.name}:{step.number}: $ {step.command}"
        assert alike(answer.stdout) == alike(step.answer.stdout), where
        assert alike(answer.stderr) == alike(step.answer.stderr), where
        assert answer.exit_code == step.answer.exit_code, where


def test_a_transcript_is_text_that_is_read_and_written(tmp_path: Path) -> None:
    text = """# volumes
# engine: 20.10.24
$ docker volume create data
data
$ cat > note <<'END'
> hello
> END
$ docker volume rm nosuch
2> Error response from daemon: get nosuch: no such volume
[exit 1]
"""
    path = tmp_path / "volumes.console"
    path.write_text(text)
    transcript = read(path)
    assert transcript.settings == {"engine": "20.10.24"}
    assert [step.command for step in transcript.steps][1] == "cat > note <<'END'\nhello\nEND"
    assert transcript.steps[2].answer.stderr == "Error response from daemon: get nosuch: no such volume"
    assert render(transcript) == text
