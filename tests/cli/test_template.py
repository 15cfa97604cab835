"""Go's text/template, against upstream's tables (data/go_template.json) and client 28.2.2's own words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from dockerlab.cli.inspector import inspector_of
from dockerlab.cli.template import DOCKER, HEADER, TemplateError, TemplateRunError, TemplateSyntaxError, render
from dockerlab.cli.template.values import Int, Lazy, Map, Method, NilPointer, Number, Slice, Struct
from dockerlab.errors import CommandError
from tests.peer.suite import Suite, cases_of, recorded

DATA = recorded("cli/data/go_template.json")
JOIN_OF_29 = 'output: "{{- join . ", " -}}"'
GO_TYPES = {
    "V{6666}.String()": "a Go type with a method String",
    "&V{7777}.String()": "a Go type with a method String",
    "(*V)(nil).String()": "a Go type with a method String",
}
"""What depends on Go's own types, by upstream's name for the case."""


def upstreams_value() -> Struct:
    """The value of Go's own tests, with the types that matter."""
    plain = DATA["shared_data"]["tVal"]

    def by_number(name: str, key: str, element: str) -> Map:
        return Map({int(number): value for number, value in plain[name].items()}, key, element)

    typed = {
        "MSI": Map(plain["MSI"], "string", "int"),
        "MSIone": Map(plain["MSIone"], "string", "int"),
        "MSIEmpty": Map((), "string", "int", nil=True),
        "MXI": Map(plain["MXI"], "interface {}", "int"),
        "MII": by_number("MII", "int", "int"),
        "MI32S": by_number("MI32S", "int32", "string"),
        "MI64S": by_number("MI64S", "int64", "string"),
        "MUI32S": by_number("MUI32S", "uint32", "string"),
        "MUI64S": by_number("MUI64S", "uint64", "string"),
        "MI8S": by_number("MI8S", "int8", "string"),
        "MUI8S": by_number("MUI8S", "uint8", "string"),
        "SMSI": [Map(each, "string", "int") for each in plain["SMSI"]],
        "SICap": Slice([0] * 5, "int", spare=[0] * 5),
        "ComplexZero": 0j,
    }
    return Struct("*template.T", {**plain, **typed})


def data_of(case: dict[str, Any]) -> Any:
    """The value that a case's template runs on."""
    if case.get("data_ref") == "tVal":
        return upstreams_value()
    name = case.get("name", "")
    return Int.of(name.split()[1])(case["data"]) if name.startswith("range int") else case["data"]


WORDS_OF_28 = {
    "go-template-0024": 'template: :1:18: executing "" at <.>: wrong type for value; expected []string; got '
    "map[string]interface {}"
}
"""28.2.2's join takes texts only (see test_join_takes_a_list_of_texts)."""


def check(case: dict[str, Any]) -> None:
    """One of upstream's templates."""
    if case["kind"] == "inspect":
        check_inspect(case)
        return
    functions = HEADER if case["kind"] == "docker-header-functions" else DOCKER
    error = case.get("error") or WORDS_OF_28.get(case["id"], "")
    if case.get("is_error") or error:
        with pytest.raises(TemplateError) as caught:
            render(case["template"], data_of(case), functions, name=case.get("name", ""))
        assert error in {"", str(caught.value)}
    else:
        assert render(case["template"], data_of(case), functions, name=case.get("name", "")) == case["output"]


def check_inspect(case: dict[str, Any]) -> None:
    """One of those on a struct that lacks the field: then it's plain JSON, whose numbers keep their text."""
    objects = [json.loads(text, parse_float=Number) for text in case.get("raw_objects", ())]
    inspector = inspector_of(case["template"])
    if case.get("is_error"):
        with pytest.raises(CommandError, match=f"^{case['error_prefix']}: "):
            inspector.add("network", case["objects"][0])
        return
    for each in [*case.get("objects", ()), *objects]:
        inspector.add("network", each)
    assert inspector.text() == case["output"]


SUITE = Suite(
    "cli/data/go_template.json",
    "Go's templates",
    DATA["cases"],
    check,
    {case["id"]: GO_TYPES[case["name"]] for case in DATA["cases"] if case.get("name") in GO_TYPES},
    note="1 with 28.2.2's words (`join` of a map)",
)


@pytest.mark.parametrize("case", SUITE.params)
def test_upstream(case: dict[str, Any]) -> None:
    SUITE.check(case)


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ("{{.Name}", "template: :1: bad character U+007D '}'"),
        ("{{.Name}}{{", "template: :1: unclosed action"),
        ("{{.State.Status", "template: :1: unclosed action"),
        ('{{"a}}', "template: :1: unterminated quoted string"),
        ("{{end}}", "template: :1: unexpected {{end}}"),
        ("{{range .Config.Env}}{{.}}", "template: :1: unexpected EOF"),
        ("{{if}}x{{end}}", "template: :1: missing value for if"),
        ("{{.Name | upper | foo}}", 'template: :1: function "foo" not defined'),
        ("{{$x := .Name}}{{$x}} {{$y}}", 'template: :1: undefined variable "$y"'),
        ("{{ 3 | 4 }}", "template: :1: non executable command in pipeline stage 2"),
        ("{{break}}", "template: :1: {{break}} outside {{range}}"),
        ("a\n{{end}}", "template: :2: unexpected {{end}}"),
        ("{{.A\n", "template: :2: unclosed action started at :1"),
    ],
)
def test_what_cannot_be_read(template: str, error: str) -> None:
    """Asked of client 28.2.2 (but for the last two)."""
    with pytest.raises(TemplateSyntaxError) as caught:
        render(template, {})
    assert str(caught.value) == error
    assert caught.value.exit_code == 64


