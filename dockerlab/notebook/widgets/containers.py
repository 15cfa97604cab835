"""Who shares an image? The image drawn once, its containers on top, and buttons that add one or write in one."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import ipywidgets

from dockerlab.lab import Lab
from dockerlab.notebook import pictures
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.widgets.explorer import Explorer


class ContainersExplorer(Explorer):
    """An image with all its containers, redrawn after each step."""

    def __init__(self, lab: Lab, image: str) -> None:
        self.lab, self.image = lab, image
        self.picture, self.sums, self.said = ipywidgets.HTML(), ipywidgets.HTML(), ipywidgets.HTML()
        buttons = [
            self._button("One more container", self.add),
            self._button("Write a file in the newest", self.write),
            self._button("Remove the newest", self.remove),
            self._button("Look again", self.refresh),
        ]
        self.refresh()
        super().__init__([ipywidgets.HBox(buttons), self.said, self.picture, self.sums])

    def _button(self, text: str, action: Callable[[], None]) -> Any:
        button = ipywidgets.Button(description=text, layout=ipywidgets.Layout(width="auto"))
        button.on_click(lambda _: action())
        return button

    def add(self) -> None:
        """Run a container that sleeps."""
        self._type(f"docker run -d {self.image} sleep 3600")

    def write(self) -> None:
        """Write a file in the newest container."""
        if newest := self._newest():
            self._type(f"docker exec {newest} sh -c 'echo hello > /hello.txt'")

    def remove(self) -> None:
        """Remove the newest container with its writable layer."""
        if newest := self._newest():
            self._type(f"docker rm -f {newest}")

    def refresh(self) -> None:
        """Draw what is there now."""
        self.picture.value = pictures.picture_of_users(self.lab.engine, self.image).html
        self.sums.value = f"<p>{html.escape(self.sentence())}</p>"

    def sentence(self) -> str:
        """What sharing saves, in numbers."""
        size = self.lab.engine.images.inspect(self.image)["Size"]
        rows = self._rows(size=True)
        written = sum(row.get("SizeRw", 0) for row in rows)
        copies = size * len(rows)
        return (
            f"{len(rows)} containers share one image of {size_text(size)} and have written {size_text(written)} "
            f"of their own. {len(rows)} full copies would take {size_text(copies)}."
        )

    def _rows(self, *, size: bool = False) -> list[dict[str, Any]]:
        image_id = str(self.lab.engine.images.find(self.image).id)
        rows: list[dict[str, Any]] = self.lab.engine.containers.list(all=True, size=size)
        return [row for row in rows if row["ImageID"] == image_id]

    def _newest(self) -> str | None:
        rows = self._rows()
        return str(rows[0]["Names"][0]).lstrip("/") if rows else None

    def _type(self, line: str) -> None:
        result = self.lab.run(line)
        said = html.escape(result.stdout + result.stderr).strip()
        self.said.value = f"<pre>$ {html.escape(line)}\n{said}</pre>"
        self.refresh()

    def static_html(self) -> str:
        """The picture as it is now, with its numbers."""
        return f"{self.picture.value}{self.sums.value}"

    def static_text(self) -> str:
        """The same in characters."""
        return f"{pictures.picture_of_users(self.lab.engine, self.image).text}\n{self.sentence()}"
