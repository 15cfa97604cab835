"""LifeCycle: what state is my container in, what may I do now, and what does `rm` lose?

Every button is a docker command. Those that docker would refuse now can be pressed, too: they show its reason.
"""

from __future__ import annotations

import html
import shlex
from collections.abc import Mapping
from typing import Any

from dockerlab.errors import NotFoundError
from dockerlab.lab import Lab
from dockerlab.notebook import pictures, views
from dockerlab.notebook.diagrams.wording import plural, size_text
from dockerlab.notebook.widgets import bundle, static
from dockerlab.notebook.widgets.base import action
from dockerlab.notebook.widgets.commands import CommandWidget

GONE = "gone"
SIGNS = {"created": "○", "running": "▶", "paused": "‖", "restarting": "↻", "exited": "■", "dead": "✗", GONE: "∅"}
COMMANDS: Mapping[str, str] = {
    "create": "docker create --name {name} {image} sleep 1000",
    "run": "docker run -d --name {name} {image} sleep 1000",
    "start": "docker start {name}",
    "stop": "docker stop {name}",
    "kill": "docker kill {name}",
    "pause": "docker pause {name}",
    "unpause": "docker unpause {name}",
    "restart": "docker restart {name}",
    "exec": "docker exec {name} sh -c 'echo hello > /hello.txt'",
    "rm": "docker rm {name}",
    "rm -f": "docker rm -f {name}",
}
"""By the verb, as a learner types it. `exec` writes a file, so that there is something to lose."""

OUTCOMES: Mapping[str, Mapping[str, str]] = {
    GONE: {"create": "created", "run": "running"},
    "created": {"start": "running", "stop": "created", "restart": "running", "rm": GONE, "rm -f": GONE},
    "running": {
        "start": "running",
        "stop": "exited",
        "kill": "exited",
        "pause": "paused",
        "restart": "running",
        "exec": "running",
        "rm -f": GONE,
    },
    "paused": {"stop": "exited", "kill": "exited", "unpause": "running", "restart": "running", "rm -f": GONE},
    "restarting": {"start": "running", "stop": "exited", "restart": "running", "rm -f": GONE},
    "exited": {"start": "running", "stop": "exited", "restart": "running", "rm": GONE, "rm -f": GONE},
}
"""What each command makes of a container in each state; the others are refused (tests try them all in a lab)."""

EFFECTS = {"restart": "stops and starts it", "exec": "writes a file in it"}
MOST_FILES, MOST_CONTAINERS = 100, 60


class LifeCycle(CommandWidget):
    """A container of the lab, by name; one that is not there yet can be made, from `image`."""

    _esm = bundle.module("lifecycle")
    _css = bundle.style("lifecycle")
    title = "LifeCycle"
    question = "What state is my container in, what may I do now, and what does rm lose?"

    def __init__(self, lab: Lab | None = None, name: str = "", image: str = "busybox") -> None:
        self.name, self.image = name, image
        super().__init__(lab)

    @action
    def choose(self, name: str) -> str:
        """Another container."""
        self.name = name
        return f"{name} is {self._state()}"

    @action
    def press(self, verb: str) -> str:
        """Type the command of a button."""
        if verb not in COMMANDS:
            raise NotFoundError(f"no command {verb!r} here; there are: {', '.join(COMMANDS)}")
        said = self.type(self._line(verb))
        return f"{said}. {self.name} is {self._state()}"

    def _line(self, verb: str) -> str:
        return COMMANDS[verb].format(name=shlex.quote(self.name), image=shlex.quote(self.image))

    def _state(self) -> str:
        return views.life_view(self.lab.engine, self.name).state or GONE

    def snapshot(self) -> dict[str, Any]:
        """The containers, the chosen one's state, its commands, and what is in its writable layer."""
        rows = self._containers()
        self._settle(rows)
        state = self._state()
        return {
            "containers": rows[:MOST_CONTAINERS],
            "name": self.name,
            "state": state,
            "sign": SIGNS.get(state, ""),
            "picture": pictures.picture_of_life(self.lab.engine, self.name).html,
            "commands": [self._command(verb, state) for verb in COMMANDS],
            "losses": None if state == GONE else self._losses(),
            "shell": self.shell(),
        }

    def _containers(self) -> list[dict[str, Any]]:
        rows = self.lab.engine.containers.list(all=True)
        names = [(row["Names"][0].lstrip("/"), row) for row in rows]
        return [
            {"name": name, "state": row["State"], "sign": SIGNS.get(row["State"], ""), "image": row["Image"]}
            for name, row in names
        ]

    def _settle(self, rows: list[dict[str, Any]]) -> None:
        """Without a name the newest container is meant, or one called 'box' that is still to be made."""
        self.name = self.name or (rows[0]["name"] if rows else "box")
        self.image = next((row["image"] for row in rows if row["name"] == self.name), self.image)

    def _command(self, verb: str, state: str) -> dict[str, Any]:
        target = OUTCOMES.get(state, {}).get(verb)
        if target is None:
            kind, words = "refused", "refused now"
        elif target != state:
            kind, words = "moves", f"{state} → {target}"
        else:
            kind, words = ("moves" if verb in EFFECTS else "nothing"), EFFECTS.get(verb, "changes nothing")
        return {"verb": verb, "line": self._line(verb), "kind": kind, "words": words}

    def _losses(self) -> dict[str, Any]:
        """What `rm` would delete with the container, and what it leaves."""
        facts = self.lab.engine.containers.inspect(self.name)
        view = views.container_view(self.lab.engine, self.name)
        volumes = [mount for mount in facts["Mounts"] if mount.get("Type") == "volume"]
        files = [{"mark": it.kind, "path": it.path, "size": size_text(it.size)} for it in view.changes]
        return {
            "files": files[:MOST_FILES],
            "more": max(0, len(files) - MOST_FILES),
            "size": size_text(view.size),
            "keeps": [f"image {facts['Config']['Image']}", *(f"volume {it['Name'][:20]}" for it in volumes)],
        }

    def _sentence(self, losses: Mapping[str, Any] | None) -> str:
        if losses is None:
            return "There is no such container: its writable layer and its logs are lost, or it was never made."
        count = len(losses["files"]) + losses["more"]
        return (
            f"docker rm loses {plural(count, 'change')} in the writable layer ({losses['size']}) and the logs; "
            f"it keeps {', '.join(losses['keeps'])}."
        )

    # Without a kernel.

    def static_html(self) -> str:
        """The states with the current one marked, and what may be done now."""
        state = self.snapshot()
        rows = [[each["line"], each["words"]] for each in state["commands"]]
        head = static.heading(self.title, self.question)
        words = html.escape(self._sentence(state["losses"]))
        return f"{head}{state['picture']}{static.table(['command', 'now'], rows)}<p>{words}</p>"

    def static_text(self) -> str:
        """The same in characters."""
        state = self.snapshot()
        rows = [f"{each['line']:64} {each['words']}" for each in state["commands"]]
        picture = pictures.picture_of_life(self.lab.engine, self.name).text
        return "\n".join([picture, *rows, self._sentence(state["losses"])])
