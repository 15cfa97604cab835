"""`docker rmi` and `docker image prune`; transcripts rmi, g09_tag_rmi; SURPRISES 5 to 8, 21, 28."""

from __future__ import annotations

import pytest

from dockerlab.errors import ConflictError, InvalidParameterError, NotFoundError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from tests.engine.image_lab import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_untagging_one_of_several_names(bench: Bench) -> None:
    bench.make("a", name="r:1")
    bench.images.tag("r:1", "r:2")
    assert bench.images.remove("r:1") == [{"Untagged": "r:1"}]
    assert bench.names() == ["r:2"]


def test_the_last_name_takes_the_image_and_its_unneeded_parents(bench: Bench) -> None:
    """Transcript `rmi`: after each image's ID comes its layer's chain ID, except for steps without one."""
    top = bench.make("a", None, "b", name="r:1")
    setting = bench.stores.images.parent_of(top)
    assert setting is not None
    base = bench.stores.images.parent_of(setting)
    assert base is not None
    assert bench.images.remove("r:1") == [
        {"Untagged": "r:1"},
        {"Deleted": top.id},
        {"Deleted": top.chain_id},
        {"Deleted": setting.id},
        {"Deleted": base.id},
        {"Deleted": base.chain_id},
    ]
    assert (len(bench.stores.images), len(bench.stores.layers)) == (0, 0)


def test_without_prune_the_parents_stay(bench: Bench) -> None:
    bench.make("a", "b", name="r:1")
    assert len(bench.images.remove("r:1", prune=False)) == 3
    assert len(bench.stores.images) == 1


def test_a_named_base_stays_an_untagged_one_goes_with_its_child(bench: Bench) -> None:
    """SURPRISES 8."""
    bench.make("a", name="base:1")
    bench.make("a", "b", name="child:1")
    base = bench.images.find("base:1")
    child = bench.images.find("child:1")
    bench.stores.images.set_parent(child.id, base.id)
    assert bench.images.remove("base:1") == [{"Untagged": "base:1"}]
    assert {"Deleted": base.id} in bench.images.remove("child:1")


def test_an_id_with_names_in_two_repositories(bench: Bench) -> None:
    """Transcript `rmi`; SURPRISES 6: two tags of one repository fail too."""
    image = bench.make("a", name="r:2")
    for name in ("s:1", "r:3"):
        bench.images.tag("r:2", name)
    how = "(must be forced) - image is referenced in multiple repositories"
    with pytest.raises(ConflictError) as caught:
        bench.images.remove(image.id.short)
    assert str(caught.value) == f"conflict: unable to delete {image.id.short} {how}"
    assert bench.images.remove(image.id.short, force=True)[:3] == [
        {"Untagged": "r:2"},
        {"Untagged": "r:3"},
        {"Untagged": "s:1"},
    ]


def test_an_id_with_one_name(bench: Bench) -> None:
    image = bench.make("a", name="r:1")
    assert bench.images.remove(image.id.hex[:5]) == [
        {"Untagged": "r:1"},
        {"Deleted": image.id},
        {"Deleted": image.chain_id},
    ]


def test_a_stopped_container_guards_the_last_name(bench: Bench) -> None:
    """SURPRISES 6: with one tag: must force; with a second tag: plain untag."""
    image = bench.make("a", name="r:1")
    bench.use(image)
    with pytest.raises(ConflictError) as caught:
        bench.images.remove("r:1")
    assert str(caught.value) == (
        'conflict: unable to remove repository reference "r:1" (must force) - '
        f"container cccccccccccc is using its referenced image {image.id.short}"
    )
    bench.images.tag("r:1", "r:2")
    assert bench.images.remove("r:2") == [{"Untagged": "r:2"}]
    with pytest.raises(ConflictError, match=r"\(must be forced\) - image is being used by stopped container c{12}$"):
        bench.images.remove(image.id.short)


def test_force_takes_the_image_but_not_the_layers_of_a_container(bench: Bench) -> None:
    """SURPRISES 7: the container still starts, so its layers stay until it goes."""
    image = bench.make("a", name="r:1")
    bench.use(image)
    assert bench.images.remove("r:1", force=True) == [{"Untagged": "r:1"}, {"Deleted": image.id}]
    assert image.chain_id in bench.stores.layers
    bench.users.clear()
    other = bench.make("b", name="o:1")
    bench.images.remove("o:1")
    assert (image.chain_id in bench.stores.layers, other.chain_id in bench.stores.layers) == (False, False)


