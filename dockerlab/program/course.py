"""`dockerlab course`: the lessons, what of them is solved, a student's notebook scored, a new lesson begun."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Annotated

import typer

from dockerlab.errors import UnavailableError
from dockerlab.notebook import PROGRESS

commands = typer.Typer(help="The lessons of the course.", rich_markup_mode=None, no_args_is_help=True)

Notebooks = Annotated[Path | None, typer.Option("--notebooks", metavar="DIR", help="The folder of the lessons.")]
Kept = Annotated[
    str | None, typer.Option("--progress", metavar="FILE", envvar=PROGRESS, help="The file of what is solved.")
]


@commands.command("list")
def list_lessons(notebooks: Notebooks = None, progress: Kept = None) -> None:
    """List the lessons: minutes, and exercises solved."""
    from dockerlab.course.lessons import lessons, lessons_folder
    from dockerlab.notebook.learning.progress import Progress, place

    standings = Progress(place(progress)).standings()
    for lesson in lessons(lessons_folder(notebooks)):
        solved = sum(name in standings and standings[name].passed for name in lesson.exercises)
        minutes = f"{lesson.minutes} min" if lesson.minutes else ""
        solved_of = f"{solved} of {len(lesson.exercises)} exercises solved"
        typer.echo(f"{lesson.number:<10} {lesson.title:<34} {minutes:>6}   {solved_of}")


@commands.command("open")
def open_lesson(
    lesson: Annotated[str, typer.Argument(metavar="N", help="Its number, e.g. 3.1.1, or a word of its name.")],
    notebooks: Notebooks = None,
    browser: Annotated[bool, typer.Option(help="Open a browser, too.")] = True,
    only_print: Annotated[bool, typer.Option("--print", help="Only print what would be run.")] = False,
) -> None:
    """Open a lesson in JupyterLab.

    Nothing is copied: what you change there is changed in the course's own file.
    """
    from dockerlab.course.lessons import find_lesson, lessons, lessons_folder

    path = find_lesson(lessons(lessons_folder(notebooks)), lesson).path
    words = [str(path), *([] if browser else ["--no-browser"]), *(["--allow-root"] if _is_root() else [])]
    if only_print:
        typer.echo(shlex.join(["jupyter", "lab", *words]))
        return
    try:
        from jupyterlab.labapp import main  # type: ignore[import-untyped]
    except ImportError:
        raise UnavailableError("JupyterLab is not installed: python -m pip install jupyterlab") from None
    main(words)


def _is_root() -> bool:
    """Root is the only user of many a WSL and container; Jupyter wants to be told so."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


@commands.command()
def check(
    notebook: Annotated[Path, typer.Argument(help="A student's copy of a lesson.")],
    timeout: Annotated[float, typer.Option(min=1, metavar="SECONDS", help="How long a cell may take.")] = 60,
) -> None:
    """Run a student's notebook and score its exercises.

    It is run cell by cell in a fresh kernel on this machine, as if you ran it in JupyterLab. The exit code is 0 if all
    exercises are solved.
    """
    from dockerlab.course.checking import check_notebook

    checked = check_notebook(notebook, timeout)
    width = max(len(score.exercise) for score in checked.scores)
    for score in checked.scores:
        typer.echo(f"{score.exercise:<{width}}  {score.word}")
        for line in score.details:
            typer.echo(f"  {line}")
    for problem in checked.problems:
        typer.echo(problem)
    typer.echo(f"{sum(score.passed for score in checked.scores)} of {len(checked.scores)} exercises passed")
    raise typer.Exit(0 if checked.passed else 1)


@commands.command()
def assignment(
    folder: Annotated[Path, typer.Argument(help="Where nbgrader's files come to; those that it writes are replaced.")],
    lesson: Annotated[list[str] | None, typer.Option(metavar="N", help="Only that lesson; may be repeated.")] = None,
) -> None:
    """Write the exercises for nbgrader, for instructors and for students."""
    from dockerlab.course.assignment import ASSIGNMENT, release, write_sources

    for path in write_sources(folder, lesson or ()):
        typer.echo(f"wrote {path}")
    release(folder)
    typer.echo(f"Students get {folder / 'release' / ASSIGNMENT}; graded is with nbgrader autograde {ASSIGNMENT}.")


@commands.command("progress")
def show_progress(progress: Kept = None) -> None:
    """Show what of the course is solved on this computer."""
    from dockerlab.notebook.learning.progress import Progress, place
    from dockerlab.notebook.progress_table import ProgressTable

    path = place(progress)
    typer.echo(ProgressTable.of(Progress(path).standings()))
    typer.echo(f"Kept in {path}." if path else "Nothing is kept.")


@commands.command()
def new(
    name: Annotated[str, typer.Argument(help="Its number and name: 3.4_volumes.")],
) -> None:
    """Begin a lesson: a notebook with all parts, and its data."""
    from dockerlab.course.beginning import Beginning

    beginning = Beginning.of(name)
    for path in beginning.write():
        typer.echo(f"wrote {path.relative_to(beginning.root)}")
    typer.echo(
        f"Edit both; write Section({beginning.number!r}, …) into dockerlab/notebook/learning/sections.py, then run "
        f"tools/run_notebooks.py and tools/write_course.py."
    )


__all__ = ["commands"]
