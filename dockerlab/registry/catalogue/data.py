"""The data files beside this module, read on first need."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any


@functools.cache
def load(name: str) -> Any:
    """One of the JSON files."""
    return json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
