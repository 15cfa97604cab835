"""TemplatePad: what does this `--format` print? The result as you type, or docker's own error with a caret under it."""

from __future__ import annotations

import html
import shlex
from typing import Any

from dockerlab.cli.template import TemplateError
from dockerlab.errors import CommandError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import LabWidget, action
from dockerlab.notebook.widgets.formats import subject_of
from dockerlab.notebook.widgets.outline import shown

MOST_RESULT = 8_000


class TemplatePad(LabWidget):
    """A template for an object (`web`, `docker inspect web`) or for the rows of a list (`docker ps -a`)."""

    _esm = bundle.module("template")
    _css = bundle.style("template")
    title = "TemplatePad"
    question = "What does this --format print?"

    def __init__(self, subject: str, lab: Lab | None = None, template: str | None = None) -> None:
        self.subject = subject_of(subject)
        self.text = self.subject.examples[0][1] if template is None else template
        self.caret = len(self.text)
        self.needle = ""
        self.opened: set[str] = set()
        self.selected = ""
        super().__init__(lab)

    @action
    def write(self, value: str, caret: int | None = None) -> str:
        """Another template."""
        self.text, self.caret = value, len(value) if caret is None else caret
        return self._told()

    @action
    def insert(self, key: str, caret: int | None = None) -> str:
        """Put a field's name in where the cursor is."""
        self.selected = key
        at = min(self.caret if caret is None else caret, len(self.text))
        self.text, self.caret = inserted(self.text, at, key)
        return self._told()

    @action
    def toggle(self, key: str) -> None:
        """Open or close a field."""
        self.opened ^= {key}

    @action
    def search(self, value: str, caret: int | None = None) -> None:
        """Show only fields that have this in their path."""
        self.needle = value.strip()

    def _told(self) -> str:
        result, fault = self._rendered()
        return fault["text"] if fault else f"prints {result.rstrip()[:200]}"

    def _rendered(self) -> tuple[str, dict[str, Any]]:
        """What is printed, and what is wrong where something is."""
        try:
            return self.subject.render(self.lab, self.text)[:MOST_RESULT], {}
        except CommandError as error:
            cause = error.__cause__
            position = cause.position if isinstance(cause, TemplateError) else None
            return "", {"text": str(error), "lines": pointed(self.text, position)}

    def snapshot(self) -> dict[str, Any]:
        """The command, the template, what it prints, and the fields."""
        fields = shown(self.subject.fields(self.lab), self.opened, self.needle)
        for row in fields["rows"]:
            row["selected"] = row["key"] == self.selected
        result, fault = self._rendered()
        return {
            "command": self.subject.command.format(shlex.quote(self.text)),
            "text": self.text,
            "result": result,
            "fault": fault,
            "fields": fields,
            "needle": self.needle,
            "examples": [{"label": label, "template": template} for label, template in self.subject.examples],
        }

    def static_html(self) -> str:
        """The examples and what they print."""
        rows = [
            f"<tr><td style='text-align:left'><code>{html.escape(template)}</code></td>"
            f"<td style='text-align:left'><pre>{html.escape(self._printed(template))}</pre></td></tr>"
            for _, template in self.subject.examples
        ]
        head = static.heading(self.title, f"{self.question} {self.subject.command.format('…')}")
        return f"{head}<table>{''.join(rows)}</table>"

    def static_text(self) -> str:
        """The same in characters."""
        lines = [self.subject.command.format("…")]
        for _, template in self.subject.examples:
            lines += [template, *(f"    {line}" for line in self._printed(template).splitlines())]
        return "\n".join(lines)

    def _printed(self, template: str) -> str:
        try:
            return self.subject.render(self.lab, template).rstrip("\n")[:600]
        except CommandError as error:
            return str(error)


def inserted(text: str, at: int, use: str) -> tuple[str, int]:
    """The template with a field at the cursor: bare inside of braces, else with braces of its own."""
    before, after = text[:at], text[at:]
    if before.rfind("{{") <= before.rfind("}}"):
        word = f"{{{{{use}}}}}"
    elif before.endswith((" ", "{", "(", "|")):
        word = use
    else:
        word = f" {use}"
    return before + word + after, len(before + word)


def pointed(text: str, position: int | None) -> list[str]:
    """The line that is wrong, and a caret under the place; nothing where docker knows no place."""
    if position is None:
        return []
    position = min(position, len(text))
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    line = text[start : len(text) if end < 0 else end]
    return [line, " " * (position - start) + "^"]
