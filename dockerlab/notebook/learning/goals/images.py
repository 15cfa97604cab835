"""Goals about images: that there is one, its settings, its files, how many layers and bytes it adds to its base."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from dockerlab.engine.image_list import NO_NAME
from dockerlab.errors import DockerlabError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.lab import Lab
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.learning.goals.goal import Finding, dig, find_image, read
from dockerlab.world import Clock

Facts: TypeAlias = Mapping[str, Any]
"""What `docker image inspect` says of an image."""

Judge: TypeAlias = Callable[[Facts, Facts], tuple[bool, str]]
"""Looks at an image and its base: is it as wanted, and what does the image add?"""


@dataclass(frozen=True, slots=True)
class ImageExists:
    """There is an image of that name."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Look for the name."""
        image = find_image(lab, self.name)
        listed = (name for row in lab.engine.images.list() for name in row["RepoTags"] or [])
        names = sorted(name for name in listed if name != NO_NAME)
        have = f"the image {self.name}" if image else f"images named {', '.join(names) or '(none)'}"
        return Finding(image is not None, f"there is an image {self.name}", have)


@dataclass(frozen=True, slots=True)
class ImageSetting:
    """A field of `docker image inspect` has a value, e.g. ('Config.Cmd', ['echo', 'hi'])."""

    name: str
    field: str
    value: Any

    def look(self, lab: Lab) -> Finding:
        """Compare the field."""
        wanted = f"{self.field} of image {self.name} is {self.value!r}"
        image = find_image(lab, self.name)
        if image is None:
            return Finding(False, wanted, f"no image {self.name}")
        found = dig(image, self.field)
        return Finding(found == self.value, wanted, f"{found!r}")


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A file of an image holds a text; with '' any will do, with None it must not be there."""

    name: str
    path: str
    text: str | None

    def look(self, lab: Lab) -> Finding:
        """Read the file in the merged layers."""
        wanted = f"image {self.name} has {'no' if self.text is None else 'a'} file {self.path}"
        if self.text:
            wanted = f"the file {self.path} of image {self.name} holds {self.text!r}"
        try:
            tree = lab.engine.images.find(self.name).tree
        except DockerlabError:
            return Finding(False, wanted, f"no image {self.name}")
        found = read(OverlayFs(tree, Clock()), self.path)
        have = f"no file {self.path}" if found is None else repr(found[:60]) if self.text else f"a file {self.path}"
        met = found is None if self.text is None else found is not None and self.text in found
        return Finding(met, wanted, have)


@dataclass(frozen=True, slots=True)
class LayersAtMost:
    """An image has at most so many layers more than another one, its base."""

    name: str
    base: str
    count: int

    def look(self, lab: Lab) -> Finding:
        """Count the layers."""
        wanted = f"image {self.name} adds at most {self.count} to the layers of {self.base}"
        return _beside(lab, self.name, self.base, wanted, self._judge)

    def _judge(self, image: Facts, base: Facts) -> tuple[bool, str]:
        own, below = dig(image, "RootFS.Layers"), dig(base, "RootFS.Layers")
        added = len(own) - len(below) if own[: len(below)] == below else len(own)
        return added <= self.count, str(added)


@dataclass(frozen=True, slots=True)
class SizeBelow:
    """An image is smaller than so many bytes more than its base."""

    name: str
    base: str
    size: int

    def look(self, lab: Lab) -> Finding:
        """Compare the sizes."""
        wanted = f"image {self.name} adds less than {size_text(self.size)} to {self.base}"
        return _beside(lab, self.name, self.base, wanted, self._judge)

    def _judge(self, image: Facts, base: Facts) -> tuple[bool, str]:
        added = image["Size"] - base["Size"]
        return added < self.size, size_text(added)


def _beside(lab: Lab, name: str, base: str, wanted: str, judge: Judge) -> Finding:
    """What an image adds to its base, if both are there."""
    images = []
    for each in (name, base):
        image = find_image(lab, each)
        if image is None:
            return Finding(False, wanted, f"no image {each}")
        images.append(image)
    met, added = judge(*images)
    return Finding(met, wanted, f"it adds {added}")
