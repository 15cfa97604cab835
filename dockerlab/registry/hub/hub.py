"""`Hub`: the server that answers for docker.io, and what a lesson can set in it: accounts, privacy, limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dockerlab.errors import InvalidParameterError
from dockerlab.fs.content import EMPTY_CONTENT
from dockerlab.registry.hub.access import HubAccess
from dockerlab.registry.hub.accounts import HubAccounts, Visitor
from dockerlab.registry.hub.limits import PullLimit
from dockerlab.registry.hub.shelves import catalogued, row_of, shelves
from dockerlab.registry.hub.tokens import PATH
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.server import Server
from dockerlab.registry.storage import Storage
from dockerlab.world import Clock

_REPOSITORY = re.compile(r"[a-z0-9]+(?:[._-]+[a-z0-9]+)*/[a-z0-9]+(?:[._-]+[a-z0-9]+)*")
_UPLOAD = re.compile(r"/v2/.+/blobs/uploads/?")


class Hub(Server):
    """A Docker Hub. `users` (name to password) are its only accounts; without them every name signs in."""

    def __init__(self, clock: Clock | None = None, users: Mapping[str, str] | None = None) -> None:
        self._accounts = HubAccounts(users)
        clock = clock or Clock()
        self._limit = PullLimit(clock)
        self._private: set[str] = set()
        storage = Storage(shelves())
        self._doors = HubAccess(
            self._accounts, clock, self._private.__contains__, lambda name: name in storage.repositories
        )
        super().__init__(storage, access=self._doors, repositories=self.listed)

    # What a lesson sets.

    def make_token(self, name: str, scope: str = "admin") -> str:
        """A personal access token of an account, to log in with: scope 'admin', 'write', 'read' or 'public_read'."""
        return self._accounts.make_token(name, scope)

    def make_private(self, repository: str) -> None:
        """Let only its owner see a repository ('me/secret'), whether it is there already or not."""
        self._private.add(_checked(repository))

    def make_public(self, repository: str) -> None:
        """Let everybody see a repository again."""
        self._private.discard(_checked(repository))

    def limit_pulls(self, pulls: int | None, hours: float = 6, accounts: int | None = None) -> None:
        """Let whoever isn't signed in pull so many images in so many hours, an account `accounts` (None: no end).

        Counting begins now; `limit_pulls(None)` lifts the limit.
        """
        if hours <= 0 or any(number is not None and number < 0 for number in (pulls, accounts)):
            raise InvalidParameterError("a limit is a number of pulls, 0 or more, in a number of hours")
        self._limit.set(pulls, accounts, hours)

    # What it answers.

    def handle(self, request: Request) -> Response:
        """Answer a request, as long as who asks has not pulled too much; as auth.docker.io it gives tokens out."""
        if request.route == PATH:
            return self._doors.tokens.answer(request)
        visitor = self._doors.visitor(request) or Visitor()
        refused = self._limit.refusal(request, visitor)
        if refused is not None:
            return replace(refused, content=EMPTY_CONTENT) if request.method == "HEAD" else refused
        return self._limit.counted(request, visitor, super().handle(self._permitted(request, visitor)))

    def _permitted(self, request: Request, visitor: Visitor) -> Request:
        """An upload that asks for a blob out of a repository that the visitor may not read asks for none."""
        if request.method != "POST" or "mount" not in request.query or not _UPLOAD.fullmatch(request.route):
            return request
        source = request.query.get("from", "")
        if source and "pull" in self._doors.allowed(visitor, source):
            return request
        return replace(request, path=request.path.partition("?")[0])

    def listed(self) -> list[Mapping[str, Any]]:
        """What its search looks through: the catalogue, and what was pushed and is public."""
        rows = {row["name"]: row for row in catalogued()}
        for name, repository in self.storage.repositories.items():
            if not name.startswith("library/") and name not in self._private and repository.manifests:
                rows.setdefault(name, row_of(name))
        return list(rows.values())


def hub(clock: Clock | None = None, users: Mapping[str, str] | None = None) -> Hub:
    """A fresh Docker Hub."""
    return Hub(clock, users)


def _checked(repository: str) -> str:
    """The name of a repository that somebody can own: 'me/secret'."""
    name = repository.removeprefix("docker.io/")
    if not _REPOSITORY.fullmatch(name) or name.startswith("library/"):
        raise InvalidParameterError(f"no repository of an account: {repository[:80]!r}")
    return name
