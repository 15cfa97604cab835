"""auth.docker.io: tokens for Docker Hub, for one visitor and what he may do (distribution, docs/spec/auth/token.md).

A token is a JSON Web Token to look at (RFC 7519), but nothing is signed: the hub knows those that it has given out.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.oci import gojson
from dockerlab.registry.hub.accounts import HubAccounts, Visitor
from dockerlab.registry.protocol import Request, Response, json_response
from dockerlab.world import NANOSECOND, Clock, format_instant

PATH = "/token"
REALM = f"https://auth.docker.io{PATH}"
SERVICE = "registry.docker.io"
LIFETIME = 300
"""Seconds that a token is good for."""

_SCOPE = re.compile(r"repository(?:\([a-z]+\))?:([^:]+):([a-z,*]+)")


@dataclass(frozen=True, slots=True)
class Grant:
    """What a token says: who brings it, until when it is good, and what may be done with which repository."""

    visitor: Visitor
    ends: int
    actions: Mapping[str, frozenset[str]]


@dataclass
class TokenServer:
    """Gives tokens out and knows them again; `allowed` says which actions a visitor has on a repository."""

    accounts: HubAccounts
    clock: Clock
    allowed: Callable[[Visitor, str], frozenset[str]]
    _grants: dict[str, Grant] = field(default_factory=dict)

    def answer(self, request: Request) -> Response:
        """GET /token?service=…&scope=…: what is asked for and not allowed is left out of the token."""
        visitor = self.accounts.visitor(request)
        if visitor is None:
            return json_response({"details": "incorrect username or password"}, 401)
        scopes = list(_asked(request.every("scope")))
        if not visitor.writes and any(visitor.owns(name) and "push" in actions for name, actions in scopes):
            return json_response({"details": "access token has insufficient scopes"}, 401)
        actions = {name: wanted & self.allowed(visitor, name) for name, wanted in scopes}
        grant = Grant(visitor, self.clock.now + LIFETIME * NANOSECOND, actions)
        token = self._token(grant)
        self._grants[token] = grant
        issued = format_instant(self.clock.now)
        return json_response({"token": token, "access_token": token, "expires_in": LIFETIME, "issued_at": issued})

    def find(self, token: str) -> Grant | None:
        """What a token grants, None where it is not (or no longer) good."""
        grant = self._grants.get(token)
        return grant if grant is not None and grant.ends > self.clock.now else None

    def _token(self, grant: Grant) -> str:
        access = [
            {"type": "repository", "name": name, "actions": sorted(actions)} for name, actions in grant.actions.items()
        ]
        ends, now = grant.ends // NANOSECOND, self.clock.now // NANOSECOND
        claims = {"access": access, "aud": SERVICE, "exp": ends, "iat": now, "iss": "auth.docker.io"}
        head, body = _encoded({"alg": "none", "typ": "JWT"}), _encoded({**claims, "sub": grant.visitor.name})
        number = hashlib.sha256(f"{body} {len(self._grants)}".encode()).digest()
        return f"{head}.{body}.{base64.urlsafe_b64encode(number).rstrip(b'=').decode()}"


def challenge(scope: str = "", error: str = "") -> Mapping[str, str]:
    """The header that says where tokens are to be had."""
    parts = {"realm": REALM, "service": SERVICE, "scope": scope, "error": error}
    shown = ",".join(f'{name}="{value}"' for name, value in parts.items() if value)
    return {"Www-Authenticate": f"Bearer {shown}"}


def _asked(scopes: Sequence[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Repositories and actions out of 'repository:me/app:pull,push'; several scopes may stand in one parameter."""
    for scope in " ".join(scopes).split():
        found = _SCOPE.fullmatch(scope)
        if found is not None:
            yield found[1], frozenset(found[2].split(","))


def _encoded(value: Any) -> str:
    return base64.urlsafe_b64encode(gojson.encode(value)).rstrip(b"=").decode()
