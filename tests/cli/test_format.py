"""Tables and rows, against upstream's cases (data/formatters.json, data/display_functions.json) and client 28.2.2."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from dockerlab.cli import listing, listing_images, listing_usage
from dockerlab.cli.commands.cp import split_argument
from dockerlab.cli.commands.usage import usage
from dockerlab.cli.format import Column, Formatter, Layout, View
from dockerlab.cli.listing_ports import displayable_ports
from dockerlab.cli.parser import parse
from dockerlab.cli.tabwriter import tabulate
from dockerlab.cli.units import ellipsis, short_id
from dockerlab.errors import CommandError
from tests.peer.suite import Suite, cases_of

NO_SUCH_FIELD = (
    'template parsing error: template: :1:3: executing "" at <.HealthStatus>: '
    "can't evaluate field HealthStatus in type *formatter.ContainerContext"
)
"""28.2.2 has no such column (asked of it)."""

EXCLUDED = dict.fromkeys(
    ("formatters-0082", "formatters-0083", "formatters-0089"), "`docker stats` of containers on Windows"
)


def images(case: dict[str, Any], template: str, view: View) -> str:
    """A row for each name."""
    digests = case["context"].get("Digest", False) or "{{.Digest}}" in template
    return listing_images.IMAGES.text(listing_images.image_rows(case["data"] or (), digests=digests), template, view)


def history(case: dict[str, Any], template: str, view: View) -> str:
    """The first datum says whether sizes are for people."""
    human, found = case["data"]
    return listing_images.HISTORY.text(found["Items"], template, View(view.trunc, view.now, human))


def stats(case: dict[str, Any], template: str, view: View) -> str:
    """The data are the rows, the system, and whether IDs are cut short."""
    rows, _, trunc = case["data"]
    return listing_usage.STATS.text(rows, template, View(trunc, view.now))


def disk_usage(case: dict[str, Any], template: str, view: View) -> str:
    """`docker system df` where there is nothing: 29.8 gets the API's answer in another shape."""
    if not case["context"]["Verbose"]:
        return listing_usage.disk_usage({}, template, view)
    said: list[str] = []
    engine = SimpleNamespace(system=SimpleNamespace(df=dict))
    context: Any = SimpleNamespace(engine=engine, now=view.now, out=said.append)
    usage(context, parse(["system", "df", "-v", "--format", template]))
    return "".join(said).removesuffix("\n")


def differences(case: dict[str, Any], template: str, view: View) -> str:
    """`docker diff`, which has no --format in 28.2.2 yet."""
    with pytest.raises(CommandError, match=r"^unknown flag: --format\n"):
        parse(["diff", "--format", template, "c"])
    return str(case["outputs"][0]["output"])


WRITERS: Mapping[str, Callable[[dict[str, Any], str, View], str]] = {
    "ContainerWrite": lambda case, *rest: listing.CONTAINERS.text(case["data"] or (), *rest),
    "VolumeWrite": lambda case, *rest: listing.VOLUMES.text(case["data"] or (), *rest),
    "network.formatWrite": lambda case, *rest: listing.NETWORKS.text(case["data"][0]["Items"] or (), *rest),
    "registry.formatWrite": lambda case, *rest: listing.SEARCH.text(case["data"][0]["Items"] or (), *rest),
    "container.statsFormatWrite": stats,
    "container.diffFormatWrite": differences,
    "DiskUsageWrite": disk_usage,
    "ImageWrite": images,
    "image.historyWrite": history,
}


def in_28(output: str, error: str | None) -> tuple[str, str | None]:
    """What 28.2.2 writes where it lacks the column HealthStatus."""
    return output.replace('"HealthStatus":"",', ""), error


def check(case: dict[str, Any]) -> None:
    """One of upstream's tables."""
    for output in case["outputs"]:
        view = View(trunc=output["trunc"] or output["output"] == "b95a83497c91\n", now=int(case["now"] * 1e9))
        try:
            got: tuple[str, str | None] = WRITERS[case["fn"]](case, output["format"], view), None
        except CommandError as caught:
            got = "", str(caught)
        lacks = ".HealthStatus" in output["format"]
        assert got == (("", NO_SUCH_FIELD) if lacks else in_28(output["output"], output["error"]))


