"""`docker images`, `inspect`, `history`, `tag`, `search` in the Engine API's shapes."""

from __future__ import annotations

import pytest

from dockerlab.errors import DockerlabError, InvalidParameterError, NotFoundError
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.world import NANOSECOND, parse_instant
from tests.engine.image_lab import Bench


@pytest.fixture
def bench() -> Bench:
    return Bench()


def tags(bench: Bench, **filters: str) -> list[str]:
    """The names that `docker images --filter …` lists."""
    rows = bench.images.list(filters={key: [value] for key, value in filters.items()})
    return [tag for row in rows for tag in row["RepoTags"] or []]


def test_a_row(bench: Bench) -> None:
    """Engine API 1.41, GET /images/json, as engine 20.10 answers it."""
    image = bench.make("abc", name="r:1")
    bench.stores.references.add_digest(Reference.parse("r").with_digest(Digest.of(b"m")), image.id)
    assert bench.images.list() == [
        {
            "Containers": -1,
            "Created": image.created // NANOSECOND,
            "Id": image.id,
            "Labels": None,
            "ParentId": "",
            "RepoDigests": [f"r@{Digest.of(b'm')}"],
            "RepoTags": ["r:1"],
            "SharedSize": -1,
            "Size": 3,
            "VirtualSize": 3,
        }
    ]


def test_newest_first_and_images_in_the_middle_only_with_all(bench: Bench) -> None:
    old = bench.make("a", "b", name="old:1")
    new = bench.make("c")
    assert [row["Id"] for row in bench.images.list()] == [new.id, old.id]
    everything = bench.images.list(all=True)
    assert [row["RepoTags"] for row in everything] == [["<none>:<none>"], ["old:1"], ["<none>:<none>"]]
    assert everything[0]["RepoDigests"] == ["<none>@<none>"]


def test_filters(bench: Bench) -> None:
    bench.make("a", name="ubuntu:24.04")
    bench.make("b", name="team/app:1")
    bench.images.tag("team/app:1", "app:2")
    newest = bench.make("c")
    assert tags(bench, reference="*") == ["app:2", "ubuntu:24.04"], "SURPRISES 30: '*' matches no slash"
    assert tags(bench, reference="ub*:24.*") == ["ubuntu:24.04"]
    assert tags(bench, reference="*/*") == ["team/app:1"]
    assert tags(bench, dangling="true") == ["<none>:<none>"]
    assert tags(bench, dangling="false") == ["app:2", "team/app:1", "ubuntu:24.04"]
    assert tags(bench, before=newest.id.short, reference="*") == ["app:2", "ubuntu:24.04"]
    assert tags(bench, since="ubuntu:24.04") == ["<none>:<none>", "app:2", "team/app:1"]
    assert tags(bench, label="nosuch") == []
    bench.label(newest, tier="web")
    assert len(tags(bench, label="tier=web")) == 1


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("foo", "1", "Invalid filter 'foo'"),
        ("dangling", "x", "Invalid filter 'dangling=[x]'"),
        ("before", "nosuch", "No such image: nosuch:latest"),
        ("reference", "[a", "syntax error in pattern"),
    ],
)
def test_filters_that_make_no_sense(bench: Bench, name: str, value: str, text: str) -> None:
    bench.make("a", name="r:1")
    with pytest.raises(DockerlabError) as caught:
        tags(bench, **{name: value})
    assert str(caught.value) == text


@pytest.mark.parametrize(
    ("value", "instant"),
    [
        ("90m", "2026-11-23T07:30:00Z"),
        ("1h30m", "2026-11-23T07:30:00Z"),
        ("2026-11-22", "2026-11-22T00:00:00Z"),
        ("2026-11-22T10:20:30", "2026-11-22T10:20:30Z"),
        ("2026-11-22T10:20:30+01:00", "2026-11-22T09:20:30Z"),
        ("1795424400", "2026-11-23T09:00:00Z"),
    ],
)
def test_ages_and_times(value: str, instant: str) -> None:
    from dockerlab.engine.timestamps import parse_time

    assert parse_time(value, parse_instant("2026-11-23T09:00:00Z")) == parse_instant(instant)


# Inspect and history.


def test_inspect(bench: Bench) -> None:
    """Transcripts `inspect` and `g08_inspect`: the keys in the order in which moby writes them."""
    image = bench.make("abc", None, name="r:1")
    shown = bench.images.inspect("r:1")
    assert " ".join(shown) == (
        "Id RepoTags RepoDigests Parent Comment Created Container ContainerConfig DockerVersion Author Config "
        "Architecture Os Size VirtualSize GraphDriver RootFS Metadata"
    )
    assert (shown["Id"], shown["Parent"], shown["RepoTags"]) == (image.id, image.parent_id, ["r:1"])
    assert shown["RootFS"] == {"Type": "layers", "Layers": [image.layers[0].diff_id]}
    assert shown["Config"]["Cmd"] == ["sh"]
    assert shown["GraphDriver"]["Name"] == "overlay2"
    assert sorted(shown["GraphDriver"]["Data"]) == ["MergedDir", "UpperDir", "WorkDir"], "one layer has none below"
    assert shown["Metadata"] == {"LastTagTime": "0001-01-01T00:00:00Z"}
    bench.images.tag("r:1", "r:2")
    assert bench.images.inspect(image.id)["Metadata"]["LastTagTime"].startswith("2026-11-23T15:00:00.")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("nosuch", "no such image: nosuch: No such image: nosuch:latest"),
        ("UPPER", "no such image: UPPER: invalid reference format: repository name must be lowercase"),
    ],
)
def test_inspect_of_nothing(bench: Bench, name: str, text: str) -> None:
    """SURPRISES 3."""
    with pytest.raises(DockerlabError) as caught:
        bench.images.inspect(name)
    assert str(caught.value) == text


