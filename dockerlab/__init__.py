"""dockerlab: a Docker that fits in a notebook.

    lab = dockerlab.Lab()
    lab.run("docker run --rm busybox echo hello").stdout

In a notebook, `%load_ext dockerlab` gives the magics `%docker`, `%%host`, `%%hostfile` and `%lab`.
Everything is imported when it is first used, so that `import dockerlab` costs nothing.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dockerlab.lab import Lab, Result

__version__ = "0.1.0"
__all__ = ["Lab", "Result", "__version__", "load_ipython_extension"]


def __getattr__(name: str) -> Any:
    if name in {"Lab", "Result"}:
        from dockerlab import lab

        return getattr(lab, name)
    raise AttributeError(f"module 'dockerlab' has no attribute {name!r}")


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext dockerlab` calls."""
    from dockerlab import notebook

    notebook.load_ipython_extension(shell, progress=os.environ.get(notebook.PROGRESS))
