"""Arithmetic expansion (POSIX.1-2024 XCU 2.6.4): the expressions of C on 64-bit integers, by precedence climbing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Protocol

from dockerlab.runtime.shell.errors import ShellError

_TOKEN = re.compile(
    r"\s*(0[xX][0-9A-Fa-f]+|\d+#[0-9A-Za-z@_]+|\d\w*|[A-Za-z_]\w*|<<=|>>=|\*\*|\+\+|--|&&|\|\||[<>=!]=|<<|>>|"
    r"[-+*/%&|^]=|[-+*/%<>=!&|^~?:,()\[\]])"
)
_LEVELS = [
    ["||"],
    ["&&"],
    ["|"],
    ["^"],
    ["&"],
    ["==", "!="],
    ["<", ">", "<=", ">="],
    ["<<", ">>"],
    ["+", "-"],
    ["*", "/", "%"],
]
_NOT_POSIX = frozenset({"++", "--", "**"})
_DEPTH = 20
"""How deep a variable may hold another variable's name."""


class Variables(Protocol):
    """What an expression sees of the shell."""

    def get(self, name: str) -> str | None:
        """A variable's value."""

    def set(self, name: str, value: str) -> object:
        """Assign."""


def wrap(number: int) -> int:
    """As a signed 64-bit integer."""
    return (number + (1 << 63)) % (1 << 64) - (1 << 63)


def evaluate(text: str, variables: Variables, depth: int = 0, *, posix: bool = False) -> int:
    """The value of an expression; an empty one is 0. `posix` leaves out `++`, `--`, `**` and the comma."""
    return Expression(text, variables, depth, posix).value()


