"""LayerExplorer: which files did this step add, change, delete, and what does the image ship that nobody sees?"""

from __future__ import annotations

from functools import cached_property
from itertools import accumulate
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.fs.layer import apply
from dockerlab.fs.tree import EMPTY, Directory, lookup
from dockerlab.fs.waste import Account, Hidden, account_of
from dockerlab.lab import Lab
from dockerlab.notebook import views
from dockerlab.notebook.widgets import bundle, layer_files, static
from dockerlab.notebook.widgets.base import LabWidget, action
from dockerlab.notebook.widgets.layer_files import size_of
from dockerlab.notebook.widgets.outline import Branch, opened_at_first, rows, shown
from dockerlab.store.images import Image

MOST_HIDDEN, MOST_STATIC = 40, 8
HOW = {"deleted": "deleted by", "replaced": "replaced by", "repeated": "shipped again by"}
WORDS = {"A": "added", "C": "changed", "D": "deleted", "": "passed through"}
SIDES = ("changes", "merged")


class Stack:
    """An image as its steps; a step without files has no layer. All is worked out once, as images never change."""

    def __init__(self, lab: Lab, image: Image) -> None:
        self.image = image
        self.rows = list(views.history_rows(image))
        base = views.base_of(lab.engine, image)
        self.of_base = len(base.config.history) if base else 0
        self.layers = image.layers
        self.steps = [number for number, row in enumerate(self.rows) if row.digest]
        """The step of each layer."""

    @cached_property
    def trees(self) -> list[Directory]:
        """What could be seen before the first layer, after it, after the second …"""
        return list(accumulate(self.layers, lambda tree, layer: apply(layer, tree), initial=EMPTY))

    @cached_property
    def account(self) -> Account:
        """What is shipped, and what can be seen of it."""
        return account_of(self.layers)

    @cached_property
    def counts(self) -> list[dict[str, int]]:
        """What each layer adds, changes and deletes."""
        return [layer_files.counts_of(*pair) for pair in zip(self.layers, self.trees, strict=False)]

    @cached_property
    def origins(self) -> dict[int, int]:
        """The step's number, from 1, of each file."""
        return layer_files.origins(self.layers, (step + 1 for step in self.steps))

    def layer(self, step: int) -> int | None:
        """The layer of a step; None where it made none."""
        return self.steps.index(step) if step in self.steps else None

    def below(self, step: int) -> int:
        """How many layers there are once a step is done."""
        return sum(each <= step for each in self.steps)

    def text(self, step: int) -> str:
        """The instruction."""
        return f"{self.rows[step].keyword} {self.rows[step].arguments}".strip()

    def changed(self, step: int) -> list[Branch]:
        """What a step has done."""
        layer = self.layer(step)
        return [] if layer is None else list(layer_files.changed(self.layers[layer].changeset, self.trees[layer]))

    def merged(self, step: int) -> list[Branch]:
        """What can be seen after a step."""
        return list(layer_files.merged(self.trees[self.below(step)], self.origins))


