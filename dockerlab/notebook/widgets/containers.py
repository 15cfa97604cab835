"""ContainersExplorer: who shares an image? The image once, its containers on top; add one, write in one, remove one."""

from __future__ import annotations

import html
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.widgets import bundle
from dockerlab.notebook.widgets.base import LabWidget, action


class ContainersExplorer(LabWidget):
    """An image with all its containers; the buttons type commands in the lab, and show what they print."""

    _esm = bundle.module("containers")
    _css = bundle.style("containers")
    title = "ContainersExplorer"
    question = "Who shares an image, and what has each container of its own?"

    def __init__(self, image: str, lab: Lab | None = None) -> None:
        self.image, self.typed = image, ""
        super().__init__(lab)

    @action
    def add(self) -> str:
        """Run a container that sleeps."""
        return self._type(f"docker run -d {self.image} sleep 3600")

    @action
    def write(self) -> str:
        """Write a file in the newest container."""
        return self._type(f"docker exec {self._newest()} sh -c 'echo hello > /hello.txt'")

    @action
    def remove(self) -> str:
        """Remove the newest container with its writable layer."""
        return self._type(f"docker rm -f {self._newest()}")

    def snapshot(self) -> dict[str, Any]:
        """The picture as it is now, with its numbers."""
        return {
            "picture": pictures.picture_of_users(self.lab.engine, self.image).html,
            "sentence": self.sentence(),
            "typed": self.typed,
            "none": not self._rows(),
        }

    def sentence(self) -> str:
        """What sharing saves, in numbers."""
        size = self.lab.engine.images.inspect(self.image)["Size"]
        rows = self._rows(size=True)
        written = sum(row.get("SizeRw", 0) for row in rows)
        copies = size * len(rows)
        if len(rows) == 1:
            return f"1 container stands on an image of {size_text(size)} and has itself written {size_text(written)}."
        return (
            f"{len(rows)} containers share one image of {size_text(size)} and have written {size_text(written)} "
            f"of their own. {len(rows)} full copies would take {size_text(copies)}."
        )

    def _rows(self, *, size: bool = False) -> list[dict[str, Any]]:
        image_id = str(self.lab.engine.images.find(self.image).id)
        rows: list[dict[str, Any]] = self.lab.engine.containers.list(all=True, size=size)
        return [row for row in rows if row["ImageID"] == image_id]

    def _newest(self) -> str:
        rows = self._rows()
        if not rows:
            raise NotFoundError(f"{self.image} has no container yet: add one first.")
        return str(rows[0]["Names"][0]).lstrip("/")

    def _type(self, line: str) -> str:
        result = self.lab.run(line)
        self.typed = f"$ {line}\n{result.stdout}{result.stderr}".rstrip()
        return self.sentence()

    def static_html(self) -> str:
        """The picture as it is now, with its numbers."""
        picture = pictures.picture_of_users(self.lab.engine, self.image).html
        return f"{picture}<p>{html.escape(self.sentence())}</p>"

    def static_text(self) -> str:
        """The same in characters."""
        return f"{pictures.picture_of_users(self.lab.engine, self.image).text}\n{self.sentence()}"