SUITE = Suite(
    "cli/data/formatters.json",
    "listings",
    cases_of("cli/data/formatters.json"),
    check,
    EXCLUDED,
    {"`docker plugin`: dockerlab has no plugins": 11},
    "28.2.2 lacks the column `HealthStatus` (2) and `docker diff --format` (3), and says so",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: dict[str, Any]) -> None:
    SUITE.check(case)


SHOW: Mapping[str, Callable[..., Any]] = {
    "TruncateID": short_id,
    "Ellipsis": ellipsis,
    "DisplayablePorts": displayable_ports,
    "splitCpArg": split_argument,
}


def check_function(case: dict[str, Any]) -> None:
    """One of upstream's small functions."""
    shown = SHOW[case["fn"]](*case["args"])
    assert (list(shown) if isinstance(shown, tuple) else [shown]) == case["results"]


FUNCTIONS = Suite(
    "cli/data/display_functions.json",
    "names, ports, cut texts",
    cases_of("cli/data/display_functions.json"),
    check_function,
)


@pytest.mark.parametrize("case", FUNCTIONS.params)
def test_display_functions(case: dict[str, Any]) -> None:
    FUNCTIONS.check(case)


PETS = Formatter(
    "*test.petContext",
    (
        Column("ID", "PET ID", lambda row, view: row["id"][:4] if view.trunc else row["id"]),
        Column("Name", "NAME", lambda row, view: row["name"]),
        Column("Noise", "NOISE", lambda row, view: row["noise"], lambda row, view: len(row["noise"])),
    ),
    {"Tag": lambda row, name: f"{name} of {row['name']}"},
)
ROWS = [{"id": "123456", "name": "Rex <dog>", "noise": "wuff"}, {"id": "7", "name": "Mia", "noise": ""}]


def test_tables_have_titles_and_columns() -> None:
    """Ten wide at least, three blanks between; the last column is not filled up."""
    assert PETS.text(ROWS, "table {{.ID}}\t{{.Name}}\t{{.Noise}}") == (
        "PET ID    NAME        NOISE\n"
        "1234      Rex <dog>   wuff\n"
        "7         Mia         \n"
    )  # fmt: skip
    assert PETS.text([], "table {{.ID}}\\t{{upper .Name}}") == "PET ID    NAME\n"


def test_json_escapes_as_go_does() -> None:
    """json.Marshal, unlike the function json, escapes for HTML; asked of client 28.2.2 ("\\u003cnone\\u003e")."""
    assert PETS.text(ROWS[:1], "json") == '{"ID":"1234","Name":"Rex \\u003cdog\\u003e","Noise":4}\n'
    assert PETS.text(ROWS[:1], "{{json .Name}}") == '"Rex <dog>"\n'


def test_methods_take_arguments() -> None:
    assert PETS.text(ROWS[1:], '{{.Tag "owner"}}') == "owner of Mia\n"


def test_a_labels_title_is_the_last_part_of_its_name() -> None:
    """Asked of client 28.2.2: `docker ps --format 'table {{.Label "com.example.my-label"}}'`."""
    text = PETS.text(ROWS[1:], 'table {{.Name}}\t{{.Tag "com.example.my-tag_two"}}')
    assert text == "NAME      my tag two\nMia       com.example.my-tag_two of Mia\n"


def test_a_container_without_a_platform() -> None:
    """Client 28.2.2: a nil pointer, which is no text."""
    row = {"Id": "1", "Names": [], "Image": "x", "Command": "", "Created": 0, "Ports": [], "State": "", "Status": ""}
    assert listing.CONTAINERS.text([row], "{{.Platform}} {{json .Platform}}") == "<nil> null\n"
    with pytest.raises(CommandError, match=r"expected string; got \*formatter\.Platform"):
        listing.CONTAINERS.text([row], "{{upper .Platform}}")


