"""Goals about archives on the host: what docker save or docker export has put into them."""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.errors import DockerlabError
from dockerlab.fs.content import content_of
from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding
from dockerlab.store.docker_archive import read_archive, unpack


@dataclass(frozen=True, slots=True)
class SavedImage:
    """An archive, as docker save writes it, holds an image of that name; with `name` '' one without a name."""

    path: str
    name: str

    def look(self, lab: Lab) -> Finding:
        """Read the names in the archive."""
        called = f"the image {self.name}" if self.name else "an image without a name"
        wanted = f"the archive {self.path} holds {called}"
        names = saved_names(lab, self.path)
        if names is None:
            return Finding(False, wanted, f"{self.path} is no archive of docker save, or not there")
        return Finding(self.name in names, wanted, f"it holds {', '.join(name or '(no name)' for name in names)}")


@dataclass(frozen=True, slots=True)
class BareFiles:
    """An archive holds files of a container, as docker export writes it, and no image."""

    path: str
    file: str

    def look(self, lab: Lab) -> Finding:
        """Look for one of the files at its place."""
        wanted = f"the archive {self.path} holds the bare file {self.file}"
        try:
            found = unpack(content_of(lab.host.read(self.path))).find(self.file) is not None
        except DockerlabError:
            return Finding(False, wanted, f"{self.path} is no archive, or not there")
        return Finding(found, wanted, f"{'the' if found else 'no'} file {self.file}")


def saved_names(lab: Lab, path: str) -> list[str] | None:
    """The names of the images in an archive, '' for one that has none; None where there is no such archive."""
    try:
        images = read_archive(content_of(lab.host.read(path)))
    except DockerlabError:
        return None
    names = [tag.familiar for image in images for tag in image.tags or ()]
    return (names or [""]) if images else None
