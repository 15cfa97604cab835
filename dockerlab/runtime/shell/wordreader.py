"""Words: quotes, parameters, substitutions (POSIX.1-2024 XCU 2.2 and 2.6), read from the lexer's text."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, ClassVar

from dockerlab.runtime.shell.ansi import unescape
from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.errors import ShellSyntaxError
from dockerlab.runtime.shell.parameterreader import ParameterReader
from dockerlab.runtime.shell.syntax import Arithmetic, CommandSubstitution, Literal, Parameter, Part, Sequence, Word

if TYPE_CHECKING:
    from dockerlab.runtime.shell.lexer import Lexer

_META = " \t\n;&|<>()"
# What a backslash escapes between double quotes, and in a here-document.
IN_QUOTES, _IN_DOCUMENT = '$`"\\\n', "$`\\\n"


class WordReader:
    """Reads the parts of words at the lexer's position."""

    def __init__(
        self, lexer: Lexer, dialect: Dialect, nested: Callable[[str, int, int], tuple[Sequence, int, int]]
    ) -> None:
        self._lexer = lexer
        self._dialect = dialect
        self._nested = nested
        self._parameters = ParameterReader(lexer, dialect, self)

    # Entry points.

    def word(self) -> Word:
        """A word up to the next blank or operator."""
        return Word(tuple(self.plain(_META)))

    def document(self, text: str, line: int) -> Word:
        """The body of a here-document, in which parameters and substitutions are expanded."""
        lexer = self._lexer
        saved = lexer.text, lexer.position, lexer.line
        lexer.text, lexer.position = text, 0
        parts = self.quoted("", _IN_DOCUMENT)
        lexer.text, lexer.position, lexer.line = saved
        return Word(tuple(parts))

    def arithmetic(self, close: str) -> Word:
        """An arithmetic expression up to `close` outside of parentheses; leaves the position behind it."""
        lexer, parts, depth = self._lexer, list[Part](), 0
        while True:
            parts += self.quoted("()" + close[0] if close[0] not in "()" else "()", IN_QUOTES)
            if lexer.position >= len(lexer.text):
                raise lexer.fail("Missing '))'", ")")
            if not depth and lexer.text.startswith(close, lexer.position):
                lexer.position += len(close)
                return Word(tuple(parts))
            char = lexer.text[lexer.position]
            depth += (char == "(") - (char == ")")
            if depth < 0:
                raise lexer.fail("Missing '))'", ")")
            parts.append(Literal(char, quoted=True))
            lexer.position += 1

    def regular_expression(self) -> Word:
        """The right side of `=~`: parentheses and bars belong to it, blanks inside parentheses too."""
        lexer, parts, depth = self._lexer, list[Part](), 0
        while True:
            parts += self.plain(" \t\n()" if not depth else "()\n")
            char = lexer.text[lexer.position : lexer.position + 1]
            if char not in ("(", ")") or (char == ")" and not depth):
                return Word(tuple(parts))
            depth += 1 if char == "(" else -1
            parts.append(Literal(char))
            lexer.position += 1

    # Quotes.

    def plain(self, ends: str) -> list[Part]:
        """Parts outside of quotes, up to one of `ends`."""
        lexer, parts, run = self._lexer, list[Part](), list[str]()
        while lexer.position < len(lexer.text):
            char = lexer.text[lexer.position]
            if char in ends:
                if not (ends is _META and char == "(" and self._extended(run)):
                    break
                parts += [Literal("".join(run)), *self._choices()]
                run = []
                continue
            special = self._outside.get(char)
            if special is None:
                lexer.position += 1
                lexer.line += char == "\n"
                run.append(char)
                continue
            made = special(self)
            if run and made:
                parts.append(Literal("".join(run)))
                run = []
            parts += made
        if run:
            parts.append(Literal("".join(run)))
        return _joined(parts)

    def _extended(self, run: list[str]) -> bool:
        """Whether a parenthesis belongs to a pattern like `@(a|b)` (bash)."""
        last = run[-1] if run else ""
        opens = last in ("@", "?", "*", "+") or (last == "!" and len(run) > 1)
        return opens and last != "" and self._dialect.has("arrays")

    def _choices(self) -> list[Part]:
        """The parenthesis of such a pattern with all that is in it."""
        lexer = self._lexer
        parts: list[Part] = [Literal("(")]
        lexer.position += 1
        while True:
            parts += self.plain("()")
            char = lexer.text[lexer.position : lexer.position + 1]
            if not char:
                raise lexer.fail("Unterminated pattern", ")")
            if char == ")":
                lexer.position += 1
                return [*parts, Literal(")")]
            parts += self._choices()

    def quoted(self, ends: str, escapes: str) -> list[Part]:
        """Parts between double quotes (or in a here-document), up to one of `ends`."""
        lexer, parts = self._lexer, list[Part]()
        while lexer.position < len(lexer.text) and (char := lexer.text[lexer.position]) not in ends:
            if char == "\\":
                parts += self._escape(escapes)
            elif char == "$":
                parts += self._dollar(quoted=True)
            elif char == "`":
                parts += self._backquote(quoted=True)
            else:
                text = self._up_to("\\$`" + ends)
                parts.append(Literal(text, quoted=True))
        return _joined(parts)

    def _up_to(self, ends: str) -> str:
        """The text up to one of some characters; the position is then there."""
        lexer = self._lexer
        found = _anything_but(ends).match(lexer.text, lexer.position)
        text = found[0] if found else ""
        lexer.position += len(text)
        lexer.line += text.count("\n")
        return text

    def _escape(self, escapes: str) -> list[Part]:
        lexer = self._lexer
        char = lexer.text[lexer.position + 1 : lexer.position + 2]
        lexer.position += 1 if not char else 2
        lexer.line += char == "\n"
        if char == "\n" and "\n" in escapes:
            return []
        return [Literal(char if char and char in escapes else f"\\{char}", quoted=True)]

    def _backslash(self) -> list[Part]:
        lexer = self._lexer
        char = lexer.text[lexer.position + 1 : lexer.position + 2]
        lexer.position += 1 + len(char)
        if char == "\n":
            lexer.line += 1
            return []
        return [Literal(char or "\\", quoted=True)]

    def _single(self) -> list[Part]:
        lexer = self._lexer
        end = lexer.text.find("'", lexer.position + 1)
        if end < 0:
            raise self.unterminated("'")
        text = lexer.text[lexer.position + 1 : end]
        lexer.position = end + 1
        lexer.line += text.count("\n")
        return [Literal(text, quoted=True)]

    def double(self) -> list[Part]:
        """A text between double quotes."""
        lexer = self._lexer
        start = lexer.line
        lexer.position += 1
        parts = self.quoted('"', IN_QUOTES)
        if lexer.position >= len(lexer.text):
            raise self.unterminated('"', start)
        lexer.position += 1
        return parts or [Literal("", quoted=True)]

    def unterminated(self, quote: str, start: int = 0) -> ShellSyntaxError:
        """The error of a quote that nothing closes."""
        lexer = self._lexer
        lines = lexer.text.count("\n", lexer.position) if quote == "'" else 0
        error = lexer.fail("Unterminated quoted string", quote)
        error.start, error.line = start or lexer.line, lexer.line + lines
        return error

    def _ansi(self) -> list[Part]:
        """bash's $'…' (POSIX.1-2024 XCU 2.2.4)."""
        lexer = self._lexer
        match = re.compile(r"\$'((?:[^\\']|\\.)*)'", re.DOTALL).match(lexer.text, lexer.position)
        if not match:
            raise self.unterminated("'")
        lexer.position = match.end()
        lexer.line += match[0].count("\n")
        return [Literal(unescape(match[1]), quoted=True)]

    # Dollars.

    def _dollar(self, quoted: bool = False) -> list[Part]:
        lexer = self._lexer
        rest = lexer.text[lexer.position + 1 : lexer.position + 3]
        if not quoted and rest[:1] == "'" and self._dialect.has("ansi-quotes"):
            return self._ansi()
        if not quoted and rest[:1] == '"' and self._dialect.has("braces"):
            lexer.position += 1
            return self.double()
        if rest == "((":
            found = self._arithmetic_expansion(quoted)
            if found:
                return [found]
        if rest[:1] == "(":
            return [self._substitution(quoted)]
        if rest[:1] == "{":
            return [self._parameters.read(quoted)]
        match = re.compile(r"[A-Za-z_][A-Za-z_0-9]*|[0-9@*#?$!-]").match(lexer.text, lexer.position + 1)
        if not match:
            lexer.position += 1
            return [Literal("$", quoted)]
        lexer.position = match.end()
        return [Parameter(match[0], quoted=quoted)]

    def _arithmetic_expansion(self, quoted: bool) -> Part | None:
        """`$((…))`; None where it turns out to be `$( (…) )` written without the blank."""
        lexer = self._lexer
        start, line = lexer.position, lexer.line
        lexer.position += 3
        try:
            return Arithmetic(self.arithmetic("))"), quoted)
        except Exception:
            if lexer.position >= len(lexer.text):
                raise
            lexer.position, lexer.line = start, line
            return None

    def _substitution(self, quoted: bool) -> Part:
        lexer = self._lexer
        body, lexer.position, lexer.line = self._nested(lexer.text, lexer.position + 2, lexer.line)
        return CommandSubstitution(body, quoted)

    def _backquote(self, quoted: bool = False) -> list[Part]:
        lexer = self._lexer
        match = re.compile(r"`((?:[^\\`]|\\.)*)`", re.DOTALL).match(lexer.text, lexer.position)
        if not match:
            raise lexer.fail("EOF in backquote substitution", "`")
        body = re.sub(r'\\([$`\\"])' if quoted else r"\\([$`\\])", r"\1", match[1])
        parsed, _, _ = self._nested(body + "\n)", 0, lexer.line)
        lexer.position = match.end()
        lexer.line += match[0].count("\n")
        return [CommandSubstitution(parsed, quoted)]

    _outside: ClassVar[dict[str, Callable[[WordReader], list[Part]]]] = {
        "\\": _backslash,
        "'": _single,
        '"': double,
        "$": _dollar,
        "`": _backquote,
    }


@cache
def _anything_but(characters: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(characters)}]*")


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbouring literals of one kind made one."""
    joined: list[Part] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, Literal) and isinstance(last, Literal) and last.quoted == part.quoted:
            joined[-1] = Literal(last.text + part.text, part.quoted)
        else:
            joined.append(part)
    return joined
