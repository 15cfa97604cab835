"""Pipelines: what stands between '{{' and '}}' (Go, text/template/parse/parse.go)."""

from __future__ import annotations

from collections.abc import Container

from dockerlab.cli.template import nodes
from dockerlab.cli.template.errors import TemplateSyntaxError
from dockerlab.cli.template.lexer import Kind, Token, scan
from dockerlab.cli.template.literals import character, number, unquote
from dockerlab.oci.golang import quote

_OPERANDS = frozenset(
    (Kind.IDENTIFIER, Kind.DOT, Kind.FIELD, Kind.VARIABLE, Kind.BOOL, Kind.NUMBER, Kind.CHARACTER, Kind.STRING,
     Kind.RAW_STRING, Kind.LEFT_PAREN)
)  # fmt: skip


class PipelineParser:
    """Steps through a template's tokens and reads pipelines."""

    def __init__(self, text: str, functions: Container[str], name: str) -> None:
        self.tokens = scan(text)
        self.next_token = 0
        self.furthest = 0
        self.functions = functions
        self.name = name
        self.variables = ["$"]
        self.action_line = 0

    # Tokens.

    def next(self) -> Token:
        """The next token; the last one again and again."""
        token = self.peek()
        self.next_token += 1
        return token

    def peek(self) -> Token:
        """The next token, left where it is."""
        place = min(self.next_token, len(self.tokens) - 1)
        self.furthest = max(self.furthest, place)
        return self.tokens[place]

    def skip_blanks(self) -> Token:
        """Step over blanks; the token after them is left where it is."""
        while self.peek().kind is Kind.SPACE:
            self.next()
        return self.peek()

    def next_solid(self) -> Token:
        """The next token that is no blank."""
        self.skip_blanks()
        return self.next()

    def expect(self, kind: Kind, context: str) -> Token:
        """The next token, which must be of a kind."""
        token = self.next_solid()
        if token.kind is not kind:
            raise self.unexpected(token, context)
        return token

    def error(self, message: str) -> TemplateSyntaxError:
        """The error with Go's text, at the line of the furthest token that was looked at."""
        token = self.tokens[self.furthest]
        return TemplateSyntaxError(f"template: {self.name}:{token.line}: {message}", token.position)

    def unexpected(self, token: Token, context: str) -> TemplateSyntaxError:
        """The error for a token that can't stand there; a fault of the lexer's says itself what it is."""
        if token.kind is Kind.ERROR:
            extra = ""
            if self.action_line and self.action_line != token.line:
                extra = f" in action started at {self.name}:{self.action_line}"
                if token.text.endswith(" action"):
                    extra = extra.removeprefix(" in action")
            return self.error(f"{token}{extra}")
        return self.error(f"unexpected {token} in {context}")

    # Pipelines.

    def pipeline(self, context: str, end: Kind, position: int) -> nodes.Pipe:
        """Commands up to a closing token; `context` is what errors call it."""
        self.skip_blanks()
        variables, assigns = self._declarations(context)
        commands: list[nodes.Command] = []
        while True:
            token = self.skip_blanks()
            if token.kind is end:
                self.next()
                self._check_pipeline(commands, context)
                return nodes.Pipe(tuple(commands), variables, assigns, position=position)
            if token.kind not in _OPERANDS and not (token.kind is Kind.KEYWORD and token.text == "nil"):
                self.next()
                raise self.unexpected(token, context)
            commands.append(self._command())

    def _check_pipeline(self, commands: list[nodes.Command], context: str) -> None:
        if not commands:
            raise self.error(f"missing value for {context}")
        for stage, command in enumerate(commands[1:], 2):
            if isinstance(command.operands[0], nodes.Dot | nodes.Nil | nodes.Literal):
                raise self.error(f"non executable command in pipeline stage {stage}")

    def _declarations(self, context: str) -> tuple[tuple[str, ...], bool]:
        """'$x :=', '$x =' or, in a range, '$i, $x :=' in front of a pipeline."""
        start = self.next_token
        names: list[str] = []
        while self.skip_blanks().kind is Kind.VARIABLE:
            token = self.next()
            names.append(token.text)
            after = self.skip_blanks()
            if after.kind in {Kind.DECLARE, Kind.ASSIGN}:
                self.next()
                self.variables.extend(names)  # even those that are only given a new value: running it will tell
                return tuple(names), after.kind is Kind.ASSIGN
            if after.kind is not Kind.COMMA:
                break
            self.next()
            if context != "range" or len(names) == 2:
                raise self.error(f"too many declarations in {context}")
            if self.skip_blanks().kind is not Kind.VARIABLE:
                raise self.error("range can only initialize variables")
        if len(names) > 1:
            raise self.error("range can only initialize variables")
        self.next_token = start
        return (), False

    def _check_variable(self, name: str) -> None:
        if name not in self.variables:
            raise self.error(f"undefined variable {quote(name)}")

    def _command(self) -> nodes.Command:
        position = self.peek().position
        operands: list[nodes.Operand] = []
        while True:
            self.skip_blanks()
            operand = self._operand()
            if operand is not None:
                operands.append(operand)
            token = self.next()
            if token.kind is Kind.SPACE:
                continue
            if token.kind in {Kind.RIGHT, Kind.RIGHT_PAREN}:
                self.next_token -= 1
            elif token.kind is not Kind.PIPE:
                raise self.unexpected(token, "operand")
            break
        if not operands:
            raise self.error("empty command")
        return nodes.Command(tuple(operands), position=position)

    def _operand(self) -> nodes.Operand | None:
        """A term, and the fields behind it."""
        node = self._term()
        if node is None:
            return None
        if self.peek().kind is not Kind.FIELD:
            return node
        position, names = self.peek().position, []
        while self.peek().kind is Kind.FIELD:
            names.append(self.next().text[1:])
        if isinstance(node, nodes.Field):
            return nodes.Field((*node.names, *names), position=position)
        if isinstance(node, nodes.Variable):
            return nodes.Variable(node.name, (*node.fields, *names), position=position)
        if isinstance(node, nodes.Literal | nodes.Nil | nodes.Dot):
            raise self.error(f"unexpected . after term {quote(str(node))}")
        return nodes.Chain(node, tuple(names), position=position)

    def _term(self) -> nodes.Operand | None:
        token = self.next_solid()
        at = token.position
        if token.kind is Kind.IDENTIFIER:
            if token.text not in self.functions:
                raise self.error(f"function {quote(token.text)} not defined")
            return nodes.Identifier(token.text, position=at)
        if token.kind is Kind.VARIABLE:
            self._check_variable(token.text)
            return nodes.Variable(token.text, position=at)
        if token.kind is Kind.LEFT_PAREN:
            return self.pipeline("parenthesized pipeline", Kind.RIGHT_PAREN, self.peek().position)
        if token.kind is Kind.FIELD:
            return nodes.Field((token.text[1:],), position=at)
        if token.kind is Kind.DOT:
            return nodes.Dot(position=at)
        if token.kind is Kind.KEYWORD and token.text == "nil":
            return nodes.Nil(position=at)
        if token.kind in _LITERALS:
            return self._literal(token)
        self.next_token -= 1
        return None

    def _literal(self, token: Token) -> nodes.Literal:
        try:
            value = _LITERALS[token.kind](token.text)
        except ValueError as error:
            raise self.error(str(error)) from error
        return nodes.Literal(value, token.text, position=token.position)

    def unquote(self, token: Token) -> str:
        """The content of a quoted token."""
        try:
            return unquote(token.text)
        except ValueError as error:
            raise self.error(str(error)) from error


_LITERALS = {
    Kind.BOOL: lambda text: text == "true",
    Kind.NUMBER: number,
    Kind.CHARACTER: character,
    Kind.STRING: unquote,
    Kind.RAW_STRING: unquote,
}
