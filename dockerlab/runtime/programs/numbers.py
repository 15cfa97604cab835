"""expr, test and factor: small languages of the command line (POSIX.1-2024)."""

from __future__ import annotations

from collections.abc import Callable

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.conditions import ConditionError, evaluate
from dockerlab.runtime.programs.messages import ProgramFailure, complain, is_busybox, missing_operand, name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.regex import PatternError, compile_pattern
from dockerlab.runtime.programs.registry import program

TROUBLE = 2


@program("test", "[", "[[", raw=True)
def test(proc: Process, args: Arguments) -> int:
    """0 when the expression is true, 1 when it is false, 2 when it is none."""
    words = args.operands
    if name_of(proc) in ("[", "[["):
        closing = "]" * len(name_of(proc))
        if words[-1:] != [closing]:
            return complain(proc, f"missing {closing}" if is_busybox(proc) else f"missing '{closing}'", TROUBLE)
        words = words[:-1]
    try:
        return 0 if evaluate(proc, words) else 1
    except ConditionError as error:
        return complain(proc, str(error), TROUBLE)


class Expression:
    """expr's words, read from left to right; binding grows from '|' to ':'."""

    LEVELS = (("|",), ("&",), ("<", "<=", "=", "==", "!=", ">=", ">"), ("+", "-"), ("*", "/", "%"), (":",))

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.at = 0

    def value(self, level: int = 0) -> str:
        """The value of the operators of a level and all that bind tighter."""
        if level == len(self.LEVELS):
            return self._primary()
        left = self.value(level + 1)
        while self.at < len(self.words) and self.words[self.at] in self.LEVELS[level]:
            operator = self.words[self.at]
            self.at += 1
            left = OPERATORS[operator](left, self.value(level + 1))
        return left

    def _next(self) -> str:
        if self.at >= len(self.words):
            last = self.words[-1] if self.words else ""
            raise ProgramFailure(f"syntax error: missing argument after '{last}'", busybox="syntax error", code=TROUBLE)
        self.at += 1
        return self.words[self.at - 1]

    def _primary(self) -> str:
        word = self._next()
        if word == "(":
            value = self.value()
            if self._next() != ")":
                raise ProgramFailure("syntax error: expecting ')'", busybox="syntax error", code=TROUBLE)
            return value
        if word in FUNCTIONS and self.at < len(self.words):
            count, function = FUNCTIONS[word]
            return function(*[self._primary() for _ in range(count)])
        return self._next() if word == "+" and self.at < len(self.words) else word


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ProgramFailure("non-integer argument", busybox="non-numeric argument", code=TROUBLE) from None


def _arithmetic(compute: Callable[[int, int], int]) -> Callable[[str, str], str]:
    def operator(left: str, right: str) -> str:
        try:
            return str(compute(_number(left), _number(right)))
        except ZeroDivisionError:
            raise ProgramFailure("division by zero", code=TROUBLE) from None

    return operator


def _divide(left: int, right: int) -> int:
    """Division towards zero, as C divides."""
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


def _compared(judge: Callable[[int], bool]) -> Callable[[str, str], str]:
    def operator(left: str, right: str) -> str:
        try:
            one, other = int(left), int(right)
            order = (one > other) - (one < other)
        except ValueError:
            order = (left > right) - (left < right)
        return str(int(judge(order)))

    return operator


def _match(text: str, pattern: str) -> str:
    """text : pattern, from the start: the first group, or how long the match is."""
    try:
        compiled = compile_pattern(pattern)
    except PatternError as error:
        raise ProgramFailure(str(error), code=TROUBLE) from None
    found = compiled.match(text)
    if compiled.groups:
        return (found[1] or "") if found else ""
    return str(len(found[0]) if found else 0)


def _index(text: str, chars: str) -> str:
    return str(next((at for at, char in enumerate(text, start=1) if char in chars), 0))


def _substr(text: str, start: str, length: str) -> str:
    first, count = _number(start), _number(length)
    return text[first - 1 : first - 1 + count] if first > 0 and count > 0 else ""


def _nothing(text: str) -> bool:
    return text == "" or (text.lstrip("-").strip("0") == "" and text not in ("-", ""))


OPERATORS: dict[str, Callable[[str, str], str]] = {
    "|": lambda left, right: left if not _nothing(left) else right if not _nothing(right) else "0",
    "&": lambda left, right: left if not _nothing(left) and not _nothing(right) else "0",
    "<": _compared(lambda order: order < 0),
    "<=": _compared(lambda order: order <= 0),
    "=": _compared(lambda order: order == 0),
    "==": _compared(lambda order: order == 0),
    "!=": _compared(lambda order: order != 0),
    ">=": _compared(lambda order: order >= 0),
    ">": _compared(lambda order: order > 0),
    "+": _arithmetic(lambda left, right: left + right),
    "-": _arithmetic(lambda left, right: left - right),
    "*": _arithmetic(lambda left, right: left * right),
    "/": _arithmetic(_divide),
    "%": _arithmetic(lambda left, right: left - right * _divide(left, right)),
    ":": _match,
}
FUNCTIONS: dict[str, tuple[int, Callable[..., str]]] = {
    "length": (1, lambda text: str(len(text))),
    "match": (2, _match),
    "index": (2, _index),
    "substr": (3, _substr),
}


@program("expr", raw=True, usage="EXPRESSION", usage_code=TROUBLE)
def expr(proc: Process, args: Arguments) -> int:
    """Print what an expression is worth; 1 when that is nothing or 0."""
    words = args.operands
    if not words:
        if is_busybox(proc):
            return complain(proc, "too few arguments", TROUBLE)
        raise missing_operand()
    expression = Expression(words)
    value = expression.value()
    if expression.at < len(words):
        text = f"syntax error: unexpected argument '{words[expression.at]}'"
        raise ProgramFailure(text, busybox="syntax error", code=TROUBLE)
    proc.out(f"{value}\n")
    return 1 if _nothing(value) else 0


@program("factor", usage="[NUMBER]...")
def factor(proc: Process, args: Arguments) -> int:
    """Print the prime factors of numbers."""
    for text in args.operands:
        if not text.isdigit() or len(text) > 12:
            raise ProgramFailure(f"'{text}' is not a valid positive integer")
        rest, prime, found = int(text), 2, []
        while prime * prime <= rest:
            while rest % prime == 0:
                found.append(prime)
                rest //= prime
            prime += 1
        factors = [*found, rest] if rest > 1 else found
        proc.out(f"{text}:{''.join(f' {each}' for each in factors)}\n")
    return 0
