"""Two namespaces on a bridge with the host as their gateway, and a kernel to run things on."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

import pytest

from dockerlab.events import Wait
from dockerlab.runtime.kernel import Kernel, Task
from dockerlab.runtime.net import Link, Stack
from dockerlab.world import Clock


class Job(Task):
    """A generator beside the one that a test waits for."""

    def __init__(self, kernel: Kernel, work: Generator[Wait, Any, Any]) -> None:
        super().__init__()
        self.body = self._run(work)
        kernel.add(self)

    @staticmethod
    def _run(work: Generator[Wait, Any, Any]) -> Generator[Wait, Any, int]:
        yield from work
        return 0


@dataclass
class Lan:
    """The host, and `web` and `db` on its bridge."""

    kernel: Kernel = field(default_factory=lambda: Kernel(Clock()))
    link: Link = field(default_factory=lambda: Link("docker0", "172.17.0.0/16"))
    host: Stack = field(default_factory=lambda: Stack("host"))
    web: Stack = field(default_factory=lambda: Stack("web"))
    db: Stack = field(default_factory=lambda: Stack("db"))

    def __post_init__(self) -> None:
        self.host.attach(self.link, "172.17.0.1", "docker0")
        for address, stack in (("172.17.0.2", self.web), ("172.17.0.3", self.db)):
            stack.attach(self.link, address)
            stack.gateway = self.host

    def beside(self, work: Generator[Wait, Any, Any]) -> Job:
        """Let something run beside the test."""
        return Job(self.kernel, work)

    def finish(self, work: Generator[Wait, Any, Any]) -> Any:
        """Run something to its end."""
        return self.kernel.finish(work)


@pytest.fixture
def lan() -> Lan:
    """A small network."""
    return Lan()


@pytest.fixture
def other_bridge(lan: Lan) -> Callable[[], Stack]:
    """Make a namespace on a second bridge of the same host."""

    def make() -> Stack:
        link = Link("br-1", "172.18.0.0/16")
        lan.host.attach(link, "172.18.0.1", "br-1")
        stack = Stack("far", gateway=lan.host)
        stack.attach(link, "172.18.0.2")
        return stack

    return make
