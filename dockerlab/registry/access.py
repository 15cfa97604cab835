"""Who may do what in a registry: nobody asks, or basic authentication (RFC 7617)."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Protocol

from dockerlab.registry.protocol import Refusal, Request

READS = frozenset({"GET", "HEAD"})
REALM = "dockerlab"
CHALLENGE = {"Www-Authenticate": f'Basic realm="{REALM}"'}


class Access(Protocol):
    """A registry's doorman."""

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """Raise `Refusal` where a request must not pass; `repository` is '' where it is about none."""


class Open:
    """Lets everybody in."""

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """Nothing is refused."""


class Accounts:
    """Lets in who knows a name and its password, for everything."""

    def __init__(self, users: Mapping[str, str]) -> None:
        self._users = dict(users)

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """No credentials and wrong ones get the same answer."""
        name, password = credentials(request) or ("", "")
        if not name or self._users.get(name) != password:
            raise Refusal("UNAUTHORIZED", headers=CHALLENGE)


def credentials(request: Request) -> tuple[str, str] | None:
    """The name and the password that a request brings, None where it brings none that can be read."""
    scheme, _, encoded = request.header("Authorization").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon else None


def basic(name: str, password: str) -> dict[str, str]:
    """The header that brings credentials."""
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}
