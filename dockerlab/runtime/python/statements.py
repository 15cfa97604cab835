"""Statements (Language Reference, chapters 7 and 8): one evaluator for each kind of node.

A statement returns None, or how it leaves the block that it stands in: BREAK, CONTINUE, or what it returns.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.exceptions import Exceptions, thrown
from dockerlab.runtime.python.expressions import names_of
from dockerlab.runtime.python.frames import Frame
from dockerlab.runtime.python.iteration import END
from dockerlab.runtime.python.objects import Class, Function
from dockerlab.runtime.python.scopes import Scope
from dockerlab.runtime.python.trampoline import Evaluator


@dataclass(frozen=True)
class Returned:
    """`return`, with its value."""

    value: Any


BREAK, CONTINUE = object(), object()


class Statements(Exceptions):
    """Runs statements; the methods carry the names of their nodes."""

    def block(self, nodes: Sequence[ast.stmt], frame: Frame) -> Evaluator:
        """Run statements until one of them leaves the block."""
        for node in nodes:
            frame.node = node
            yield self.step()
            visit: Callable[[Any, Frame], Evaluator] | None = getattr(self, f"_{type(node).__name__}", None)
            if visit is None:
                raise NotSimulatedError(f"'{type(node).__name__}'")
            left = yield visit(node, frame)
            if left is not None:
                return left
        return None

    def run_body(self, function: Function, frame: Frame) -> Evaluator:
        """A function's statements, or a lambda's expression."""
        if isinstance(function.body, ast.expr):
            return (yield self.expression(function.body, frame))
        left = yield self.block(function.body, frame)
        return left.value if isinstance(left, Returned) else None

    # Simple statements.

    def _Expr(self, node: ast.Expr, frame: Frame) -> Evaluator:
        yield self.expression(node.value, frame)

    def _Pass(self, node: ast.Pass, frame: Frame) -> Evaluator:
        yield from ()

    def _Break(self, node: ast.Break, frame: Frame) -> Evaluator:
        yield from ()
        return BREAK

    def _Continue(self, node: ast.Continue, frame: Frame) -> Evaluator:
        yield from ()
        return CONTINUE

    def _Return(self, node: ast.Return, frame: Frame) -> Evaluator:
        return Returned((yield self.expression(node.value, frame)) if node.value else None)

    def _Assign(self, node: ast.Assign, frame: Frame) -> Evaluator:
        value = yield self.expression(node.value, frame)
        for target in node.targets:
            yield self.assign(target, value, frame)

    def _AnnAssign(self, node: ast.AnnAssign, frame: Frame) -> Evaluator:
        if frame.scope.is_class and isinstance(node.target, ast.Name):
            frame.scope.names.setdefault("__annotations__", {})[node.target.id] = ast.unparse(node.annotation)
        if node.value is not None:
            yield self.assign(node.target, (yield self.expression(node.value, frame)), frame)

    def _AugAssign(self, node: ast.AugAssign, frame: Frame) -> Evaluator:
        old = yield self.expression(_loaded(node.target), frame)
        value = yield self.expression(node.value, frame)
        frame.node = node
        name = type(node.op).__name__
        if isinstance(old, list) and name == "Add":
            row = yield self.listed(value)
            yield self.call((yield self.attribute(old, "extend")), [row], {})
            new: Any = old
        elif isinstance(old, set | dict) and name == "BitOr":
            old.update(value)
            new = old
        else:
            new = yield self.binary(name, old, value)
        yield self.assign(node.target, new, frame)

    def _Delete(self, node: ast.Delete, frame: Frame) -> Evaluator:
        for target in node.targets:
            if isinstance(target, ast.Name):
                frame.scope.delete(target.id)
            elif isinstance(target, ast.Attribute):
                self.delete_attribute((yield self.expression(target.value, frame)), target.attr)
            elif isinstance(target, ast.Subscript):
                owner = yield self.expression(target.value, frame)
                yield self.delete_item(owner, (yield self.expression(target.slice, frame)))

    def _Global(self, node: ast.Global, frame: Frame) -> Evaluator:
        frame.scope.declared.update(dict.fromkeys(node.names, frame.scope.module))
        yield from ()

    def _Nonlocal(self, node: ast.Nonlocal, frame: Frame) -> Evaluator:
        for name in node.names:
            holder = frame.scope.holder(name)
            if holder is None:
                raise SyntaxError(f"no binding for nonlocal '{name}' found")
            frame.scope.declared[name] = holder
        yield from ()

    def _Assert(self, node: ast.Assert, frame: Frame) -> Evaluator:
        if not (yield self.truth((yield self.expression(node.test, frame)))):
            message = [(yield self.expression(node.msg, frame))] if node.msg else []
            frame.node = node.test
            raise AssertionError(*message)

    def _Import(self, node: ast.Import, frame: Frame) -> Evaluator:
        for alias in node.names:
            module = yield self.import_module(alias.name, frame)
            top = alias.name.partition(".")[0]
            if not alias.asname and top != alias.name:
                module = yield self.import_module(top, frame)
            frame.scope.set(alias.asname or top, module)

    def _ImportFrom(self, node: ast.ImportFrom, frame: Frame) -> Evaluator:
        yield self.import_names(node, frame)

    def import_module(self, name: str, frame: Frame) -> Evaluator:
        """A module by its full name; see `Imports`."""
        raise NotImplementedError

    def import_names(self, node: ast.ImportFrom, frame: Frame) -> Evaluator:
        """`from … import …`; see `Imports`."""
        raise NotImplementedError

    # Compound statements.

    def _If(self, node: ast.If, frame: Frame) -> Evaluator:
        truth = yield self.truth((yield self.expression(node.test, frame)))
        return (yield self.block(node.body if truth else node.orelse, frame))

    def _While(self, node: ast.While, frame: Frame) -> Evaluator:
        while (yield self.truth((yield self.expression(node.test, frame)))):
            yield self.step()
            left = yield self.block(node.body, frame)
            if left is BREAK:
                return None
            if isinstance(left, Returned):
                return left
        return (yield self.block(node.orelse, frame))

    def _For(self, node: ast.For, frame: Frame) -> Evaluator:
        row = yield self.expression(node.iter, frame)
        frame.node = node.iter
        iterator = yield self.iterator(row)
        while (value := (yield self.advance(iterator))) is not END:
            yield self.assign(node.target, value, frame)
            left = yield self.block(node.body, frame)
            if left is BREAK:
                return None
            if isinstance(left, Returned):
                return left
            frame.node = node.iter
        return (yield self.block(node.orelse, frame))

    def _With(self, node: ast.With, frame: Frame) -> Evaluator:
        return (yield self._with(node.items, node.body, frame))

    def _with(self, items: Sequence[ast.withitem], body: Sequence[ast.stmt], frame: Frame) -> Evaluator:
        if not items:
            return (yield self.block(body, frame))
        first, *rest = items
        manager = yield self.expression(first.context_expr, frame)
        enter = yield self._manager_method(manager, "__enter__")
        leave = yield self._manager_method(manager, "__exit__")
        value = yield self.call(enter, [], {})
        if first.optional_vars is not None:
            yield self.assign(first.optional_vars, value, frame)
        try:
            left = yield self._with(rest, body, frame)
        except Exception as error:
            caught = thrown(error)
            swallow = yield self.call(leave, [type(caught), caught, None], {})
            if not (yield self.truth(swallow)):
                raise
            return None
        yield self.call(leave, [None, None, None], {})
        return left

    def _manager_method(self, manager: Any, name: str) -> Evaluator:
        try:
            return (yield self.attribute(manager, name))
        except AttributeError:
            kind = self.type_name(manager)
            raise TypeError(f"'{kind}' object does not support the context manager protocol") from None

    def _FunctionDef(self, node: ast.FunctionDef, frame: Frame) -> Evaluator:
        decorators = yield self.expressions(node.decorator_list, frame)
        function = yield self.function(node.name, node.args, node.body, frame)
        function.names["__doc__"] = ast.get_docstring(node)
        for decorator in reversed(decorators):
            function = yield self.call(decorator, [function], {})
        frame.scope.set(node.name, function)

    def _ClassDef(self, node: ast.ClassDef, frame: Frame) -> Evaluator:
        decorators = yield self.expressions(node.decorator_list, frame)
        bases = yield self.expressions(node.bases, frame)
        scope = Scope(frame.scope.builtins, frame.scope, is_class=True, path=f"{frame.scope.path}{node.name}.")
        scope.names["__doc__"] = ast.get_docstring(node)
        local, _ = names_of(node.body)
        yield self.block(node.body, Frame(node.name, scope, frame.source, node))
        cls = self._class(node.name, bases, scope.names)
        cls.module = str(scope.module.names.get("__name__", "__main__"))
        for each in scope.names.values():
            for function in (each, getattr(each, "function", None), getattr(each, "getter", None)):
                if isinstance(function, Function) and function.owner is None:
                    function.owner = cls
        made = getattr(cls.foundation, "class_made", None)
        result: Any = (yield made(self, cls, local)) if made is not None else cls
        for decorator in reversed(decorators):
            result = yield self.call(decorator, [result], {})
        frame.scope.set(node.name, result)

    @staticmethod
    def _class(name: str, bases: Sequence[Any], names: dict[str, Any]) -> Class:
        foundation = None
        for base in bases:
            if (isinstance(base, type) and issubclass(base, BaseException)) or hasattr(base, "attributes"):
                foundation = base
            elif not isinstance(base, Class) and base is not object:
                raise NotSimulatedError(f"classes that derive from {getattr(base, '__name__', base)}")
        return Class(name, [base for base in bases if isinstance(base, Class)], names, foundation)


def _loaded(target: ast.expr) -> ast.expr:
    """The target of an augmented assignment, as an expression to read."""
    return ast.copy_location(type(target)(**{**dict(ast.iter_fields(target)), "ctx": ast.Load()}), target)
