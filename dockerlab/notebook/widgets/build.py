"""Which steps does a change make again? Edit a Dockerfile, build, and see what came from the cache, and why not."""

from __future__ import annotations

import html

import ipywidgets

from dockerlab.build.context import context_of
from dockerlab.build.request import BuildRequest
from dockerlab.errors import DockerlabError
from dockerlab.events import CacheDecision, StepStarted
from dockerlab.lab import Lab
from dockerlab.notebook import pictures
from dockerlab.notebook.widgets.explorer import Explorer
from dockerlab.oci.reference import Reference

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
        self.lines: list[str] = []
        self.build()
        super().__init__([self.editor, self.button, self.steps, self.picture])

    def build(self) -> None:
        """Write the Dockerfile, build it, and show each step's fate."""
        self.lab.host.write(f"{self.folder}/Dockerfile", self.editor.value.encode())
        try:
            self.lines = fates(self.lab, self.folder)
        except DockerlabError as error:
            self.lines = [f"the build failed: {error}"]
            self.picture.value = ""
        else:
            self.picture.value = pictures.picture_of_image(self.lab.engine, TAG).html
        self.steps.value = "<br>".join(html.escape(line) for line in self.lines)

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


def fates(lab: Lab, folder: str) -> list[str]:
    """Build a folder of the host; one line for each step: what it was, and whether the cache had it."""
    context = context_of(lab.host.tree(folder))
    request = BuildRequest(context, tags=(Reference.parse(TAG).with_default_tag(),))
    texts: dict[str, str] = {}
    lines = []
    for event in lab.watch(lab.engine.builder.build(request)):
        if isinstance(event, StepStarted):
            texts[event.key] = event.text
        elif isinstance(event, CacheDecision):
            mark = "✓ from the cache" if event.hit else "✗ built"
            lines.append(f"{mark}: {texts.get(event.key, event.key)} ({event.reason})")
    return lines
