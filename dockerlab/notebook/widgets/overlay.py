"""Overlay: where does this byte come from, and what does touching it cost?

Two containers stand beside each other on one image. What is done in them is done on copies (`trials`), with every
storage driver at once, so the learner's lab stays as it is; `gaze` says how a path is found, `touches` what it cost.
"""

from __future__ import annotations

import posixpath
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.fs.drivers import DRIVERS, Trial
from dockerlab.fs.tree import Directory
from dockerlab.lab import Lab
from dockerlab.notebook import views
from dockerlab.notebook.diagrams import path_search
from dockerlab.notebook.diagrams.views import ChangeView
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.notebook.views.containers import innermost
from dockerlab.notebook.widgets import bundle, layer_files, static, touches
from dockerlab.notebook.widgets.base import LabWidget, action
from dockerlab.notebook.widgets.gaze import Gaze
from dockerlab.notebook.widgets.outline import opened_at_first, shown
from dockerlab.notebook.widgets.trials import CONTAINERS, VERBS, Operation, Outcome, Pair, pairs

MOST_OWN = 5
MOST_DONE = 50
MOST_SEEN = 160
UNIONS = ("overlay2", "fuse-overlayfs")
SIGNS = {"A": ("+", "add", "new"), "C": ("~", "change", "copied up"), "D": ("✕", "delete", "whiteout")}