def _divide(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_BINARY: dict[str, Callable[[int, int], int]] = {
    "|": lambda left, right: left | right,
    "^": lambda left, right: left ^ right,
    "&": lambda left, right: left & right,
    "==": lambda left, right: int(left == right),
    "!=": lambda left, right: int(left != right),
    "<": lambda left, right: int(left < right),
    ">": lambda left, right: int(left > right),
    "<=": lambda left, right: int(left <= right),
    ">=": lambda left, right: int(left >= right),
    "<<": lambda left, right: left << (right & 63),
    ">>": lambda left, right: left >> (right & 63),
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "%": lambda left, right: left - _divide(left, right) * right,
    "**": lambda left, right: pow(left, right, 1 << 64) if right >= 0 else 0,
}


class Expression:
    """One expression being read and evaluated at once; `_quiet` counts branches that must have no effect."""

    def __init__(self, text: str, variables: Variables, depth: int = 0, posix: bool = False) -> None:
        self._text = text
        self._variables = variables
        self._depth = depth
        self._posix = posix
        self._tokens: list[tuple[str, int]] = []
        self._at = 0
        self._quiet = 0

    def value(self) -> int:
        """Evaluate all of it."""
        self._tokenize()
        if not self._tokens:
            return 0
        result = self._comma()
        if self._at < len(self._tokens):
            raise self._error("arithmetic end")
        return result

    def _tokenize(self) -> None:
        position = 0
        while position < len(self._text.rstrip()):
            match = _TOKEN.match(self._text, position)
            if not match:
                self._tokens.append((self._text[position:].strip(), position))
                return
            token, position = match[1], match.end()
            if self._posix and token in _NOT_POSIX:
                token, position = token[0], match.start(1) + 1
            self._tokens.append((token, match.start(1)))

    def _error(self, key: str) -> ShellError:
        text = self._text.strip()
        at = self._tokens[self._at][1] if self._at < len(self._tokens) else self._tokens[-1][1]
        return ShellError(key, text, self._text[at:].strip(), status=2)

    def _peek(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    def _accept(self, *texts: str) -> str:
        token = self._peek()
        if token in texts and token:
            self._at += 1
            return token
        return ""

    def _comma(self) -> int:
        value = self._assignment()
        while not self._posix and self._accept(","):
            value = self._assignment()
        return value

    def _assignment(self) -> int:
        name = self._peek()
        if re.match(r"[A-Za-z_]", name):
            start = self._at
            target = self._target()
            operator = self._accept("=", "+=", "-=", "*=", "/=", "%=", "<<=", ">>=", "&=", "|=", "^=")
            if operator:
                value = self._assignment()
                if operator != "=":
                    value = self._apply(operator[:-1], self._read(target), value)
                return self._store(target, value)
            self._at = start
        return self._conditional()

    def _target(self) -> str:
        """A variable's name, with its subscript where it has one."""
        name = self._peek()
        self._at += 1
        if self._accept("["):
            index = self._comma()
            if not self._accept("]"):
                raise self._error("primary")
            return f"{name}[{index}]"
        return name

    def _conditional(self) -> int:
        condition = self._binary(0)
        if not self._accept("?"):
            return condition
        yes = self._branch(bool(condition), self._comma)
        if not self._accept(":"):
            raise self._error("primary")
        no = self._branch(not condition, self._assignment)
        return yes if condition else no

    def _branch(self, taken: bool, read: Callable[[], int]) -> int:
        self._quiet += not taken
        value = read()
        self._quiet -= not taken
        return value

    def _binary(self, level: int) -> int:
        if level == len(_LEVELS):
            return self._power()
        left = self._binary(level + 1)
        while operator := self._accept(*_LEVELS[level]):
            if operator in ("&&", "||"):
                needed = bool(left) == (operator == "&&")
                right = self._branch(needed, lambda: self._binary(level + 1))
                left = int(bool(right)) if needed else int(bool(left))
            else:
                left = self._apply(operator, left, self._binary(level + 1))
        return left

    def _apply(self, operator: str, left: int, right: int) -> int:
        if operator in ("/", "%") and right == 0:
            if self._quiet:
                return 0
            self._at -= 1
            raise self._error("division")
        return wrap(_BINARY[operator](left, right))

    def _power(self) -> int:
        base = self._unary()
        return self._apply("**", base, self._power()) if self._accept("**") else base

    def _unary(self) -> int:
        operator = self._accept("++", "--", "+", "-", "!", "~")
        if operator in ("++", "--"):
            if not re.match(r"[A-Za-z_]", self._peek()):
                return self._unary()
            target = self._target()
            return self._store(target, self._read(target) + (1 if operator == "++" else -1))
        if operator:
            value = self._unary()
            return wrap({"+": value, "-": -value, "!": int(not value), "~": ~value}[operator])
        return self._primary()

    def _primary(self) -> int:
        if self._accept("("):
            value = self._comma()
            if not self._accept(")"):
                raise self._error("primary")
            return value
        token = self._peek()
        if token[:1].isdigit():
            self._at += 1
            return self._number(token)
        if re.match(r"[A-Za-z_]", token):
            target = self._target()
            value = self._read(target)
            step = self._accept("++", "--")
            if step:
                self._store(target, value + (1 if step == "++" else -1))
            return value
        raise self._error("primary")

    def _number(self, token: str) -> int:
        try:
            if "#" in token:
                base, _, digits = token.partition("#")
                return wrap(int(digits, int(base)))
            base_of = 16 if token[:2] in ("0x", "0X") else 8 if token.startswith("0") else 10
            return wrap(int(token, base_of))
        except ValueError:
            self._at -= 1
            raise self._error("bad base") from None

    def _read(self, target: str) -> int:
        text = (self._variables.get(target) or "").strip()
        if not text or self._quiet:
            return 0
        if re.fullmatch(r"[-+]?[1-9]\d*|0", text):
            return wrap(int(text))
        if self._depth > _DEPTH:
            raise self._error("arithmetic end")
        return evaluate(text, self._variables, self._depth + 1)

    def _store(self, target: str, value: int) -> int:
        if not self._quiet:
            self._variables.set(target, str(wrap(value)))
        return wrap(value)
