"""How much memory a script's values take: counted as they are made, and anew when there seems to be too much.

A value that nobody holds any more is not noticed at once. So when the count passes the limit, what can still be
reached from the script's names is measured; only when that is too much the process is ended, as the kernel's
out-of-memory killer would end it (cgroup-v2, "memory.max").
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.process import SIGNAL_NUMBERS
from dockerlab.runtime.python.objects import Class, Function, Instance, Module

if TYPE_CHECKING:
    from dockerlab.runtime.python.protocols import Protocols

MOST = 256 << 20
"""Bytes that a script may hold where its container has no smaller limit."""
SMALL = 512
"""Bytes of a value that is too small to count."""


class Memory:
    """The account of one interpreter."""

    def __init__(self, interpreter: Protocols) -> None:
        self._interpreter = interpreter
        limit = interpreter.proc.machine.memory_limit
        self.limit = min(limit, MOST) if limit else MOST
        self._counted = 0

    def charge(self, size: int) -> None:
        """Count a value; too much ends the process."""
        if size < SMALL:
            return
        self._counted += size
        if self._counted > self.limit:
            self._counted = self._held()
            if self._counted > self.limit:
                self._interpreter.proc.kill(SIGNAL_NUMBERS["KILL"])

    def _held(self) -> int:
        """Bytes of all that names lead to."""
        seen: set[int] = set()
        todo: list[Any] = [frame.scope.names for frame in self._interpreter.frames]
        total = 0
        while todo:
            value = todo.pop()
            if id(value) in seen:
                continue
            seen.add(id(value))
            total += sys.getsizeof(value)
            if isinstance(value, dict):
                todo += value.values()
            elif isinstance(value, list | tuple | set | frozenset):
                todo += value
            elif isinstance(value, Instance | Class | Module):
                todo.append(value.names)
            elif isinstance(value, Function) and value.scope is not None:
                todo.append(value.scope.names)
        return total
