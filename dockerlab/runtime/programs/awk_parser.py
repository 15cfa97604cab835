"""awk's grammar: rules, functions and statements (POSIX.1-2024, awk, "Grammar"); expressions are next door."""

from __future__ import annotations

from dockerlab.runtime.programs import awk_nodes as nodes
from dockerlab.runtime.programs.awk_expressions import ExpressionParser
from dockerlab.runtime.programs.awk_lexer import AwkError, tokens_of
from dockerlab.runtime.programs.awk_nodes import Expr, Statement


def parse_program(source: str) -> nodes.Program:
    """The tree of a program; raises AwkError."""
    return Parser(tokens_of(source)).program()


class Parser(ExpressionParser):
    """Reads a whole program."""

    def program(self) -> nodes.Program:
        """The whole program."""
        program = nodes.Program()
        self.skip("newline", ";")
        while self.kind != "end":
            if self.take("function"):
                function = self.function()
                program.functions[function.name] = function
            else:
                program.rules.append(self.rule())
            self.skip("newline", ";")
        return program

    def function(self) -> nodes.Function:
        """function name(parameters) { … }"""
        name = (self.take("name", "funcname") or self.need("funcname")).text
        self.need("(")
        parameters = []
        while token := self.take("name"):
            parameters.append(token.text)
            if not self.take(","):
                break
        self.need(")")
        self.skip()
        return nodes.Function(name, tuple(parameters), self.block())

    def rule(self) -> nodes.Rule:
        """BEGIN, END or patterns, and what is done."""
        if token := self.take("BEGIN", "END"):
            return nodes.Rule(token.kind, (), self.block())
        patterns: list[Expr] = []
        if self.kind != "{":
            patterns.append(self.expression())
            if self.take(","):
                self.skip()
                patterns.append(self.expression())
        return nodes.Rule("", tuple(patterns), self.block() if self.kind == "{" else None)

    def block(self) -> nodes.Block:
        """{ statements }"""
        self.need("{")
        statements = []
        self.skip("newline", ";")
        while not self.take("}"):
            if self.kind == "end":
                raise AwkError("missing } near end of file", self.tokens[self.at].line + 1)
            statements.append(self.statement())
            self.skip("newline", ";")
        return nodes.Block(tuple(statements))

    def statement(self) -> Statement:
        """One statement with its end."""
        handler = STATEMENTS.get(self.kind)
        if handler:
            return handler(self)
        simple = self.simple()
        self.end()
        return simple

    def end(self) -> None:
        """A statement ends at ';' or a newline, or before '}'."""
        if self.kind != "}" and not self.take(";", "newline"):
            self.need("newline")

    def simple(self) -> Statement:
        """An expression, print, or delete."""
        if token := self.take("print", "printf"):
            return self.printing(formatted=token.kind == "printf")
        if self.take("delete"):
            name = self.need("name").text
            return nodes.Delete(name, self.subscripts() if self.take("[") else None)
        return nodes.Simple(self.expression())

    def printing(self, *, formatted: bool) -> nodes.Print:
        """print a, b > file"""
        self.no_greater = True
        arguments: tuple[Expr, ...] = ()
        if self.kind not in ("newline", ";", "}", ">", ">>", "|"):
            arguments = self.list_of()
        self.no_greater = False
        if len(arguments) == 1 and isinstance(arguments[0], nodes.Group):
            arguments = arguments[0].items
        if redirect := self.take(">", ">>", "|"):
            return nodes.Print(arguments, formatted, redirect.kind, self.concatenation(single=True))
        return nodes.Print(arguments, formatted)

    def body(self) -> Statement:
        """The statement that belongs to an if or a loop."""
        if self.take(";"):
            return nodes.Block()
        self.skip()
        return self.statement()

    def if_(self) -> Statement:
        """if (condition) statement [else statement]"""
        self.need("if")
        condition = self.condition()
        yes = self.body()
        mark = self.at
        self.skip("newline", ";")
        if self.take("else"):
            return nodes.If(condition, yes, self.body())
        self.at = mark
        return nodes.If(condition, yes, None)

    def condition(self) -> Expr:
        """(expression)"""
        self.need("(")
        expression = self.expression()
        self.need(")")
        return expression

    def while_(self) -> Statement:
        """while (condition) statement"""
        self.need("while")
        condition = self.condition()
        return nodes.Loop(None, condition, None, self.body())

    def do(self) -> Statement:
        """do statement while (condition)"""
        self.need("do")
        body = self.body()
        self.skip("newline", ";")
        self.need("while")
        condition = self.condition()
        self.end()
        return nodes.Loop(None, condition, None, body, first=True)

    def for_(self) -> Statement:
        """for (name in array), or for (start; condition; step)"""
        self.need("for")
        self.need("(")
        kinds = [token.kind for token in self.tokens[self.at : self.at + 4]]
        if kinds == ["name", "in", "name", ")"]:
            name, _, array, _ = (token.text for token in self.tokens[self.at : self.at + 4])
            self.at += 4
            return nodes.ForIn(name, array, self.body())
        start = None if self.kind == ";" else self.simple()
        self.need(";")
        self.skip()
        condition = None if self.kind == ";" else self.expression()
        self.need(";")
        self.skip()
        step = None if self.kind == ")" else self.simple()
        self.need(")")
        return nodes.Loop(start, condition, step, self.body())

    def jump(self) -> Statement:
        """break, continue, next, exit, return."""
        kind = self.kind
        self.at += 1
        value = None
        if kind in ("exit", "return") and self.kind not in ("newline", ";", "}"):
            value = self.expression()
        self.end()
        return nodes.Jump(kind, value)


STATEMENTS = {
    "{": Parser.block,
    "if": Parser.if_,
    "while": Parser.while_,
    "do": Parser.do,
    "for": Parser.for_,
    "break": Parser.jump,
    "continue": Parser.jump,
    "next": Parser.jump,
    "nextfile": Parser.jump,
    "exit": Parser.jump,
    "return": Parser.jump,
}
