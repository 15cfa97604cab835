"""open() and file objects (library/io), over the files of the container."""

from __future__ import annotations

import errno
import functools
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import FileStream, Process, Stream
from dockerlab.runtime.python.iteration import END
from dockerlab.runtime.python.objects import Given
from dockerlab.runtime.python.trampoline import Evaluator

if TYPE_CHECKING:
    from dockerlab.runtime.python.protocols import Protocols

MOST_PIECES = 256
"""Pieces of 64 KiB that one read() gives."""
_STREAM_MODES = {"r": "r", "w": "w", "a": "a", "x": "wx"}


class FileObject(Given):
    """An open file; text, or bytes with a 'b' in the mode."""

    exposed = frozenset(
        "read readline readlines write writelines close closed flush name mode seek tell fileno isatty truncate "
        "__enter__ __exit__".split()
    )
    type_name = "_io.TextIOWrapper"

    def __init__(self, proc: Process, stream: Stream, name: str, mode: str) -> None:
        self._proc = proc
        self._stream = stream.acquire()
        self.name = name
        self.mode = mode
        self.closed = False
        self._binary = "b" in mode

    def __repr__(self) -> str:
        if self._binary:
            return f"<_io.BufferedReader name='{self.name}'>"
        return f"<_io.TextIOWrapper name='{self.name}' mode='{self.mode}' encoding='UTF-8'>"

    def _checked(self, *, writing: bool) -> Stream:
        if self.closed:
            raise ValueError("I/O operation on closed file.")
        if "+" not in self.mode and writing is self.mode.startswith("r"):
            raise UnsupportedOperationError("not writable" if writing else "not readable")
        return self._stream

    def _text(self, data: bytes) -> Any:
        return data if self._binary else data.decode("utf-8", "surrogateescape")

    def read(self, size: int | None = -1) -> Evaluator:
        """All that is left, or so many characters."""
        stream = self._checked(writing=False)
        pieces = []
        left = (1 << 62) if size is None or size < 0 else size
        while left > 0:
            piece = yield self._proc.available(functools.partial(stream.take, min(left, 1 << 16)))
            if not piece:
                break
            pieces.append(piece)
            left -= len(piece)
            if len(pieces) > MOST_PIECES:
                raise MemoryError
        return self._text(b"".join(pieces))

    def readline(self) -> Evaluator:
        """The next line; '' at the end."""
        stream = self._checked(writing=False)
        return self._text((yield self._proc.available(stream.take_line)))

    def readlines(self) -> Evaluator:
        """All lines that are left."""
        lines = []
        while line := (yield self.readline()):
            lines.append(line)
        return lines

    def advance(self) -> Evaluator:
        """A line, for loops."""
        return (yield self.readline()) or END

    def write(self, text: Any) -> int:
        """Write; returns the length."""
        stream = self._checked(writing=True)
        data = text if self._binary else text.encode("utf-8", "surrogateescape") if isinstance(text, str) else None
        if not isinstance(data, bytes):
            kind = type(text).__name__
            wanted = f"a bytes-like object is required, not '{kind}'"
            raise TypeError(wanted if self._binary else f"write() argument must be str, not {kind}")
        stream.write(data)
        return len(text)

    def writelines(self, lines: Iterable[Any]) -> None:
        """Write one after the other."""
        for line in lines:
            self.write(line)

    def close(self) -> None:
        """Let go of the file."""
        if not self.closed:
            self.closed = True
            self._stream.release()

    def flush(self) -> None:
        """What is written is in the file already."""

    def isatty(self) -> bool:
        """Files are no terminals."""
        return self._stream.terminal

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to a place in the file."""
        if not isinstance(self._stream, FileStream):
            raise UnsupportedOperationError("underlying stream is not seekable")
        return self._stream.seek(place, whence)

    def tell(self) -> int:
        """The place in the file."""
        return self.seek(0, 1)

    def truncate(self, size: int | None = None) -> int:
        """Cut the file off at a size, or at the current place."""
        end = self.tell() if size is None else size
        self._proc.fs.truncate(self._proc.path(self.name), end)
        return end

    def fileno(self) -> int:
        """A number of no use here."""
        return 3

    def __enter__(self) -> FileObject:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class UnsupportedOperationError(OSError):
    """io.UnsupportedOperation."""

    script_name = "io.UnsupportedOperation"


def open_file(
    interpreter: Protocols, name: Any, mode: str = "r", buffering: int = -1, encoding: str | None = None, **_: Any
) -> FileObject:
    """open()."""
    proc = interpreter.proc
    path = str(name)
    kind = mode.replace("b", "").replace("t", "").replace("+", "")
    if kind not in _STREAM_MODES or set(mode) - set("rwaxbt+"):
        raise ValueError(f"invalid mode: '{mode}'")
    try:
        found = proc.fs.find(proc.path(path))
        if found is not None and found.kind == "d":
            raise FileSystemError(errno.EISDIR, path)
        stream = proc.open(path, _STREAM_MODES[kind])
        if "+" in mode and kind != "a":
            stream = proc.open(path, "rw")
    except FileSystemError as error:
        raise OSError(error.errno, error.strerror, path) from None
    return FileObject(proc, stream, path, mode)
