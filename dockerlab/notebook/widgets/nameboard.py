"""NameBoard: what does this name point at? Plan a command, see which arrows it would break or move, then let it run.

What a removal or a prune would do is found out by the engine on a copy (`engine/image_foresight.py`).
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.engine.image_foresight import foresee_prune
from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook import views
from dockerlab.notebook.diagrams import names_and_ids
from dockerlab.notebook.diagrams.names import verdict
from dockerlab.notebook.diagrams.views import RemovalView
from dockerlab.notebook.diagrams.wording import plural, size_text
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import action
from dockerlab.notebook.widgets.commands import CommandWidget
from dockerlab.oci.digest import SHORT
from dockerlab.oci.reference import Reference

PLANS: Mapping[str, str] = {"rmi": "rmi", "tag": "tag", "build": "build again", "pull": "pull", "prune": "prune"}
MOST_NAMES = 100
NO_NAME = "This image has no name that a build or a pull could move: give it one first, with tag."


class NameBoard(CommandWidget):
    """All names and images of the lab; `name` is the one that is looked at first."""

    _esm = bundle.module("nameboard")
    _css = bundle.style("nameboard")
    title = "NameBoard"
    question = "What does this name point at, and what would a command do to it?"

    def __init__(self, lab: Lab | None = None, name: str = "") -> None:
        self.plan, self.new, self.built = "rmi", "mine:1", 0
        self.name = Reference.parse(name).with_default_tag().familiar if name else ""
        super().__init__(lab)

    @action
    def choose(self, name: str) -> str:
        """Look at another name, or at an image without one."""
        if name not in self._targets():
            raise NotFoundError(f"{name} is not there any more")
        self.name = name
        return self._told()

    @action
    def think_of(self, plan: str) -> str:
        """Plan another command; nothing is done."""
        if plan not in PLANS:
            raise NotFoundError(f"no plan {plan!r}; there are: {', '.join(PLANS)}")
        self.plan = plan
        return self._told()

    @action
    def call_it(self, value: str, caret: int | None = None) -> str:
        """The new name that `docker tag` is to give."""
        self.new = value.strip()
        return self._told()

    @action
    def do(self) -> str:
        """Type the planned command."""
        line = self._line()
        if self._lacks_name():
            raise InvalidParameterError(NO_NAME)
        self.built += self.plan == "build"
        return self.type(line)

    # Plans.

    def _targets(self) -> dict[str, str]:
        """The ID of what each name points at; an image without a name is called by its ID."""
        tags, images = views.name_views(self.lab.engine)
        nameless = {image.id: image.id for image in images if image.dangling}
        return {**{tag.name: tag.id for tag in tags}, **nameless}

    def _line(self) -> str:
        name, new = self.name, shlex.quote(self.new)
        lines = {
            "rmi": f"docker rmi {name}",
            "tag": f"docker tag {name} {new}",
            "build": f"printf 'FROM {name}\\nLABEL build={self.built + 1}\\n' | docker build -q -t {name} -",
            "pull": f"docker pull {name}",
            "prune": "docker image prune -f",
        }
        return lines[self.plan]

    def _foreseen(self) -> tuple[RemovalView, str]:
        """What the plan would take away, and the same in words."""
        foresight: Mapping[str, Callable[[], tuple[RemovalView, str]]] = {
            "rmi": self._foresee_rmi,
            "tag": lambda: self._foresee_move(self.new, "docker tag"),
            "build": lambda: self._foresee_move(self.name, "The build"),
            "pull": lambda: self._foresee_move(self.name, "docker pull"),
            "prune": self._foresee_prune,
        }
        return (RemovalView(""), NO_NAME) if self._lacks_name() else foresight[self.plan]()

    def _lacks_name(self) -> bool:
        """Whether the plan needs a name, and the chosen image has none."""
        return self.plan in ("build", "pull") and self._targets().get(self.name) == self.name

    def _foresee_rmi(self) -> tuple[RemovalView, str]:
        removal = views.removal_view(self.lab.engine, self.name)
        return removal, sentence(removal)

    def _foresee_prune(self) -> tuple[RemovalView, str]:
        seen = foresee_prune(self.lab.engine.images.context, {})
        shown = {row["Id"] for row in self.lab.engine.images.list()}
        gone = tuple(each.removeprefix("sha256:")[:SHORT] for each in seen.deleted if each in shown)
        if not gone:
            return RemovalView(""), "docker image prune deletes nothing: no image is without a name and unused."
        words = (
            f"docker image prune deletes {plural(len(gone), 'image')} without a name: {size_text(seen.freed)} freed."
        )
        return RemovalView("", seen.untagged, gone, seen.freed), words

    def _foresee_move(self, name: str, what: str) -> tuple[RemovalView, str]:
        """A name that gets another image: where its old one has no other name, it is left dangling."""
        try:
            moved = Reference.parse(name).with_default_tag().familiar
        except DockerlabError as error:
            return RemovalView(""), f"{what} refuses that name: {error}"
        targets = self._targets()
        old, here = targets.get(moved), targets[self.name]
        if self.plan == "tag" and old in (None, here):
            words = "already points there: nothing changes" if old else f"is new, and points at {here}, too"
            return RemovalView(""), f"{what}: {moved} {words}."
        others = [other for other, target in targets.items() if target == old and other != moved]
        rest = f"still has {', '.join(others)}" if others else "has no name then: it is dangling, but not deleted"
        if self.plan == "pull":
            first = f"{what} asks the registry. If {moved} means another image there, the name moves to it, and"
        elif self.plan == "build":
            first = f"{what} makes a new image, and {moved} moves to it;"
        else:
            first = f"{what} moves {moved} to {here};"
        return RemovalView("", untagged=() if self.plan == "pull" else (moved,)), f"{first} {old} {rest}."

    def _told(self) -> str:
        self._settle()
        return self._foreseen()[1] if self.name else ""

    def _settle(self) -> None:
        """Where the name that was looked at has gone, the first of the others is."""
        targets = self._targets()
        if self.name not in targets:
            self.name = next(iter(targets), "")

    # What is shown.

    def snapshot(self) -> dict[str, Any]:
        """The names, the plan, what it would do as a picture and in words, and the command."""
        self._settle()
        targets = self._targets()
        removal, words = self._foreseen() if self.name else (RemovalView(""), "")
        tags, images = views.name_views(self.lab.engine)
        return {
            "names": [
                {"name": name, "id": "" if name == target else target, "selected": name == self.name}
                for name, target in list(targets.items())[:MOST_NAMES]
            ],
            "more": max(0, len(targets) - MOST_NAMES),
            "plans": [{"plan": plan, "label": label, "selected": plan == self.plan} for plan, label in PLANS.items()],
            "new": self.new,
            "tagging": self.plan == "tag",
            "words": words,
            "line": self._line() if self.name else "",
            "picture": names_and_ids(tags, images, removal_without_caption(removal)).html,
            "shell": self.shell(),
        }

    # Without a kernel.

    def _static_rows(self) -> list[list[str]]:
        return [
            [name, target, sentence(views.removal_view(self.lab.engine, name))]
            for name, target in list(self._targets().items())[:MOST_NAMES]
        ]

    def static_html(self) -> str:
        """All names with their images, and what removing each would do."""
        tags, images = views.name_views(self.lab.engine)
        head = static.heading(self.title, self.question)
        table = static.table(["name", "points at", "rmi"], self._static_rows())
        return f"{head}{names_and_ids(tags, images).html}{table}"

    def static_text(self) -> str:
        """The same in characters."""
        tags, images = views.name_views(self.lab.engine)
        return "\n".join([names_and_ids(tags, images).text, *(words for _, _, words in self._static_rows())])


def sentence(removal: RemovalView) -> str:
    """What a removal would do."""
    told = verdict(removal, most=400)
    return told if told.endswith("…") else f"{told}."


def removal_without_caption(removal: RemovalView) -> RemovalView:
    """The same for a picture that has its words beside it."""
    return RemovalView("", removal.untagged, removal.deleted, removal.freed)
