"""Which steps does a change make again? Edit a Dockerfile, build, and see what came from the cache, and why not."""

from __future__ import annotations

import html

import ipywidgets

from dockerlab.errors import DockerlabError
from dockerlab.events import CacheDecision, StepStarted
from dockerlab.lab import Lab
from dockerlab.notebook import pictures
from dockerlab.notebook.widgets.base import Explorer

TAG = "explored"


class BuildExplorer(Explorer):
    """A Dockerfile of the host, its build and the image that comes of it."""

    def __init__(self, lab: Lab, folder: str) -> None:
        self.lab, self.folder = lab, lab.path(folder)
        text = lab.host.read(f"{self.folder}/Dockerfile").decode()
        self.editor = ipywidgets.Textarea(text, layout=ipywidgets.Layout(width="95%", height="12em"))
        self.editor.add_class("dockerlab-code")
        self.button = ipywidgets.Button(description="docker build", button_style="primary")
        self.button.on_click(lambda _: self.build())
        self.steps, self.picture = ipywidgets.HTML(), ipywidgets.HTML()
        self.build()
        super().__init__([self.editor, self.button, self.steps, self.picture])

    def build(self) -> None:
        """Write the Dockerfile, build it, and show each step's fate."""
        self.lab.host.write(f"{self.folder}/Dockerfile", self.editor.value.encode())
        result = self.lab.run(f"docker build -t {TAG} {self.folder}")
        self.lines = decisions(self.lab)
        if result.exit_code:
            self.steps.value = f"<pre>{html.escape(result.stdout + result.stderr)}</pre>"
            self.picture.value = ""
            return
        self.steps.value = "<br>".join(html.escape(line) for line in self.lines)
        self.picture.value = pictures.picture_of_image(self.lab.engine, TAG).html

    def static_html(self) -> str:
        """The Dockerfile, the steps and the picture."""
        return f"<pre>{html.escape(self.editor.value)}</pre><p>{self.steps.value}</p>{self.picture.value}"

    def static_text(self) -> str:
        """The same in characters."""
        try:
            drawing = pictures.picture_of_image(self.lab.engine, TAG).text
        except DockerlabError:
            drawing = "no image: the build failed"
        return "\n".join([self.editor.value, *self.lines, drawing])


def decisions(lab: Lab) -> list[str]:
    """One line for each step of the last build: what it was, and whether the cache had it."""
    texts: dict[str, str] = {}
    lines = []
    for event in lab.engine.builder.last_events:
        if isinstance(event, StepStarted):
            texts[event.key] = event.text
        elif isinstance(event, CacheDecision):
            mark = "✓ from the cache" if event.hit else "✗ built"
            lines.append(f"{mark}: {texts.get(event.key, event.key)} ({event.reason})")
    return lines
