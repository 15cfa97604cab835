"""PHP's expressions, each as a small function of the page's context (php.net, "Operator precedence")."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dockerlab.runtime.servers.php.functions import FUNCTIONS
from dockerlab.runtime.servers.php.lexer import PhpError, Token
from dockerlab.runtime.servers.php.values import array_key, loosely_equal, number, text_of, truth

if TYPE_CHECKING:
    from dockerlab.runtime.servers.php.page import Context

Step = Callable[["Context"], Any]

_LEVELS: Sequence[Mapping[str, Callable[[Any, Any], Any]]] = (
    {"==": loosely_equal, "!=": lambda a, b: not loosely_equal(a, b), "===": lambda a, b: _same(a, b),
     "!==": lambda a, b: not _same(a, b)},
    {"<": lambda a, b: number(a) < number(b), ">": lambda a, b: number(a) > number(b),
     "<=": lambda a, b: number(a) <= number(b), ">=": lambda a, b: number(a) >= number(b)},
    {".": lambda a, b: text_of(a) + text_of(b)},
    {"+": lambda a, b: _sum(a, b), "-": lambda a, b: number(a) - number(b)},
    {"*": lambda a, b: number(a) * number(b), "/": lambda a, b: _divide(a, b), "%": lambda a, b: _modulo(a, b)},
)  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "e": "\x1b", "0": "\0", '"': '"', "\\": "\\", "$": "$"}
_CHANGES = {"+=": _LEVELS[3]["+"], "-=": _LEVELS[3]["-"], ".=": _LEVELS[2]["."], "*=": _LEVELS[4]["*"]}
UNKNOWN = frozenset(
    "function class interface trait namespace use include include_once require require_once new try throw switch "
    "declare global static fn match goto abstract final enum yield const".split()
)


def _same(left: Any, right: Any) -> bool:
    return type(left) is type(right) and bool(left == right)


def _sum(left: Any, right: Any) -> Any:
    return {**right, **left} if isinstance(left, dict) and isinstance(right, dict) else number(left) + number(right)


def _divide(left: Any, right: Any) -> Any:
    if not number(right):
        raise PhpError("Fatal error:  Uncaught DivisionByZeroError: Division by zero")
    result = number(left) / number(right)
    return int(result) if result.is_integer() and isinstance(number(left), int) else result


def _modulo(left: Any, right: Any) -> int:
    if not int(number(right)):
        raise PhpError("Fatal error:  Uncaught DivisionByZeroError: Modulo by zero")
    a, b = int(number(left)), int(number(right))
    return abs(a) % abs(b) * (-1 if a < 0 else 1)


class Expressions:
    """Reads tokens, and turns them into what gives a value."""

    def __init__(self, found: Sequence[Token], path: str) -> None:
        self._tokens, self._path, self._at = found, path, 0

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _next(self) -> Token:
        if self._at >= len(self._tokens):
            line = self._tokens[-1].line if self._tokens else 1
            raise PhpError(f"Parse error:  syntax error, unexpected end of file in {self._path} on line {line}")
        self._at += 1
        return self._tokens[self._at - 1]

    def _take(self, *texts: str) -> bool:
        if self._peek() in texts and self._tokens[self._at].kind != "text":
            self._at += 1
            return True
        return False

    def _expect(self, text: str) -> None:
        token = self._next()
        if token.text != text:
            shown = f'token "{token.text}"' if token.kind == "mark" else f'"{token.text}"'
            raise PhpError(f"Parse error:  syntax error, unexpected {shown} in {self._path} on line {token.line}")

    def _beyond(self, token: Token) -> PhpError:
        return PhpError(f"dockerlab does not simulate `{token.text}` of PHP, in {self._path} on line {token.line}")

    # Expressions.

    def expression(self) -> Step:
        left = self._either()
        if self._take("?"):
            if self._take(":"):
                other = self.expression()
                return lambda context: found if truth(found := left(context)) else other(context)
            then = self.expression()
            self._expect(":")
            other = self.expression()
            return lambda context: then(context) if truth(left(context)) else other(context)
        if self._take("??"):
            other = self.expression()
            return lambda context: found if (found := left(context)) is not None else other(context)
        return left

    def _either(self) -> Step:
        left = self._both()
        while self._take("||", "or"):
            left = _joined(left, self._both(), lambda a, b, context: truth(a(context)) or truth(b(context)))
        return left

    def _both(self) -> Step:
        left = self._level(0)
        while self._take("&&", "and"):
            left = _joined(left, self._level(0), lambda a, b, context: truth(a(context)) and truth(b(context)))
        return left

    def _level(self, depth: int) -> Step:
        if depth == len(_LEVELS):
            return self._unary()
        left = self._level(depth + 1)
        while self._peek() in _LEVELS[depth] and self._tokens[self._at].kind == "mark":
            apply = _LEVELS[depth][self._next().text]
            left = _joined(
                left, self._level(depth + 1), lambda a, b, context, apply=apply: apply(a(context), b(context))
            )
        return left

    def _unary(self) -> Step:
        if self._take("!"):
            value = self._unary()
            return lambda context: not truth(value(context))
        if self._take("-"):
            value = self._unary()
            return lambda context: -number(value(context))
        if self._take("@", "+"):
            return self._unary()
        return self._postfix(self._primary())

    def _primary(self) -> Step:
        token = self._next()
        if token.kind == "number":
            value = _literal(token.text)
            return lambda context: value
        if token.kind == "single":
            text = re.sub(r"\\([\\'])", r"\1", token.text[1:-1])
            return lambda context: text
        if token.kind == "double":
            return _interpolated(token.text[1:-1])
        if token.kind == "variable":
            return self._variable(token.text[1:])
        if token.text == "(":
            inner = self.expression()
            self._expect(")")
            return inner
        if token.text == "[":
            return self._array("]")
        if token.kind == "name":
            return self._named(token)
        raise PhpError(
            f'Parse error:  syntax error, unexpected token "{token.text}" in {self._path} on line {token.line}'
        )

    def _named(self, token: Token) -> Step:
        name = token.text.lstrip("\\").lower()
        if name in UNKNOWN or self._peek() in ("->", "::"):
            raise self._beyond(token)
        if name == "array" and self._take("("):
            return self._array(")")
        if name == "print":
            value = self.expression()
            return lambda context: context.say(text_of(value(context)))
        if self._take("("):
            return self._call(token, name)
        return lambda context: context.constant(token.text.lstrip("\\"))

    def _call(self, token: Token, name: str) -> Step:
        args: list[Step] = []
        while not self._take(")"):
            args.append(self.expression())
            self._take(",")
        if name not in FUNCTIONS:
            raise PhpError(f"dockerlab does not simulate {token.text}() of PHP, in {self._path} on line {token.line}")

        def run(context: Context) -> Any:
            context.spend()
            try:
                return FUNCTIONS[name](context, *(arg(context) for arg in args))
            except (TypeError, AttributeError, ValueError):
                text = f"Uncaught TypeError: {name}(): wrong arguments in {self._path}:{token.line}"
                raise PhpError(f"Fatal error:  {text}") from None

        return run

    def _array(self, end: str) -> Step:
        rows: list[tuple[Step | None, Step]] = []
        while not self._take(end):
            value: Step = self.expression()
            key: Step | None = None
            if self._take("=>"):
                key, value = value, self.expression()
            rows.append((key, value))
            self._take(",")

        def run(context: Context) -> dict[int | str, Any]:
            found: dict[int | str, Any] = {}
            for key, value in rows:
                place = _free(found) if key is None else array_key(key(context))
                found[place] = value(context)
            return found

        return run

    def _variable(self, name: str) -> Step:
        keys: list[Step | None] = []
        while self._take("["):
            keys.append(None if self._peek() == "]" else self.expression())
            self._expect("]")
        if self._peek() in ("->", "::"):
            raise self._beyond(self._tokens[self._at])
        if self._take("="):
            value = self.expression()
            return lambda context: _assign(context, name, keys, value(context))
        if self._peek() in _CHANGES:
            change, amount = _CHANGES[self._next().text], self.expression()
            return lambda context: _assign(context, name, keys, change(_look(context, name, keys), amount(context)))
        return lambda context: _look(context, name, keys)

    def _postfix(self, value: Step) -> Step:
        before = self._tokens[self._at - 1]
        if self._peek() in ("++", "--") and before.kind == "variable":
            amount = 1 if self._next().text == "++" else -1
            name = before.text[1:]

            def run(context: Context) -> Any:
                old = value(context)
                context.variables[name] = number(old) + amount
                return old

            return run
        while self._take("["):
            key = self.expression()
            self._expect("]")
            value = _joined(value, key, lambda a, b, context: _item(a(context), b(context)))
        return value


def _literal(text: str) -> int | float:
    """A number as it is written: 0x1f, 017 (octal), 1.5."""
    if text.startswith("0x"):
        return int(text, 16)
    octal = text.startswith("0") and text.isdigit() and not set(text) & {"8", "9"}
    return int(text, 8) if octal else number(text)


def _joined(left: Step, right: Step, apply: Callable[..., Any]) -> Step:
    return lambda context: apply(left, right, context)


def _item(array: Any, key: Any) -> Any:
    if isinstance(array, str):
        at = int(number(key))
        return array[at] if -len(array) <= at < len(array) else None
    return array.get(array_key(key)) if isinstance(array, dict) else None


def _free(array: Mapping[int | str, Any]) -> int:
    return max((key for key in array if isinstance(key, int)), default=-1) + 1


def _look(context: Context, name: str, keys: Sequence[Step | None]) -> Any:
    value = context.variables.get(name)
    for key in keys:
        value = _item(value, key(context)) if key else None
    return value


def _assign(context: Context, name: str, keys: Sequence[Step | None], value: Any) -> Any:
    if not keys:
        context.variables[name] = dict(value) if isinstance(value, dict) else value
        return value
    place = context.variables.setdefault(name, {})
    for at, key in enumerate(keys):
        if not isinstance(place, dict):
            raise PhpError("Fatal error:  Uncaught Error: Cannot use a scalar value as an array")
        where = array_key(key(context)) if key else _free(place)
        if at == len(keys) - 1:
            place[where] = value
        else:
            place = place.setdefault(where, {})
    return value


_PART = re.compile(r"\\(.)|\{\$(\w+)(?:\[['\"]?(\w+)['\"]?\])?\}|\$(\w+)(?:\[['\"]?(\w+)['\"]?\])?", re.DOTALL)


def _interpolated(text: str) -> Step:
    """A text in double quotes: escapes, $name, $name[key] and {$name['key']}."""

    def filled(match: re.Match[str], context: Context) -> str:
        if match[1] is not None:
            return _ESCAPES.get(match[1], f"\\{match[1]}")
        name, key = match[2] or match[4], match[3] or match[5]
        value = context.variables.get(name)
        return text_of(_item(value, key) if key is not None else value)

    return lambda context: _PART.sub(lambda match: filled(match, context), text)
