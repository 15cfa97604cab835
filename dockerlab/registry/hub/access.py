"""Docker Hub's doorman: everybody may pull what is public, and only its owner may push to a namespace."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from dockerlab.registry.access import CHALLENGE, READS
from dockerlab.registry.hub.accounts import HubAccounts, Visitor
from dockerlab.registry.protocol import Refusal, Request


class ScopeRefusal(Refusal):
    """A token that lets its owner do less than what he asks."""

    def __init__(self) -> None:
        super().__init__("UNAUTHORIZED", headers=CHALLENGE)
        self.code = replace(self.code, message="access token has insufficient scopes")


class HubAccess:
    """The rules; what doesn't exist can't be told from what is private, so both are denied."""

    def __init__(self, accounts: HubAccounts, is_private: Callable[[str], bool]) -> None:
        self._accounts, self._is_private = accounts, is_private

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """Refuse wrong credentials, the list of all repositories, and whatever isn't the visitor's to do."""
        visitor = self._accounts.visitor(request)
        if visitor is None or request.route == "/v2/_catalog":
            raise Refusal("UNAUTHORIZED", headers=CHALLENGE)
        if not repository:
            return
        if request.method in READS:
            if not (exists or visitor.owns(repository)) or not self.may_read(visitor, repository):
                raise Refusal("DENIED")
        elif not visitor.owns(repository):
            raise Refusal("DENIED")
        elif not visitor.writes:
            raise ScopeRefusal

    def may_read(self, visitor: Visitor, repository: str) -> bool:
        """Whether somebody may read a repository that exists."""
        return not self._is_private(repository) or (visitor.owns(repository) and visitor.reads_private)
