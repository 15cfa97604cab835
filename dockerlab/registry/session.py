"""A conversation with one registry: each request says who asks, as far as the registry wants to know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from threading import Event, RLock

from dockerlab.errors import SystemError_
from dockerlab.oci.reference import Reference
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.tokens import Authority, Credentials
from dockerlab.registry.transport import Network, url
from dockerlab.registry.wire import Sent, Sink, ignored
from dockerlab.registry.words import status_line

BASE = "/v2/"


def pulling(repository: Reference) -> str:
    """The scope that reads a repository."""
    return f"repository:{repository.path}:pull"


def pushing(repository: Reference) -> str:
    """The scope that writes it."""
    return f"repository:{repository.path}:pull,push"


@dataclass
class Session:
    """One registry, and who asks there. Several threads may ask at once."""

    network: Network
    domain: str
    credentials: Credentials
    authority: Authority = field(init=False)
    _lock: RLock = field(default_factory=RLock, repr=False)

    def __post_init__(self) -> None:
        self.authority = Authority(self.credentials)

    def ping(self) -> Response:
        """GET /v2/, by which a registry says what it wants to know of those who ask."""
        response = self.network.send(self.domain, Request("GET", BASE))
        if response.status == 401:
            self.authority.learn(response)
        elif response.status != 200:
            raise SystemError_(f'Get "{url(self.domain, BASE)}": unexpected status {status_line(response.status)}')
        return response

    def ask(self, request: Request, scopes: Sequence[str], sink: Sink | None = None, sent: Sent = ignored) -> Response:
        """The answer; where the registry asks (anew) who it is that asks, the second one.

        An address that leads away from the registry is told nothing: it brings its own permission, if any.
        """
        if not self.network.is_home(self.domain, request.path):
            return self.network.send(self.domain, request, sink, sent)
        response = self.network.send(self.domain, self._signed(request, scopes), sink, sent)
        if response.status != 401 or not self._learned(response, scopes):
            return response
        return self.network.send(self.domain, self._signed(request, scopes), sink, sent)

    def _learned(self, response: Response, scopes: Sequence[str]) -> bool:
        """Whether another try is worth it: a token may have run out, a registry may ask for the first time."""
        with self._lock:
            before = self.authority.challenge
            known = self.authority.learn(response)
            self.authority.forget(scopes)
            return known and (before is None or self.authority.challenge != before or before.scheme == "bearer")

    def _signed(self, request: Request, scopes: Sequence[str]) -> Request:
        return replace(request, headers={**request.headers, **self.headers(scopes)})

    def headers(self, scopes: Sequence[str], *, offline: bool = False) -> Mapping[str, str]:
        """What a request says about who asks; `UnauthorizedError` where nobody can say it."""
        with self._lock:
            if self.authority.challenge is None and self.network.remote(self.domain) is None:
                # The lab's hub lets everybody in at the door, and yet knows who may push.
                return self.credentials.basic()
            return self.authority.headers(scopes, lambda asked: self.network.send(self.domain, asked), offline=offline)

    def wait(self, seconds: float) -> None:
        """Let time pass before something is tried again: real time, where the registry is real."""
        remote = self.network.remote(self.domain)
        Event().wait(seconds * remote.second if remote is not None else 0)
