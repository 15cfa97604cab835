"""`docker images` of release 29, against upstream's goldens of docker/cli 29.8.0 (data/release_29.json)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dockerlab.cli.images_list import COLOURS, Figures, Image, Platform, dangling, images, sheet

DATA = json.loads((Path(__file__).parent / "data/release_29.json").read_text())


def image(digit: str, *tags: str, size: int = 0, manifests: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A row of the API's list."""
    return {"Id": f"sha256:{digit * 64}", "RepoTags": list(tags), "Containers": 0, "Size": size, "Manifests": manifests}


def manifest(digit: str, platform: str, content: int, total: int, users: tuple[str, ...] = ()) -> dict[str, Any]:
    """A manifest of a row, for one platform."""
    os, architecture, *variant = platform.split("/")
    of = {"os": os, "architecture": architecture, **({"variant": variant[0]} if variant else {})}
    return {
        "ID": f"sha256:{digit * 32}",
        "Kind": "image",
        "Available": bool(content),
        "Size": {"Content": content, "Total": total},
        "ImageData": {"Platform": of, "Containers": list(users) or None},
    }


@pytest.mark.parametrize("case", DATA["images"], ids=[case["id"] for case in DATA["images"]])
def test_upstreams_lists(case: dict[str, Any]) -> None:
    assert images(case["rows"]) == case["stdout"]


def test_upstreams_tree() -> None:
    """Of the list as it is drawn; the golden's sizes are texts of its own, with a blank and a 0 that no size has."""
    amd64 = Platform("linux/amd64", Figures("202020202020", 15_200_000, 12_600_000, in_use=True), available=True)
    arm = Platform("linux/arm/v7", Figures("404040404040", 6_100_000, 5_000_000, in_use=False), available=True)
    found = [
        Image(("app:v1", "app:latest"), Figures("101010101010", 30_500_000, 25_200_000, in_use=True), (amd64,)),
        Image((), Figures("303030303030", 12_300_000, 10_100_000, in_use=False), (arm,)),
        Image(("base:alpine",), Figures("505050505050", 5_500_000, 5_500_000, in_use=False)),
    ]
    golden = re.sub(r"(\S+) MB", r" \1MB", DATA["tree"]).replace("5.0MB", "  5MB")
    assert sheet(found) == golden


def test_a_tree_has_an_empty_line_after_each_image() -> None:
    rows = [
        image("a", "app:1", "me/app", size=4_313_541, manifests=(manifest("b", "linux/amd64", 2_194_191, 4_311_823),))
    ]
    assert images(rows, tree=True) == (
        "IMAGE                ID             DISK USAGE   CONTENT SIZE   EXTRA\n"
        "app:1             \n"
        "me/app               aaaaaaaaaaaa       4.31MB         2.19MB        \n"
        "└─ linux/amd64       bbbbbbbbbbbb       4.31MB         2.19MB        \n"
        "\n"
    )


def test_what_is_in_use_is_marked() -> None:
    rows = [
        image("a", "used:1", size=10, manifests=(manifest("b", "linux/amd64", 4, 10, ("c1",)),)),
        image("d", "free:1", size=10),
    ]
    assert images(rows) == (
        "IMAGE    ID             DISK USAGE   CONTENT SIZE   EXTRA\n"
        "free:1   dddddddddddd          10B             0B        \n"
        "used:1   aaaaaaaaaaaa          10B             4B   U    \n"
    )


def test_a_terminal_has_colours_and_a_legend_at_its_edge() -> None:
    first, heads, line = images([image("a", size=1)], COLOURS, width=80).splitlines()
    assert first.startswith(" " * 60 + "\x1b[1m\x1b[106m\x1b[30mi\x1b[0m\x1b[0m \x1b[96mInfo → ")
    assert first.endswith("\x1b[38;5;0m\x1b[48;5;14m U \x1b[0m In Use")
    assert heads.startswith("\x1b[39m\x1b[1mIMAGE\x1b[0m        \x1b[39m\x1b[1mID\x1b[0m")
    assert line.startswith("\x1b[39m\x1b[2m<untagged>\x1b[0m   \x1b[39maaaaaaaaaaaa\x1b[0m")


def test_a_narrow_terminal_leaves_columns_out() -> None:
    heads = images([image("a", "app:1")], width=40).splitlines()[1]
    assert heads == "IMAGE   ID             DISK USAGE"


def test_a_long_name_has_a_line_of_its_own() -> None:
    name = "registry.example.com/a/very/long/name/of/an/image:latest"
    lines = images([image("a", name)], width=80).splitlines()
    assert lines[2] == name
    assert lines[3].split() == ["aaaaaaaaaaaa", "0B", "0B"]


def test_dangling() -> None:
    assert dangling({"RepoTags": []})
    assert dangling({"RepoTags": ["<none>:<none>"], "RepoDigests": ["<none>@<none>"]})
    assert not dangling({"RepoTags": ["app:1"]})
