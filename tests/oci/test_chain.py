"""Chain IDs (OCI image-spec, config.md, "Layer ChainID")."""

from __future__ import annotations

from dockerlab.oci.chain import chain_ids
from dockerlab.oci.digest import Digest


def test_the_chain_id_of_one_layer_is_its_diff_id() -> None:
    assert chain_ids([Digest.of(b"a")]) == (Digest.of(b"a"),)
    assert chain_ids([]) == ()


def test_further_layers_hash_the_chain_below_with_their_diff_id() -> None:
    a, b, c = (Digest.of(data) for data in (b"a", b"b", b"c"))
    ab = Digest.of(f"{a} {b}".encode())
    assert chain_ids([a, b, c]) == (a, ab, Digest.of(f"{ab} {c}".encode()))
