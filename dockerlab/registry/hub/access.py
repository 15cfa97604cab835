"""Docker Hub's doorman: everybody may pull what is public, and only its owner may push to a namespace.

Who comes shows a token of auth.docker.io, which also says what it is for; a name with its password will do, too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dockerlab.registry.access import READS
from dockerlab.registry.hub.accounts import HubAccounts, Visitor
from dockerlab.registry.hub.tokens import TokenServer, challenge
from dockerlab.registry.protocol import Refusal, Request
from dockerlab.world import Clock

READING, BOTH, NOTHING = frozenset({"pull"}), frozenset({"pull", "push"}), frozenset[str]()


class ScopeRefusal(Refusal):
    """A token that lets its owner do less than what he asks."""

    def __init__(self) -> None:
        super().__init__("UNAUTHORIZED", headers=challenge())
        self.code = replace(self.code, message="access token has insufficient scopes")


class HubAccess:
    """The rules; what doesn't exist can't be told from what is private, so both are denied."""

    def __init__(
        self, accounts: HubAccounts, clock: Clock, is_private: Callable[[str], bool], exists: Callable[[str], bool]
    ) -> None:
        self._accounts, self._is_private, self._exists = accounts, is_private, exists
        self.tokens = TokenServer(accounts, clock, self.allowed)

    def visitor(self, request: Request) -> Visitor | None:
        """Who asks; None where the token isn't good, or the password."""
        scheme, _, token = request.header("Authorization").partition(" ")
        if scheme.lower() != "bearer":
            return self._accounts.visitor(request)
        grant = self.tokens.find(token.strip())
        return grant.visitor if grant else None

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """Refuse wrong credentials, the list of all repositories, and whatever isn't the visitor's to do."""
        visitor = self.visitor(request)
        if visitor is None:
            raise Refusal("UNAUTHORIZED", headers=challenge(error="invalid_token"))
        if not repository:
            self._greet(request)
            return
        action = "pull" if request.method in READS else "push"
        if action == "push" and visitor.owns(repository) and not visitor.writes:
            raise ScopeRefusal
        if action not in self.allowed(visitor, repository) & self._granted(request, repository):
            raise Refusal("UNAUTHORIZED", headers=challenge(error="insufficient_scope"))

    def _greet(self, request: Request) -> None:
        """At the door a token is asked for, even if it is nobody's; the list of all repositories is for nobody."""
        unknown = not request.header("Authorization") and request.route in ("/v2", "/v2/")
        if unknown or request.route == "/v2/_catalog":
            raise Refusal("UNAUTHORIZED", headers=challenge())

    def _granted(self, request: Request, repository: str) -> frozenset[str]:
        """What the token is for; who brings none is not held to one."""
        scheme, _, token = request.header("Authorization").partition(" ")
        grant = self.tokens.find(token.strip()) if scheme.lower() == "bearer" else None
        return BOTH if grant is None else grant.actions.get(repository, NOTHING)

    def allowed(self, visitor: Visitor, repository: str) -> frozenset[str]:
        """What somebody may do with a repository."""
        if visitor.owns(repository):
            hidden = self._is_private(repository) and not visitor.reads_private
            return NOTHING if hidden else BOTH if visitor.writes else READING
        return READING if self._exists(repository) and not self._is_private(repository) else NOTHING
