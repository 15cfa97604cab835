"""Trying again what broke on the way, each time after a longer while (moby, distribution/xfer)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from dockerlab.errors import SystemError_, UnavailableError
from dockerlab.registry.session import Session
from dockerlab.registry.wire import Follower

T = TypeVar("T")

DOWNLOADS = 5
UPLOADS = 4
"""How many times more a blob is tried (xfer/download.go: maxDownloadAttempts; xfer/upload.go: maxUploadAttempts)."""

STEP = 5
"""Seconds that are waited for the first time; then twice as many, and so on."""


def tried(act: Callable[[], T], session: Session, follower: Follower, more: int) -> T:
    """Do something until it works, fails for good, or has been tried often enough: then its last error is raised.

    Only what a real network or a real registry's fault can break is worth another try.
    """
    for failures in range(1, more + 2):
        try:
            return act()
        except (UnavailableError, SystemError_):
            if failures > more or session.network.remote(session.domain) is None:
                raise
        for seconds in range(failures * STEP, 0, -1):
            follower.retrying(seconds)
            session.wait(1)
    raise AssertionError("the last try returns or raises")
