"""Ledger: what would deleting this free? Tick images, containers, volumes; what others still need stays.

The sum is the engine's own, made on a copy (`engine/disk_foresight.py`): what `docker system df` has less afterwards.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from dockerlab.engine.disk_foresight import Freed, foresee_deletion
from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook.diagrams.wording import listing, plural, size_text
from dockerlab.notebook.views import space
from dockerlab.notebook.views.space import Part, Spender
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import action
from dockerlab.notebook.widgets.commands import CommandWidget

TITLES = {"image": "Images", "container": "Containers", "volume": "Volumes"}
MOST_ROWS = 80


class Ledger(CommandWidget):
    """All that takes space on the host, with a box to tick; nothing is deleted until its button is pressed."""

    _esm = bundle.module("ledger")
    _css = bundle.style("ledger")
    title = "Ledger"
    question = "What would deleting this free?"

    def __init__(self, lab: Lab | None = None) -> None:
        self.ticked: set[str] = set()
        super().__init__(lab)

    @action
    def tick(self, key: str) -> str:
        """Choose something to be deleted, or leave it."""
        if key not in {each.key for each in self._spenders()}:
            raise NotFoundError(f"{key.partition(':')[2]} is not there any more")
        self.ticked ^= {key}
        return self._summary()

    @action
    def tick_none(self) -> str:
        """Leave everything."""
        self.ticked.clear()
        return self._summary()

    @action
    def delete(self) -> str:
        """Type the commands that delete what is ticked."""
        lines = space.commands(space.deletion(self._chosen(self._spenders())))
        if not lines:
            raise InvalidParameterError("Nothing is ticked: tick what is to be deleted first.")
        return self.type(*lines)

    def _spenders(self) -> list[Spender]:
        return space.spenders(self.lab.engine)

    def _chosen(self, every: Sequence[Spender]) -> list[Spender]:
        self.ticked &= {each.key for each in every}
        return [each for each in every if each.key in self.ticked]

    def _summary(self) -> str:
        chosen = self._chosen(self._spenders())
        return summary(chosen, foresee_deletion(self.lab.engine, space.deletion(chosen)))

    def snapshot(self) -> dict[str, Any]:
        """The rows with their bars, the sum, and the commands."""
        every = self._spenders()
        chosen = self._chosen(every)
        planned = space.deletion(chosen)
        freed = foresee_deletion(self.lab.engine, planned)
        used = used_space(self.lab)
        widest = max((each.size for each in every), default=0) or 1
        return {
            "groups": [
                {"title": title, "kind": kind, **self._rows([it for it in every if it.kind == kind], freed, widest)}
                for kind, title in TITLES.items()
            ],
            "summary": summary(chosen, freed),
            "now": size_text(used),
            "then": size_text(used - freed.total),
            "share": round(100 * freed.total / used, 1) if used else 0,
            "commands": space.commands(planned),
            "shell": self.shell(),
        }

    def _rows(self, every: Sequence[Spender], freed: Freed, widest: int) -> dict[str, Any]:
        return {
            "rows": [self._row(each, freed, widest) for each in every[:MOST_ROWS]],
            "more": max(0, len(every) - MOST_ROWS),
        }

    def _row(self, spender: Spender, freed: Freed, widest: int) -> dict[str, Any]:
        ticked = spender.key in self.ticked
        goes = [ticked and space.goes(spender, part, freed) for part in spender.parts]
        return {
            "key": spender.key,
            "name": spender.names[0],
            "about": spender.about,
            "size": size_text(spender.size),
            "ticked": ticked,
            "parts": [
                {"width": round(100 * part.size / widest, 2), **look(part, ticked=ticked, going=going)}
                for part, going in zip(spender.parts, goes, strict=True)
            ],
            "words": row_words(spender, goes if ticked else None),
            "refused": next((freed.refused[name] for name in spender.names if name in freed.refused), ""),
        }

    # Without a kernel.

    def _static_rows(self) -> list[list[str]]:
        return [[each.kind, each.names[0], size_text(each.size), row_words(each)] for each in self._spenders()]

    def static_html(self) -> str:
        """All that takes space, and what of it is shared."""
        table = static.table(["", "name", "size", ""], self._static_rows(), numbers=(2,))
        used = html.escape(f"docker system df says {size_text(used_space(self.lab))} in all.")
        return f"{static.heading(self.title, self.question)}{table}<p>{used}</p>"

    def static_text(self) -> str:
        """The same in characters."""
        rows = [f"{kind:10} {name:30} {size:>8}  {words}".rstrip() for kind, name, size, words in self._static_rows()]
        return "\n".join([*rows, f"docker system df says {size_text(used_space(self.lab))} in all."])


def used_space(lab: Lab) -> int:
    """What `docker system df` has in its column SIZE for images, containers and volumes."""
    df = lab.engine.system.df()
    written = sum(row.get("SizeRw") or 0 for row in df["Containers"])
    return int(df["LayersSize"] + written + sum(row["UsageData"]["Size"] for row in df["Volumes"]))


def look(part: Part, *, ticked: bool, going: bool) -> dict[str, str]:
    """How a part of a bar is drawn, and what it says."""
    size = size_text(part.size)
    others = listing(part.shared)
    if going:
        return {"kind": "goes", "words": f"{size} would be freed"}
    if ticked:
        return {"kind": "stays", "words": f"{size} stay" + (f": {others} too has this layer" if others else "")}
    return {
        "kind": "shared" if others else "own",
        "words": f"{size}, " + (f"shared with {others}" if others else "own"),
    }


def row_words(spender: Spender, goes: Sequence[bool] | None = None) -> str:
    """What is said of a row beside its bar; `goes` tells of what is ticked which parts would go."""
    staying = [part for part, going in zip(spender.parts, goes, strict=True) if not going] if goes is not None else []
    shared = [part for part in (spender.parts if goes is None else staying) if part.shared]
    others = listing(sorted({name for part in shared for name in part.shared}))
    if goes is None:
        return f"{size_text(sum(part.size for part in shared))} shared with {others}" if shared else ""
    left = sum(part.size for part in staying)
    stay = f", {size_text(left)} stay{f' for {others}' if others else ''}" if left else ""
    return f"frees {size_text(spender.size - left)}{stay}"


def summary(chosen: Sequence[Spender], freed: Freed) -> str:
    """What deleting all that is ticked would free."""
    if not chosen:
        return "Nothing is ticked yet: tick what you would delete."
    kinds = {"images": freed.images, "containers": freed.containers, "volumes": freed.volumes}
    parts = ", ".join(f"{kind} {size_text(size)}" for kind, size in kinds.items() if size)
    nominal = sum(each.size for each in chosen)
    told = f"Deleting {'it' if len(chosen) == 1 else f'these {len(chosen)}'} would free {size_text(freed.total)}"
    told += f" ({parts})" if parts else ""
    if freed.total < nominal:
        told += f", though {'its size is' if len(chosen) == 1 else 'their sizes add up to'} {size_text(nominal)}"
    return f"{told}." + (f" {plural(len(freed.refused), 'command')} would be refused." if freed.refused else "")