class LayerExplorer(LabWidget):
    """An image's steps, what each of them did to the files, and the bytes that are hidden."""

    _esm = bundle.module("layers")
    _css = bundle.style("layers")
    title = "LayerExplorer"
    question = "Which files did this step add, change, delete?"

    def __init__(self, image: str, lab: Lab | None = None) -> None:
        self.image_name = image
        self.stack: Stack | None = None
        self.step, self.needle = 0, ""
        self.opened: dict[str, set[str]] = {side: set() for side in SIDES}
        self.selected: tuple[str, str] | None = None
        super().__init__(lab)

    # What the front end asks for.

    @action
    def choose(self, step: int) -> str:
        """Look at a step."""
        self._go_to(self._stack(), step)
        counts = self._entry(self._stack(), step)["counts"]
        return ", ".join(f"{count} {WORDS[mark]}" for mark, count in counts.items()) if counts else "no files"

    @action
    def toggle(self, side: str, key: str) -> None:
        """Open or close a directory."""
        self.opened[side] ^= {key}

    @action
    def select(self, side: str, key: str) -> str:
        """Look into a file."""
        before, self.selected = self.selected, (side, key)
        if self._file(self._stack()) is None:
            self.selected = before
            raise NotFoundError(f"{key}: no such file")
        return key

    @action
    def close_file(self) -> None:
        """Look into nothing."""
        self.selected = None

    @action
    def search(self, value: str, caret: int = 0) -> str:
        """Show only paths that have this in them."""
        self.needle = value.strip()
        tree = self._tree(self._stack(), "changes")
        return f"{len(tree['rows']) + tree['more']} found in this step" if self.needle else "all files"

    @action
    def trace(self, step: int, key: str) -> str:
        """Go to a hidden file in the step that ships it."""
        self._go_to(self._stack(), step)
        parts = key.split("/")
        self.opened["changes"] |= {"/".join(parts[:count]) for count in range(2, len(parts))}
        return self.select("changes", key)

    # What is shown.

    def _stack(self) -> Stack:
        image = self.lab.engine.images.find(self.image_name)
        if self.stack is None or self.stack.image.id != image.id:
            self.stack = Stack(self.lab, image)
            self._go_to(self.stack, max(self.stack.steps, default=0))
        return self.stack

    def _go_to(self, stack: Stack, step: int) -> None:
        if not 0 <= step < max(1, len(stack.rows)):
            raise NotFoundError(f"no step {step + 1}: {self.image_name} has {len(stack.rows)}")
        self.step, self.selected = step, None
        self.opened = {"changes": opened_at_first(stack.changed(step)), "merged": set()}

    def snapshot(self) -> dict[str, Any]:
        """Steps, both trees, the file that is looked into, and the account."""
        stack = self._stack()
        return {
            "name": self.image_name,
            "account": account_facts(stack.account),
            "steps": [self._entry(stack, step) for step in range(len(stack.rows))],
            "step": self.step,
            "needle": self.needle,
            "trees": {side: self._tree(stack, side) for side in SIDES},
            "file": self._file(stack),
            "hidden": [hidden_facts(stack, each) for each in stack.account.hidden[:MOST_HIDDEN]],
            "more_hidden": max(0, len(stack.account.hidden) - MOST_HIDDEN),
        }

    def _entry(self, stack: Stack, step: int) -> dict[str, Any]:
        row, layer = stack.rows[step], stack.layer(step)
        wasted = sum(each.size for each in stack.account.hidden if each.shipped_by == layer)
        return {
            "keyword": row.keyword,
            "arguments": row.arguments,
            "size": size_of(row.size),
            "counts": None if layer is None else stack.counts[layer],
            "wasted": size_of(wasted) if wasted else "",
            "base": step < stack.of_base,
        }

    def _tree(self, stack: Stack, side: str) -> dict[str, Any]:
        if not stack.rows:
            return {"rows": [], "more": 0}
        branches = stack.changed(self.step) if side == "changes" else stack.merged(self.step)
        tree = shown(branches, self.opened[side], self.needle)
        for row in tree["rows"]:
            row["selected"] = self.selected == (side, row["key"])
        return tree

    def _file(self, stack: Stack) -> dict[str, str] | None:
        """The selected file; one that the step deleted is looked up below it."""
        if self.selected is None:
            return None
        side, key = self.selected
        after, before = stack.trees[stack.below(self.step)], stack.trees[max(0, stack.below(self.step) - 1)]
        node = lookup(after, key)
        note = ""
        if node is None and side == "changes":
            node = lookup(before, key)
            note = "hidden by this step; the layer below still has it"
        return {"path": key, "note": note, **layer_files.described(node)} if node else None

    # Without a kernel.

    def static_html(self) -> str:
        """The steps as folds with their files, and the account."""
        stack = self._stack()
        parts = [static.heading(self.title, f"{self.question} {self.image_name}")]
        for step, row in enumerate(stack.rows):
            if stack.layer(step) is not None:
                lines = [[fact["mark"], fact["key"], fact["size"]] for fact in static_rows(stack, step)]
                title = f"{step + 1}. {stack.text(step)[:80]} ({size_of(row.size)})"
                parts.append(static.fold(title, static.table(["", "", ""], lines, numbers=[2])))
        hidden = [list(hidden_facts(stack, each).values())[:5] for each in stack.account.hidden[:MOST_STATIC]]
        parts.append(static.paragraph(sentence(stack.account)))
        if hidden:
            heads = ["hidden file", "bytes", "shipped by", "", "hidden by"]
            parts.append(static.table(heads, hidden, numbers=[1]))
        return "".join(parts)

    def static_text(self) -> str:
        """The same in characters."""
        stack = self._stack()
        lines = [self.image_name]
        for step, row in enumerate(stack.rows):
            lines.append(f"{step + 1:>3}. {stack.text(step)[:60]:60} {size_of(row.size):>8}")
            lines += [f"       {fact['mark']} {fact['key']}  {fact['size']}" for fact in static_rows(stack, step)]
        for each in stack.account.hidden[:MOST_STATIC]:
            facts = hidden_facts(stack, each)
            lines.append(f"{facts['path']} {facts['size']}: {facts['shipped']} {facts['how']} {facts['hid']}")
        return "\n".join([*lines, sentence(stack.account)])


def static_rows(stack: Stack, step: int) -> list[dict[str, Any]]:
    """The first files of a step."""
    branches = stack.changed(step)
    every = [row for row in rows(branches, opened_at_first(branches)) if row["mark"] or row["open"] is False]
    return every[:MOST_STATIC]


def account_facts(account: Account) -> dict[str, Any]:
    """The account for the front end."""
    return {
        "shipped": size_of(account.shipped),
        "visible": size_of(account.visible),
        "wasted": size_of(account.wasted),
        "share": account.efficiency,
        "percent": percent(account),
        "sentence": sentence(account),
    }


def percent(account: Account) -> str:
    """'46.1 %'; 100 only where nothing is wasted."""
    share = 100 * account.efficiency
    rounded = min(share, 99.9) if account.wasted else 100.0
    return f"{rounded:.1f}".removesuffix(".0") + " %"


def sentence(account: Account) -> str:
    """The account in words."""
    return (
        f"{size_of(account.shipped)} are shipped, {size_of(account.visible)} can be seen: {percent(account)}. "
        f"{size_of(account.wasted)} lie hidden below."
    )


def hidden_facts(stack: Stack, hidden: Hidden) -> dict[str, Any]:
    """A hidden file with both of its steps in words."""
    shipped, hid = stack.steps[hidden.shipped_by], stack.steps[hidden.hidden_by]
    return {
        "path": hidden.path,
        "size": size_of(hidden.size),
        "shipped": f"{shipped + 1}. {stack.text(shipped)}",
        "how": HOW[hidden.how],
        "hid": f"{hid + 1}. {stack.text(hid)}",
        "step": shipped,
    }
