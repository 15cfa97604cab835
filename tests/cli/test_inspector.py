"""`docker inspect -f`: structs first, plain JSON where they fail (transcripts inspect.json and g08_inspect.json)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from dockerlab.cli.inspector import inspector_of
from dockerlab.errors import CommandError

IMAGE: dict[str, Any] = {
    "Id": "sha256:6dd70cf445a92b8328ea42389d9e03cb4bfa61edf08a1fd3e1a129b6b83c7c5b",
    "RepoTags": ["x:1", "y:2"],
    "Config": {
        "Hostname": "",
        "ExposedPorts": {"443/tcp": {}, "80/tcp": {}},
        "Env": ["A=1", "B=2"],
        "Cmd": ["sleep", "1000"],
        "Volumes": {"/vol": {}},
        "Entrypoint": None,
        "Labels": {"l1": "v1", "l2": "v2"},
    },
    "Size": 1985708,
    "Os": "linux",
    "Metadata": {"LastTagTime": "2026-11-23T13:49:46.686583381Z"},
}


def through(format_: str, details: Any = IMAGE, kind: str = "image") -> str:
    inspector = inspector_of(format_)
    inspector.add(kind, details)
    return inspector.text().removesuffix("\n")


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{.ID}}", IMAGE["Id"]),
        ("{{.Id}}", IMAGE["Id"]),
        ("{{.Config.Labels.nope}}", "<no value>"),
        ("{{.Config.Entrypoint}} {{json .Config.Entrypoint}}", "[] null"),
        ("{{.Config}}", "{{ map[443/tcp:{} 80/tcp:{}] [A=1 B=2] [] [sleep 1000] map[/vol:{}]  map[l1:v1 l2:v2]  false} "
         "{<nil> [] []}}"),
        ("{{json .Config}}", '{"ExposedPorts":{"443/tcp":{},"80/tcp":{}},"Env":["A=1","B=2"],"Cmd":["sleep","1000"],'
         '"Volumes":{"/vol":{}},"Labels":{"l1":"v1","l2":"v2"}}'),
        ("{{.Metadata.LastTagTime}}", "2026-11-23 13:49:46.686583381 +0000 UTC"),
        ('{{printf "%-10s|%d" .Os .Size}}', "linux     |1985708"),
    ],
)  # fmt: skip
def test_templates_see_go_structs(template: str, text: str) -> None:
    assert through(template) == text


@pytest.mark.parametrize(
    ("template", "text", "code"),
    [
        ("{{.id}}", 'template: :1:2: executing "" at <.id>: map has no entry for key "id"', 1),
        ("{{.Config.Nope}}", 'template: :1:9: executing "" at <.Config.Nope>: map has no entry for key "Nope"', 1),
        ("{{.Config.Entrypoint.A}}",
         'template: :1:9: executing "" at <.Config.Entrypoint.A>: nil pointer evaluating interface {}.A', 1),
        ("{{.Config.Env.A}}",
         'template: :1:9: executing "" at <.Config.Env.A>: can\'t evaluate field A in type interface {}', 1),
        ("{{.Size.X}}", 'template: :1:7: executing "" at <.Size.X>: can\'t evaluate field X in type interface {}', 1),
        ("{{join .Config.Cmd 1}}", 'template: :1:14: executing "" at <.Config.Cmd>: wrong type for value; expected '
         "[]string; got []interface {}", 1),
        ("{{.Os", "template: :1: unclosed action", 64),
        ("{{foo .Id}}", 'template: :1: function "foo" not defined', 64),
    ],
)  # fmt: skip
def test_faults(template: str, text: str, code: int) -> None:
    """Asked of client 28.2.2: the second try, on plain JSON, is the one that is told of."""
    with pytest.raises(CommandError) as caught:
        through(template)
    assert str(caught.value) == f"template parsing error: {text}"
    assert caught.value.exit_code == code


def test_a_fault_leaves_an_empty_line() -> None:
    inspector = inspector_of("{{.id}}")
    with pytest.raises(CommandError):
        inspector.add("image", IMAGE)
    assert inspector.text() == "\n"


def test_without_a_template_all_objects_are_one_array() -> None:
    assert inspector_of("").text() == "[]\n"
    assert through("", {"Name": "a<b"}) == '[\n    {\n        "Name": "a<b"\n    }\n]'
    assert through("json", {"Name": "é", "Links": []}) == '[{"Name":"é","Links":[]}]'


def test_a_state_is_a_row_of_values() -> None:
    state = {"Status": "running", "Running": True, "Pid": 25146, "StartedAt": "T1", "FinishedAt": "T2"}
    text = through("{{.State}}", {"State": state}, "container")
    assert text == "{running true false false false false 25146 0  T1 T2 <nil>}"
    assert through("{{.SizeRw}}", {"State": state}, "container") == "<nil>"


def test_numbers_of_plain_json_are_texts() -> None:
    """What fails on the struct is tried on JSON, whose numbers Go keeps as texts (client 28.2.2)."""
    assert through("{{len .Size}}") == "7"


def test_the_host_configuration_is_a_struct() -> None:
    """Go's names work beside those of JSON; what is no field fails (client 28.2.2)."""
    details = {"HostConfig": {"NanoCpus": 5, "Dns": ["1.1.1.1"], "RestartPolicy": {"Name": "no"}, "Tmpfs": {"/a": ""}}}
    assert through("{{.HostConfig.NanoCPUs}} {{.HostConfig.DNS}}", details, "container") == "5 [1.1.1.1]"
    assert through("{{.HostConfig.RestartPolicy}} {{.HostConfig.Tmpfs.b}}", details, "container") == "{no 0} <no value>"
    with pytest.raises(CommandError, match='map has no entry for key "X"'):
        through("{{.HostConfig.X}}", details, "container")


def test_types_and_pointers_go_by_gos_names() -> None:
    """Client 28.2.2: `printf "%T"`; a pointer inside what is printed shows as an address."""
    assert through('{{printf "%T %T" .Size .Config}}') == "int64 *v1.DockerOCIImageConfig"
    details = {"NetworkSettings": {"Networks": {"bridge": {"Gateway": "172.17.0.1"}}}}
    assert re.search(r"map\[bridge:0xc[0-9a-f]+\]}$", through("{{.NetworkSettings}}", details, "container"))
