"""Console transcripts of the real Docker Engine, typed again in the lab; `tests/oracle/console.py` has their form.

The file `data/SOURCE.txt` says who answered, and `tests/oracle/record.py` asks again. What differs by nature (IDs,
times, ages, versions) is made alike on both sides. A line that says `[differs: REASON]` is typed, but not compared.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.oracle.agreement import Agreement, alike
from tests.oracle.console import FOLDER, Answer, new_lab, read, render, typed

TRANSCRIPTS = sorted(FOLDER.glob("*.console"))


def shown(answer: Answer) -> str:
    return f"{alike(answer.stdout)}\n2> {alike(answer.stderr)}\n[exit {answer.exit_code}]"


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_the_lab_answers_as_the_engine_did(path: Path) -> None:
    transcript, agreement = read(path), Agreement()
    for step, answer in typed(transcript, new_lab(transcript)):
        if agreement.holds(answer, step.answer) or step.differs:
            continue
        where = f"{path.name}:{step.number}: $ {step.command}"
        assert shown(answer) == shown(step.answer), where
        pytest.fail(f"{where}: an ID names another thing than it did before")


def test_a_transcript_is_text_that_is_read_and_written(tmp_path: Path) -> None:
    text = """# volumes
# engine: 20.10.24
# registries: localhost:5000 localhost:5001=alice:secret
$ docker volume create data
data
[as DATA]
[file app/Dockerfile]
| FROM busybox:1.35
|
| RUN true
[file app/empty]
[file app/text, no newline]
| one
$ cat > note <<'END'
> hello
> END
$ docker login -u alice localhost:5001
< secret
2> Error: Cannot perform an interactive login from a non TTY device
[exit 1]
[differs: a reason]
"""
    path = tmp_path / "volumes.console"
    path.write_text(text)
    transcript = read(path)
    assert transcript.registries == {"localhost:5000": None, "localhost:5001": {"alice": "secret"}}
    note = transcript.steps[1]
    assert note.command == "cat > note <<'END'\nhello\nEND"
    assert note.files == (
        ("app/Dockerfile", "FROM busybox:1.35\n\nRUN true\n"), ("app/empty", ""), ("app/text", "one"),
    )  # fmt: skip
    login = transcript.steps[2]
    assert (login.stdin, login.differs, login.answer.exit_code) == ("secret\n", "a reason", 1)
    assert login.answer.stderr == "Error: Cannot perform an interactive login from a non TTY device"
    assert render(transcript) == text


def test_an_id_has_to_name_the_same_thing_all_through() -> None:
    one, two = "1" * 64, "2" * 64
    agreement = Agreement()
    assert agreement.holds(Answer(f"built {one}", "", 0), Answer(f"built {two}", "", 0))
    assert agreement.holds(Answer(one[:12], "", 0), Answer(two[:12], "", 0))
    assert not agreement.holds(Answer("3" * 64, "", 0), Answer(two, "", 0))
    assert not agreement.holds(Answer("", "", 1), Answer("", "", 0))
