"""Exceptions (Language Reference, 4.3, 7.8 and 8.4): raise and try."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import Any

from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.expressions import Expressions
from dockerlab.runtime.python.frames import Frame, remember
from dockerlab.runtime.python.objects import Class, Instance, ScriptError
from dockerlab.runtime.python.trampoline import Evaluator


class Exceptions(Expressions):
    """Raises exceptions and handles them."""

    def block(self, nodes: Sequence[ast.stmt], frame: Frame) -> Evaluator:
        """Run statements; see `Statements`."""
        raise NotImplementedError

    def _Raise(self, node: ast.Raise, frame: Frame) -> Evaluator:
        if node.exc is None:
            if frame.handling is None:
                raise RuntimeError("No active exception to reraise")
            raise frame.handling
        error = yield self._raised((yield self.expression(node.exc, frame)))
        frame.node = node
        if node.cause is not None:
            cause = yield self.expression(node.cause, frame)
            error.__dict__["lab_cause"] = None if cause is None else (yield self._raised(cause))
            error.__dict__["lab_quiet"] = True
            frame.node = node
        raise error

    def _raised(self, value: Any) -> Evaluator:
        """The exception to raise for what stands behind `raise`."""
        if (isinstance(value, type) and issubclass(value, BaseException)) or isinstance(value, Class):
            value = yield self.call(value, [], {})
        if isinstance(value, Instance) and value.cls.is_exception:
            return value.names.setdefault("__thrown__", ScriptError(value))
        if not isinstance(value, BaseException):
            raise TypeError("exceptions must derive from BaseException")
        return value

    def _Try(self, node: ast.Try, frame: Frame) -> Evaluator:
        # No `finally` of Python's here: when the process is killed the script's blocks must not run.
        try:
            left = yield self._guarded_block(node, frame)
        except (Exception, SystemExit, KeyboardInterrupt):
            instead = yield self.block(node.finalbody, frame)
            if instead is not None:
                return instead
            raise
        instead = yield self.block(node.finalbody, frame)
        return left if instead is None else instead

    def _guarded_block(self, node: ast.Try, frame: Frame) -> Evaluator:
        try:
            left = yield self.block(node.body, frame)
        except NotSimulatedError:
            raise
        except (Exception, SystemExit, KeyboardInterrupt) as error:
            return (yield self._handled(node, error, frame))
        return left if left is not None else (yield self.block(node.orelse, frame))

    def _handled(self, node: ast.Try, error: BaseException, frame: Frame) -> Evaluator:
        """Run the first handler that fits; without one the exception goes on."""
        caught = thrown(error)
        place = frame.node
        remember(error, frame)
        for handler in node.handlers:
            if handler.type is not None and not matches(error, (yield self.expression(handler.type, frame))):
                continue
            return (yield self._handler(handler, error, caught, frame))
        frame.node = place
        raise error

    def _handler(self, handler: ast.ExceptHandler, error: BaseException, caught: Any, frame: Frame) -> Evaluator:
        before, frame.handling = frame.handling, error
        if handler.name:
            frame.scope.set(handler.name, caught)
        try:
            return (yield self.block(handler.body, frame))
        except Exception as new:
            if new is not error:
                _stand_before(error, new)
            raise
        finally:
            frame.handling = before
            if handler.name:
                frame.scope.names.pop(handler.name, None)


def _stand_before(old: BaseException, new: BaseException) -> None:
    """An exception in a handler: the one that was handled stands before it in the traceback."""
    if not new.__dict__.get("lab_quiet"):
        new.__dict__.setdefault("lab_context", old)


def thrown(error: BaseException) -> Any:
    """What a handler gets for an exception."""
    if isinstance(error, ScriptError):
        return error.instance
    return error


def matches(error: BaseException, wanted: Any) -> bool:
    """Whether a handler's class, or one of a row, fits."""
    if isinstance(wanted, tuple):
        return any(matches(error, each) for each in wanted)
    if isinstance(error, ScriptError):
        return error.instance.cls.derives_from(wanted)
    return isinstance(wanted, type) and isinstance(error, wanted)