def test_history(bench: Bench) -> None:
    """Transcript `history`: last step first, sizes by layer, the parents' IDs as far as they are here."""
    image = bench.make("a", None, "bcd", name="h:1")
    rows = bench.images.history("h:1")
    assert [(row["CreatedBy"], row["Size"]) for row in rows] == [("step bcd", 3), ("step None", 0), ("step a", 1)]
    assert [row["Tags"] for row in rows] == [["h:1"], None, None]
    assert rows[0]["Id"] == image.id
    assert rows[1]["Id"] == image.parent_id
    assert "<missing>" not in {row["Id"] for row in rows}


def test_steps_that_are_no_images_are_missing(bench: Bench) -> None:
    """As after a pull or a load, or with BuildKit."""
    bench.make("a", None, "bcd", name="h:1", chain=False)
    assert [row["Id"] == "<missing>" for row in bench.images.history("h:1")] == [False, True, True]


# Tag and search.


def test_tag(bench: Bench) -> None:
    """Transcripts `tag` and `g09_tag_rmi`."""
    image = bench.make("a", name="x:1")
    bench.images.tag("x:1", "index.docker.io/baz")
    bench.images.tag(image.id.short, "Host.com/repo")
    assert bench.names() == ["Host.com/repo:latest", "baz:latest", "x:1"]


@pytest.mark.parametrize(
    ("source", "target", "text"),
    [
        ("nosuch:1", "x", "No such image: nosuch:1"),
        ("x", "a", "No such image: x:latest"),
        ("x:1", "rishiCSE/ubuntu_py:v2", "invalid reference format: repository name must be lowercase"),
        ("x:1", "sha256:abc", "refusing to create an ambiguous tag using digest algorithm as name"),
        ("x:1", f"a@sha256:{'0' * 64}", "refusing to create a tag with a digest reference"),
    ],
)
def test_tags_that_are_refused(bench: Bench, source: str, target: str, text: str) -> None:
    bench.make("a", name="x:1")
    with pytest.raises(DockerlabError) as caught:
        bench.images.tag(source, target)
    assert str(caught.value) == text
    assert bench.names() == ["x:1"]


def test_search(bench: Bench) -> None:
    row = {"star_count": 17, "is_official": True, "name": "ubuntu", "is_automated": False, "description": ""}
    bench.registry.found = [row, {**row, "star_count": 3, "name": "x/ubuntu", "is_official": False}]
    assert [found["name"] for found in bench.images.search("ubuntu")] == ["ubuntu", "x/ubuntu"]
    assert bench.registry.asked == ["search ubuntu 0"]
    assert [found["name"] for found in bench.images.search("ubuntu", filters={"stars": ["4"]})] == ["ubuntu"]
    official = bench.images.search("ubuntu", filters={"is-official": ["false"]})
    assert [found["name"] for found in official] == ["x/ubuntu"]


@pytest.mark.parametrize(
    ("filters", "text"),
    [
        ({"stars": ["abc"]}, "Invalid filter 'stars=abc'"),
        ({"is-official": ["maybe"]}, "Invalid filter 'is-official=[maybe]'"),
        ({"is-official": ["true", "false"]}, "Invalid filter 'is-official=[true false]'"),
        ({"star": ["3"]}, "Invalid filter 'star'"),
    ],
)
def test_searches_that_are_refused(bench: Bench, filters: dict[str, list[str]], text: str) -> None:
    """Transcripts `registry`, `search` and `g17_registry`."""
    with pytest.raises(InvalidParameterError) as caught:
        bench.images.search("x", filters=filters)
    assert str(caught.value) == text


def test_usage(bench: Bench) -> None:
    """SURPRISES 31: what `docker system df` counts with; a layer of two images counts once in the sum."""
    bench.make("base", name="base:1")
    top = bench.make("base", "top", name="top:1", chain=False)
    bench.use(top)
    usage = bench.images.usage()
    assert usage["LayersSize"] == 7
    rows = {row["RepoTags"][0]: (row["Size"], row["SharedSize"], row["Containers"]) for row in usage["Images"]}
    assert rows == {"base:1": (4, 4, 0), "top:1": (7, 4, 1)}


def test_events_are_noted(bench: Bench) -> None:
    """Engine API, "Monitor events": an image's actions."""
    bench.make("a", name="x:1")
    bench.images.tag("x:1", "y:1")
    bench.images.remove("y:1")
    bench.images.remove("x:1")
    actions = [event.action for event in bench.images.context.events.select()]
    assert actions == ["tag", "untag", "untag", "delete"]


def test_finding_nothing(bench: Bench) -> None:
    with pytest.raises(NotFoundError):
        bench.images.find("nosuch")
    with pytest.raises(InvalidParameterError, match="invalid reference format: repository name must be lowercase"):
        bench.images.find("UPPER")
