"""How evaluators call each other: a stack of generators instead of nested calls.

An evaluator is a generator. It yields another evaluator to get its value, a `Ready` for a value that is there
already, or a `Wait` for the kernel; what it returns is its value. So a script may nest a thousand calls deep, and a
wait at the bottom costs the same as one at the top.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from types import GeneratorType
from typing import Any, TypeAlias

from dockerlab.events import Wait

Evaluator: TypeAlias = Generator[Any, Any, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """A value that needs no evaluation."""

    value: Any


@dataclass(frozen=True, slots=True)
class Yielded:
    """What a generator of the script hands to its caller."""

    value: Any


def bounce(first: Evaluator) -> Generator[Wait | Yielded, Any, Any]:
    """Run an evaluator and all that it calls; yields waits, and what a generator of the script yields."""
    stack = [first]
    value: Any = None
    error: BaseException | None = None
    while stack:
        try:
            step = stack[-1].send(value) if error is None else stack[-1].throw(error)
        except StopIteration as done:
            stack.pop()
            value, error = done.value, None
            continue
        except BaseException as raised:
            stack.pop()
            value, error = None, raised
            continue
        error = None
        if isinstance(step, Ready):
            value = step.value
        elif isinstance(step, GeneratorType):
            stack.append(step)
            value = None
        else:
            value = yield step
    if error is not None:
        raise error
    return value
