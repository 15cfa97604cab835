"""One request inside a server: what was asked, of which repository, and what the storage has."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import urlencode

from dockerlab.errors import InvalidDigestError
from dockerlab.oci.digest import Digest
from dockerlab.registry.protocol import Refusal, Request
from dockerlab.registry.storage import Repository, Storage

Repositories: TypeAlias = Sequence[Mapping[str, Any]]
"""What a registry's search looks through."""

_NUMBER = re.compile(r"[0-9]{1,9}")


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
    def known(self) -> Repository:
        """The same; where there is none, one that is empty and is not kept."""
        return self.storage.repositories.get(self.name) or Repository()

    @property
    def digest(self) -> Digest:
        """The digest in the path."""
        return read_digest(self.names["digest"])

    def has(self, digest: str) -> bool:
        """Whether the client says that it has this already (RFC 9110, 13.1.2)."""
        return any(tag.strip() in (digest, f'"{digest}"') for tag in self.request.header("If-None-Match").split(","))

    def at(self, *parts: str) -> str:
        """A path of the repository, for Location headers."""
        return "/".join(("/v2", self.name, *parts))


def read_digest(text: str, why: str = "") -> Digest:
    """A digest that a client gave; `DIGEST_INVALID` where it is none, or of a kind that isn't known here."""
    try:
        return Digest(text)
    except InvalidDigestError as error:
        raise Refusal("DIGEST_INVALID", why or {}) from error


def page(items: Sequence[str], request: Request) -> tuple[Sequence[str], str]:
    """The part of a sorted list that `n` and `last` ask for, and the query of the next part ('' after the last)."""
    last, wanted = request.query.get("last", ""), request.query.get("n")
    rest = [item for item in items if item > last]
    if wanted is None:
        return rest, ""
    if not _NUMBER.fullmatch(wanted):
        raise Refusal("PAGINATION_NUMBER_INVALID", {"n": wanted})
    shown = rest[: int(wanted)]
    following = urlencode({"last": shown[-1], "n": wanted}) if shown else ""
    return shown, following if len(rest) > len(shown) else ""
