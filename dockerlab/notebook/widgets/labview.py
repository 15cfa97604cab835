"""LabView: what is on my host? A map of it that follows every command, and a slider back through all of them.

The map of a moment is kept once it was seen: live, or by going the way there once more on another lab.
"""

from __future__ import annotations

import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.lab.journal import Moment
from dockerlab.notebook.views import host
from dockerlab.notebook.views.host import Card, Change
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import CELLS, LabWidget, action

TITLES = {
    "registry": "Registries",
    "image": "Images",
    "container": "Containers",
    "volume": "Volumes",
    "network": "Networks",
}
WORDS = {"A": "added", "C": "changed", "D": "removed"}
SIGNS = {"running": "▶", "exited": "■", "paused": "‖", "created": "○", "dead": "✗", "restarting": "↻"}
MOST_CARDS, MOST_WORDS = 60, 160
Cards = tuple[Card, ...]


class LabView(LabWidget):
    """A live map of the host, for the cell or for JupyterLab's side ("New View for Output")."""

    _esm = bundle.module("labview")
    _css = bundle.style("labview")
    title = "LabView"
    question = "What is on my host, and what did the last command change?"

    def __init__(self, lab: Lab | None = None) -> None:
        self.maps: weakref.WeakKeyDictionary[Moment, Cards] = weakref.WeakKeyDictionary()
        self.looked: Moment | None = None
        self.selected = ""
        super().__init__(lab)
        self.lab.history.watchers.add(self)

    # What the lab and the front end tell.

    def moment_passed(self, moment: Moment) -> None:
        """The next command is about to run: keep the map as it is now."""
        if self.views != 0:
            self.maps[moment] = host.host_view(self.lab)
        self.looked = None

    @action
    def look(self, value: int | str, caret: int | None = None) -> str:
        """Look at a moment of the line, by its place; the lab stays where it is."""
        line = self._line()
        self._look_at(line[max(0, min(int(value), len(line) - 1))])
        return self._told()

    @action
    def branch(self, number: int) -> str:
        """Look at the end of another branch."""
        tips = self.lab.history.tips
        if not 0 <= number < len(tips):
            raise NotFoundError(f"no branch {number + 1}: there are {len(tips)}")
        self._look_at(tips[number])
        return self._told()

    @action
    def return_to_now(self) -> str:
        """Look at the lab as it is."""
        self.looked = None
        return self._told()

    @action
    def take_up(self) -> str:
        """Let the lab be as it was at the moment that is looked at."""
        return self._move(self._at())

    @action
    def undo(self) -> str:
        """One command back."""
        parent = self.lab.history.here.parent
        if parent is None:
            raise NotFoundError("Nothing to undo: the lab is fresh.")
        return self._move(parent)

    @action
    def redo(self) -> str:
        """Do again what was undone."""
        onward = self.lab.history.here.forward
        if onward is None:
            raise NotFoundError("Nothing to do again: nothing was undone here.")
        return self._move(onward)

    @action
    def select(self, key: str) -> str:
        """Show what a card is linked with; the same again shows nothing."""
        self.selected = "" if self.selected == key else key
        cards = self._cards(self._at()) or ()
        names = {card.key: card.name for card in cards}
        linked = [names[each] for each in sorted(linked_with(cards, self.selected)) if each in names]
        return f"linked with: {', '.join(linked) or 'nothing'}" if self.selected else ""

    def _move(self, moment: Moment) -> str:
        self.looked = None
        if moment is not self.lab.history.here:
            self.maps[self.lab.history.here] = host.host_view(self.lab)
            self.lab.go_to(moment)
        CELLS.lab_moved(self)
        return f"the lab is now after: {moment.words}"

    def _look_at(self, moment: Moment) -> None:
        self.looked = None if moment is self.lab.history.here else moment

    def _told(self) -> str:
        found = self._changes(self._at())
        said = [f"{TITLES[each.card.kind]}: {each.card.name} {WORDS[each.mark]}" for each in found.values()]
        return f"{self._at().words}: {'; '.join(said) or 'nothing on the map changed'}"

    # Moments and their maps.

    def _at(self) -> Moment:
        """The moment that is looked at."""
        if self.looked is not None and self.looked not in self.lab.history.moments:
            self.looked = None
        return self.looked or self.lab.history.here

    def _line(self) -> tuple[Moment, ...]:
        """All moments of the branch that is looked at."""
        here = self.lab.history.here
        whole = (*here.path(), *here.onward())
        at = self._at()
        return whole if at in whole else (*at.path(), *at.onward())

    def _cards(self, moment: Moment) -> Cards | None:
        """The map of a moment; None where nobody saw it, and the way there may not be gone again."""
        if moment is self.lab.history.here:
            self.maps[moment] = host.host_view(self.lab)
        elif moment not in self.maps:
            self.maps.update((each, host.host_view(twin)) for each, twin in self.lab.rehearse(moment.path()))
        return self.maps.get(moment)

    def _changes(self, moment: Moment) -> dict[str, Change]:
        after = self._cards(moment)
        before = self._cards(moment.parent) if moment.parent else after
        return {} if before is None or after is None else host.changes(before, after)

    # What is shown.

    def snapshot(self) -> dict[str, Any]:
        """The map of the moment that is looked at, and where that moment stands among the others."""
        at, line, history = self._at(), self._line(), self.lab.history
        cards = self._cards(at)
        return {
            "groups": None if cards is None else groups(cards, self._changes(at), self.selected),
            "line": [words_of(moment) for moment in line],
            "at": line.index(at),
            "here": line.index(history.here) if history.here in line else None,
            "now": at is history.here,
            "can": {"undo": history.here.parent is not None, "redo": history.here.forward is not None},
            "branches": [self._branch(tip, line) for tip in history.tips] if len(history.tips) > 1 else [],
        }

    def _branch(self, tip: Moment, line: Sequence[Moment]) -> dict[str, Any]:
        return {"words": words_of(tip), "length": len(tip.path()) - 1, "shown": tip is line[-1]}

    # Without a kernel.

    def static_html(self) -> str:
        """The map as tables, what changed marked."""
        at = self._at()
        parts = [static.heading(self.title, f"after: {words_of(at)}")]
        for group in groups(self._cards(at) or (), self._changes(at), ""):
            rows = [[card["mark"], card["name"], card["state"], card["about"], card["word"]] for card in group["cards"]]
            if rows:
                parts.append(f"<p><b>{group['title']}</b></p>{static.table([''] * 5, rows)}")
        return "".join(parts)

    def static_text(self) -> str:
        """The same in characters."""
        at = self._at()
        lines = [f"{self.title}, after: {words_of(at)}"]
        for group in groups(self._cards(at) or (), self._changes(at), ""):
            lines += [group["title"]] if group["cards"] else []
            for card in group["cards"]:
                words = [card["name"], card["state"], card["about"], card["word"] and f"({card['word']})"]
                lines.append(f"  {card['mark'] or ' '} {'  '.join(filter(None, words))}")
        return "\n".join(lines)


