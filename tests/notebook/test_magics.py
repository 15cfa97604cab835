"""The magics in a real IPython: what is typed, what is shown, and errors as one clear line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from IPython.core.interactiveshell import InteractiveShell

from dockerlab.notebook import completion
from dockerlab.notebook.terminal import NO_TEXT, commands


@pytest.fixture(scope="module")
def shell() -> Iterator[Any]:
    shell = InteractiveShell.instance()
    shell.run_line_magic("load_ext", "dockerlab")
    yield shell
    InteractiveShell.clear_instance()


@pytest.fixture(autouse=True)
def fresh(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%lab reset", store_history=False)
    capsys.readouterr()


def typed(shell: Any, capsys: pytest.CaptureFixture[str], cell: str) -> str:
    result = shell.run_cell(cell, store_history=False)
    assert result.success
    return capsys.readouterr().out


def test_docker_prints_as_a_terminal_does(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed(shell, capsys, "%docker images")
    assert out == "REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n"


def test_braces_and_dollars_belong_to_docker_and_the_shell(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%docker pull -q busybox")
    assert typed(shell, capsys, "%docker inspect --format '{{.Os}}' busybox") == "linux\n"
    assert typed(shell, capsys, "%%host\nA=1; echo $A {x}") == "$ A=1; echo $A {x}\n1 {x}\n"


def test_a_cell_body_is_the_input_of_docker(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%docker pull -q busybox")
    assert typed(shell, capsys, "%%docker run -i --rm busybox sh\necho from the body\n") == "from the body\n"


def test_a_terminal_that_is_not_there_is_explained(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%docker pull -q busybox")
    shown = typed(shell, capsys, "%docker run -it --rm busybox sh").splitlines()
    assert shown[0] == "the input device is not a TTY"
    assert shown[1].startswith("(A notebook's cell is no terminal: open one with terminal(), or leave out -t.")
    assert typed(shell, capsys, "%%docker run -i --rm busybox sh\necho hi\n") == "hi\n"


def test_a_host_cell_shows_each_command_after_its_prompt(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed(shell, capsys, "%%host\ncd /tmp\n# a comment\nfor i in 1 2; do\n  echo $i\ndone\npwd\n")
    assert out == "$ cd /tmp\n$ for i in 1 2; do\n>   echo $i\n> done\n1\n2\n$ pwd\n/tmp\n"


def test_an_archive_is_not_poured_into_the_page(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%docker pull -q busybox")
    assert typed(shell, capsys, "%docker save busybox") == NO_TEXT
    assert typed(shell, capsys, "%host docker save busybox | wc -c; echo after").split()[-1] == "after"
    assert NO_TEXT not in typed(shell, capsys, "%docker image inspect busybox")


def test_a_heredoc_is_one_command() -> None:
    assert list(commands("cat <<EOF\na\nEOF\necho b")) == ["cat <<EOF\na\nEOF", "echo b"]


def test_hostfile_writes_the_cell_as_it_stands(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(shell, capsys, "%%hostfile app/Dockerfile\nFROM busybox\n") == "wrote /lab/app/Dockerfile (13 bytes)\n"
    assert typed(shell, capsys, "%host cat app/Dockerfile") == "$ cat app/Dockerfile\nFROM busybox\n"


def test_lab_undo_takes_one_command_back(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%%host\ntouch one\ntouch two")
    assert typed(shell, capsys, "%lab undo") == "Undone: touch two\n"
    assert typed(shell, capsys, "%host ls") == "$ ls\none\n"


def test_lab_redo_does_again_what_was_undone(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("%docker volume create one\n%lab undo\n%lab redo\n%lab redo")
    shell.run_cell("%docker volume ls -q")
    printed = capsys.readouterr().out
    assert "Done again: docker volume create one" in printed
    assert "Nothing to do again" in printed
    assert printed.endswith("one\n")


def test_lab_clock_moves_time(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    out = typed(shell, capsys, "%lab clock 2 weeks, 1 day")
    assert "08 December 2026" in out


@pytest.mark.parametrize("line", ["%lab nonsense", "%lab clock yesterday", "%%hostfile\nx", "%docker nosuch"])
def test_a_slip_is_answered_in_words(shell: Any, capsys: pytest.CaptureFixture[str], line: str) -> None:
    out = typed(shell, capsys, line)
    assert out.strip()
    assert "Traceback" not in out


def test_an_unknown_name_is_one_line_not_a_traceback(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    shell.run_cell("draw('nosuch')", store_history=False)
    captured = capsys.readouterr()
    assert "No such image: nosuch" in captured.out + captured.err
    assert "Traceback" not in captured.out + captured.err


def test_completion_knows_commands_flags_and_names(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    typed(shell, capsys, "%docker pull -q busybox")
    assert "images" in completion.candidates("%docker im")
    assert "--filter" in completion.candidates("%docker images --fi")
    assert any(name.startswith("busybox") for name in completion.candidates("%docker rmi bus"))
    assert completion.candidates("print(1)") == []


def test_tab_in_a_cell_asks_the_lab(shell: Any) -> None:
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        texts = [found.text for found in shell.Completer.completions("%docker ima", 11)]
    assert "image" in texts
    assert "images" in texts


def test_a_reset_may_change_the_release(shell: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed(shell, capsys, "%lab reset 29").startswith("A fresh lab with Docker 29: no images")
    assert typed(shell, capsys, "%docker --version") == "Docker version 29.8.0, build 28f7560\n"
    assert typed(shell, capsys, "%docker images") == "IMAGE   ID             DISK USAGE   CONTENT SIZE   EXTRA\n"
    assert typed(shell, capsys, "%lab reset 27").startswith("%lab reset: no release '27' of Docker: 28 or 29\n")
    typed(shell, capsys, "%lab reset 28")
