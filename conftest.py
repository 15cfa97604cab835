"""For every run of pytest, nbval's kernels too: nobody's own progress is read or changed."""

from __future__ import annotations

import os

os.environ["DOCKERLAB_PROGRESS"] = "off"
