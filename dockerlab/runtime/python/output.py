"""sys.stdout and sys.stderr (library/io): a terminal gets each line at once, a pipe or a log only 8 KiB at a time.

That is why `docker logs` shows nothing of a program that goes on printing, until PYTHONUNBUFFERED is set.
"""

from __future__ import annotations

from dockerlab.runtime.process import Process
from dockerlab.runtime.python.objects import Given

BUFFER = 8192
"""io.DEFAULT_BUFFER_SIZE."""


class Output(Given):
    """A text stream of the process."""

    exposed = frozenset({"write", "flush", "isatty", "fileno", "name", "reconfigure", "encoding"})
    type_name = "_io.TextIOWrapper"
    encoding = "utf-8"

    def __init__(self, proc: Process, fd: int, name: str, *, unbuffered: bool = False) -> None:
        self._proc = proc
        self._fd = fd
        self.name = name
        self._by_line = unbuffered or proc.is_terminal(fd)
        self._kept: list[str] = []
        self._size = 0

    def write(self, text: str) -> int:
        """Take text; returns its length."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self._by_line:
            self._proc.write(self._fd, text)
            return len(text)
        self._kept.append(text)
        self._size += len(text)
        if self._size >= BUFFER:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Let go of what was kept."""
        text, self._kept, self._size = "".join(self._kept), [], 0
        if text:
            self._proc.write(self._fd, text)

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._proc.is_terminal(self._fd)

    def fileno(self) -> int:
        """The descriptor."""
        return self._fd

    def reconfigure(self, *, line_buffering: bool = False, **_: object) -> None:
        """Lines at once from now on, or not."""
        self._by_line = self._by_line or bool(line_buffering)
