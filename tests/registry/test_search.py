"""`docker search`: what a term finds and in which order, filters together, and how the client shows it.

The table was recorded from docker 28.2.2 and dockerd 20.10.24, which were given these rows by an index of their own.
"""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.lab import Lab
from dockerlab.registry import Client, Network, Request, Response, Server, hub
from dockerlab.registry.catalogue.data import load, recipe_names
from dockerlab.registry.index import place
from dockerlab.registry.protocol import json_response
from dockerlab.registry.search import matching

ROWS = [
    {"star_count": 3, "is_official": False, "name": "a/low", "is_automated": False, "description": "short"},
    {
        "star_count": 900, "is_official": True, "name": "high", "is_automated": False,
        "description": "exactly forty-five characters long, is it? Yes",
    },
    {
        "star_count": 50, "is_official": False, "name": "b/mid", "is_automated": False,
        "description": 'line one\nline two\r\ttab <b>&amp;" é ' + 8 * "日本語" + " end of it all",
    },
    {"star_count": 50, "is_official": False, "name": "c/mid", "is_automated": False, "description": ""},
]  # fmt: skip
TABLE = """\
NAME      DESCRIPTION                                     STARS                       OFFICIAL
a/low     short                                           3                           
high      exactly forty-five characters long, is it? Y…   900                         [OK]
b/mid     line one line two                               tab <b>&amp;" é 日本語日…   50        
c/mid                                                     50                          
"""  # noqa: W291  # as docker prints it
WHOLE = """\
NAME      DESCRIPTION                                      STARS     OFFICIAL
high      exactly forty-five characters long, is it? Yes   900       [OK]
"""
JSON = """\
{"Description":"short","IsOfficial":"false","Name":"a/low","StarCount":"3"}
{"Description":"exactly forty-five characters long, is it? Y…","IsOfficial":"true","Name":"high","StarCount":"900"}
"""
BROAD = "ubuntu python nginx node mysql wordpress jenkins java redis jupyter tensorflow grafana postgres php alpine"


class OwnIndex(Server):
    """An index that finds the same rows for every term."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def handle(self, request: Request) -> Response:
        self.asked.append(request.path)
        return json_response({"num_results": len(ROWS), "results": ROWS})


@pytest.fixture
def lab() -> Lab:
    return Lab(hub=OwnIndex())


@pytest.mark.parametrize(
    ("options", "printed"),
    [
        ("", TABLE),
        ("--format table", TABLE),
        ("--filter stars=-5 --limit -1", TABLE),
        ("--filter is-official=true --no-trunc", WHOLE),
        ("-f stars=50 -f is-official=false --format '{{.Name}} {{.StarCount}}{{.IsOfficial}}'", "b/mid 50\nc/mid 50\n"),
        ("-f stars=50 -f stars=3 --format '{{.Name}}'", "high\nb/mid\nc/mid\n"),
        ("-f is-official=true -f stars=901 --format '{{.Name}}'", ""),
        ("--format json | head -2", JSON),
        ("--format raw -f stars=900", "raw\n"),
    ],
)
def test_what_the_client_prints(lab: Lab, options: str, printed: str) -> None:
    result = lab.run(f"docker search x {options}")
    assert (result.stdout, result.stderr, result.exit_code) == (printed, "", 0)


def test_fields_that_there_are_not(lab: Lab) -> None:
    """`.IsAutomated` went with 28."""
    result = lab.run("docker search --format '{{.Name}}|{{.IsAutomated}}' x")
    assert result.exit_code == 1
    assert result.stderr == (
        'template parsing error: template: :1:12: executing "" at <.IsAutomated>: '
        "can't evaluate field IsAutomated in type *registry.searchContext\n"
    )


def test_nothing_is_automated_any_more(lab: Lab) -> None:
    warning = (
        'WARNING: the "is-automated" filter is deprecated, and searching for "is-automated=true" will not yield any '
        "results in future.\n"
    )
    result = lab.run("docker search --filter is-automated=true x")
    assert (result.stdout, result.stderr) == ("NAME      DESCRIPTION   STARS     OFFICIAL\n", warning)
    assert lab.run("docker search --filter is-automated=false x").stdout == TABLE


def test_the_term_reaches_the_index_as_it_was_typed() -> None:
    index = OwnIndex()
    lab = Lab(hub=index)
    for term in ("""'<b>"x"</b> & é 🐳'""", "docker.io/library/x", "-- -x", "$(printf 'x%.0s' $(seq 10000))", "''"):
        assert lab.run(f"docker search --limit 7 {term}").exit_code == 0
    emoji, library, option, long, empty = index.asked
    assert emoji == "/v1/search?q=%3Cb%3E%22x%22%3C%2Fb%3E+%26+%C3%A9+%F0%9F%90%B3&n=7"
    assert (library, option, empty) == ("/v1/search?q=x&n=7", "/v1/search?q=-x&n=7", "/v1/search?q=&n=7")
    assert len(long) > 10_000


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("ubuntu", ("docker.io", "ubuntu")),
        ("me/app", ("docker.io", "me/app")),
        ("docker.io/app", ("docker.io", "app")),
        ("localhost/app", ("localhost", "app")),
        ("localhost:5000/me/app", ("localhost:5000", "me/app")),
        ("quay.io/app", ("quay.io", "app")),
        (".", ("docker.io", ".")),
    ],
)
def test_where_a_term_is_looked_for(term: str, found: tuple[str, str]) -> None:
    assert place(term) == found


def names(term: str, count: int = 100) -> list[str]:
    network = Network()
    network.add("docker.io", hub())
    return [row["name"] for row in Client(network).search(term, count)]


def test_the_name_itself_comes_first_then_official_ones_then_the_others_each_by_stars() -> None:
    def row(name: str, stars: int, about: str = "", official: bool = False) -> dict[str, Any]:
        return {"name": name, "star_count": stars, "is_official": official, "description": about}

    rows = [
        row("x/web", 5), row("y/web", 70), row("z/tool", 900, "for the WEB"), row("web-old", 1, official=True),
        row("web", 3, official=True), row("other", 4_000),
    ]  # fmt: skip
    assert [each["name"] for each in matching(rows, "Web")] == ["web", "web-old", "y/web", "x/web", "z/tool"]
    assert [each["name"] for each in matching(rows, "tool web")] == ["z/tool"]
    assert matching(rows, "") == matching(rows, "  ") == []


@pytest.mark.parametrize("term", BROAD.split())
def test_what_students_look_for_gives_a_full_page(term: str) -> None:
    found = names(term)
    assert len(found) >= 25
    assert names(term, 25) == found[:25]
    assert len(names(term, 1)) == 1


@pytest.mark.parametrize("name", [*recipe_names(), "jenkins/jenkins", "grafana/grafana", "tensorflow/tensorflow"])
def test_what_is_called_by_its_name_comes_first(name: str) -> None:
    assert names(name)[0] == name


def test_the_catalogue_says_something_of_every_repository_once() -> None:
    rows = load("search")["repositories"]
    assert len({row[0] for row in rows}) == len(rows) >= 300
    assert all(official == ("/" not in name) and stars >= 0 and about for name, stars, official, about in rows)
    assert all(about.isprintable() and len(about) <= 100 for *_, about in rows)
