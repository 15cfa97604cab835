"""`lab.hub`: the lab's Docker Hub as a lesson sets it up; what is set is written down, so that undo sets it again."""

from __future__ import annotations

from dockerlab.errors import UnavailableError
from dockerlab.lab.journal import HubSet, Journal
from dockerlab.registry import Server
from dockerlab.registry.hub import Hub


class LabHub:
    """The hub from outside. Where a lab has none, or another's, nothing can be set."""

    def __init__(self, server: Server | None, journal: Journal) -> None:
        self._server, self._journal = server, journal

    @property
    def _hub(self) -> Hub:
        if not isinstance(self._server, Hub):
            raise UnavailableError("this lab has no Docker Hub of its own")
        return self._server

    def make_private(self, repository: str) -> None:
        """Let only its owner see a repository ('me/secret'), whether it is there already or not."""
        self._hub.make_private(repository)
        self._journal.add(HubSet("make_private", (repository,)))

    def make_public(self, repository: str) -> None:
        """Let everybody see a repository again."""
        self._hub.make_public(repository)
        self._journal.add(HubSet("make_public", (repository,)))

    def limit_pulls(self, pulls: int | None, hours: float = 6, accounts: int | None = None) -> None:
        """Let whoever isn't signed in pull so many images in so many hours, an account `accounts` (None: no end)."""
        self._hub.limit_pulls(pulls, hours, accounts)
        self._journal.add(HubSet("limit_pulls", (pulls, hours, accounts)))

    def make_token(self, name: str, scope: str = "admin") -> str:
        """A personal access token of an account, to log in with: scope 'admin', 'write', 'read' or 'public_read'."""
        token = self._hub.make_token(name, scope)
        self._journal.add(HubSet("make_token", (name, scope)))
        return token
