"""The data files beside this module, read on first need."""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any


def read_file(name: str) -> str:
    """A text that images hold as it is: one of those in the folder `files`."""
    return files(__package__).joinpath("files", name).read_text(encoding="utf-8")


@functools.cache
def load(name: str) -> Any:
    """One of the JSON files."""
    return json.loads(files(__package__).joinpath(f"{name}.json").read_text(encoding="utf-8"))


@functools.cache
def recipe_names() -> tuple[str, ...]:
    """The repositories of the hub that have recipes: 'ubuntu'."""
    folder = files(__package__).joinpath("recipes")
    return tuple(sorted(each.name.removesuffix(".json") for each in folder.iterdir() if each.name.endswith(".json")))
