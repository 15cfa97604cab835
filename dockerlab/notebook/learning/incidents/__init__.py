"""Capstones from real life: exercises with a story, scored by how few lines they took; a module for each.

The story is told in the notebook of the same number in `notebooks/incidents/`; `chapter` is the capstone of all.
"""

from __future__ import annotations

from dockerlab.notebook.learning.exercise import Exercise
from dockerlab.notebook.learning.incidents.chapter import CAPSTONE
from dockerlab.notebook.learning.incidents.photos import PHOTOS
from dockerlab.notebook.learning.incidents.rollback import ROLLBACK
from dockerlab.notebook.learning.incidents.secret import SECRET
from dockerlab.notebook.learning.incidents.stale import STALE

INCIDENTS: tuple[Exercise, ...] = (PHOTOS, SECRET, ROLLBACK, STALE)
EXERCISES = (*INCIDENTS, CAPSTONE)
