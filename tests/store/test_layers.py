"""Layers by chain ID with reference counts (moby, layer/layer_store.go)."""

from __future__ import annotations

import pytest

from dockerlab.errors import NotFoundError, SystemError_
from dockerlab.fs.tree import lookup
from dockerlab.oci.chain import chain_ids
from dockerlab.store import LayerStore
from dockerlab.store.layers import MAX_DEPTH
from tests.store.archives import layer


def test_a_layer_is_known_by_what_it_stands_on() -> None:
    store = LayerStore()
    a, b = layer(a=b"1"), layer(b=b"2")
    base = store.register(a)
    top = store.register(b, base.chain_id)
    alone = store.register(b)
    assert (base.chain_id, top.chain_id) == chain_ids([a.diff_id, b.diff_id])
    assert alone.chain_id == b.diff_id
    assert top.stack == (base, top)
    assert sorted(top.tree.entries) == ["a", "b"]
    assert lookup(top.tree, "a") is lookup(base.tree, "a")
    assert top.size == 2


def test_the_same_layer_twice_is_kept_once() -> None:
    store = LayerStore()
    first = store.register(layer(a=b"1"))
    assert store.register(layer(a=b"1")) is first
    assert store.release(first.chain_id) == []
    assert store.release(first.chain_id) == [first]
    assert len(store) == 0


def test_a_stack_goes_from_the_top_as_far_as_nobody_needs_it() -> None:
    store = LayerStore()
    base = store.register(layer(a=b"1"))
    left = store.register(layer(b=b"2"), base.chain_id)
    right = store.register(layer(c=b"3"), base.chain_id)
    store.release(base.chain_id)
    assert store.release(left.chain_id) == [left]
    assert store.release(right.chain_id) == [right, base]
    with pytest.raises(NotFoundError):
        store.release(base.chain_id)


def test_a_stack_has_125_layers_at_most() -> None:
    """SURPRISES 16: "max depth exceeded"."""
    store = LayerStore()
    top = None
    for number in range(MAX_DEPTH):
        top = store.register(layer(a=b"%d" % number), top.chain_id if top else None)
    assert top is not None
    assert len(top.stack) == MAX_DEPTH
    with pytest.raises(SystemError_, match=r"^max depth exceeded$"):
        store.register(layer(z=b""), top.chain_id)