class Overlay(LabWidget):
    """Two containers on an image of the lab; `driver` is the storage driver that is looked at first ('': the lab's)."""

    _esm = bundle.module("overlay")
    _css = bundle.style("overlay")
    title = "Overlay"
    question = "Where does this byte come from, and what does touching it cost?"

    def __init__(self, lab: Lab | None = None, image: str = "busybox", driver: str = "") -> None:
        self.image_name, self.wanted, self.run = image, driver, 0
        self.pairs: dict[str, Pair] = {}
        self.fresh: Operation | None = None
        super().__init__(lab)

    # What the front end asks for.

    @action
    def aim(self, value: str, caret: int | None = None) -> str:
        """Look for a path that is typed; it need not be there."""
        self._look_at(value)
        return self._found()

    @action
    def choose(self, key: str) -> str:
        """Look for a path of the tree."""
        self._look_at(key)
        return self._found()

    @action
    def toggle(self, key: str) -> None:
        """Open or close a directory of the tree."""
        self.opened ^= {key}

    @action
    def search(self, value: str, caret: int | None = None) -> str:
        """Show only paths that have this in them."""
        self.needle = value.strip()
        tree = self._tree()
        return f"{len(tree['rows']) + tree['more']} found" if self.needle else "all files"

    @action
    def pick(self, container: str) -> str:
        """Work in this container."""
        if container not in CONTAINERS:
            raise NotFoundError(f"no container {container!r}; there are: {', '.join(CONTAINERS)}")
        self.container = container
        self._look()
        return self._found()

    @action
    def switch(self, driver: str) -> str:
        """Another storage driver, in which the same was done."""
        self.driver = known(driver)
        self._look()
        return f"{driver} {touches.IDEAS[driver]}. {touches.told(self._pair)}"

    @action
    def call_it(self, value: str, caret: int | None = None) -> None:
        """The name that a rename gives."""
        self.new = value

    @action
    def do(self, verb: str) -> str:
        """Touch the chosen path."""
        if verb not in VERBS:
            raise NotFoundError(f"no operation {verb!r}; there are: {', '.join(VERBS)}")
        if self.path == "/":
            raise NotFoundError("Choose a file or a directory first.")
        path = self._trial.files.realpath(self.path) if VERBS[verb].follows else self.path
        operation = Operation(verb, self.container, path, absolute(self.new))
        self._look_at(path)
        outcomes = {name: pair.do(operation) for name, pair in self.pairs.items()}
        return self._settle(operation, outcomes[self.driver], all(it.refusal for it in outcomes.values()))

    def _settle(self, operation: Operation, outcome: Outcome, nowhere: bool) -> str:
        """What nobody could do is forgotten again; what this driver refuses is said."""
        if nowhere:
            for pair in self.pairs.values():
                pair.outcomes.pop()
        if outcome.refusal:
            raise outcome.refusal
        self.fresh = operation
        if operation.verb == "rename":
            self.path, self.new = operation.new, f"{operation.new}.old"
        return touches.told(self._pair)

    @action
    def restore(self) -> str:
        """Everything as it was at first."""
        self._begin()
        return "Both containers are new."

    # The containers.

    def _read(self) -> None:
        """What is needed of the image, which may be removed later on."""
        self.image = self.lab.engine.images.find(self.image_name)
        places = views.search_in_image(self.lab.engine, self.image, "/").places
        self.names = [place.name for place in reversed(places)]
        self.origins = layer_files.origins(self.image.layers, range(1, len(self.image.layers) + 1))
        self.first = known(self.wanted or self._driver_of_lab())

    def _begin(self) -> None:
        self.pairs, self.container, self.driver, self.needle = pairs(self.image.layers), CONTAINERS[0], self.first, ""
        self.opened = opened_at_first(self._branches())
        self._look_at(telling_path(self._trial))

    def _driver_of_lab(self) -> str:
        """The lab's own driver; Docker 29 has none of these, and its containerd works as overlay2 does."""
        name = self.lab.engine.driver.name
        return name if name in DRIVERS else "overlay2"

    @property
    def _pair(self) -> Pair:
        return self.pairs[self.driver]

    @property
    def _trial(self) -> Trial:
        return self._pair.trials[self.container]

    def _look_at(self, path: str) -> None:
        self.path = absolute(path)
        self.new = f"{self.path}.old" if self.path != "/" else ""
        self._look()

    def _look(self) -> None:
        """Let the gaze fall, and keep what it met: an operation shows how its path was found before."""
        self.gaze, self.fresh = Gaze(self._trial, self.path, self.names), None
        self.run += 1

    def _found(self) -> str:
        search = self.gaze.search
        where = "nothing is there" if search.layer is None else f"it comes from {self._place(search.layer)}"
        return f"{self.gaze.path} in container {self.container}: {where}, after {search.lookups:,} look-ups"

    def _place(self, number: int) -> str:
        return "the container's own files" if number < 0 else f"layer {number + 1} ({self.names[number]})"

    def _branches(self) -> list[Any]:
        return list(layer_files.merged(self._trial.files.tree(), self.origins))

    def _tree(self) -> dict[str, Any]:
        tree = shown(self._branches(), self.opened, self.needle)
        for row in tree["rows"]:
            row["selected"] = row["key"] == self.path
        return tree

    # What is shown.

    def _now(self) -> tuple[int, ...]:
        """Only which image the name means depends on the learner's lab."""
        return ()

    def snapshot(self) -> dict[str, Any]:
        """The tree, the gaze, both containers, and what all of it cost with each driver."""
        if not self.pairs:
            self._read()
            self._begin()
        return {
            "image": self.image_name,
            "driver": self.driver,
            "container": self.container,
            "path": self.path,
            "new": self.new,
            "needle": self.needle,
            "run": self.run,
            "tree": self._tree(),
            "verbs": [{"verb": name, "label": verb.label} for name, verb in VERBS.items()],
            "found": self._found(),
            "before": self.fresh is not None,
            "rows": self.gaze.rows(),
            "containers": [self._container(name) for name in CONTAINERS],
            "summary": touches.told(self._pair),
            "meters": self._meters(),
            "done": [self._done(outcome) for outcome in self._pair.outcomes[-MOST_DONE:]],
        }

    def _container(self, name: str) -> dict[str, Any]:
        trial = self._pair.trials[name]
        found = [ChangeView(change.kind, change.path, size_at(trial, change.path)) for change in trial.files.changes()]
        changes = innermost(found)
        return {
            "name": name,
            "selected": name == self.container,
            "keeps": self._keeps(trial),
            "files": [self._file(name, change) for change in changes[-MOST_OWN:]],
            "more": max(0, len(changes) - MOST_OWN),
            "sees": seen(trial, self.path),
        }

    def _keeps(self, trial: Trial) -> str:
        own = size_text(trial.disk)
        if self.driver == "vfs":
            return f"a whole copy, {own}"
        return f"a snapshot, {own} its own" if self.driver in ("btrfs", "zfs") else f"own layer, {own}"

    def _file(self, container: str, change: ChangeView) -> dict[str, Any]:
        sign, kind, words = SIGNS[change.kind]
        operation = self.fresh
        fresh = operation is not None and operation.container == container
        fresh = fresh and operation is not None and change.path in (operation.path, operation.new)
        if self.driver not in UNIONS:
            kind = "none" if change.kind == "D" else kind
            words = {"C": "changed", "D": "gone"}.get(change.kind, words)
        elif fresh and change.kind == "C" and (self.gaze.search.layer or 0) >= 0:
            words += f" from layer {(self.gaze.search.layer or 0) + 1}"
        return {
            "path": change.path,
            "sign": sign,
            "kind": kind,
            "words": words if change.kind == "D" else f"{words}, {size_text(change.size)}",
            "fresh": fresh,
        }

    def _meters(self) -> list[dict[str, Any]]:
        most = max(pair.bytes_copied for pair in self.pairs.values()) or 1
        return [self._meter(name, pair, most) for name, pair in self.pairs.items()]

    def _meter(self, name: str, pair: Pair, most: int) -> dict[str, Any]:
        worked = pair.bytes_copied - pair.created
        refusals = sum(outcome.refusal is not None for outcome in pair.outcomes)
        return {
            "driver": name,
            "selected": name == self.driver,
            "idea": touches.IDEAS[name],
            "copied": size_text(pair.bytes_copied),
            "created": round(100 * pair.created / most, 2),
            "worked": round(100 * worked / most, 4),
            "words": f"{size_text(worked)} copied by what you did, {size_text(pair.created)} to create the containers",
            "blocks": f"{pair.blocks_copied:,}" if name in ("btrfs", "zfs") else "–",
            "disk": size_text(pair.disk),
            "lookups": f"{pair.lookups:,}",
            "refused": refusals,
        }

    @staticmethod
    def _done(outcome: Outcome) -> dict[str, Any]:
        touch, operation = outcome.touch, outcome.operation
        cost = f"{size_text(touch.bytes_copied)} copied" if touch else f"refused: {outcome.refusal.strerror}"  # type: ignore[union-attr]  # one of the two is there
        return {"words": f"container {operation.container}: {operation.words}", "cost": cost}

    # Without a kernel.

    def _static_rows(self) -> list[list[str]]:
        """What one appended byte costs with each driver."""
        fresh = pairs(self.image.layers)
        for pair in fresh.values():
            pair.do(Operation("append", CONTAINERS[0], self.path))
        return [
            [name, touches.IDEAS[name], size_text(pair.created), size_text(pair.bytes_copied - pair.created)]
            for name, pair in fresh.items()
        ]

    def _static_words(self) -> str:
        return f"Two containers, and one byte appended to {self.path} in one of them:"

    def static_html(self) -> str:
        """The search for the path, and what touching it costs with each driver."""
        found = path_search(views.search_in_image(self.lab.engine, self.image, self.path)).html
        heads = ["storage driver", "", "copied to create them", "copied for the byte"]
        table = static.table(heads, self._static_rows(), numbers=(2, 3))
        return f"{static.heading(self.title, self.question)}{found}{static.paragraph(self._static_words())}{table}"

    def static_text(self) -> str:
        """The same in characters."""
        found = path_search(views.search_in_image(self.lab.engine, self.image, self.path)).text
        rows = [f"{name:16}{idea:30}{made:>8} at first{byte:>9} then" for name, idea, made, byte in self._static_rows()]
        return "\n".join([found, self._static_words(), *rows])


