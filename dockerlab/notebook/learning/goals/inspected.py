"""Goals about what was asked of `docker inspect`: an answer that was written into a file of the host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, look_up, read


@dataclass(frozen=True, slots=True)
class FileSays:
    """A file holds one value that `docker image inspect` shows, and nothing else; `what` says it in words.

    `field` is its path, where a number is a place in a list: 'RootFS.Layers.0'.
    """

    path: str
    image: str
    field: str
    what: str

    def look(self, lab: Lab) -> Finding:
        """Compare the file with the field."""
        wanted = f"the host's file {self.path} holds {self.what}, and nothing else"
        image = look_up(lambda: lab.engine.images.inspect(self.image))
        if image is None:
            return Finding(False, wanted, f"no image {self.image}")
        found = read(lab.host, self.path)
        if found is None:
            return Finding(False, wanted, f"no file {self.path}")
        lines = found.strip().splitlines()
        have = f"{len(lines)} lines" if len(lines) > 1 else repr(found.strip())
        return Finding(lines == [str(value_at(image, self.field))], wanted, have)


def value_at(value: Any, path: str) -> Any:
    """What stands at a dotted path, None where nothing does."""
    for name in path.split("."):
        if isinstance(value, list):
            value = value[int(name)] if int(name) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value
