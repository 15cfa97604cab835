"""Redirections (POSIX.1-2024 XCU 2.7): from operators and words to streams on descriptors."""

from __future__ import annotations

import errno
from collections import ChainMap
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Feed, Process, Stream
from dockerlab.runtime.shell.dialects import ASH, DASH
from dockerlab.runtime.shell.errors import RedirectError, ShellError
from dockerlab.runtime.shell.expansion import expand_document, expand_text, expand_words
from dockerlab.runtime.shell.state import Shell
from dockerlab.runtime.shell.syntax import HereDocument, Redirect

Changes: TypeAlias = dict[int, Stream | None]
"""Descriptor → its new stream; None closes it."""

_MODES = {"<": "r", ">": "w", ">|": "w", ">>": "a", "<>": "rw", "&>": "w", "&>>": "a"}
_MISSING = {  # how each shell says that a file, or the folder of a new one, does not exist
    "open": {DASH: "No such file", ASH: "no such file"},
    "create": {DASH: "Directory nonexistent", ASH: "nonexistent directory"},
}


def open_redirects(shell: Shell, redirects: Sequence[Redirect]) -> Generator[Wait, Any, Changes]:
    """Open what redirections ask for, in order; raises RedirectError."""
    changes: Changes = {}
    # Later redirections see what earlier ones did: `2>&1 >file` is not `>file 2>&1`.
    view: Mapping[int, Stream | None] = ChainMap(changes, dict(shell.proc.fds))
    for redirect in redirects:
        changes.update((yield from _one(shell, redirect, view)))
    return changes


def _one(shell: Shell, redirect: Redirect, view: Mapping[int, Stream | None]) -> Generator[Wait, Any, Changes]:
    operator, target = redirect.operator, redirect.target
    if isinstance(target, HereDocument):
        return {_fd(redirect): Feed((yield from expand_document(shell, target)))}
    if operator == "<<<":
        return {_fd(redirect): Feed((yield from expand_text(shell, target)) + "\n")}
    word = yield from _target(shell, redirect)
    if operator in ("<&", ">&"):
        return _duplicate(shell, redirect, word, view)
    stream = _open(shell, operator, word)
    if operator.startswith("&"):
        return {1: stream, 2: stream}
    return {_fd(redirect): stream}


def _fd(redirect: Redirect) -> int:
    return redirect.fd if redirect.fd is not None else 0 if redirect.operator.startswith("<") else 1


def _target(shell: Shell, redirect: Redirect) -> Generator[Wait, Any, str]:
    assert not isinstance(redirect.target, HereDocument)
    if shell.dialect.name != "bash":
        return (yield from expand_text(shell, redirect.target, tilde="word"))
    fields = yield from expand_words(shell, [redirect.target])
    if len(fields) != 1:
        text = yield from expand_text(shell, redirect.target)
        raise RedirectError("bad fd word", text, status=shell.dialect.usage_status)
    return fields[0]


def _duplicate(shell: Shell, redirect: Redirect, word: str, view: Mapping[int, Stream | None]) -> Changes:
    if word == "-":
        return {_fd(redirect): None}
    if not word.isdigit():
        if redirect.operator == ">&" and redirect.fd is None and shell.dialect.name != "sh":
            stream = _open(shell, "&>", word)
            return {1: stream, 2: stream}
        kind = RedirectError if shell.dialect.name == "bash" else ShellError
        raise kind("bad fd word", word, status=shell.dialect.usage_status if kind is RedirectError else 2)
    stream_or_none = view.get(int(word))
    if stream_or_none is None:
        raise RedirectError("bad descriptor", word, status=shell.dialect.usage_status)
    return {_fd(redirect): stream_or_none}


def _open(shell: Shell, operator: str, word: str) -> Stream:
    mode = _MODES[operator]
    proc = shell.proc
    if operator == ">" and "noclobber" in shell.options and proc.fs.is_file(proc.path(word)):
        raise RedirectError("noclobber", word, status=shell.dialect.usage_status)
    try:
        return proc.open(word, mode)
    except FileSystemError as error:
        key = "open" if mode == "r" else "create"
        text = error.strerror
        if error.errno == errno.ENOENT:
            text = _MISSING[key].get(shell.dialect.column, text)
        raise RedirectError(key, word, text, status=shell.dialect.usage_status) from None


def applied(fds: Mapping[int, Stream], changes: Changes) -> dict[int, Stream]:
    """Descriptors with changes made to them."""
    merged = {**fds, **changes}
    return {fd: stream for fd, stream in merged.items() if stream is not None}


def apply_for_good(proc: Process, changes: Changes) -> None:
    """Make changes to a process's own descriptors, as `exec >file` does."""
    for fd, stream in changes.items():
        if stream is None:
            proc.close_fd(fd)
        else:
            proc.set_fd(fd, stream)


@contextmanager
def borrowed(proc: Process, changes: Changes) -> Iterator[Callable[[], None]]:
    """Make changes for a while; calling what it gives keeps them."""
    saved = {fd: proc.fds.get(fd) for fd in changes}
    for stream in saved.values():
        if stream is not None:
            stream.acquire()
    apply_for_good(proc, changes)
    kept: list[bool] = []
    try:
        yield lambda: kept.append(True)
    finally:
        if not kept:
            apply_for_good(proc, saved)
        for stream in saved.values():
            if stream is not None:
                stream.release()
