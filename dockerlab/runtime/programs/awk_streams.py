"""What awk reads and writes beside its records: files, commands, pipes."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.fs.content import Bytes
from dockerlab.runtime.process import Buffer, Pipe, Process, Stream
from dockerlab.runtime.programs.awk_record import Reader
from dockerlab.runtime.programs.inputs import FileSource, open_source


class Streams:
    """Everything that stays open between statements, by the text that opened it."""

    def __init__(self, proc: Process) -> None:
        self.proc = proc
        self.writers: dict[str, Stream] = {}
        self.pipes: dict[str, tuple[Pipe, Process]] = {}
        self.readers: dict[str, Reader] = {}

    def write(self, redirect: str, name: str, data: bytes) -> None:
        """print > file, >> file, | command."""
        if redirect == "|":
            self._pipe(name).write(data)
        elif name in ("/dev/stdout", "-"):
            self.proc.out(data)
        elif name == "/dev/stderr":
            self.proc.err(data)
        else:
            if name not in self.writers:
                self.writers[name] = self.proc.open(name, "a" if redirect == ">>" else "w")
            self.writers[name].write(data)

    def _pipe(self, command: str) -> Stream:
        if command not in self.pipes:
            pipe = Pipe()
            child = self.proc.spawn(["sh", "-c", command], stdin=pipe)
            self.pipes[command] = (pipe, child)
        return self.pipes[command][0].writer

    def reader(self, name: str, *, command: bool) -> Reader | None:
        """Where `getline < name` or `name | getline` reads; None where it can't be opened."""
        if name not in self.readers:
            try:
                source = FileSource(name, Bytes(self.output(name))) if command else open_source(self.proc, name)
            except FileSystemError:
                return None
            self.readers[name] = Reader(iter([source]))
        return self.readers[name]

    def output(self, command: str) -> bytes:
        """What a command prints."""
        printed = Buffer()
        self.wait(self.proc.spawn(["sh", "-c", command], stdout=printed))
        return printed.value

    def system(self, command: str) -> int:
        """Run a command; its exit code."""
        return self.wait(self.proc.spawn(["sh", "-c", command]))

    def wait(self, child: Process) -> int:
        """Wait in the middle of an expression: the machine goes on meanwhile."""
        return self.proc.kernel.finish(self.proc.wait(child))

    def close(self, name: str) -> int:
        """close(name)."""
        known = -1
        if self.readers.pop(name, None) or self.writers.pop(name, None):
            known = 0
        if name in self.pipes:
            pipe, child = self.pipes.pop(name)
            pipe.close()
            known = self.wait(child)
        return known

    def finish(self) -> Generator[Wait, Any, None]:
        """At the end: close all pipes and wait for what reads them."""
        for pipe, child in self.pipes.values():
            pipe.close()
            yield from self.proc.wait(child)
        self.pipes.clear()
