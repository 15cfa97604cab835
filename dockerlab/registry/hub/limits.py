"""Docker Hub's limit of pulls: so many images in so many hours, for an address or for an account.

What counts is a GET of an image's manifest; a HEAD, an index and the layers don't. The words and the headers are
those of the hub of 2025; how much it really allows changes too often to be told here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from dataclasses import replace as changed

from dockerlab.oci.media_types import MANIFESTS
from dockerlab.registry.hub.accounts import Visitor
from dockerlab.registry.protocol import Request, Response, json_response
from dockerlab.world import NANOSECOND, Clock

MORE = "https://www.docker.com/increase-rate-limit"
ANONYMOUS = f"You have reached your unauthenticated pull rate limit. {MORE}"
ACCOUNT = f"You have reached your pull rate limit. You may increase the limit by authenticating and upgrading: {MORE}"


@dataclass
class PullLimit:
    """How much may be pulled: None is without end. Nobody is limited until `set` says so."""

    clock: Clock
    _anonymous: int | None = None
    _accounts: int | None = None
    _window: int = 0
    """Seconds."""
    _pulls: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    """By account, '' for all who are not signed in: when."""

    def set(self, anonymous: int | None, accounts: int | None, hours: float) -> None:
        """Count from now on."""
        self._anonymous, self._accounts, self._window = anonymous, accounts, round(hours * 3600)
        self._pulls.clear()

    def refusal(self, request: Request, visitor: Visitor) -> Response | None:
        """What somebody is answered who has pulled enough, None where he hasn't."""
        if not _is_about_manifest(request) or self._left(visitor) != 0:
            return None
        message = ACCOUNT if visitor.name else ANONYMOUS
        row = {"code": "TOOMANYREQUESTS", "message": message}
        return json_response({"errors": [row]}, 429, self._headers(visitor))

    def counted(self, request: Request, visitor: Visitor, response: Response) -> Response:
        """An answer with the headers that tell what is left; a pull is counted."""
        if not _is_about_manifest(request) or response.status != 200 or self._allowed(visitor) is None:
            return response
        if request.method == "GET" and response.header("Content-Type") in MANIFESTS:
            self._pulls[visitor.name].append(self.clock.now)
        return changed(response, headers={**response.headers, **self._headers(visitor)})

    def _allowed(self, visitor: Visitor) -> int | None:
        return self._accounts if visitor.name else self._anonymous

    def _left(self, visitor: Visitor) -> int | None:
        allowed = self._allowed(visitor)
        if allowed is None:
            return None
        begin = self.clock.now - self._window * NANOSECOND
        return max(0, allowed - sum(pulled > begin for pulled in self._pulls[visitor.name]))

    def _headers(self, visitor: Visitor) -> Mapping[str, str]:
        left = {"ratelimit-limit": self._allowed(visitor), "ratelimit-remaining": self._left(visitor)}
        return {name: f"{number};w={self._window}" for name, number in left.items()}


def _is_about_manifest(request: Request) -> bool:
    return request.method in ("GET", "HEAD") and "/manifests/" in request.route
