"""Statements: a template's tokens to its tree (Go, text/template/parse/parse.go)."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field

from dockerlab.cli.template import nodes
from dockerlab.cli.template.lexer import Kind, Token
from dockerlab.cli.template.pipelines import PipelineParser


@dataclass(frozen=True)
class Tree:
    """A template's text, what it does, and the templates that it defines."""

    name: str
    text: str
    body: nodes.Sequence_
    defined: Mapping[str, nodes.Sequence_] = field(default_factory=dict)


def parse_template(text: str, functions: Container[str], name: str = "") -> Tree:
    """Read a template; `functions` are the names that it may call."""
    parser = _Parser(text, functions, name)
    return Tree(name, text, parser.template(), parser.defined)


@dataclass(frozen=True)
class _End:
    """{{end}} or {{else …}}: not a statement, but what ends a sequence of them."""

    word: str
    token: Token

    def __str__(self) -> str:
        return f"{{{{{self.word}}}}}"


class _Parser(PipelineParser):
    def __init__(self, text: str, functions: Container[str], name: str) -> None:
        super().__init__(text, functions, name)
        self.loops = 0
        self.defined: dict[str, nodes.Sequence_] = {}

    def template(self) -> nodes.Sequence_:
        """The whole template."""
        statements: list[nodes.Statement] = []
        while self.peek().kind is not Kind.EOF:
            statement = self._statement(top=True)
            if isinstance(statement, _End):
                raise self.error(f"unexpected {statement}")
            if statement is not None:
                statements.append(statement)
        return tuple(statements)

    def _sequence(self) -> tuple[nodes.Sequence_, _End]:
        """Statements up to {{end}} or {{else}}."""
        statements: list[nodes.Statement] = []
        while self.peek().kind is not Kind.EOF:
            statement = self._statement()
            if isinstance(statement, _End):
                return tuple(statements), statement
            if statement is not None:
                statements.append(statement)
        raise self.error("unexpected EOF")

    def _statement(self, *, top: bool = False) -> nodes.Statement | _End | None:
        token = self.next()
        if token.kind is Kind.TEXT:
            return nodes.Text(token.text, position=token.position)
        if token.kind is not Kind.LEFT:
            raise self.unexpected(token, "input")
        self.action_line = token.line
        word = self.skip_blanks()
        statement = self._keyword_or_pipe(word, top)
        self.action_line = 0
        return statement

    def _keyword_or_pipe(self, word: Token, top: bool) -> nodes.Statement | _End | None:
        if word.kind is Kind.KEYWORD and word.text != "nil":
            self.next()
            if word.text == "define":
                if not top:
                    raise self.unexpected(word, "command")
                self.action_line = 0
                self._define()
                return None
            return _STATEMENTS[word.text](self, word)
        pipe = self.pipeline("command", Kind.RIGHT, word.position)
        return nodes.Action(pipe, position=word.position)

    def _branch(self, word: Token) -> nodes.Branch:
        known, position = len(self.variables), self.peek().position
        pipe = self.pipeline(word.text, Kind.RIGHT, position)
        self.loops += word.text == "range"
        body, end = self._sequence()
        self.loops -= word.text == "range"
        otherwise = None
        if end.word == "else":
            otherwise = self._otherwise(word, end)
        del self.variables[known:]
        return nodes.Branch(word.text, pipe, body, otherwise, position=word.position)

    def _otherwise(self, word: Token, end: _End) -> nodes.Sequence_:
        """What stands between {{else}} and {{end}}; `{{else if}}` is an if within the else, with one end for both."""
        after = self.skip_blanks()
        if after.kind is Kind.KEYWORD and after.text in {"if", "with"} and after.text == word.text:
            self.next()
            return (self._branch(after),)
        if after.kind is not Kind.RIGHT:
            raise self.unexpected(after, "input")
        self.expect(Kind.RIGHT, "else")
        body, last = self._sequence()
        if last.word != "end":
            raise self.error(f"expected end; found {last}")
        return body

    def _end(self, word: Token) -> _End:
        self.expect(Kind.RIGHT, "end")
        return _End("end", word)

    def _else(self, word: Token) -> _End:
        after = self.skip_blanks()
        branches = after.kind is Kind.KEYWORD and after.text in {"if", "with"}
        if not branches and after.kind is not Kind.RIGHT:
            raise self.unexpected(after, "else")
        return _End("else", word)

    def _leave(self, word: Token) -> nodes.Leave:
        token = self.next_solid()
        if token.kind is not Kind.RIGHT:
            raise self.unexpected(token, f"{{{{{word.text}}}}}")
        if not self.loops:
            raise self.error(f"{{{{{word.text}}}}} outside {{{{range}}}}")
        return nodes.Leave(word.text, position=word.position)

    def _call(self, word: Token) -> nodes.Call:
        token = self.next_solid()
        name = self._template_name(token, "template clause")
        pipe = None
        if self.skip_blanks().kind is Kind.RIGHT:
            self.next()
        else:
            pipe = self.pipeline("template clause", Kind.RIGHT, self.peek().position)
        return nodes.Call(name, pipe, position=token.position)

    def _template_name(self, token: Token, context: str) -> str:
        if token.kind not in {Kind.STRING, Kind.RAW_STRING}:
            raise self.unexpected(token, context)
        return self.unquote(token)

    def _define(self) -> None:
        name = self._template_name(self.next_solid(), "define clause")
        self.expect(Kind.RIGHT, "define clause")
        self._definition(name, "define clause")

    def _definition(self, name: str, context: str) -> None:
        """The body of a template, whose variables and loops are its own."""
        saved, self.variables, loops, self.loops = self.variables, ["$"], self.loops, 0
        body, end = self._sequence()
        if end.word != "end":
            raise self.error(f"unexpected {end} in {context}")
        self.variables, self.loops = saved, loops
        # An empty definition doesn't replace one that isn't.
        if name not in self.defined or not _is_blank(body):
            self.defined[name] = body

    def _block(self, word: Token) -> nodes.Call:
        token = self.next_solid()
        name = self._template_name(token, "block clause")
        pipe = self.pipeline("block clause", Kind.RIGHT, self.peek().position)
        self._definition(name, "block clause")
        return nodes.Call(name, pipe, position=token.position)


_STATEMENTS: Mapping[str, Callable[[_Parser, Token], nodes.Statement | _End]] = {
    **dict.fromkeys(("if", "with", "range"), _Parser._branch),
    **dict.fromkeys(("break", "continue"), _Parser._leave),
    "end": _Parser._end,
    "else": _Parser._else,
    "template": _Parser._call,
    "block": _Parser._block,
}


def _is_blank(body: nodes.Sequence_) -> bool:
    return all(isinstance(node, nodes.Text) and not node.text.strip() for node in body)