def telling_path(trial: Trial) -> str:
    """A file that came with the topmost layer that has any."""
    for layer in reversed(trial.layers):
        for entry in layer.entries:
            if trial.files.is_file(entry.path):
                return entry.path
    return "/"


def known(driver: str) -> str:
    """A driver's name, or one line."""
    if driver not in DRIVERS:
        raise NotFoundError(f"no storage driver is called {driver!r}: there are {', '.join(DRIVERS)}")
    return driver


def absolute(path: str) -> str:
    """A clean path from the root."""
    return posixpath.normpath("/" + path.strip().strip("/"))


def size_at(trial: Trial, path: str) -> int:
    """The bytes of a file, 0 of all else."""
    stat = trial.files.find(path, follow=False)
    return 0 if stat is None or stat.kind == "d" else stat.size


def seen(trial: Trial, path: str) -> str:
    """What the container sees at a path: its facts, and how its content begins."""
    if trial.files.find(path, follow=False) is None:
        return "No such file or directory"
    node = trial.files.node(path, follow=False)
    if isinstance(node, Directory):
        return f"directory, {len(node.entries)} entries"
    told = layer_files.described(node)
    text = told["text"]
    return f"{told['facts']}\n{text[:MOST_SEEN]}{'…' if len(text) > MOST_SEEN or told['cut'] else ''}"
