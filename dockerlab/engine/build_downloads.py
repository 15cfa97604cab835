"""ADD from a URL, over the host's network (moby, builder/remotecontext; BuildKit, source/http)."""

from __future__ import annotations

import email.utils
import posixpath
from urllib.parse import unquote, urljoin, urlsplit

from dockerlab.build.sources import BadStatusError, Download
from dockerlab.engine.container_context import Context
from dockerlab.errors import UnavailableError
from dockerlab.events import Conversation
from dockerlab.fs.content import Bytes
from dockerlab.runtime.machine import Machine
from dockerlab.runtime.net import Answer, HostError, NetworkError, RefusedError, Request, TimedOutError, TlsError, fetch
from dockerlab.runtime.net.http import header
from dockerlab.runtime.net.names import resolve
from dockerlab.world import NANOSECOND

_AGENT = "Go-http-client/1.1"
_MOVED = frozenset({301, 302, 303, 307, 308})
_MOST_MOVES = 10
"""Redirections that Go's client follows."""


def fetch_url(context: Context, url: str) -> Conversation[Download]:
    """Get a file. UnavailableError where nobody answers, BadStatusError where the answer is none."""
    machine = Machine(context.kernel, context.host, context.hostname, {}, network=context.networks.host)
    place = url
    for _ in range(_MOST_MOVES):
        answer = yield from _asked(machine, place)
        if answer.status not in _MOVED:
            break
        place = urljoin(place, header(answer.headers, "Location"))
    else:
        raise UnavailableError(f'Get "{place}": stopped after {_MOST_MOVES} redirects')
    if answer.status >= 400:
        raise BadStatusError(
            url, answer.status, f"{answer.status} {answer.words}", answer.body.decode("utf-8", "replace")
        )
    return Download(Bytes(answer.body), unquote(posixpath.basename(urlsplit(url).path)), _changed(answer))


def _asked(machine: Machine, url: str) -> Conversation[Answer]:
    request = Request("GET", url, {"User-Agent": _AGENT, "Accept-Encoding": "identity", "Connection": "close"})
    try:
        return (yield from fetch(machine, request))
    except NetworkError as error:
        raise UnavailableError(f'Get "{url}": {_reason(machine, request, error)}') from None


def _reason(machine: Machine, request: Request, error: NetworkError) -> str:
    """What Go's client says of a connection that failed."""
    if isinstance(error, HostError):
        return f"dial tcp: lookup {request.host}: no such host"
    if isinstance(error, TlsError):
        return "tls: first record does not look like a TLS handshake"
    address = f"{resolve(machine, request.host)}:{request.port}"
    if isinstance(error, TimedOutError):
        return f"dial tcp {address}: i/o timeout"
    if isinstance(error, RefusedError):
        return f"dial tcp {address}: connect: connection refused"
    return f"dial tcp {address}: connect: {error.text[:1].lower()}{error.text[1:]}"


def _changed(answer: Answer) -> int:
    """When the file was changed, in nanoseconds since 1970; 0 where the server does not tell."""
    text = header(answer.headers, "Last-Modified")
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except (TypeError, ValueError):
        return 0
    return int(moment.timestamp()) * NANOSECOND
