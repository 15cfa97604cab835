"""What is solved is kept in a file, and no lesson fails for it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dockerlab.notebook.learning.exercise import Report
from dockerlab.notebook.learning.goals import Finding
from dockerlab.notebook.learning.parts import parts
from dockerlab.notebook.learning.progress import Progress, Standing, place
from dockerlab.notebook.progress_table import ProgressTable

MISSING = Finding(False, "container greeter is exited", "no container greeter")


def report(lines: int, *findings: Finding) -> Report:
    return Report("3.1 greeting", lines > 0, findings, lines=lines)


def test_what_passed_stays_passed_in_the_fewest_lines(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "new" / "progress.json")
    for lines, findings in ((0, ()), (1, (MISSING,)), (4, ()), (2, ()), (3, ()), (1, (MISSING,))):
        progress.note(report(lines, *findings))
    (standing,) = progress.standings().values()
    assert (standing.passed, standing.lines) == (True, 2)
    assert standing.report.startswith("Done: 3.1 greeting")


def test_an_untouched_exercise_is_not_noted(tmp_path: Path) -> None:
    progress = Progress(tmp_path / "progress.json")
    progress.note(report(0, MISSING))
    assert not (tmp_path / "progress.json").exists()


INFINITE = '{"a": {"passed": true, "lines": Infinity, "report": ""}}'


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "3", '{"3.1 greeting": 1}', '{"a": {"passed": true}}', INFINITE, "\udcff"]
)
def test_a_file_that_cannot_be_read_counts_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "progress.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    assert Progress(path).standings() == {}
    Progress(path).note(report(1))
    assert list(json.loads(path.read_text())) == ["3.1 greeting"]


def test_a_file_that_cannot_be_written_is_let_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "progress.json", None):
        Progress(path).note(report(1))
        assert Progress(path).standings() == {}


def test_where_it_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert place("off") is None
    assert place(str(tmp_path)) == tmp_path
    found = place(None)
    assert found is not None
    assert found.parts[-2:] == ("dockerlab", "progress.json")


def test_the_table_has_a_square_for_each_exercise() -> None:
    passed, tried = Standing(True, 1, ""), Standing(False, 1, "")
    table = str(ProgressTable.of({"3.1 greeting": passed, "3.1 clean up": tried, "no such": passed}))
    assert table.splitlines()[0].split() == "3.1 Images and containers ■□◧ 1 of 3".split()
    assert "\n1 of " in table
    assert [part.label for part in parts()][-2:] == ["Incidents", "Capstone"]


def test_the_table_of_nothing_is_the_same_everywhere() -> None:
    bundle = ProgressTable.of({})._repr_mimebundle_()
    assert "■" not in bundle["text/plain"].splitlines()[0]
    assert bundle["text/html"].startswith("<table>")
