"""From text to tokens (POSIX.1-2024 XCU 2.3): operators, words, newlines, and the here-documents between lines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.syntax import HereDocument, Literal, Sequence, Word
from dockerlab.runtime.shell.wordreader import WordReader

if TYPE_CHECKING:
    from collections.abc import Mapping

META = " \t\n;&|<>()"

# Longest first; the third column is the feature that a shell needs for it.
_OPERATORS = [
    ("<<<", "<<<"),
    ("<<-", ""),
    ("&>>", "&>"),
    (";;&", ";&"),
    ("&&", ""),
    ("||", ""),
    (";;", ""),
    (";&", ";&"),
    ("|&", "|&"),
    ("<<", ""),
    (">>", ""),
    ("<&", ""),
    (">&", ""),
    ("<>", ""),
    (">|", ""),
    ("&>", "&>"),
    ("(", ""),
    (")", ""),
    (";", ""),
    ("&", ""),
    ("|", ""),
    ("<", ""),
    (">", ""),
]
REDIRECTIONS = frozenset({"<", ">", "<<", "<<-", "<<<", ">>", "<&", ">&", "<>", ">|", "&>", "&>>"})


_NO_WORD = Word()


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is 'word', 'operator', 'number' (before a redirection), 'newline' or 'end'."""

    kind: str
    text: str
    line: int
    start: int
    end: int
    word: Word = _NO_WORD

    @property
    def bare(self) -> str | None:
        """The text of an unquoted literal word."""
        return self.word.bare if self.kind == "word" else None


class Lexer:
    """Reads tokens from a text, from `position` on. `nested` parses a command substitution and says where it ends."""

    def __init__(
        self,
        text: str,
        dialect: Dialect,
        nested: Callable[[str, int, int], tuple[Sequence, int, int]],
        position: int = 0,
        line: int = 1,
    ) -> None:
        self.text = text
        self.position = position
        self.line = line
        self._operators = [operator for operator, feature in _OPERATORS if not feature or dialect.has(feature)]
        self._words = WordReader(self, dialect, nested)
        self._documents: list[HereDocument] = []
        self._aliased: dict[str, int] = {}
        self.unfinished: HereDocument | None = None
        """A here-document whose end is missing."""

    def next(self) -> Token:
        """The next token; reads the here-documents of a line when it comes to its end."""
        self._skip_blanks()
        start, line = self.position, self.line
        if start >= len(self.text):
            self._read_documents()
            return Token("end", "", line, start, start)
        if self.text[start] == "\n":
            self.position += 1
            self.line += 1
            self._read_documents()
            return Token("newline", "\n", line, start, self.position)
        for operator in self._operators:
            if self.text.startswith(operator, start):
                self.position += len(operator)
                return Token("operator", operator, line, start, self.position)
        word = self._words.word()
        text = self.text[start : self.position]
        kind = "number" if text.isdigit() and self.text[self.position : self.position + 1] in ("<", ">") else "word"
        return Token(kind, text, line, start, self.position, word)

    def read_until(self, close: str) -> Word:
        """The raw words up to a closing text, as an arithmetic expression has them."""
        return self._words.arithmetic(close)

    def subject(self) -> Word:
        """A word in which only blanks end it: the right side of `=~` in `[[ ]]`."""
        self._skip_blanks()
        return self._words.regular_expression()

    def expect_document(self, delimiter: Word, strip_tabs: bool) -> HereDocument:
        """Announce a here-document whose body begins on the next line."""
        quoted = any(not isinstance(part, Literal) or part.quoted for part in delimiter.parts)
        text = "".join(part.text for part in delimiter.parts if isinstance(part, Literal))
        document = HereDocument(text, strip_tabs, quoted, self.line)
        self._documents.append(document)
        return document

    def expand_alias(self, token: Token, aliases: Mapping[str, str]) -> bool:
        """Put an alias's text in place of the command word just read; not again inside of its own text."""
        value = aliases.get(token.bare or "")
        if value is None or token.start < self._aliased.get(token.text, 0):
            return False
        self.text = f"{self.text[: token.start]}{value} {self.text[token.end :]}"
        self.position = token.start
        self._aliased[token.text] = token.start + len(value) + 1
        return True

    def _skip_blanks(self) -> None:
        text = self.text
        while self.position < len(text):
            if text[self.position] in " \t":
                self.position += 1
            elif text.startswith("\\\n", self.position):
                self.position += 2
                self.line += 1
            elif text[self.position] == "#":
                end = text.find("\n", self.position)
                self.position = len(text) if end < 0 else end
            else:
                return

    def _read_documents(self) -> None:
        for document in self._documents:
            lines = []
            while self.position < len(self.text):
                line = self._line()
                if document.strip_tabs:
                    line = line.lstrip("\t")
                if line.removesuffix("\n") == document.delimiter:
                    break
                lines.append(line)
            else:
                self.unfinished = document
            document.body = self._body("".join(lines), document.quoted)
        self._documents = []

    def _line(self) -> str:
        end = self.text.find("\n", self.position) + 1 or len(self.text)
        line = self.text[self.position : end]
        self.position = end
        self.line += line.count("\n")
        return line

    def _body(self, text: str, quoted: bool) -> Word:
        return Word((Literal(text, quoted=True),)) if quoted else self._words.document(text, self.line)

    @property
    def waiting(self) -> bool:
        """Whether a here-document's body is still to come."""
        return bool(self._documents)

    def fail(self, text: str, bash: str) -> ShellSyntaxError:
        """The error of a quote or bracket that nothing closes."""
        return ShellSyntaxError(self.line, text=text, bash=bash, incomplete=True)
