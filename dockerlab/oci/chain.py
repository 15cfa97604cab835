"""Chain IDs: the name of a stack of layers (OCI image-spec, config.md, "Layer ChainID")."""

from __future__ import annotations

from collections.abc import Iterable

from dockerlab.oci.digest import Digest


def chain_id(parent: Digest | None, diff_id: Digest) -> Digest:
    """The chain ID of one more layer on top of a stack (None: of the lowest layer)."""
    return diff_id if parent is None else Digest.of(f"{parent} {diff_id}".encode())


def chain_ids(diff_ids: Iterable[Digest]) -> tuple[Digest, ...]:
    """The chain ID of every prefix of the stack, lowest layer first."""
    chain: list[Digest] = []
    for diff_id in diff_ids:
        chain.append(chain_id(chain[-1] if chain else None, diff_id))
    return tuple(chain)
