"""`dockerlab course new 3.4_volumes`: a lesson with all its parts, and the module of its questions and exercises."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from dockerlab.course.notebooks import write_notebook
from dockerlab.errors import ConflictError, DockerlabError, InvalidParameterError, NotFoundError

CHECKOUT = Path(__file__).resolve().parents[2]
REGISTER = Path("dockerlab/notebook/learning/lessons")
NAME = re.compile(r"(\d+(?:\.\d+)*[a-z]?)_([a-z0-9]+(?:_[a-z0-9]+)*)")
CELL = re.compile(r"^=== (markdown|code)(?: (\w+))?\n", re.M)
IMPORTED = re.compile(r"^from dockerlab\.notebook\.learning\.lessons import .*\Z", re.M | re.S)


@dataclass(frozen=True, slots=True)
class Beginning:
    """A lesson that is to be begun: '3.4_volumes' is number 3.4, 'Volumes', with the module lesson_3_4."""

    number: str
    words: str
    root: Path = CHECKOUT

    @classmethod
    def of(cls, name: str, root: Path = CHECKOUT) -> Beginning:
        """From a notebook's name; InvalidParameterError for any other."""
        match = NAME.fullmatch(name.removesuffix(".ipynb"))
        if match is None:
            raise InvalidParameterError(f"{name!r}: a lesson's name is like 3.4_volumes")
        return cls(match[1], match[2], root)

    @property
    def module(self) -> str:
        """The name of the data's module."""
        return f"lesson_{self.number.replace('.', '_')}"

    @property
    def notebook(self) -> Path:
        """Where the notebook comes to."""
        return self.root / "notebooks" / f"{self.number}_{self.words}.ipynb"

    @property
    def data(self) -> Path:
        """Where the module comes to."""
        return self.root / REGISTER / f"{self.module}.py"

    def write(self) -> Iterator[Path]:
        """Write both, name the module in the list of lessons, and run the notebook; yields each file when it is done.

        Nothing is written over: ConflictError. It takes a checkout: NotFoundError.
        """
        register = self.data.parent / "__init__.py"
        if not register.exists() or not self.notebook.parent.is_dir():
            raise NotFoundError("a lesson is begun in a checkout of dockerlab, where notebooks/ and its sources are")
        taken = [*self.notebook.parent.glob(f"{self.number}_*.ipynb"), *([self.data] if self.data.exists() else [])]
        if taken:
            raise ConflictError(f"{taken[0].relative_to(self.root)} is there already")
        self.data.write_text(self._filled("data.txt"), encoding="utf-8")
        yield self.data
        register.write_text(registered(register.read_text(encoding="utf-8"), self.module), encoding="utf-8")
        yield register
        self._write_notebook()
        yield self.notebook

    def _filled(self, name: str) -> str:
        """A text of the template about this lesson."""
        text = (files("dockerlab.course.template") / name).read_text(encoding="utf-8")
        subject = self.words.replace("_", " ")
        return Template(text).substitute(number=self.number, title=subject.capitalize(), subject=subject)

    def _write_notebook(self) -> None:
        write_notebook(self.notebook, list(cells(self._filled("lesson.txt"))))
        command = [sys.executable, str(self.root / "tools" / "run_notebooks.py"), str(self.notebook)]
        if subprocess.run(command, capture_output=True, check=False, cwd=self.root).returncode:
            raise DockerlabError(f"{self.notebook.name} was written, but can't be run")


def cells(text: str) -> Iterator[Any]:
    """The template's cells as those of a notebook."""
    from nbformat.v4 import new_code_cell, new_markdown_cell

    _, *pieces = CELL.split(text)
    for at, (kind, tag, source) in enumerate(zip(*(iter(pieces),) * 3, strict=True), 1):
        new: Any = new_code_cell if kind == "code" else new_markdown_cell
        yield new(source.rstrip("\n"), id=f"c{at:02}", metadata={"tags": [tag]} if tag else {})


def registered(text: str, module: str) -> str:
    """The list of lessons with one more: its import, and its place in LESSONS."""
    names = sorted({*re.findall(r"\blesson_\w+", text), module})
    lines = "".join(f"    {name},\n" for name in names)
    return IMPORTED.sub(
        f"from dockerlab.notebook.learning.lessons import (\n{lines})\n\nLESSONS = (\n{lines})\n", text, count=1
    )
