"""Following redirects, which curl (with -L) and wget do alike (RFC 9110, 15.4)."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any
from urllib.parse import urljoin

from dockerlab.events import Wait
from dockerlab.runtime.net.http import Answer, Request, fetch, header
from dockerlab.runtime.process import Process

MAX_HOPS = 10


def followed(
    proc: Process, request: Request, *, follow: bool = True, timeout: float | None = None
) -> Generator[Wait, Any, Answer]:
    """The answer, after redirects where they are to be followed; NetworkError in all its kinds."""
    answer = yield from fetch(proc.machine, request, timeout=timeout)
    for _ in range(MAX_HOPS):
        location = header(answer.headers, "Location")
        if not (follow and location and 300 <= answer.status < 400):
            break
        method = request.method if answer.status in (307, 308) or request.method == "HEAD" else "GET"
        whole = request.url if "://" in request.url else f"http://{request.url}"
        request = Request(method, urljoin(whole, location), request.headers)
        answer = yield from fetch(proc.machine, request, timeout=timeout)
    return answer
