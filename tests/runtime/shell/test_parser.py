"""From text to tree: what is a word, what belongs together, and which texts are no commands (POSIX.1-2024 XCU 2.10)."""

from __future__ import annotations

import pytest

from dockerlab.runtime.shell.dialects import BASH_SHELL, BUSYBOX, SH, Dialect
from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.parser import Parser
from dockerlab.runtime.shell.syntax import (
    AndOr,
    Case,
    CommandSubstitution,
    For,
    Function,
    Group,
    HereDocument,
    If,
    Literal,
    Node,
    Parameter,
    Pipeline,
    Simple,
    Subshell,
    While,
    Word,
)


def parse(text: str, dialect: Dialect = SH) -> Node:
    """The only command of a text."""
    line = Parser(text, dialect).line()
    assert line is not None
    return line.items[0].command


def words(node: Node) -> list[Word]:
    assert isinstance(node, Simple)
    return list(node.words)


def test_quotes_decide_what_is_special() -> None:
    (word,) = words(parse("""a"b $x"'c'\\d"""))
    assert word.parts == (
        Literal("a"),
        Literal("b ", quoted=True),
        Parameter("x", quoted=True),
        Literal("cd", quoted=True),
    )


def test_a_parameter_with_a_default() -> None:
    (word,) = words(parse("${x:-a ${y}}"))
    (part,) = word.parts
    assert isinstance(part, Parameter)
    assert (part.name, part.operator, part.argument) == ("x", ":-", Word((Literal("a "), Parameter("y"))))


def test_a_substitution_holds_a_whole_program() -> None:
    (_, word) = words(parse("echo $(if true; then echo ')'; fi)"))
    (part,) = word.parts
    assert isinstance(part, CommandSubstitution)
    assert isinstance(part.body.items[0].command, If)


def test_backquotes_nest_with_backslashes() -> None:
    (word,) = words(parse("`echo \\`date\\``"))
    (part,) = word.parts
    assert isinstance(part, CommandSubstitution)
    inner = words(part.body.items[0].command)
    assert isinstance(inner[1].parts[0], CommandSubstitution)


def test_lists_and_pipelines() -> None:
    node = parse("a | b && ! c || d")
    assert isinstance(node, AndOr)
    assert isinstance(node.first, Pipeline)
    assert [operator for operator, _ in node.rest] == ["&&", "||"]
    negated = node.rest[0][1]
    assert isinstance(negated, Pipeline)
    assert negated.negated


def test_background_commands_keep_their_text() -> None:
    line = Parser("sleep 1 | cat & echo x\n", SH).line()
    assert line is not None
    assert [(item.background, item.text) for item in line.items] == [(True, "sleep 1 | cat"), (False, "echo x")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("( a; b )", Subshell),
        ("{ a; b; }", Group),
        ("while a; do b; done", While),
        ("until a\ndo b\ndone", While),
        ("for i in 1 2; do a; done", For),
        ("for i\ndo a\ndone", For),
        ("case x in (a|b) c;; *) d; esac", Case),
        ("f() { a; }", Function),
        ("f ()\n( a )", Function),
        ("if a; then b; elif c; then d; else e; fi", If),
    ],
)
def test_compound_commands(text: str, kind: type) -> None:
    assert isinstance(parse(text), kind)


def test_reserved_words_are_special_only_where_a_command_begins() -> None:
    assert [word.bare for word in words(parse("echo if then fi"))] == ["echo", "if", "then", "fi"]


def test_here_documents_begin_on_the_next_line() -> None:
    parser = Parser("cat <<A - <<'B'\none $x\nA\ntwo $y\nB\necho next\n", SH)
    line, following = parser.line(), parser.line()
    assert line is not None
    command = line.items[0].command
    assert isinstance(command, Simple)
    first, second = (redirect.target for redirect in command.redirects)
    assert isinstance(first, HereDocument)
    assert isinstance(second, HereDocument)
    assert first.body.parts[1] == Parameter("x", quoted=True)
    assert second.body.parts == (Literal("two $y\n", quoted=True),)
    assert following is not None


def test_a_script_is_parsed_line_by_line() -> None:
    parser = Parser("echo fine\nfi\n", SH)
    assert parser.line() is not None
    with pytest.raises(ShellSyntaxError):
        parser.line()


@pytest.mark.parametrize(
    ("text", "found", "expected", "incomplete"),
    [
        ("fi", '"fi"', "", False),
        ("echo )", '")"', "", False),
        ("if a; fi", '"fi"', "then", False),
        ("for i in a; echo", "word", "do", False),
        ("| a", '"|"', "", False),
        ("a >\n", "newline", "", False),
        ("if a; then b", "end of file", "fi", True),
        ("( a", "end of file", ")", True),
        ("a &&", "end of file", "", True),
    ],
)
def test_texts_that_are_no_commands(text: str, found: str, expected: str, incomplete: bool) -> None:
    with pytest.raises(ShellSyntaxError) as caught:
        parse(text)
    error = caught.value
    assert (error.found, error.expected, error.incomplete) == (found, expected, incomplete)


def test_what_only_bash_knows() -> None:
    assert type(parse("[[ a == b* && -f c ]]", BASH_SHELL)).__name__ == "Test"
    assert isinstance(parse("[[ a == b ]]", BUSYBOX), Simple)
    node = parse("a=(1 '2 3') b", BASH_SHELL)
    assert isinstance(node, Simple)
    assert isinstance(node.assignments[0].value, tuple)
    with pytest.raises(ShellSyntaxError):
        parse("a=(1 2)", SH)


def test_aliases_take_the_place_of_a_command_word() -> None:
    parser = Parser("ll /etc; echo ll", SH, aliases={"ll": "ls -l", "ls": "ls -F"})
    line = parser.line()
    assert line is not None
    assert [word.bare for word in words(line.items[0].command)] == ["ls", "-F", "-l", "/etc"]
    assert [word.bare for word in words(line.items[1].command)] == ["echo", "ll"]


def test_a_long_script_needs_no_deep_stack() -> None:
    parser = Parser("echo x && " * 5000 + "true\n" + "echo y; " * 5000, SH)
    first, second = parser.line(), parser.line()
    assert first is not None
    assert second is not None
    assert len(second.items) == 5000
