"""The grammar of the shell (POSIX.1-2024 XCU 2.10.2), by recursive descent; bash's additions where a dialect has them.

A shell runs a script line by line, so a syntax error at the end does not keep the beginning from running: `Parser.line`
gives one complete command at a time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from dockerlab.runtime.shell.assignments import AssignmentReader
from dockerlab.runtime.shell.compounds import COMPOUNDS, CompoundReader
from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.lexer import REDIRECTIONS, Lexer, Token
from dockerlab.runtime.shell.syntax import (
    AndOr,
    Assignment,
    Function,
    Item,
    Node,
    Pipeline,
    Redirect,
    Redirected,
    Sequence,
    Simple,
    Word,
)

RESERVED = frozenset(
    ["if", "then", "else", "elif", "fi", "do", "done", "case", "esac", "while", "until", "for", "{", "}", "!"]
)
CLOSING = ("then", "else", "elif", "fi", "do", "done", "esac", "}", ")")
_FUNCTION_NAME = re.compile(r"[^\s$`'\"\\=;&|<>()]+\Z")


class Parser:
    """Parses a text from `position` on; `aliases` are looked up when a command word is read."""

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        *,
        position: int = 0,
        line: int = 1,
        aliases: Mapping[str, str] | None = None,
    ) -> None:
        self.dialect = dialect
        self.lexer = Lexer(text, dialect, self._nested, position, line)
        self.aliases = aliases if aliases is not None else {}
        self._ahead: Token | None = None
        self._last_end = position
        self._compounds = CompoundReader(self)
        self._assignments = AssignmentReader(self)

    # Whole commands.

    def line(self) -> Sequence | None:
        """The next complete command, up to the end of its line; None at the end of the text."""
        while self.peek().kind == "newline":
            self.take()
        if self.peek().kind == "end":
            return None
        items: list[Item] = []
        while self.peek().kind not in ("newline", "end"):
            items.append(self._item())
        if self.peek().kind == "newline" or self.lexer.waiting:
            self.take()
        return Sequence(tuple(items))

    @property
    def finished(self) -> bool:
        """Whether nothing but blanks and comments is left."""
        return re.fullmatch(r"(\s|#[^\n]*\n?)*", self.lexer.text[self._last_end :]) is not None

    def _nested(self, text: str, position: int, line: int) -> tuple[Sequence, int, int]:
        """A command substitution's body: the list, and where its closing parenthesis ends."""
        inner = Parser(text, self.dialect, position=position, line=line, aliases=self.aliases)
        try:
            body = inner.list_until(")")
        except ShellSyntaxError as error:
            if error.incomplete and not error.text:
                error.within(")")
            raise
        close = inner.take()
        return body, close.end, close.line

    # Tokens.

    def peek(self) -> Token:
        """The next token, not taken yet."""
        if self._ahead is None:
            self._ahead = self.lexer.next()
        return self._ahead

    def take(self) -> Token:
        """The next token."""
        token = self.peek()
        self._ahead = None
        self._last_end = token.end
        return token

    def expect(self, text: str) -> Token:
        """Take a reserved word or an operator; a syntax error where it is missing."""
        if not self.at(text):
            raise self.unexpected(text)
        return self.take()

    def at(self, *texts: str) -> bool:
        """Whether the next token is one of these operators or reserved words."""
        token = self.peek()
        return token.text in texts and (token.kind == "operator" or (token.kind == "word" and token.bare is not None))

    def skip_newlines(self) -> None:
        """Skip line ends."""
        while self.peek().kind == "newline":
            self.take()

    def unexpected(self, expected: str = "", found: str = "") -> ShellSyntaxError:
        """The error about the next token; `found` is what to call it."""
        token = self.peek()
        incomplete = token.kind == "end"
        kind = {"newline": "newline", "end": "end of file"}.get(token.kind)
        if token.kind == "operator":
            kind = "redirection" if token.text in REDIRECTIONS else f'"{token.text}"'
        elif kind is None:
            kind = f'"{token.text}"' if token.text in RESERVED else "word"
        kind = found if found and not incomplete else kind
        return ShellSyntaxError(token.line, found=kind, expected=expected, bash=token.text, incomplete=incomplete)

    # Lists.

    def list_until(self, *ends: str) -> Sequence:
        """A list of commands up to one of the closing words, which is not taken; at least one command."""
        items: list[Item] = []
        self.skip_newlines()
        if not self.at(*ends) and self.peek().kind == "end":
            raise self.unexpected(ends[0])
        while not self.at(*ends):
            if self.peek().kind == "end" or (items and self.at(*CLOSING)):
                raise self.unexpected(ends[0])
            items.append(self._item(ends))
            self.skip_newlines()
        return Sequence(tuple(items))

    def body_until(self, *ends: str) -> Sequence:
        """A list that must not be empty."""
        self.skip_newlines()
        if self.at(*ends) and not (self.at(")") and ends == (")",)):
            raise self.unexpected()
        return self.list_until(*ends)

    def _item(self, ends: tuple[str, ...] = ()) -> Item:
        start = self.peek().start
        command = self._and_or()
        text = self.lexer.text[start : self.peek().start].strip()
        if self.at("&"):
            self.take()
            return Item(command, True, text)
        if self.at(";"):
            self.take()
        elif self.peek().kind not in ("newline", "end") and not self.at(*ends):
            raise self.unexpected()
        elif self.peek().kind == "end" and ends:
            raise self.unexpected(ends[0])
        return Item(command, False, text)

    def _and_or(self) -> Node:
        first = self._pipeline()
        rest: list[tuple[str, Node]] = []
        while self.at("&&", "||"):
            operator = self.take().text
            self.skip_newlines()
            rest.append((operator, self._pipeline()))
        return AndOr(first, tuple(rest)) if rest else first

    def _pipeline(self) -> Node:
        timed = self.dialect.has("time") and self._accept_word("time")
        if timed:
            self._accept_word("-p")
        negated = False
        while self._accept_word("!"):
            negated = not negated
        commands, both = [self.command()], list[bool]()
        while self.at("|", "|&"):
            both.append(self.take().text == "|&")
            self.skip_newlines()
            commands.append(self.command())
        if len(commands) == 1 and not negated and not timed:
            return commands[0]
        return Pipeline(tuple(commands), negated, timed, tuple(both))

    def _accept_word(self, text: str) -> bool:
        if self.peek().bare == text:
            self.take()
            return True
        return False

    # Commands.

    def command(self) -> Node:
        """One command: compound, function or simple."""
        token = self.peek()
        compound = self._compound_reader(token)
        if compound is not None:
            line = token.line
            node = compound(self._compounds)
            redirects = self.redirects()
            return Redirected(node, redirects, line) if redirects else node
        if token.bare in RESERVED or token.kind in ("newline", "end"):
            raise self.unexpected()
        if token.kind == "operator" and token.text not in REDIRECTIONS:
            raise self.unexpected()
        if token.bare is not None and self.lexer.expand_alias(token, self.aliases):
            self._ahead = None
            return self.command()
        return self._simple()

    def _compound_reader(self, token: Token) -> Callable[[CompoundReader], Node] | None:
        word = token.bare if token.kind == "word" else token.text if token.text == "(" else None
        if word is None:
            return None
        if word == "(" and self.dialect.has("((") and self.lexer.text.startswith("((", token.start):
            word = "(("
        feature, reader = COMPOUNDS.get(word, ("", None))
        return reader if not feature or self.dialect.has(feature) else None

    def redirects(self) -> tuple[Redirect, ...]:
        """All redirections that stand here."""
        found: list[Redirect] = []
        while redirect := self._redirect():
            found.append(redirect)
        return tuple(found)

    def _redirect(self) -> Redirect | None:
        token = self.peek()
        if token.kind != "number" and not (token.kind == "operator" and token.text in REDIRECTIONS):
            return None
        fd = int(self.take().text) if token.kind == "number" else None
        operator = self.take().text
        target = self.peek()
        if target.kind == "end" and self.dialect.name == "bash":
            raise ShellSyntaxError(target.line, bash="newline")
        if target.kind not in ("word", "number"):
            raise self.unexpected()
        self._ahead = None
        self._last_end = target.end
        if operator in ("<<", "<<-"):
            return Redirect("<<", self.lexer.expect_document(target.word, operator == "<<-"), fd)
        return Redirect(operator, target.word, fd)

    def _simple(self) -> Node:
        line = self.peek().line
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        arrays: list[Assignment] = []
        while True:
            redirect = self._redirect()
            if redirect:
                redirects.append(redirect)
                continue
            token = self.peek()
            if token.kind not in ("word", "number"):
                break
            assignment = self._assignments.read(words)
            if assignment:
                (arrays if words else assignments).append(assignment)
                continue
            words.append(self.take().word)
            if len(words) == 1 and not assignments and not redirects and self.at("("):
                return self._function(token)
        if self.at("("):
            raise self.unexpected()
        return Simple(tuple(assignments), tuple(words), tuple(redirects), tuple(arrays), line)

    def _function(self, name: Token) -> Function:
        if name.bare is None or not _FUNCTION_NAME.match(name.bare):
            raise self.unexpected()
        self.take()
        if not self.at(")"):
            raise self.unexpected(")", found="word")
        self.take()
        self.skip_newlines()
        return Function(name.bare, self.function_body())

    def function_body(self) -> Node:
        """The command that a function's name stands for."""
        compound = self._compound_reader(self.peek()) is not None
        if self.peek().kind == "end" or (self.dialect.name == "bash" and not compound):
            raise self.unexpected()
        return self.command()
