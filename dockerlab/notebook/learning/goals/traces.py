"""Goals about what an image carries besides the files that one sees: other files' modes, hidden layers, settings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding
from dockerlab.store.images import Image
from dockerlab.world import Clock


@dataclass(frozen=True, slots=True)
class ImageMode:
    """A file of an image has that mode, e.g. ('shop', '/srv/a.jpg', 0o755)."""

    name: str
    path: str
    mode: int

    def look(self, lab: Lab) -> Finding:
        """Look at the file in the merged layers."""
        wanted = f"the file {self.path} of image {self.name} has mode {self.mode:o}"
        try:
            stat = OverlayFs(lab.engine.images.find(self.name).tree, Clock()).stat(self.path)
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name} with such a file")
        found = stat.mode & 0o7777
        return Finding(found == self.mode, wanted, f"mode {found:o}")


@dataclass(frozen=True, slots=True)
class NoTrace:
    """A text stands nowhere in an image: in no layer, hidden or not, in no setting, not in its history."""

    name: str
    text: str

    def look(self, lab: Lab) -> Finding:
        """Look through all layers and the configuration."""
        wanted = f"no layer, setting or history of image {self.name} holds the secret"
        try:
            image = lab.engine.images.find(self.name)
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        places = list(traces(image, self.text))
        return Finding(not places, wanted, "it is in " + ", ".join(places) if places else "no trace of it")


def traces(image: Image, text: str) -> Iterator[str]:
    """Where the text stands: 'layer 2: /bot/.env', 'the settings or the history'."""
    sought = text.encode()
    for number, layer in enumerate(image.layers, 1):
        for entry in layer.entries:
            if sought in entry.content.read():
                yield f"layer {number}: /{entry.path}"
    if sought in image.config.raw:
        yield "the settings or the history"


@dataclass(frozen=True, slots=True)
class Trace:
    """A text can be read from an image, in a place whose name begins so: 'layer' or 'the settings'."""

    name: str
    text: str
    place: str

    def look(self, lab: Lab) -> Finding:
        """Look through all layers and the configuration."""
        wanted = f"{self.place} of image {self.name} holds it"
        try:
            places = list(traces(lab.engine.images.find(self.name), self.text))
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        return Finding(any(each.startswith(self.place) for each in places), wanted, ", ".join(places) or "no trace")
