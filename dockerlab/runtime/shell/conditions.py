"""bash's `[[ … ]]`: words that are not split, patterns on the right of `==`, regular expressions behind `=~`."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.checks import NUMBERS, TEXTS, UNARY
from dockerlab.runtime.shell.expansion import expand_pattern, expand_text
from dockerlab.runtime.shell.patterns import matcher
from dockerlab.runtime.shell.state import Shell
from dockerlab.runtime.shell.syntax import Test, Word
from dockerlab.runtime.shell.trace import trace

Answer: TypeAlias = Generator[Wait, Any, bool]


def run_test(shell: Shell, test: Test | Word) -> Answer:
    """The truth of a condition; `&&` and `||` stop early."""
    assert isinstance(test, Test)
    operator, operands = test.operator, test.operands
    if operator == "!":
        return not (yield from run_test(shell, operands[0]))
    if operator in ("&&", "||"):
        left = yield from run_test(shell, operands[0])
        return (yield from run_test(shell, operands[1])) if left == (operator == "&&") else left
    words = [word for word in operands if isinstance(word, Word)]
    first = yield from expand_text(shell, words[0], tilde="word")
    if len(words) == 1:
        trace(shell, f"[[ {operator or '-n'} {first} ]]")
        return UNARY[operator or "-n"](shell, first)
    return (yield from _binary(shell, operator, first, words[1]))


def _binary(shell: Shell, operator: str, left: str, word: Word) -> Answer:
    if operator == "=~":
        return (yield from _search(shell, left, word))
    if operator in ("=", "==", "!="):
        runs = yield from expand_pattern(shell, word)
        trace(shell, f"[[ {left or chr(39) * 2} {operator} {''.join(text for text, _ in runs)} ]]")
        return bool(matcher(runs).fullmatch(left)) == (operator != "!=")
    right = yield from expand_text(shell, word, tilde="word")
    trace(shell, f"[[ {left} {operator} {right} ]]")
    if operator in NUMBERS:
        return NUMBERS[operator](evaluate(left, shell.variables), evaluate(right, shell.variables))
    return TEXTS[operator](shell, left, right)


def _search(shell: Shell, left: str, word: Word) -> Answer:
    """`=~`: what matched is in BASH_REMATCH."""
    runs = yield from expand_pattern(shell, word)
    text = "".join(re.escape(text) if quoted else _python_classes(text) for text, quoted in runs)
    match = re.search(text, left)
    groups = [match[0], *(group or "" for group in match.groups())] if match else []
    shell.variables.set("BASH_REMATCH", {str(number): group for number, group in enumerate(groups)})
    return match is not None


def _python_classes(text: str) -> str:
    """A POSIX extended regular expression in Python's notation."""
    names = {"alnum": "A-Za-z0-9", "alpha": "A-Za-z", "digit": "0-9", "space": r"\s", "lower": "a-z", "upper": "A-Z"}
    return re.sub(r"\[:(\w+):\]", lambda match: names.get(match[1], ""), text)
