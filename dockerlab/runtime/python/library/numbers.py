"""math, random, statistics, secrets. Chance is the lab's: the same in every run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable
from typing import Any

from dockerlab.runtime.python.library import natives, plain

_MATH = (
    "acos asin atan atan2 ceil cos degrees dist exp fabs floor fmod gcd hypot isclose isfinite isinf isnan isqrt lcm "
    "log log10 log2 pow radians sin sqrt tan trunc"
)
MOST_FACTORIAL = 2000


def _factorial(_: Any, number: int) -> int:
    if number > MOST_FACTORIAL:
        raise MemoryError
    return math.factorial(number)


def _math(interpreter: Any) -> dict[str, Any]:
    numbers = {"e": math.e, "inf": math.inf, "nan": math.nan, "pi": math.pi, "tau": math.tau}
    product = {"factorial": _factorial, "prod": lambda _, row: math.prod(row), "fsum": lambda _, row: math.fsum(row)}
    return {**numbers, **plain(math, _MATH), **natives(product)}


def _random(interpreter: Any) -> dict[str, Any]:
    chance = interpreter.chance
    names = "choice choices expovariate gauss getrandbits randint random randrange sample seed shuffle uniform"

    def function(name: str) -> Callable[..., Any]:
        return lambda _, *given, **named: getattr(chance, name)(*given, **named)

    return natives({name: function(name) for name in names.split()})


def _secrets(interpreter: Any) -> dict[str, Any]:
    chance = interpreter.chance
    return natives(
        {
            "choice": lambda _, row: chance.choice(row),
            "randbelow": lambda _, end: chance.randrange(end),
            "token_hex": lambda _, size=32: f"{chance.getrandbits(8 * size):0{2 * size}x}",
        },
    )


MODULES: dict[str, Callable[[Any], dict[str, Any]]] = {
    "math": _math,
    "random": _random,
    "secrets": _secrets,
    "statistics": lambda _: plain(statistics, "mean median mode pstdev stdev variance"),
}
