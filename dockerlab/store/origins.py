"""Which repositories have a layer, and under which digest (moby, distribution/metadata).

A layer's diff ID says nothing about its compressed bytes. The engine remembers the pairs that it saw in pulls and
pushes: so a pull can tell "Already exists" without downloading, and a push can mount a layer from another repository.
"""

from __future__ import annotations

from dataclasses import dataclass

from dockerlab.oci.digest import Digest


@dataclass(frozen=True, slots=True)
class Origin:
    """A compressed layer in a repository ('docker.io/library/ubuntu')."""

    digest: Digest
    repository: str


class Origins:
    """What the engine knows about where its layers came from or went to."""

    def __init__(self) -> None:
        self._origins: dict[Digest, list[Origin]] = {}
        self._diff_ids: dict[Digest, Digest] = {}

    def add(self, diff_id: Digest, digest: Digest, repository: str) -> None:
        """Note that the repository has the layer under that digest; the last one noted is tried first."""
        origin = Origin(digest, repository)
        known = [other for other in self._origins.get(diff_id, []) if other != origin]
        self._origins[diff_id] = [origin, *known]
        self._diff_ids[digest] = diff_id

    def of(self, diff_id: Digest) -> tuple[Origin, ...]:
        """Where the layer is known to be, newest first."""
        return tuple(self._origins.get(diff_id, ()))

    def diff_id(self, digest: Digest) -> Digest | None:
        """The diff ID of a compressed layer, None where it never came by."""
        return self._diff_ids.get(digest)
