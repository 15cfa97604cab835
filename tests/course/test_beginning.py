"""`dockerlab course new`: a new lesson runs, passes nbval and all checks, and its exercises can be solved."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dockerlab.course.beginning import Beginning, cells, registered
from dockerlab.course.lessons import CHECKOUT
from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from tests.notebook.lesson_checks import OF_ALL, OF_LESSONS, Sheet, complaints

ROOT = CHECKOUT.parent


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what a lesson needs, with a new lesson in it."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("dockerlab", "tools", "tests/notebook"):
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("docs/glossary.md", "notebooks/3.1_images_and_containers.ipynb", "notebooks/3_capstone.ipynb"):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    done = python(root, "-m", "dockerlab", "course", "new", "3.9_volumes_and_mounts")
    assert done.stdout.splitlines()[:3] == [
        "wrote dockerlab/notebook/learning/lessons/lesson_3_9.py",
        "wrote dockerlab/notebook/learning/lessons/__init__.py",
        "wrote notebooks/3.9_volumes_and_mounts.ipynb",
    ]
    return root


def python(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONHASHSEED": "0"}
    return subprocess.run(
        [sys.executable, *words], cwd=root, env=environment, capture_output=True, text=True, check=False
    )


def test_it_passes_all_checks_of_lessons_that_need_no_data(checkout: Path) -> None:
    lesson = Sheet(checkout / "notebooks" / "3.9_volumes_and_mounts.ipynb")
    found = dict(complaints(lesson, (*OF_ALL, *OF_LESSONS)))
    unknown = found.pop("has_three_exercises_with_checks") + found.pop(
        "asks_four_quick_questions_one_from_an_earlier_lesson"
    )
    assert found == {}
    assert all(
        line.startswith(("no exercise '3.9 ", "no question '3.9 ")) for line in unknown
    )  # known in the copy only


def test_it_passes_nbval_and_its_exercises_and_questions_hold(checkout: Path) -> None:
    tests = [f"tests/notebook/{name}.py" for name in ("test_exercises", "test_questions")]
    words = ["-m", "pytest", "-q", "-p", "no:cacheprovider", "--import-mode=importlib"]
    done = python(checkout, *words, "--nbval", "notebooks/3.9_volumes_and_mounts.ipynb")
    assert done.returncode == 0, done.stdout
    done = python(checkout, *words, *tests, "-k", "3.9")
    assert done.returncode == 0, done.stdout


def test_nothing_is_written_over(checkout: Path) -> None:
    for name in ("3.9_volumes_and_mounts", "3.9_other"):
        with pytest.raises(ConflictError, match=r"notebooks/3\.9_volumes_and_mounts\.ipynb is there already"):
            list(Beginning.of(name, checkout).write())


@pytest.mark.parametrize("name", ["volumes", "3.4", "3.4_", "3.4_../x", "3.4_Volumes", "../3.4_x", ""])
def test_a_name_says_number_and_subject(name: str) -> None:
    with pytest.raises(InvalidParameterError, match=r"a lesson's name is like 3\.4_volumes"):
        Beginning.of(name)


def test_it_takes_a_checkout(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="a lesson is begun in a checkout of dockerlab"):
        list(Beginning.of("3.4_volumes.ipynb", tmp_path).write())


def test_a_lesson_is_named_in_the_list_as_its_formatter_would() -> None:
    imported = "from dockerlab.notebook.learning.lessons import lesson_3_1, lesson_3_3"
    text = f'"""All."""\n\n{imported}\n\nLESSONS = (lesson_3_1, lesson_3_3)\n'
    lines = "    lesson_3_1,\n    lesson_3_2,\n    lesson_3_3,\n"
    head = '"""All."""\n\nfrom dockerlab.notebook.learning.lessons import (\n'
    assert registered(text, "lesson_3_2") == f"{head}{lines})\n\nLESSONS = (\n{lines})\n"


def test_a_template_is_cells_between_marks() -> None:
    found = list(cells("=== markdown instructor\nhello\n\nyou\n=== code\n1 + 1\n"))
    assert [(cell.cell_type, cell.source, cell.id) for cell in found] == [
        ("markdown", "hello\n\nyou", "c01"),
        ("code", "1 + 1", "c02"),
    ]
    assert found[0].metadata.tags == ["instructor"]
