"""Goals about who is logged in: what `docker login` keeps in the host's config.json."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals.goal import Finding, read

CONFIG = "/root/.docker/config.json"
HUB, HUB_KEY = "Docker Hub", "https://index.docker.io/v1/"


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """An account's credentials for a registry are kept on the host, e.g. ('Docker Hub', 'ada')."""

    registry: str
    account: str

    def look(self, lab: Lab) -> Finding:
        """Decode the entries."""
        kept = logins(lab)
        wanted = f"docker is logged in to {self.registry} as {self.account}"
        return Finding(kept.get(self.registry) == self.account, wanted, told(kept))


@dataclass(frozen=True, slots=True)
class NoLogins:
    """No credentials are kept on the host."""

    def look(self, lab: Lab) -> Finding:
        """Count the entries."""
        kept = logins(lab)
        return Finding(not kept, "config.json keeps no login", told(kept))


def logins(lab: Lab) -> Mapping[str, str]:
    """The accounts by registry; '?' for an entry that nobody can decode."""
    try:
        entries = json.loads(read(lab.host, CONFIG) or "{}").get("auths", {})
        return {HUB if key == HUB_KEY else key: account_of(entry) for key, entry in entries.items()}
    except (ValueError, AttributeError):
        return {}


def account_of(entry: Mapping[str, str]) -> str:
    """The name in front of the colon."""
    try:
        return base64.b64decode(entry["auth"]).decode().partition(":")[0] or "?"
    except (ValueError, KeyError, TypeError):
        return "?"


def told(kept: Mapping[str, str]) -> str:
    """The logins in words."""
    return ", ".join(f"{account} at {registry}" for registry, account in kept.items()) or "no login"
