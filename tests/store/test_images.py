"""Images by ID, and what a name or the beginning of an ID means (moby, image/store.go and daemon/images/image.go)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dockerlab.errors import InvalidParameterError, NotFoundError
from dockerlab.oci.reference import Reference
from dockerlab.store import Stores
from tests.store.archives import image, layer


def test_an_image_has_what_its_layers_have() -> None:
    stores = Stores()
    made = image(stores, layer(a=b"1"), layer(b=b"22"))
    assert made.size == 3
    assert sorted(made.tree.entries) == ["a", "b"]
    assert made.chain_ids[-1] == made.chain_id
    assert image(stores, layer(a=b"1"), layer(b=b"22")) is made


def test_layers_that_are_here_need_not_be_given_again() -> None:
    stores = Stores()
    base = image(stores, layer(a=b"1"))
    top = layer(b=b"2")
    config = replace(base.config, rootfs=base.config.rootfs.append(top.diff_id))
    made = stores.images.add(config, [top], base.id)
    assert [stored.references for stored in made.stack] == [2, 1]
    assert stores.images.children(base.id) == [made]
    assert stores.images.heads() == [made]


def test_nothing_is_kept_of_an_image_whose_layers_are_wrong() -> None:
    stores = Stores()
    a, b = layer(a=b"1"), layer(b=b"2")
    config = replace(image(Stores(), a, b).config)
    with pytest.raises(InvalidParameterError, match="invalid diffID for layer 1"):
        stores.images.add(config, [a, a])
    with pytest.raises(InvalidParameterError, match="failed to get layer"):
        stores.images.add(config, [b])
    with pytest.raises(InvalidParameterError, match="too many non-empty layers in History section"):
        stores.images.add(replace(config, rootfs=type(config.rootfs)((a.diff_id,))), [a])
    assert (len(stores.images), len(stores.layers)) == (0, 0)


def test_names_win_over_the_beginnings_of_ids() -> None:
    """SURPRISES 5."""
    stores = Stores()
    first, second = image(stores, layer(a=b"1")), image(stores, layer(a=b"2"))
    digit = first.id.hex[:6]
    assert stores.images.find(digit) is first
    stores.references.add_tag(Reference.parse(digit), second.id)
    assert stores.images.find(digit) is second
    assert stores.images.find(f"sha256:{digit}") is first
    assert stores.images.find(first.id.hex) is stores.images.find(first.id) is first


def test_an_ambiguous_beginning_means_nothing() -> None:
    """SURPRISES 5: 'No such image: 8:latest'."""
    stores = Stores()
    seen: dict[str, int] = {}
    number = 0
    while 2 not in seen.values():
        digit = image(stores, layer(a=b"%d" % number)).id.hex[0]
        seen[digit] = seen.get(digit, 0) + 1
        number += 1
    twice = next(digit for digit, count in seen.items() if count == 2)
    with pytest.raises(NotFoundError, match=f"^No such image: {twice}:latest$"):
        stores.images.find(twice)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch", "No such image: nosuch:latest"),
        ("docker.io/library/nosuch:1", "No such image: nosuch:1"),
        (f"x@sha256:{'0' * 64}", f"No such image: x@sha256:{'0' * 64}"),
        ("0" * 64, f"No such image: sha256:{'0' * 64}"),
    ],
)
def test_no_such_image(name: str, text: str) -> None:
    with pytest.raises(NotFoundError) as caught:
        Stores().images.find(name)
    assert str(caught.value) == text


def test_a_removed_parent_leaves_orphans() -> None:
    stores = Stores()
    base = image(stores, layer(a=b"1"))
    child = image(stores, layer(a=b"1"), layer(b=b"2"), parent=base)
    assert stores.images.parent_of(child) is base
    assert stores.images.remove(base.id) == []
    orphan = stores.images.get(child.id)
    assert orphan.parent_id is None
    assert [stored.layer.size for stored in stores.images.remove(child.id)] == [1, 1]
    assert len(stores.layers) == 0
