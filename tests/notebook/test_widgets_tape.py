"""BuildTape: an edit breaks the cache from its line on, a date does not; the learner's lab is left alone."""

from __future__ import annotations

import pytest

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.tape import BuildTape
from dockerlab.notebook.widgets.tape_steps import blocks

DOCKERFILE = """FROM busybox
ARG WORD=hi
COPY requirements.txt /
RUN echo install > /installed
COPY app.py /
RUN echo $WORD > /word
CMD ["cat", "/word"]
"""
FILES = {"requirements.txt": "flask\n", "app.py": "print(1)\n"}


@pytest.fixture
def tape() -> BuildTape:
    tape = BuildTape(DOCKERFILE, FILES, Lab())
    tape.act("build")
    return tape


def shown(tape: BuildTape) -> list[str]:
    return [line["fate"] for line in tape.state["lines"]]


def test_the_first_build_makes_all_steps_and_the_second_none(tape: BuildTape) -> None:
    assert shown(tape) == ["hit", "setting", "miss", "miss", "miss", "miss", "setting"]
    tape.act("build")
    assert shown(tape) == ["hit", "setting", "hit", "hit", "hit", "hit", "setting"]
    assert tape.said.startswith("5 from the cache, 0 built.")


def test_a_changed_file_topples_its_step_and_all_after_it(tape: BuildTape) -> None:
    tape.act("write", path="app.py", value="print(2)\n")
    assert tape.state["stale"]
    tape.act("build")
    assert shown(tape) == ["hit", "setting", "hit", "hit", "miss", "miss", "setting"]
    reasons = [line["reason"] for line in tape.state["lines"]]
    assert "app.py changed" in reasons[4]
    assert reasons[5] == "the step before it changed"


def test_a_new_date_changes_nothing(tape: BuildTape) -> None:
    tape.act("touch", path="app.py")
    tape.act("build")
    assert "miss" not in shown(tape)


def test_a_build_argument_counts_where_it_is_used(tape: BuildTape) -> None:
    assert tape.state["arguments"] == [{"name": "WORD", "default": "hi", "value": ""}]
    tape.act("argument", name="WORD", value="hello")
    tape.act("build")
    first = shown(tape).index("miss")
    assert "build argument WORD changed" in tape.state["lines"][first]["reason"]


def test_lines_move_and_the_cache_breaks_from_there(tape: BuildTape) -> None:
    line = tape.state["lines"][4]["line"]
    tape.act("move", line=line, by=-1)
    assert tape.state["lines"][3]["text"] == "COPY app.py /"
    tape.act("build")
    assert shown(tape)[:4] == ["hit", "setting", "hit", "miss"]
    tape.act("move", line=tape.state["lines"][0]["line"], by=-1)
    assert tape.problem == ""


def test_an_edit_that_fails_says_why_and_what_was_not_reached(tape: BuildTape) -> None:
    tape.act("edit", line=tape.state["lines"][3]["line"], value="RUN false")
    tape.act("build")
    assert "did not complete successfully: exit code: 1" in tape.state["fault"]
    assert shown(tape)[3:6] == ["failed", "after", "after"]


@pytest.mark.parametrize("line", ["NONSENSE x", "", "COPY nosuch /", 'CMD ["x'])
def test_bad_lines_are_one_line_of_text(tape: BuildTape, line: str) -> None:
    tape.act("edit", line=tape.state["lines"][2]["line"], value=line)
    tape.act("build")
    assert tape.problem == ""
    assert "Traceback" not in tape.state["fault"]


def test_sizes_and_time_stand_beside(tape: BuildTape) -> None:
    sizes = {line["text"]: line["size"] for line in tape.state["lines"]}
    assert sizes["COPY app.py /"] == "9B"
    assert sizes["FROM busybox"].endswith("MB")
    assert "of the lab's time spent" in tape.state["summary"]


def test_the_learners_lab_is_left_alone_but_its_images_can_be_built_on() -> None:
    lab = Lab()
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN echo mine > /mine\n")
    lab.run("docker build -q -t mine .")
    before = lab.run("docker images -q").stdout
    tape = BuildTape("FROM mine\nRUN cat /mine\n", {}, lab)
    tape.act("build")
    assert tape.state["fault"] == ""
    assert lab.run("docker images -q").stdout == before


def test_told_so_it_builds_in_the_lab_itself() -> None:
    lab = Lab()
    tape = BuildTape("FROM busybox\nRUN true\n", {}, lab, scratch=False)
    tape.act("build")
    assert "tape" in lab.run("docker images").stdout


def test_a_folder_of_the_host_is_taken_over() -> None:
    lab = Lab()
    lab.host.write("/lab/app/Dockerfile", b"FROM busybox\nCOPY sub/a /a\n")
    lab.host.write("/lab/app/sub/a", b"x")
    tape = BuildTape.of_folder(lab, "app")
    tape.act("build")
    assert tape.state["files"] == [{"path": "sub/a", "size": "1B"}]
    assert shown(tape) == ["hit", "miss"]
    with pytest.raises(NotFoundError, match="/lab/none/Dockerfile: no such file"):
        BuildTape.of_folder(lab, "none")


def test_stages_keep_apart() -> None:
    text = "FROM busybox AS one\nRUN echo 1 > /a\nFROM busybox\nRUN echo 2 > /b\nCOPY --from=one /a /\n"
    tape = BuildTape(text, {}, Lab())
    tape.act("build")
    tape.act("edit", line=1, value="RUN echo 3 > /a")
    tape.act("build")
    assert shown(tape) == ["hit", "miss", "hit", "hit", "miss"]


def test_continued_lines_and_heredocs_are_one_line_of_the_tape() -> None:
    text = "# why\nFROM busybox\nRUN a && \\\n  b\nRUN <<EOF\nc\nEOF\n"
    assert blocks(text) == ["# why\nFROM busybox", "RUN a && \\\n  b", "RUN <<EOF\nc\nEOF"]
    assert blocks("NONSENSE\nFROM x") == ["NONSENSE", "FROM x"]


def test_without_a_kernel_each_line_has_its_fate() -> None:
    tape = BuildTape(DOCKERFILE, FILES, Lab())
    assert "✓ cached" in tape.static_text()
    assert "<td" in tape.static_html()
