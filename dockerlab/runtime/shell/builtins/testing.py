"""`test` and `[` (POSIX.1-2024 XCU test): what the words mean depends on how many there are."""

from __future__ import annotations

import re

from dockerlab.errors import DockerlabError
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.checks import NUMBERS, TEXTS, UNARY
from dockerlab.runtime.shell.patterns import matcher
from dockerlab.runtime.shell.state import Shell, complain_as_applet

_INTEGER = re.compile(r"\s*[-+]?\d+\s*\Z")
_BINARY = frozenset(TEXTS) | frozenset(NUMBERS)


class TestError(DockerlabError):
    """Words that make no test; `key` and `value` make the message."""

    def __init__(self, key: str, value: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.value = value


@builtin("test")
@builtin("[")
@builtin("[[", feature="[[")
def _test(shell: Shell, words: list[str]) -> int:
    command, arguments = words[0], words[1:]
    try:
        if command != "test":
            if not arguments or arguments[-1] != "]" * len(command):
                raise TestError("test close")
            arguments = arguments[:-1]
        return int(not _Evaluation(shell, arguments, patterns=command == "[[").truth())
    except TestError as error:
        complain_as_applet(shell, error.key, error.value, builtin=command)
        return 2


class _Evaluation:
    """The words of one test."""

    def __init__(self, shell: Shell, words: list[str], patterns: bool = False) -> None:
        self._shell = shell
        self._words = words
        self._at = 0
        self._patterns = patterns
        self._bash = shell.dialect.name == "bash"
        known = _BINARY - (set() if shell.dialect.has("==") else {"=="})
        self._binary = known

    def truth(self) -> bool:
        """By the number of words, as POSIX demands; longer ones by the old grammar with -a and -o."""
        words = self._words
        if not words:
            return False
        if len(words) == 1:
            return bool(words[0])
        if len(words) == 2:
            return self._two(words)
        if len(words) == 3 and words[1] in self._binary:
            return self._compare(*words)
        if len(words) == 3 and words[0] == "!":
            return not self._two(words[1:])
        if len(words) == 3 and words[0] == "(" and words[2] == ")":
            return bool(words[1])
        return self._grammar()

    def _two(self, words: list[str]) -> bool:
        operator, word = words
        if operator == "!":
            return not word
        if operator in UNARY:
            return UNARY[operator](self._shell, word)
        if word in self._binary and not self._bash:
            raise TestError("test operand", word)
        raise TestError("test operator", operator if self._shell.dialect.name != "ash" else word)

    def _compare(self, left: str, operator: str, right: str) -> bool:
        if operator in NUMBERS:
            return NUMBERS[operator](self._integer(left), self._integer(right))
        if self._patterns and operator in ("=", "==", "!="):
            return bool(matcher([(right, False)]).fullmatch(left)) == (operator != "!=")
        return TEXTS[operator](self._shell, left, right)

    def _integer(self, text: str) -> int:
        if not _INTEGER.match(text):
            raise TestError("test integer", text)
        return int(text)

    # Four words and more.

    def _grammar(self) -> bool:
        value = self._either()
        if self._at < len(self._words):
            raise self._too_many()
        return value

    def _too_many(self) -> TestError:
        if self._bash:
            return TestError("test binary" if len(self._words) == 3 else "test many", self._words[1])
        return TestError("test operator", self._words[min(self._at, len(self._words) - 1)])

    def _peek(self, ahead: int = 0) -> str | None:
        at = self._at + ahead
        return self._words[at] if at < len(self._words) else None

    def _either(self) -> bool:
        value = self._both()
        while self._peek() == "-o":
            self._at += 1
            right = self._both()
            value = value or right
        return value

    def _both(self) -> bool:
        value = self._not()
        while self._peek() == "-a":
            self._at += 1
            right = self._not()
            value = value and right
        return value

    def _not(self) -> bool:
        if self._peek() == "!" and self._peek(1) is not None:
            self._at += 1
            return not self._not()
        return self._primary()

    def _primary(self) -> bool:
        word, operator = self._peek(), self._peek(1)
        if word is None:
            raise TestError("test operand", self._words[-1])
        if operator in self._binary and self._peek(2) is not None and operator is not None:
            right = self._words[self._at + 2]
            self._at += 3
            return self._compare(word, operator, right)
        if word == "(":
            self._at += 1
            value = self._either()
            if self._peek() != ")":
                raise TestError("test paren")
            self._at += 1
            return value
        if word in UNARY and operator is not None and operator not in ("-a", "-o"):
            self._at += 2
            return UNARY[word](self._shell, operator)
        self._at += 1
        if self._shell.dialect.name == "sh" and self._peek() not in (None, "-a", "-o", ")"):
            raise TestError("test operator", word)
        return bool(word)
