"""Goals about names: that two lead to one image or to two, that one is gone, that no image is without one."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, find_image


@dataclass(frozen=True, slots=True)
class SameImage:
    """Two names lead to one image ID."""

    name: str
    other: str

    def look(self, lab: Lab) -> Finding:
        """Compare the IDs."""
        return compared(lab, self.name, self.other, same=True)


@dataclass(frozen=True, slots=True)
class OtherImage:
    """Two names lead to two images."""

    name: str
    other: str

    def look(self, lab: Lab) -> Finding:
        """Compare the IDs."""
        return compared(lab, self.name, self.other, same=False)


@dataclass(frozen=True, slots=True)
class NoName:
    """No image has that name, which says nothing of the image that had it."""

    name: str

    def look(self, lab: Lab) -> Finding:
        """Look for the name."""
        found = short_id(lab, self.name)
        have = f"{self.name} leads to {found}" if found else f"no {self.name}"
        return Finding(found is None, f"no image is named {self.name}", have)


@dataclass(frozen=True, slots=True)
class NoneDangling:
    """Every image that is listed has a name."""

    def look(self, lab: Lab) -> Finding:
        """Count the images that are listed as <none>."""
        nameless = lab.engine.images.list(filters={"dangling": ["true"]})
        return Finding(not nameless, "no image is without a name", f"{len(nameless)} without a name")


def compared(lab: Lab, name: str, other: str, same: bool) -> Finding:
    """Whether two names lead to one image, or to two."""
    wanted = f"{name} leads to {'the same image as' if same else 'another image than'} {other}"
    first, second = short_id(lab, name), short_id(lab, other)
    if first is None or second is None:
        return Finding(False, wanted, f"no image {name if first is None else other}")
    return Finding((first == second) is same, wanted, f"{name} leads to {first}, {other} to {second}")


def short_id(lab: Lab, name: str) -> str | None:
    """The ID that a name leads to, as docker images prints it."""
    image = find_image(lab, name)
    return None if image is None else str(image["Id"]).removeprefix("sha256:")[:12]