def test_a_running_container_can_not_be_forced(bench: Bench) -> None:
    """SURPRISES 6: -f TAG only untags; -f ID "cannot be forced"."""
    image = bench.make("a", name="r:1")
    bench.use(image, running=True)
    assert bench.images.remove("r:1", force=True) == [{"Untagged": "r:1"}]
    assert image.id in bench.stores.images
    with pytest.raises(ConflictError) as caught:
        bench.images.remove(image.id.short, force=True)
    how = "(cannot be forced) - image is being used by running container cccccccccccc"
    assert str(caught.value) == f"conflict: unable to delete {image.id.short} {how}"


def test_an_image_with_children_can_not_be_forced(bench: Bench) -> None:
    top = bench.make("a", "b", name="r:1")
    assert top.parent_id is not None
    with pytest.raises(ConflictError, match=r"\(cannot be forced\) - image has dependent child images$"):
        bench.images.remove(top.parent_id.hex, force=True)


def test_the_last_tag_takes_the_digests_of_its_repository(bench: Bench) -> None:
    """SURPRISES 21."""
    image = bench.make("a", name="host:5000/r:1")
    digest = Digest.of(b"manifest")
    for repository in ("host:5000/r", "other"):
        bench.stores.references.add_digest(Reference.parse(repository).with_digest(digest), image.id)
    assert bench.images.remove("host:5000/r:1") == [
        {"Untagged": "host:5000/r:1"},
        {"Untagged": f"host:5000/r@{digest}"},
    ]
    assert bench.images.remove(f"other@{digest}")[0] == {"Untagged": f"other@{digest}"}
    assert len(bench.stores.images) == 0


def test_a_tag_and_its_digest_count_as_one_name(bench: Bench) -> None:
    image = bench.make("a", name="r:1")
    bench.stores.references.add_digest(Reference.parse("r").with_digest(Digest.of(b"m")), image.id)
    assert len(bench.images.remove(image.id.short)) == 4


@pytest.mark.parametrize("force", [True, False])
def test_no_such_image(bench: Bench, force: bool) -> None:
    with pytest.raises(NotFoundError, match=r"^No such image: nosuch:latest$"):
        bench.images.remove("nosuch", force=force)


# Prune.


def test_prune_takes_images_without_names(bench: Bench) -> None:
    """SURPRISES 28; the space is that of the layers that went."""
    kept = bench.make("kept", name="kept:1")
    gone = bench.make("1234", "56")
    report = bench.images.prune()
    assert report["SpaceReclaimed"] == 6
    assert [record["Deleted"] for record in report["ImagesDeleted"]][:2] == [gone.id, gone.chain_id]
    assert list(bench.stores.images) == [kept]
    assert bench.images.prune() == {"ImagesDeleted": None, "SpaceReclaimed": 0}


def test_prune_all_spares_what_containers_use(bench: Bench) -> None:
    used = bench.make("a", name="used:1")
    bench.make("b", name="unused:1")
    bench.images.tag("unused:1", "unused:2")
    bench.use(used)
    report = bench.images.prune({"dangling": ["false"]})
    assert report["ImagesDeleted"][:2] == [{"Untagged": "unused:1"}, {"Untagged": "unused:2"}]
    assert bench.names() == ["used:1"]


def test_prune_by_label_and_age(bench: Bench) -> None:
    plain = bench.make("a")
    labelled = bench.label(plain, keep="yes")
    assert bench.images.prune({"label!": ["keep"], "until": ["1h"]})["ImagesDeleted"] is None
    bench.world.clock.advance(hours=2)
    bench.images.prune({"label!": ["keep"], "until": ["1h"]})
    assert [image.id for image in bench.stores.images] == [labelled.id]
    bench.images.prune({"label": ["keep=no"]})
    assert len(bench.stores.images) == 1
    bench.images.prune({"label": ["keep=yes"]})
    assert len(bench.stores.images) == 0


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"foo": ["x"]}, "Invalid filter 'foo'"),
        ({"dangling": ["x"]}, "Invalid filter 'dangling=[x]'"),
        ({"until": ["x"]}, 'failed to parse value as time or duration: "x"'),
        ({"until": ["1h", "2h"]}, "more than one until filter specified"),
    ],
)
def test_prune_filters_that_make_no_sense(bench: Bench, filters: dict[str, list[str]], text: str) -> None:
    with pytest.raises(InvalidParameterError) as caught:
        bench.images.prune(filters)
    assert str(caught.value) == text