@pytest.mark.parametrize(
    ("template", "error"),
    [
        ('{{template "x"}}', ':1:11: executing "" at <{{template "x"}}>: template "x" not defined'),
        ("{{index .Cmd 5}}", ':1:2: executing "" at <index .Cmd 5>: error calling index: index out of range: 5'),
        (
            "{{index .Cmd 1}}",
            ':1:2: executing "" at <index .Cmd 1>: error calling index: reflect: slice index out of range',
        ),
        (
            '{{index "x" 1}}',
            ':1:2: executing "" at <index "x" 1>: error calling index: reflect: string index out of range',
        ),
        ("{{call .Name}}", ':1:2: executing "" at <call .Name>: error calling call: non-function .Name of type string'),
        ("a\n {{.Name.X}}", ':2:8: executing "" at <.Name.X>: can\'t evaluate field X in type interface {}'),
        ("{{pad .Name 1}}", ':1:2: executing "" at <pad>: wrong number of args for pad: want 3 got 2'),
        ("{{truncate .Name `x`}}", ':1:17: executing "" at <`x`>: expected integer; found `x`'),
        ("{{lt .Name 1}}", ':1:2: executing "" at <lt .Name 1>: error calling lt: incompatible types for comparison'),
    ],
)
def test_what_cannot_be_run(template: str, error: str) -> None:
    """The first three asked of client 28.2.2; columns count characters from 0."""
    with pytest.raises(TemplateRunError) as caught:
        render(template, {"Name": "/web", "Cmd": ["true"]})
    assert str(caught.value) == f"template: {error}"


def test_a_missing_key_has_no_value() -> None:
    """A missing label is '<no value>', but `index` gives the zero value (asked of client 28.2.2)."""
    labels = Map({"a": "1"}, "string", "string")
    assert render('{{.zz}}|{{index . "zz"}}|{{json .zz}}|{{.a}}', labels) == "<no value>||null|1"


def test_how_values_print() -> None:
    state = Struct("*container.State", {"Status": "created", "Pid": 0, "Health": NilPointer("container.Health")})
    data = {"Map": {"b": 1, "a": 2}, "List": ["x", "y"], "State": state, "Nil": NilPointer("x"), "Flag": True}
    text = render("{{.Map}} {{.List}} {{.State}} {{.Nil}} {{.Flag}}", data)
    assert text == "map[a:2 b:1] [x y] {created 0 <nil>} <nil> true"
    assert render('{{printf "%+v" .State}}', data) == "&{Status:created Pid:0 Health:<nil>}"


@pytest.mark.parametrize(
    ("verb", "value", "text"),
    [
        ("%5d|%-5d|%05d|%+d", 42, "   42|42   |00042|+42"),
        ("%x %X %o %b %c %q %U", 65, "41 41 101 1000001 A 'A' U+0041"),
        ("%s|%10s|%-10s|%.2s|%q|%x", "abc", 'abc|       abc|abc       |ab|"abc"|616263'),
        ("%v %t", True, "true true"),
        ("%.2f %e %g", 1234.5, "1234.50 1.234500e+03 1234.5"),
        ("%v", 1e21, "1e+21"),
        ("%v", 123456789.0, "1.23456789e+08"),
        ("%v", 1e6, "1e+06"),
        ("%v %g", 0.00001, "1e-05 1e-05"),
        ("%v", 100000.0, "100000"),
        ("%v", -0.25, "-0.25"),
        ("%T", "x", "string"),
        ("%d", "x", "%!d(string=x)"),
        ("%s", 5, "%!s(int=5)"),
        ("%q", ["a", "b"], '["a" "b"]'),
        ("%s %v", {"a": "b"}, "map[a:b] map[a:b]"),
        ("100%%", None, "100%"),
        ("%#v", ["a"], '[]interface {}{"a"}'),
    ],
)
def test_printf(verb: str, value: Any, text: str) -> None:
    """Package fmt, with the one value for every verb."""
    verbs = verb.replace("%%", "").count("%")
    assert render(f"{{{{printf `{verb}`{' .' * verbs}}}}}", value) == text


def test_printf_with_too_few_or_many_values() -> None:
    assert render('{{printf "%d"}} {{printf "x" 1 `a`}}', None) == "%!d(MISSING) x%!(EXTRA int=1, string=a)"


def test_whitespace_and_comments() -> None:
    assert render("a  {{- 1 -}}  b {{- /* comment */ -}} c{{/* x */}}", None) == "a1bc"


