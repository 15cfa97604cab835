"""Everything Jupyter: magics, completion, pictures of the lab's objects, widgets, questions and exercises.

`%load_ext dockerlab` brings it into a notebook:

    %docker ...              one docker command
    %%docker run -i ...      the same, with the cell's body as its input
    %%host                   lines for the host's shell, shown as a terminal shows them
    %%hostfile PATH          write the cell's body to a file of the host
    %lab reset|undo|redo|clock|draw|present|status

and the names of `face`: `lab`, `draw`, `journey`, `predict`, `quiz`, `explore`, `watch`, `terminal`, `exercise` …
"""

from __future__ import annotations

from typing import Any

PROGRESS = "DOCKERLAB_PROGRESS"
"""The variable that names the file of solved exercises."""


def load_ipython_extension(shell: Any, progress: str | None = None) -> None:
    """Give an IPython shell the lab, its magics, completion and pictures; `progress` is the file of what is solved."""
    from dockerlab.notebook import completion, magics, reprs
    from dockerlab.notebook.face import names
    from dockerlab.notebook.learning.progress import PROGRESS, place

    PROGRESS.path = place(progress)
    magics.register(shell)
    completion.register(shell)
    reprs.register(shell)
    shell.push(names(), interactive=False)


def unload_ipython_extension(shell: Any) -> None:
    """Take the names away again; magics stay, as IPython has no way to remove them."""
    from dockerlab.notebook.face import names

    shell.drop_by_id(names())
