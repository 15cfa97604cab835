"""TemplatePad prints what the command prints, points at what is wrong, and writes fields where the cursor is."""

from __future__ import annotations

import shlex

import pytest

from dockerlab.errors import DockerlabError
from dockerlab.lab import Lab
from dockerlab.notebook.widgets.formats import LISTS, step
from dockerlab.notebook.widgets.template import TemplatePad, inserted, pointed


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -d --name web -v data:/data --label a.b=c busybox sleep 1000000; docker run busybox true")
    lab.clock.advance(minutes=5)
    return lab


TEMPLATES = (
    "{{.Id}}",
    "{{json .Config.Cmd}}",
    "{{.Nosuch}}",
    "{{.Id",
    "{{range .Mounts}}{{.Name}}{{end}}",
    "json",
    "x",
)


@pytest.mark.parametrize("template", TEMPLATES)
def test_an_object_prints_what_docker_inspect_prints(lab: Lab, template: str) -> None:
    pad = TemplatePad("web", lab, template)
    real = lab.run(f"docker inspect -f {shlex.quote(template)} web")
    if pad.state["fault"]:
        assert pad.state["fault"]["text"] == real.stderr.rstrip("\n")
    else:
        assert pad.state["result"] == real.stdout


@pytest.mark.parametrize("line", LISTS)
def test_a_list_prints_what_its_command_prints(lab: Lab, line: str) -> None:
    for _, template in LISTS[line].examples:
        pad = TemplatePad(line, lab, template)
        assert pad.state["fault"] == {}
        assert pad.state["result"] == lab.run(f"{line} --format {shlex.quote(template)}").stdout
    assert {row["key"] for row in pad.state["fields"]["rows"]} >= {f".{LISTS[line].formatter.columns[0].name}"}


@pytest.mark.parametrize(
    ("template", "lines"),
    [
        ("a {{.Nosuch}}", ["a {{.Nosuch}}", "    ^"]),
        ("{{.Id", ["{{.Id", "     ^"]),
        ("one\n{{nosuch}}", ["{{nosuch}}", "  ^"]),
    ],
)
def test_a_caret_stands_under_what_is_wrong(lab: Lab, template: str, lines: list[str]) -> None:
    assert TemplatePad("web", lab, template).state["fault"]["lines"] == lines


def test_the_place_is_that_of_what_was_typed(lab: Lab) -> None:
    fault = TemplatePad("docker ps", lab, "table {{.Names}}\\t{{.Nosuch}}").state["fault"]
    assert fault["lines"] == ["table {{.Names}}\\t{{.Nosuch}}", " " * 20 + "^"]
    assert pointed("x", None) == []


def test_fields_open_level_by_level_and_find_themselves_written(lab: Lab) -> None:
    pad = TemplatePad("web", lab, "")
    pad.act("toggle", key=".Config")
    pad.act("toggle", key=".Config.Labels")
    assert 'index .Config.Labels "a.b"' in [row["key"] for row in pad.state["fields"]["rows"]]
    pad.act("insert", key='index .Config.Labels "a.b"', caret=0)
    assert pad.state["text"] == '{{index .Config.Labels "a.b"}}'
    assert pad.state["result"] == "c\n"


def test_a_field_is_bare_inside_of_braces() -> None:
    assert inserted("{{json }}", 7, ".Config") == ("{{json .Config}}", 14)
    assert inserted("{{json}}", 6, ".Config") == ("{{json .Config}}", 14)
    assert inserted("a", 1, ".Id") == ("a{{.Id}}", 8)


def test_how_a_template_names_what_is_deep() -> None:
    assert step(step("", "Mounts"), 0) == "index .Mounts 0"
    assert step("index .Mounts 0", "Name") == "(index .Mounts 0).Name"
    assert step("", "a b") == 'index . "a b"'


def test_a_search_finds_fields_of_any_depth(lab: Lab) -> None:
    pad = TemplatePad("web", lab)
    pad.act("search", value="ipaddress")
    assert "/NetworkSettings/IPAddress" in [row["name"] for row in pad.state["fields"]["rows"]]


def test_a_removed_container_says_so() -> None:
    lab = Lab()
    lab.run("docker run --name gone busybox true")
    pad = TemplatePad("gone", lab)
    lab.run("docker rm gone")
    pad.cell_ran()
    assert pad.state["gone"] == "No such object: gone"


def test_what_can_not_be_tried_is_one_line(lab: Lab) -> None:
    with pytest.raises(DockerlabError, match="can't be tried here"):
        TemplatePad("docker run", lab)


def test_examples_stand_still_without_a_kernel(lab: Lab) -> None:
    pad = TemplatePad("docker ps -a", lab)
    assert "table {{.Names}}" in pad.static_text()
    assert "<script" not in pad.static_html()