def test_templates_within_templates() -> None:
    text = '{{define "row"}}<{{.}}>{{end}}{{range .}}{{template "row" .}}{{end}}{{block "end" .}}{{len .}}{{end}}'
    assert render(text, ["a", "b"]) == "<a><b>2"


def test_an_endless_recursion_is_stopped() -> None:
    with pytest.raises(TemplateRunError, match="exceeded maximum template depth"):
        render('{{define "x"}}{{template "x"}}{{end}}{{template "x"}}', None)


def test_variables_and_loops() -> None:
    assert render("{{range $i, $x := .}}{{if eq $i 1}}{{continue}}{{end}}{{$x}}{{end}}", ["a", "b", "c"]) == "ac"
    assert render("{{range $k, $v := .}}{{$k}}={{$v}},{{else}}none{{end}}", {"b": 1, "a": 2}) == "a=2,b=1,"
    assert render("{{range .}}{{else}}none{{end}}", []) == "none"


def test_what_an_and_decides_is_not_looked_at_further() -> None:
    assert render("{{and .A .A.B.C}}{{or `x` (index .A 5)}}", {"A": ""}) == "x"


def test_dockers_functions() -> None:
    data = {"Name": "/web-app", "List": ["a", "b"], "Html": "<b> & 'é'"}
    text = render('{{split .Name "-"}} {{join .List ","}} {{title .Name}} {{upper .Name}}', data)
    assert text == "[/web app] a,b /Web-App /WEB-APP"
    assert render("{{json .Html}}", data) == "\"<b> & 'é'\""
    assert render("{{truncate .Name 4}}|{{pad .Name 1 2}}|{{println .Name}}", data) == "/web| /web-app  |/web-app\n"


def test_join_takes_a_list_of_texts() -> None:
    """Client 28.2.2; from 29 on it takes maps and nil, too."""
    with pytest.raises(TemplateRunError) as caught:
        render('{{join . ","}}', {"a": "b"})
    assert str(caught.value).endswith("wrong type for value; expected []string; got map[string]interface {}")
    with pytest.raises(TemplateRunError, match=r"got \[\]interface"):
        render('{{join . ","}}', Slice(["a"]))


def test_json_keeps_a_numbers_text() -> None:
    assert render("{{.Size}} {{json .Size}}", {"Size": Number("53317.0")}) == "53317.0 53317.0"


def test_structs() -> None:
    row = Struct(
        "*formatter.row",
        {"Name": "web", "Slow": Lazy(lambda: "asked"), "Label": Method("Label", lambda name: f"={name}", ("string",))},
        is_row=True,
    )
    assert render('{{.Slow}} {{.Label "x"}} {{json .}}', row) == 'asked =x {"Name":"web","Slow":"asked"}'
    with pytest.raises(TemplateRunError, match="wrong number of args for Label: want 1 got 0"):
        render("{{.Label}}", row)
    with pytest.raises(TemplateRunError, match=r"can't evaluate field Foo in type \*formatter.row"):
        render("{{.Foo}}", row)


def test_a_nil_pointer_has_no_fields() -> None:
    with pytest.raises(TemplateRunError, match=r"nil pointer evaluating \*container.Health.Status"):
        render("{{.Health.Status}}", {"Health": NilPointer("container.Health")})


def check_client(case: dict[str, Any]) -> None:
    """Builtin functions, verbs, constants and syntax errors, as client 28.2.2 itself answers."""
    row = Struct("*formatter.clientContextContext", {}, is_row=True)
    if "error" in case:
        with pytest.raises(TemplateError) as caught:
            render(case["template"], row)
        assert str(caught.value) == case["error"]
    else:
        assert render(case["template"], row) == case["output"]


CLIENT = Suite(
    "cli/data/template_client.json",
    "templates without data",
    cases_of("cli/data/template_client.json"),
    check_client,
    note="asked of 28.2.2",
)


@pytest.mark.parametrize("case", CLIENT.params)
def test_client(case: dict[str, Any]) -> None:
    CLIENT.check(case)


CONTAINER = recorded("cli/data/template_inspect.json")["container"]


def check_inspected(case: dict[str, Any]) -> None:
    """Statements, variables, functions and their errors on a container, as client 28.2.2 itself answers."""
    text, error, code = "\n", "", 0
    try:
        inspector = inspector_of(case["template"])
        try:
            inspector.add("container", CONTAINER)
        finally:
            text = inspector.text()
    except CommandError as caught:
        error, code = str(caught).removeprefix("template parsing error: "), caught.exit_code
    assert (text, error, code) == (case.get("stdout", "\n"), case.get("error", ""), case["exit"])


INSPECTED = Suite(
    "cli/data/template_inspect.json",
    "templates on a container",
    cases_of("cli/data/template_inspect.json"),
    check_inspected,
    note="asked of 28.2.2",
)


@pytest.mark.parametrize("case", INSPECTED.params)
def test_inspected(case: dict[str, Any]) -> None:
    INSPECTED.check(case)
