"""The accounts of the simulated Docker Hub, and the access tokens that stand in for their passwords.

By default every name signs in with whatever password, so that a lesson can log in as anybody; only the names that
the catalogue's repositories belong to are taken. With `users` nobody else has an account.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.errors import InvalidParameterError
from dockerlab.registry.access import credentials
from dockerlab.registry.hub.shelves import namespaces
from dockerlab.registry.protocol import Request

TOKEN = "dckr_pat_"
"""How every personal access token begins."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks, and what the password or token lets him do; without a name it is whoever isn't signed in."""

    name: str = ""
    writes: bool = True
    reads_private: bool = True

    def owns(self, repository: str) -> bool:
        """Whether a repository is in the visitor's own namespace."""
        return bool(self.name) and repository.startswith(f"{self.name}/")


SCOPES: Mapping[str, tuple[bool, bool]] = {
    "admin": (True, True),
    "write": (True, True),
    "read": (False, True),
    "public_read": (False, False),
}
"""What a token's scope allows: writing, and reading private repositories (Docker Hub API, "repo:read" and so on)."""


class HubAccounts:
    """Names, passwords and tokens."""

    def __init__(self, users: Mapping[str, str] | None = None) -> None:
        self._users = None if users is None else dict(users)
        self._tokens: dict[str, Visitor] = {}

    def make_token(self, name: str, scope: str = "admin") -> str:
        """A new personal access token of an account; `scope` is one of `SCOPES`."""
        if scope not in SCOPES:
            raise InvalidParameterError(f"no scope {scope!r}: a token has {', '.join(SCOPES)}")
        if not name or (self._users is not None and name not in self._users):
            raise InvalidParameterError(f"no account {name!r}")
        number = hashlib.sha256(f"{name} {scope} {len(self._tokens)}".encode()).digest()
        token = TOKEN + base64.urlsafe_b64encode(number)[:27].decode()
        writes, reads_private = SCOPES[scope]
        self._tokens[token] = Visitor(name, writes, reads_private)
        return token

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; None where the name and the password don't fit."""
        name, password = credentials(request) or ("", "")
        if not name:
            return Visitor()
        token = self._tokens.get(password)
        if token is not None:
            return token if token.name == name else None
        return Visitor(name) if self._fits(name, password) else None

    def _fits(self, name: str, password: str) -> bool:
        if self._users is not None:
            return bool(password) and self._users.get(name) == password
        return bool(password) and name not in namespaces()
