"""One request inside a server: what was asked, of which repository, and what the storage has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dockerlab.errors import InvalidDigestError
from dockerlab.oci.digest import Digest
from dockerlab.registry.protocol import Refusal, Request
from dockerlab.registry.storage import Repository, Storage

Repositories: TypeAlias = Sequence[Mapping[str, Any]]
"""What a registry's search looks through."""


@dataclass(frozen=True)
class Exchange:
    """A request, and the server's things that its handler needs."""

    request: Request
    storage: Storage
    name: str
    names: Mapping[str, str]
    searched: Callable[[], Repositories] | None = None

    @property
    def repository(self) -> Repository:
        """The repository that the path names; `NAME_UNKNOWN` where there is none."""
        found = self.storage.repositories.get(self.name)
        if found is None:
            raise Refusal("NAME_UNKNOWN", {"name": self.name})
        return found

    @property
    def digest(self) -> Digest:
        """The digest in the path."""
        return read_digest(self.names["digest"])

    def at(self, *parts: str) -> str:
        """A path of the repository, for Location headers."""
        return "/".join(("/v2", self.name, *parts))


def read_digest(text: str) -> Digest:
    """A digest that a client gave; `DIGEST_INVALID` where it is none, or of a kind other than SHA-256."""
    try:
        return Digest(text)
    except InvalidDigestError as error:
        raise Refusal("DIGEST_INVALID", str(error)) from error


def page(items: Sequence[str], request: Request) -> tuple[Sequence[str], str]:
    """The part of a sorted list that `n` and `last` ask for, and the query of the next part ('' after the last)."""
    last, wanted = request.query.get("last", ""), request.query.get("n")
    rest = [item for item in items if item > last]
    if wanted is None:
        return rest, ""
    if not wanted.isdigit():
        raise Refusal("PAGINATION_NUMBER_INVALID", {"n": wanted})
    shown = rest[: int(wanted)]
    return shown, f"n={wanted}&last={shown[-1]}" if shown and len(rest) > len(shown) else ""
