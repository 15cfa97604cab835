"""Telling addresses from paths: what ADD fetches."""

from __future__ import annotations

import re

from dockerlab.errors import BuildError

_GIT_HOSTS = ("github.com/",)
_COMMIT_OR_GIT = re.compile(r"\.git(?:#.+)?$")


def is_url(text: str) -> bool:
    """Whether a text is an HTTP address."""
    return text.startswith(("http://", "https://"))


def is_git(text: str) -> bool:
    """Whether a text names a git repository (moby, builder/remotecontext/urlutil)."""
    if is_url(text):
        return _COMMIT_OR_GIT.search(text) is not None
    return text.startswith(("git://", "git@", "ssh://", *_GIT_HOSTS))


def refuse_address(source: str) -> None:
    """Raise BuildError where a source of COPY is no path but an address, which only ADD fetches."""
    if is_git(source):
        raise BuildError("source can't be a git ref for COPY")
    if is_url(source):
        raise BuildError("source can't be a URL for COPY")
