"""BuildTape: which edit breaks the cache, and from where? Edit, reorder, build, and see the fate of each step.

Builds run in a scratch lab of their own, so the learner's lab stays as it is, unless the tape is told to build there.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from typing import Any

from dockerlab.build.context import context_of
from dockerlab.build.request import BuildRequest
from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.fs.tree import File, walk
from dockerlab.lab import Lab
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import LabWidget, action
from dockerlab.notebook.widgets.layer_files import size_of
from dockerlab.notebook.widgets.tape_steps import Step, argument_names, base_names, blocks, fates, sized
from dockerlab.oci.reference import Reference

FOLDER, TAG = "/lab/tape", "tape"
MOST_TEXT = 4_000
SIGNS = {"hit": "✓ cached", "miss": "✗ built", "failed": "! failed", "after": "· not reached", "setting": "  setting"}


class BuildTape(LabWidget):
    """A Dockerfile line by line with its context. `scratch=False` builds in the lab itself, under the name 'tape'."""

    _esm = bundle.module("tape")
    _css = bundle.style("tape")
    title = "BuildTape"
    question = "Which edit breaks the cache, and from where?"

    def __init__(
        self,
        dockerfile: str,
        context: Mapping[str, str | bytes] | None = None,
        lab: Lab | None = None,
        *,
        scratch: bool = True,
    ) -> None:
        self.first = dockerfile
        self.files = {path: data.encode() if isinstance(data, str) else data for path, data in (context or {}).items()}
        self.lines = dict(enumerate(blocks(dockerfile)))
        self.touched: dict[str, int] = {}
        self.arguments: dict[str, str] = {}
        self.file = next(iter(self.files), "")
        self.steps: dict[int, Step] = {}
        self.costs: dict[str, float] = {}
        self.runs, self.stale, self.fault, self.size = 0, False, "", 0
        self.scratch = scratch
        self.place: Lab | None = None
        super().__init__(lab)

    @classmethod
    def of_folder(cls, lab: Lab, folder: str) -> BuildTape:
        """The tape of a folder of the host; the folder itself stays as it is."""
        path = lab.path(folder)
        if not lab.host.exists(f"{path}/Dockerfile"):
            raise NotFoundError(f"{path}/Dockerfile: no such file")
        nodes = [(name, node) for name, node in walk(lab.host.tree(path)) if isinstance(node, File)]
        files = {name: node.content.read() for name, node in nodes if name != "Dockerfile"}
        return cls(lab.host.read(f"{path}/Dockerfile").decode("utf-8", "replace"), files, lab)

    # What the front end asks for.

    @action
    def edit(self, line: int, value: str, caret: int = 0) -> None:
        """Write another text into a line."""
        self._line(line)
        self.lines[line] = value
        self.stale = True

    @action
    def move(self, line: int, by: int) -> str:
        """Move a line up (-1) or down (1)."""
        order = list(self.lines)
        at = order.index(self._line(line))
        to = min(max(at + by, 0), len(order) - 1)
        order.insert(to, order.pop(at))
        self.lines = {each: self.lines[each] for each in order}
        self.stale = True
        return f"line {to + 1}: {self.lines[line]}"

    @action
    def remove(self, line: int) -> str:
        """Take a line out."""
        gone = self.lines.pop(self._line(line))
        self.stale = True
        return f"removed: {gone}"

    @action
    def add(self) -> str:
        """A new line at the end."""
        self.lines[max(self.lines, default=-1) + 1] = "RUN echo hello"
        self.stale = True
        return "a new line at the end"

    @action
    def pick(self, path: str) -> None:
        """Look into a file of the context."""
        self._file(path)
        self.file = path

    @action
    def write(self, path: str, value: str, caret: int = 0) -> None:
        """Another content for a file."""
        self._file(path)
        self.files[path] = value.encode("utf-8", "surrogateescape")
        self.stale = True

    @action
    def touch(self, path: str) -> str:
        """Only the date of a file changes."""
        self._file(path)
        self.touched[path] = self.touched.get(path, 0) + 1
        self.stale = True
        return f"{path} has another date, and the same content"

    @action
    def argument(self, name: str, value: str, caret: int = 0) -> None:
        """A --build-arg; an empty one leaves the default."""
        self.arguments[name] = value
        self.stale = True

    @action
    def restore(self) -> str:
        """The Dockerfile as it was at first."""
        self.lines = dict(enumerate(blocks(self.first), max(self.lines, default=-1) + 1))
        self.stale = True
        return "the Dockerfile is as it was at first"

    @action
    def build(self) -> str:
        """Build, and note each step's fate."""
        place = self._place()
        self._lay_out(place)
        given = {name: value for name, value in self.arguments.items() if value}
        context = context_of(place.host.tree(FOLDER))
        tag = Reference.parse(TAG).with_default_tag()
        request = BuildRequest(context, tags=(tag,), build_args=given)
        events: list[Any] = []
        self.fault, self.stale, self.runs = "", False, self.runs + 1
        try:
            for event in place.watch(place.engine.builder.build(request)):
                events.append(event)
        except DockerlabError as error:
            self.fault = str(error)
        self.steps = fates(self.lines, events, self.costs, failed=bool(self.fault))
        if not self.fault:
            image = place.engine.images.find(TAG)
            self.size = image.size
            self.steps = sized(self.lines, self.steps, image)
        return self._summary()

    def _line(self, line: int) -> int:
        if line not in self.lines:
            raise InvalidParameterError("that line is not there any more")
        return line

    def _file(self, path: str) -> bytes:
        if path not in self.files:
            raise NotFoundError(f"{path}: no such file in the context")
        return self.files[path]

    def _place(self) -> Lab:
        """Where builds run; what the learner's lab has of the base images is there, too."""
        if self.place is None:
            self.place = Lab(release=self.lab.engine.release.number) if self.scratch else self.lab
        known = self.place.engine.images
        for name in base_names(self.lines.values()) if self.scratch else ():
            if not _has(self.place, name) and _has(self.lab, name):
                self.place.finish(known.load(self.lab.engine.images.save([name]), quiet=True))
        return self.place

    def _lay_out(self, place: Lab) -> None:
        """The Dockerfile and the context as files; only what has changed is written."""
        everything = {**self.files, "Dockerfile": self.text.encode("utf-8", "surrogateescape")}
        for path, data in everything.items():
            full = f"{FOLDER}/{path}"
            if not place.host.exists(full) or place.host.read(full) != data:
                place.host.write(full, data)
        for path in self.touched:
            place.clock.advance(seconds=1)
            place.host.write(f"{FOLDER}/{path}", self.files[path])
        self.touched.clear()

    # What is shown.

    @property
    def text(self) -> str:
        """The Dockerfile."""
        return "\n".join(self.lines.values()) + "\n"

    def snapshot(self) -> dict[str, Any]:
        """The lines with their fates, the context, the arguments, and the sums."""
        nothing = Step("", "")
        return {
            "lines": [
                {"line": at, "text": text, **self.steps.get(at, nothing).facts()} for at, text in self.lines.items()
            ],
            "run": self.runs,
            "stale": self.stale,
            "fault": self.fault,
            "summary": self._summary(),
            "files": [{"path": path, "size": size_of(len(data))} for path, data in self.files.items()],
            "file": self._file_facts(),
            "arguments": [
                {"name": name, "default": default, "value": self.arguments.get(name, "")}
                for name, default in argument_names(self.lines.values()).items()
            ],
            "where": "in a scratch lab" if self.scratch else "in your lab",
        }

    def _file_facts(self) -> dict[str, Any] | None:
        if not self.file:
            return None
        data = self.files[self.file]
        editable = b"\0" not in data and len(data) <= MOST_TEXT
        return {"path": self.file, "text": data.decode("utf-8", "replace") if editable else "", "editable": editable}

    def _summary(self) -> str:
        if not self.runs:
            return "Not built yet."
        if self.fault:
            return f"The build failed: {self.fault}"
        fates = [step.fate for step in self.steps.values()]
        took = sum(step.seconds for step in self.steps.values())
        saved = sum(step.saved for step in self.steps.values())
        return (
            f"{fates.count('hit')} from the cache, {fates.count('miss')} built. "
            f"The image has {size_of(self.size)}; {took:.1f} s of the lab's time spent, {saved:.1f} s saved."
        )

    # Without a kernel.

    def _static_rows(self) -> list[list[str]]:
        if not self.runs:
            self.act("build")
            self.act("build")
        return [
            [SIGNS.get(step.fate, ""), self.lines[at], step.reason]
            for at, step in self.steps.items()
            if at in self.lines
        ]

    def static_html(self) -> str:
        """Each line with its fate, as of the last build."""
        rows = self._static_rows()
        head = static.heading(self.title, self.question)
        return f"{head}{static.table(['', 'line', 'why'], rows)}<p>{html.escape(self._summary())}</p>"

    def static_text(self) -> str:
        """The same in characters."""
        rows = self._static_rows()
        return "\n".join([*(f"{sign:14} {text:50} {reason}".rstrip() for sign, text, reason in rows), self._summary()])


def _has(lab: Lab, name: str) -> bool:
    try:
        lab.engine.images.find(name)
    except DockerlabError:
        return False
    return True
