"""The compound commands of the grammar (POSIX.1-2024 XCU 2.9.4), and bash's `[[ ]]`, `(( ))`, `function`."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.syntax import (
    ArithmeticCommand,
    ArithmeticFor,
    Case,
    Choice,
    For,
    Function,
    Group,
    If,
    Node,
    Sequence,
    Subshell,
    Test,
    While,
    Word,
)

if TYPE_CHECKING:
    from dockerlab.runtime.shell.parser import Parser

_NAME = re.compile(r"[A-Za-z_][A-Za-z_0-9]*\Z")
_UNARY = re.compile(r"-[abcdefghknoprstuvwxzGLNORS]\Z")
_BINARY = frozenset(["=", "==", "!=", "=~", "<", ">", "-eq", "-ne", "-lt", "-le", "-gt", "-ge", "-nt", "-ot", "-ef"])


class CompoundReader:
    """Reads one compound command; its first word is the parser's next token."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser

    def subshell(self) -> Node:
        """`( list )`."""
        self._parser.take()
        body = self._parser.list_until(")")
        self._parser.expect(")")
        if not body.items:
            raise ShellSyntaxError(self._parser.peek().line, found='")"', bash=")")
        return Subshell(body)

    def group(self) -> Node:
        """`{ list; }`."""
        self._parser.take()
        body = self._parser.body_until("}")
        self._parser.expect("}")
        return Group(body)

    def conditional(self) -> Node:
        """`if`."""
        parser = self._parser
        branches = []
        while parser.at("if", "elif"):
            parser.take()
            condition = parser.body_until("then")
            parser.expect("then")
            branches.append((condition, parser.body_until("fi", "elif", "else")))
        otherwise = None
        if parser.at("else"):
            parser.take()
            otherwise = parser.body_until("fi")
        parser.expect("fi")
        return If(tuple(branches), otherwise)

    def loop(self) -> Node:
        """`while` and `until`."""
        until = self._parser.take().text == "until"
        condition = self._parser.body_until("do")
        return While(condition, self._do(), until)

    def _do(self) -> Sequence:
        self._parser.expect("do")
        body = self._parser.body_until("done")
        self._parser.expect("done")
        return body

    def each(self) -> Node:
        """`for`, with words or with bash's arithmetic."""
        parser = self._parser
        line = parser.take().line
        if parser.dialect.has("((") and parser.at("(") and parser.lexer.text.startswith("((", parser.peek().start):
            return self._counting()
        token = parser.peek()
        if token.kind != "word" or token.bare is None or not _NAME.match(token.bare):
            raise ShellSyntaxError(
                token.line, text="Bad for loop variable", found="newline", bash=token.text, incomplete=False
            )
        parser.take()
        words = self._words()
        return For(token.bare, words, self._for_body(), line)

    def _words(self) -> tuple[Word, ...] | None:
        parser = self._parser
        if parser.at(";"):
            parser.take()
            parser.skip_newlines()
            return None
        parser.skip_newlines()
        if not parser.at("in"):
            return None
        parser.take()
        words = []
        while parser.peek().kind in ("word", "number"):
            words.append(parser.take().word)
        if not parser.at(";") and parser.peek().kind != "newline":
            raise parser.unexpected()
        parser.take()
        return tuple(words)

    def _for_body(self) -> Sequence:
        parser = self._parser
        parser.skip_newlines()
        if parser.at("{") and parser.dialect.has("(("):
            body = self.group()
            return body.body if isinstance(body, Group) else Sequence()
        return self._do()

    def _counting(self) -> Node:
        parser = self._parser
        parser.take()
        parser.lexer.position = parser.take().end
        start, test = parser.lexer.read_until(";"), parser.lexer.read_until(";")
        step = parser.lexer.read_until("))")
        if parser.at(";"):
            parser.take()
        return ArithmeticFor(start, test, step, self._for_body())

    def case(self) -> Node:
        """`case`."""
        parser = self._parser
        line = parser.take().line
        if parser.peek().kind not in ("word", "number"):
            raise parser.unexpected()
        subject = parser.take()
        parser.skip_newlines()
        parser.expect("in")
        parser.skip_newlines()
        choices = []
        while not parser.at("esac"):
            choices.append(self._choice())
            parser.skip_newlines()
        parser.take()
        return Case(subject.word, tuple(choices), line, subject.text)

    def _choice(self) -> Choice:
        parser = self._parser
        if parser.at("("):
            parser.take()
        patterns = []
        while True:
            if parser.peek().kind not in ("word", "number"):
                raise parser.unexpected(")", found="word")
            patterns.append(parser.take().word)
            if not parser.at("|"):
                break
            parser.take()
        if not parser.at(")"):
            raise parser.unexpected(")")
        parser.take()
        body = parser.list_until(";;", ";&", ";;&", "esac")
        end = ";;" if parser.at("esac") else parser.take().text
        return Choice(tuple(patterns), body, end)

    def function(self) -> Node:
        """bash's `function name { …; }`."""
        parser = self._parser
        parser.take()
        if parser.peek().kind != "word":
            raise parser.unexpected("word")
        name = parser.take()
        if parser.at("("):
            parser.take()
            parser.expect(")")
        parser.skip_newlines()
        return Function(name.text, parser.function_body())

    def arithmetic(self) -> Node:
        """bash's `((…))`."""
        parser = self._parser
        token = parser.take()
        parser.lexer.position = token.start + 2
        return ArithmeticCommand(parser.lexer.read_until("))"), token.line)

    # [[ … ]]

    def test(self) -> Node:
        """bash's `[[ … ]]`."""
        line = self._parser.take().line
        found = self._disjunction()
        self._parser.skip_newlines()
        if self._parser.peek().bare != "]]":
            raise self._parser.unexpected("]]")
        self._parser.take()
        return Test(found.operator, found.operands, line)

    def _disjunction(self) -> Test:
        left = self._conjunction()
        while self._parser.at("||"):
            self._parser.take()
            left = Test("||", (left, self._conjunction()))
        return left

    def _conjunction(self) -> Test:
        left = self._negation()
        while self._parser.at("&&"):
            self._parser.take()
            left = Test("&&", (left, self._negation()))
        return left

    def _negation(self) -> Test:
        parser = self._parser
        parser.skip_newlines()
        if parser.peek().bare == "!":
            parser.take()
            return Test("!", (self._negation(),))
        if parser.at("("):
            parser.take()
            found = self._disjunction()
            parser.skip_newlines()
            parser.expect(")")
            return found
        return self._primary()

    def _primary(self) -> Test:
        parser = self._parser
        first = self._operand()
        operator = parser.peek()
        unary = first.bare is not None and _UNARY.match(first.bare)
        if operator.text in _BINARY and operator.kind in ("word", "operator"):
            parser.take()
            second = parser.lexer.subject() if operator.text == "=~" else self._operand()
            return Test(operator.text, (first, second))
        if unary and operator.kind in ("word", "number") and operator.bare != "]]":
            return Test(first.bare or "", (self._operand(),))
        return Test("", (first,))

    def _operand(self) -> Word:
        token = self._parser.peek()
        if token.kind not in ("word", "number") or token.bare == "]]":
            raise self._parser.unexpected()
        return self._parser.take().word


Reader = Callable[[CompoundReader], Node]
COMPOUNDS: dict[str, tuple[str, Reader | None]] = {
    "(": ("", CompoundReader.subshell),
    "{": ("", CompoundReader.group),
    "if": ("", CompoundReader.conditional),
    "while": ("", CompoundReader.loop),
    "until": ("", CompoundReader.loop),
    "for": ("", CompoundReader.each),
    "case": ("", CompoundReader.case),
    "function": ("function", CompoundReader.function),
    "((": ("((", CompoundReader.arithmetic),
    "[[": ("[[ ]]", CompoundReader.test),
}
"""First word → the feature that a dialect needs for it, and who reads it."""