def test_errors() -> None:
    """Asked of client 28.2.2; listings exit with 1, even where the template can't be read."""
    with pytest.raises(CommandError) as caught:
        PETS.text(ROWS, "{{.Foo}}")
    where = 'template parsing error: template: :1:2: executing "" at <.Foo>'
    assert str(caught.value) == f"{where}: can't evaluate field Foo in type *test.petContext"
    with pytest.raises(CommandError) as caught:
        PETS.text(ROWS, "{{.Foo}")
    assert str(caught.value) == "template parsing error: template: :1: bad character U+007D '}'"
    assert caught.value.exit_code == 1


def test_which_columns_a_template_looks_at() -> None:
    """`docker ps` asks for sizes only where they are shown."""
    assert PETS.uses("{{if .Name}}{{.Noise}}{{end}}{{json .}}", "Noise")
    assert not PETS.uses("table {{.ID}}", "Noise")
    with pytest.raises(CommandError, match=r"^failed to execute template: template: :1:2: executing"):
        PETS.uses("{{.Foo}}", "Noise")
    with pytest.raises(CommandError, match=r"^failed to parse template: template: :1: unclosed action"):
        PETS.uses("{{.Foo", "Noise")


def test_layouts() -> None:
    layout = Layout("table {{.ID}}", raw="id: {{.ID}}", raw_quiet="only: {{.ID}}")
    assert layout.template("") == layout.template("table") == "table {{.ID}}"
    assert layout.template("", quiet=True) == "{{.ID}}"
    assert layout.template("raw") == "id: {{.ID}}"
    assert layout.template("raw", quiet=True) == "only: {{.ID}}"
    assert layout.template("{{.Name}}", quiet=True) == "{{.Name}}"
    assert listing.container_template("{{.Names}}", quiet=True) == "{{.ID}}"


def test_neighbouring_lines_share_columns() -> None:
    """A line without a cell ends its column (text/tabwriter)."""
    assert tabulate("a\tb\nlonger than ten\tc\nno cells\nx\ty\n") == (
        "a                 b\nlonger than ten   c\nno cells\nx         y\n"
    )
    assert tabulate("日本語日本語\tx\n", minimum=0) == "日本語日本語   x\n"


def test_rows_of_images() -> None:
    """A name for each row; pinned digests stand by themselves only where there is no tag of that name."""
    image = {
        "Id": "sha256:" + "a" * 64,
        "RepoTags": ["localhost:5000/a:1", "localhost:5000/a:2"],
        "RepoDigests": ["localhost:5000/a@sha256:1", "b@sha256:2"],
        "Created": 0,
        "Size": 1,
    }
    names = [(row["Repository"], row["Tag"]) for row in listing_images.image_rows([image], digests=False)]
    assert names == [("localhost:5000/a", "1"), ("localhost:5000/a", "2"), ("b", "<none>")]
    digests = [row["Digest"] for row in listing_images.image_rows([image], digests=True)]
    assert digests == ["sha256:1", "sha256:1", "sha256:2"]


def test_disk_usage() -> None:
    """Reclaimable is what no container uses, with its share of the whole; the build cache has none."""
    usage = {
        "LayersSize": 2_000_000,
        "Images": [
            {"Size": 1_500_000, "SharedSize": 500_000, "Containers": 1},
            {"Size": 500_000, "SharedSize": 0, "Containers": 0},
        ],
        "Containers": [{"SizeRw": 10, "State": "running"}, {"SizeRw": 30, "State": "exited"}],
        "Volumes": [{"UsageData": {"Size": 100, "RefCount": 0}}, {"UsageData": {"Size": 0, "RefCount": 2}}],
        "BuildCache": [{"Size": 7, "Shared": False, "InUse": False}, {"Size": 5, "Shared": True, "InUse": False}],
    }
    assert listing_usage.disk_usage(usage, "", View()) == (
        "TYPE            TOTAL     ACTIVE    SIZE      RECLAIMABLE\n"
        "Images          2         1         2MB       1MB (50%)\n"
        "Containers      2         1         40B       30B (75%)\n"
        "Local Volumes   2         1         100B      100B (100%)\n"
        "Build Cache     2         0         7B        7B\n"
    )
