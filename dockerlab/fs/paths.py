"""Paths: how names are joined, and how symbolic links are followed (POSIX.1, "Pathname Resolution")."""

from __future__ import annotations

import errno
from collections.abc import Callable

from dockerlab.errors import FileSystemError

NAME_MAX = 255
PATH_MAX = 4096
MAX_LINKS = 40
"""Linux's limits: bytes of a name, bytes of a path with its end mark, symlinks followed on one path."""


def inside(directory: str, name: str) -> str:
    """The path of a name in a directory."""
    return f"/{name}" if directory == "/" else f"{directory}/{name}"


def parent_of(path: str) -> tuple[str, str]:
    """A canonical path's directory and last name: '/a/b' gives ('/a', 'b')."""
    above, _, name = path.rpartition("/")
    return above or "/", name


def check_length(text: str, path: str) -> None:
    """Refuse a path (or a symlink's text) that Linux finds too long."""
    if len(text) * 4 >= PATH_MAX and len(text.encode("utf-8", "surrogateescape")) >= PATH_MAX:
        raise FileSystemError(errno.ENAMETOOLONG, path)


def _check_name(name: str, path: str) -> None:
    if len(name) * 4 > NAME_MAX and len(name.encode("utf-8", "surrogateescape")) > NAME_MAX:
        raise FileSystemError(errno.ENAMETOOLONG, path)


def resolve(path: str, follow: bool, kind: Callable[[str], str], target: Callable[[str], str]) -> str:
    """The canonical form of a path whose last name need not exist.

    `kind` tells what stands at a canonical path ('' for nothing), `target` a symlink's text. A symlink in the last
    place is followed only with `follow`, or when a slash comes after it.
    """
    if not path:
        raise FileSystemError(errno.ENOENT, path)
    check_length(path, path)
    ahead = path.split("/")[::-1]
    here = ""
    links = 0
    while ahead:
        name = ahead.pop()
        if name in ("", "."):
            continue
        if name == "..":
            here = here[: here.rfind("/")] if here else ""
            continue
        _check_name(name, path)
        above, here = here, f"{here}/{name}"
        what = kind(here)
        if what == "l" and (follow or ahead):
            links += 1
            if links > MAX_LINKS:
                raise FileSystemError(errno.ELOOP, path)
            text = target(here)
            here = "" if text.startswith("/") else above
            ahead += text.split("/")[::-1]
        elif ahead and what != "d":
            _check_last(ahead, what, path)
    return here or "/"


def _check_last(ahead: list[str], what: str, path: str) -> None:
    """A name that is no directory must be the last; a missing one may have a slash behind it (for mkdir)."""
    if what:
        raise FileSystemError(errno.ENOTDIR, path)
    if any(ahead):
        raise FileSystemError(errno.ENOENT, path)
