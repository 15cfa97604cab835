"""Dockerfiles as text: upstream's parser cases, and where the library is put right (BuildKit, dockerfile/parser)."""

from __future__ import annotations

from typing import Any

import pytest

from dockerlab.build.dockerfile import Dockerfile, Node, UnknownInstructionError, parse, parse_line
from dockerlab.errors import DockerfileError
from dockerlab.oci.golang import quote, quote_list
from tests.build.upstream import cases


def dump(node: Node) -> str:
    """A node as the upstream parser's tests print it: s-expressions, strings as Go's %q."""
    flags = f" {quote_list(node.flags)}" if node.flags else ""
    if node.name == "ONBUILD" and node.args:
        return f"(onbuild{flags} {_trigger(node.args[0])})"
    return f"({node.name.lower()}{flags}{''.join(f' {quote(arg)}' for arg in node.args)})"


def _trigger(text: str) -> str:
    try:
        return dump(parse_line(text))
    except UnknownInstructionError as error:
        return f'({error.keyword} "")'


def dumped(dockerfile: Dockerfile) -> str:
    return "\n".join(map(dump, dockerfile.nodes))


@pytest.mark.parametrize("case", cases("testfiles"))
def test_upstream_test_files_are_read_as_upstream_reads_them(case: dict[str, Any]) -> None:
    assert dumped(parse(case["dockerfile"])) == case["expected_dump"]


@pytest.mark.parametrize("case", cases("testfiles-negative"))
def test_upstream_test_files_that_make_no_sense(case: dict[str, Any]) -> None:
    with pytest.raises(DockerfileError) as caught:
        parse(case["dockerfile"])
    assert str(caught.value) == case["expected_error"]


@pytest.mark.parametrize("case", cases("parse-other"))
def test_further_cases(case: dict[str, Any]) -> None:
    """Heredocs, line numbers, comments; an unknown instruction is an error here already, upstream a step later."""
    text = case["dockerfile"]
    if "\nINVALID\n" in text:
        check_without_invalid(case)
        return
    if case["expected_dump"].startswith(("(foo ", "(FOO ")):
        with pytest.raises(UnknownInstructionError):
            parse(text)
        return
    agree(parse(text), case["expected_dump"], case["ast"]["children"])


def check_without_invalid(case: dict[str, Any]) -> None:
    """Upstream's TestParseExtractsHeredoc (all shapes of heredocs), without the line that is no instruction."""
    text = case["dockerfile"].replace("\nINVALID\n", "\n\n", 1)
    expected = case["expected_dump"].replace('(invalid "")\n', "")
    agree(parse(text), expected, [node for node in case["ast"]["children"] if node["value"] != "INVALID"])


def agree(dockerfile: Dockerfile, expected: str, nodes: list[dict[str, Any]]) -> None:
    assert dumped(dockerfile) == expected
    for node, wanted in zip(dockerfile.nodes, nodes, strict=True):
        assert (node.first_line, node.last_line) == (wanted["start_line"], wanted["end_line"])
        assert [(heredoc.name, heredoc.content, heredoc.expand, heredoc.chomp) for heredoc in node.heredocs] == [
            (heredoc["name"], heredoc["content"], heredoc["expand"], heredoc["chomp"])
            for heredoc in wanted.get("heredocs") or ()
        ]


def test_copy_splits_at_blanks_even_inside_quotes() -> None:
    """Docker has paths with blanks in the JSON form only."""
    assert parse('FROM x\nCOPY "a b" /c').nodes[1].args == ('"a', 'b"', "/c")
    assert parse('FROM x\nCOPY ["a b", "/c"]').nodes[1].args == ("a b", "/c")


def test_without_heredocs_the_document_is_read_as_instructions() -> None:
    """g02_build_errors: the legacy builder says 'unknown instruction: ECHO' about the line after RUN <<EOF."""
    with pytest.raises(UnknownInstructionError) as caught:
        parse("FROM x\nRUN <<EOF\necho hi\nEOF\n", heredocs=False)
    assert (caught.value.keyword, caught.value.line) == ("echo", 3)
    assert parse("FROM x\nRUN cat <<EOF\n", heredocs=False).nodes[1].original == "RUN cat <<EOF"


def test_an_array_of_other_than_strings() -> None:
    with pytest.raises(DockerfileError, match="arrays must be comprised of strings only"):
        parse('FROM x\nCMD ["a", 1]')


def test_empty_continuation_lines_are_told() -> None:
    [warning] = parse("FROM x\nRUN echo a \\\n\n  b\n").warnings
    assert (warning.text, warning.line) == ("RUN echo a   b", 4)


def test_directives_are_kept() -> None:
    dockerfile = parse("# syntax=docker/dockerfile:1\n# escape=`\nFROM x\nRUN a `\n b\n")
    assert dockerfile.escape == "`"
    assert dockerfile.directives == {"syntax": "docker/dockerfile:1", "escape": "`"}
    assert dockerfile.nodes[1].text == "RUN a  b"


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_a_file_without_instructions(text: str) -> None:
    with pytest.raises(DockerfileError, match="file with no instructions"):
        parse(text)


def test_a_trigger_is_one_instruction() -> None:
    assert parse_line("RUN echo hi").name == "RUN"
    with pytest.raises(DockerfileError, match="single expression"):
        parse_line("RUN a\nRUN b")