def words_of(moment: Moment) -> str:
    """What was done, in one line that isn't too long."""
    line = " ".join(moment.words.split())
    return line if len(line) <= MOST_WORDS else f"{line[:MOST_WORDS]}…"


def groups(cards: Cards, changed: Mapping[str, Change], selected: str) -> list[dict[str, Any]]:
    """The cards kind by kind; what was removed stands at the end, as it was."""
    gone = tuple(change.card for change in changed.values() if change.mark == "D")
    linked = linked_with(cards, selected)
    found = []
    for kind, title in TITLES.items():
        every = [card for card in (*cards, *gone) if card.kind == kind]
        shown = (
            every if len(every) <= MOST_CARDS else sorted(every, key=lambda card: card.key not in changed)[:MOST_CARDS]
        )
        rows = [_facts(card, changed.get(card.key), selected, linked) for card in shown]
        found.append({"kind": kind, "title": title, "cards": rows, "more": len(every) - len(shown)})
    return found


def _facts(card: Card, change: Change | None, selected: str, linked: frozenset[str]) -> dict[str, Any]:
    sign = SIGNS.get(card.state.partition(" ")[0], "")
    word = WORDS[change.mark] if change else ""
    return {
        "key": card.key,
        "name": card.name,
        "state": f"was {card.state}" if card.state and word == WORDS["D"] else f"{sign} {card.state}".strip(),
        "about": ", ".join(card.facts),
        "mark": change.mark if change else "",
        "word": f"{word}, was {change.was}" if change and change.was else word,
        "selected": card.key == selected,
        "linked": card.key in linked,
    }


def linked_with(cards: Cards, key: str) -> frozenset[str]:
    """The keys of what a card stands on, and of what stands on it."""
    below = {each for card in cards if card.key == key for each in card.links}
    return frozenset(below | {card.key for card in cards if key in card.links})
