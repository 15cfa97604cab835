"""awk's own functions (POSIX.1-2024, awk, "Arithmetic Functions", "String Functions")."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from dockerlab.runtime.programs import c_format
from dockerlab.runtime.programs.awk_lexer import AwkError
from dockerlab.runtime.programs.awk_nodes import Element, Expr, Field, Variable
from dockerlab.runtime.programs.awk_record import split
from dockerlab.runtime.programs.awk_values import Input, Value, number, text
from dockerlab.runtime.programs.dates import format_date
from dockerlab.world import NANOSECOND

if TYPE_CHECKING:
    from dockerlab.runtime.programs.awk_run import Interpreter

Function = Callable[["Interpreter", tuple[Expr, ...]], Value]


def sprintf(form: str, values: list[Value]) -> str:
    """printf's formatting; missing arguments count as unset."""
    rest = iter(values)

    def argument(kind: str) -> str | int | float:
        value = next(rest, Input(""))
        if kind == "d":
            return _whole(number(value))
        if kind == "f":
            return number(value)
        return chr(int(value)) if kind == "c" and isinstance(value, float) else text(value)

    try:
        return c_format.fill(form, argument)
    except c_format.FormatError:
        return form


def _whole(value: float) -> int:
    return int(value) if math.isfinite(value) else 0


def _length(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    if args and isinstance(args[0], Variable) and run.is_array(args[0].name):
        return float(len(run.array(args[0].name)))
    return float(len(text(run.value(args[0])) if args else run.record.line))


def _substr(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    whole = text(run.value(args[0]))
    # As awks of today do (POSIX's words would count the characters before the first as well).
    start = max(round(number(run.value(args[1]))), 1)
    end = start + round(number(run.value(args[2]))) if len(args) > 2 else len(whole) + 1
    return whole[start - 1 : max(end - 1, 0)]


def _index(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    return float(text(run.value(args[0])).find(text(run.value(args[1]))) + 1)


def _split(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    if not isinstance(args[1], Variable):
        raise AwkError("split's second argument is no array")
    line = text(run.value(args[0]))
    separator = run.pattern_text(args[2]) if len(args) > 2 else text(run.get("FS"))
    parts = split(line, separator)
    array = run.array(args[1].name)
    array.clear()
    array.update((str(at), Input(part)) for at, part in enumerate(parts, start=1))
    return float(len(parts))


def _substitute(run: Interpreter, args: tuple[Expr, ...], *, everywhere: bool) -> Value:
    target: Expr = args[2] if len(args) > 2 else Field(run.zero)
    pattern = run.pattern(args[0])
    replacement = text(run.value(args[1]))

    def put(found: re.Match[str]) -> str:
        return re.sub(r"\\(\\|&)|&", lambda mark: mark[1] or found[0], replacement)

    changed, times = pattern.subn(put, text(run.value(target)), count=0 if everywhere else 1)
    if times and isinstance(target, Field | Variable | Element):
        run.assign(target, changed)
    return float(times)


def _match(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    found = run.pattern(args[1]).search(text(run.value(args[0])))
    run.set("RSTART", float(found.start() + 1 if found else 0))
    run.set("RLENGTH", float(len(found[0]) if found else -1))
    return run.get("RSTART")


def _sprintf(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    values = [run.value(arg) for arg in args]
    return sprintf(text(values[0]), values[1:])


def _rand(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    """A linear congruential generator (Numerical Recipes' constants): the same numbers in every lab."""
    run.seed = (run.seed * 1_664_525 + 1_013_904_223) % (1 << 32)
    return run.seed / (1 << 32)


def _srand(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    before, run.start_seed = run.start_seed, _whole(number(run.value(args[0]))) if args else _now(run)
    run.seed = run.start_seed
    return float(before)


def _now(run: Interpreter) -> int:
    return run.proc.kernel.clock.now // NANOSECOND


def _strftime(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    form = text(run.value(args[0])) if args else "%c"
    moment = _whole(number(run.value(args[1]))) if len(args) > 1 else _now(run)
    return format_date(form, moment * NANOSECOND)


def _of_number(compute: Callable[[float], float]) -> Function:
    def function(run: Interpreter, args: tuple[Expr, ...]) -> Value:
        try:
            return compute(number(run.value(args[0])))
        except (ValueError, OverflowError):
            return float("nan")

    return function


def _of_text(compute: Callable[[str], Value]) -> Function:
    return lambda run, args: compute(text(run.value(args[0])))


def _atan2(run: Interpreter, args: tuple[Expr, ...]) -> Value:
    return math.atan2(number(run.value(args[0])), number(run.value(args[1])))


BUILTINS: dict[str, Function] = {
    "length": _length,
    "substr": _substr,
    "index": _index,
    "split": _split,
    "sub": lambda run, args: _substitute(run, args, everywhere=False),
    "gsub": lambda run, args: _substitute(run, args, everywhere=True),
    "match": _match,
    "sprintf": _sprintf,
    "tolower": _of_text(str.lower),
    "toupper": _of_text(str.upper),
    "int": _of_number(lambda value: float(math.trunc(value))),
    "sqrt": _of_number(math.sqrt),
    "exp": _of_number(math.exp),
    "log": _of_number(math.log),
    "sin": _of_number(math.sin),
    "cos": _of_number(math.cos),
    "atan2": _atan2,
    "rand": _rand,
    "srand": _srand,
    "systime": lambda run, args: float(_now(run)),
    "strftime": _strftime,
    "system": lambda run, args: float(run.streams.system(text(run.value(args[0])))),
    "close": lambda run, args: float(run.streams.close(text(run.value(args[0])))),
    "fflush": lambda run, args: 0.0,
}
