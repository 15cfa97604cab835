"""An engine that answers as upstream's tests had theirs answer, for the commands of docker/cli.

Each call takes the next recorded answer of that kind: what the API's client returned, or the error that it had.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from types import SimpleNamespace
from typing import Any

from dockerlab.cli import Context, main
from dockerlab.errors import CommandError, NotFoundError
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY
from dockerlab.release import DOCKER_28
from dockerlab.world import Clock
from tests.peer.suite import Case

CONFIG = "/root/.docker/config.json"


class _Missing(CommandError, NotFoundError):
    """What was not found, in the words of upstream's test."""


def _report(answer: Mapping[str, Any]) -> Any:
    return answer["Report"]


def _items(answer: Mapping[str, Any]) -> Any:
    return answer.get("Items") or []


CALLS: Mapping[str, tuple[str, Callable[[Mapping[str, Any]], Any]]] = {
    "containers.changes": ("ContainerDiff", lambda answer: answer["Changes"]),
    "containers.create": ("ContainerCreate", lambda answer: {"Id": "", "Warnings": [], **answer}),
    "containers.inspect": ("ContainerInspect", lambda answer: answer["Container"]),
    "containers.kill": ("ContainerKill", dict),
    "containers.list": ("ContainerList", _items),
    "containers.remove": ("ContainerRemove", dict),
    "containers.restart": ("ContainerRestart", dict),
    "containers.stop": ("ContainerStop", dict),
    "images.history": ("ImageHistory", _items),
    "images.inspect": ("ImageInspect", dict),
    "images.list": ("ImageList", _items),
    "images.prune": ("ImagePrune", _report),
    "images.push": ("ImagePush", dict),
    "images.save": ("ImageSave", dict),
    "images.remove": ("ImageRemove", _items),
    "images.tag": ("ImageTag", dict),
    "networks.connect": ("NetworkConnect", dict),
    "networks.create": ("NetworkCreate", lambda answer: {"Id": answer.get("ID", answer.get("Id", ""))}),
    "networks.list": ("NetworkList", _items),
    "networks.remove": ("NetworkRemove", dict),
    "volumes.create": ("VolumeCreate", lambda answer: answer["Volume"]),
    "volumes.inspect": ("VolumeInspect", lambda answer: answer["Volume"]),
    "volumes.list": ("VolumeList", _items),
    "volumes.prune": ("VolumePrune", _report),
}
"""Our call → the API client's method, and what of its answer is ours."""


class RecordedEngine:
    """`engine.volumes.list(...)` gives what VolumeList gave."""

    release = DOCKER_28

    def __init__(self, calls: list[dict[str, Any]]) -> None:
        self.calls = list(calls)

    def __getattr__(self, area: str) -> _Area:
        return _Area(self, area)

    def answer(self, name: str, about: Any) -> Any:
        """The next recorded answer to a call, if there are several the one about the same object."""
        method, shape = CALLS[name]
        calls = [call for call in self.calls if call["method"] == method]
        call = next((call for call in calls if call["args"] == [about]), calls[0])
        self.calls.remove(call)
        if call["error"]:
            raise (_Missing if "no such" in call["error"] else CommandError)(call["error"])
        return shape(call["result"] or {})


class _Area:
    def __init__(self, engine: RecordedEngine, name: str) -> None:
        self.engine, self.name = engine, name

    def __getattr__(self, method: str) -> Callable[..., Any]:
        return lambda *arguments, **options: self.engine.answer(f"{self.name}.{method}", arguments[:1] and arguments[0])


class Said:
    """A process of which only what it reads and prints counts."""

    stdout = stderr = None

    def __init__(self, clock: Clock, stdin: str) -> None:
        self.texts = {1: "", 2: ""}
        self.kernel = SimpleNamespace(clock=clock)
        self.stdin = stdin

    def out(self, text: str) -> None:
        """Standard output."""
        self.texts[1] += text

    def err(self, text: str) -> None:
        """Standard error."""
        self.texts[2] += text

    def is_terminal(self, fd: int) -> bool:
        """It never is one."""
        return False

    def readline(self) -> Generator[Any, Any, bytes]:
        """A line of its input."""
        yield from ()
        return self.stdin.encode()


def answered(case: Case, argv: list[str], config: str = "") -> tuple[str, str]:
    """What a case's command prints on standard output and standard error."""
    clock = Clock(int(case["now"] * 1_000_000_000))
    files = OverlayFs(EMPTY, clock)
    if config:
        files.mkdir("/root/.docker", parents=True)
        files.write(CONFIG, config.encode())
    said = Said(clock, case.get("stdin", ""))
    engine: Any = RecordedEngine(case["api"])
    process: Any = said
    for _ in main(argv, Context(engine, process, {"DOCKER_BUILDKIT": "0"}, files, "/", "/root")):
        raise AssertionError("it waits")
    return said.texts[1], said.texts[2]
