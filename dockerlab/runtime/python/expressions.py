"""Expressions (Language Reference, chapter 6): one evaluator for each kind of node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from typing import Any

from dockerlab.runtime.python.calls import Calls
from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.frames import Frame
from dockerlab.runtime.python.iteration import END
from dockerlab.runtime.python.objects import Function
from dockerlab.runtime.python.scopes import Scope
from dockerlab.runtime.python.trampoline import Evaluator, Ready, Yielded
from dockerlab.runtime.python.values import COMPARE, UNARY, formatted

_CONVERSIONS = {ord("r"): "repr", ord("a"): "ascii"}


class Expressions(Calls):
    """Evaluates expressions. `expression` is the entrance; the other methods carry the names of their nodes."""

    def expression(self, node: ast.expr, frame: Frame) -> Evaluator | Ready:
        """An expression's value, to be yielded to the trampoline."""
        if isinstance(node, ast.Constant):
            return Ready(node.value)
        if isinstance(node, ast.Name):
            frame.node = node
            return Ready(frame.scope.get(node.id))
        visit: Callable[[Any, Frame], Evaluator] | None = getattr(self, f"_{type(node).__name__}", None)
        if visit is None:
            raise NotSimulatedError(f"'{type(node).__name__}'")
        return visit(node, frame)

    def expressions(self, nodes: Sequence[ast.expr], frame: Frame) -> Evaluator:
        """The values of several, with `*rows` spread out."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values += yield self.listed((yield self.expression(node.value, frame)))
            else:
                values.append((yield self.expression(node, frame)))
        return values

    # Operators.

    def _BinOp(self, node: ast.BinOp, frame: Frame) -> Evaluator:
        left = yield self.expression(node.left, frame)
        right = yield self.expression(node.right, frame)
        frame.node = node
        return (yield self.binary(type(node.op).__name__, left, right))

    def _UnaryOp(self, node: ast.UnaryOp, frame: Frame) -> Evaluator:
        value = yield self.expression(node.operand, frame)
        frame.node = node
        if isinstance(node.op, ast.Not):
            return not (yield self.truth(value))
        return UNARY[type(node.op).__name__](value)

    def _BoolOp(self, node: ast.BoolOp, frame: Frame) -> Evaluator:
        wanted = isinstance(node.op, ast.Or)
        value = None
        for each in node.values:
            value = yield self.expression(each, frame)
            if (yield self.truth(value)) is wanted:
                break
        return value

    def _Compare(self, node: ast.Compare, frame: Frame) -> Evaluator:
        left = yield self.expression(node.left, frame)
        result: Any = True
        for operator, right_node in zip(node.ops, node.comparators, strict=True):
            right = yield self.expression(right_node, frame)
            frame.node = node
            result = yield self.compare(type(operator).__name__, left, right)
            if not (yield self.truth(result)):
                break
            left = right
        return result

    def _IfExp(self, node: ast.IfExp, frame: Frame) -> Evaluator:
        truth = yield self.truth((yield self.expression(node.test, frame)))
        return (yield self.expression(node.body if truth else node.orelse, frame))

    def _NamedExpr(self, node: ast.NamedExpr, frame: Frame) -> Evaluator:
        value = yield self.expression(node.value, frame)
        frame.scope.set(node.target.id, value)
        return value

    # Rows and tables.

    def _List(self, node: ast.List, frame: Frame) -> Evaluator:
        return (yield self.expressions(node.elts, frame))

    def _Tuple(self, node: ast.Tuple, frame: Frame) -> Evaluator:
        return tuple((yield self.expressions(node.elts, frame)))

    def _Set(self, node: ast.Set, frame: Frame) -> Evaluator:
        return set((yield self.expressions(node.elts, frame)))

    def _Dict(self, node: ast.Dict, frame: Frame) -> Evaluator:
        table: dict[Any, Any] = {}
        for key, value_node in zip(node.keys, node.values, strict=True):
            if key is None:
                table.update((yield self.expression(value_node, frame)))
                continue
            name = yield self.expression(key, frame)
            table[name] = yield self.expression(value_node, frame)
        return table

    def _Subscript(self, node: ast.Subscript, frame: Frame) -> Evaluator:
        owner = yield self.expression(node.value, frame)
        key = yield self.expression(node.slice, frame)
        frame.node = node
        return (yield self.item(owner, key))

    def _Slice(self, node: ast.Slice, frame: Frame) -> Evaluator:
        ends = []
        for each in (node.lower, node.upper, node.step):
            ends.append(None if each is None else (yield self.expression(each, frame)))
        return slice(*ends)

    # Texts.

    def _JoinedStr(self, node: ast.JoinedStr, frame: Frame) -> Evaluator:
        pieces = []
        for each in node.values:
            pieces.append((yield self.expression(each, frame)))
        return "".join(pieces)

    def _FormattedValue(self, node: ast.FormattedValue, frame: Frame) -> Evaluator:
        value = yield self.expression(node.value, frame)
        spec = (yield self.expression(node.format_spec, frame)) if node.format_spec else ""
        frame.node = node
        if node.conversion in _CONVERSIONS:
            value = yield self.shown(value)
        if node.conversion == ord("s") or not spec:
            value = yield self.text(value)
        return formatted(value, spec)

    # Names, calls, functions.

    def _Attribute(self, node: ast.Attribute, frame: Frame) -> Evaluator:
        owner = yield self.expression(node.value, frame)
        frame.node = node
        return (yield self.attribute(owner, node.attr))

    def _Call(self, node: ast.Call, frame: Frame) -> Evaluator:
        function = yield self.expression(node.func, frame)
        given = yield self.expressions(node.args, frame)
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = yield self.expression(keyword.value, frame)
            named.update({keyword.arg: value} if keyword.arg else value)
        frame.node = node
        return (yield self.call(function, given, named, frame))

    def _Lambda(self, node: ast.Lambda, frame: Frame) -> Evaluator:
        return (yield self.function("<lambda>", node.args, node.body, frame))

    def function(
        self, name: str, arguments: ast.arguments, body: Sequence[ast.stmt] | ast.expr, frame: Frame
    ) -> Evaluator:
        """A new function, its defaults evaluated now."""
        defaults = yield self.expressions(arguments.defaults, frame)
        named = {}
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
            if default is not None:
                named[argument.arg] = yield self.expression(default, frame)
        nodes = body if isinstance(body, Sequence) else [body]
        local, generates = names_of(nodes, arguments)
        made = Function(name, arguments, body, frame.scope, frame.source, defaults, named, local, generates)
        made.path = frame.scope.path
        return made

    def _Yield(self, node: ast.Yield, frame: Frame) -> Evaluator:
        value = (yield self.expression(node.value, frame)) if node.value else None
        return (yield Yielded(value))

    def _YieldFrom(self, node: ast.YieldFrom, frame: Frame) -> Evaluator:
        iterator = yield self.iterator((yield self.expression(node.value, frame)))
        while (value := (yield self.advance(iterator))) is not END:
            yield Yielded(value)
        return getattr(iterator, "result", None)

    # Comprehensions: each has a scope of its own; the first row is evaluated outside (6.2.4).

    def _ListComp(self, node: ast.ListComp, frame: Frame) -> Evaluator:
        values: list[Any] = []
        yield self._comprehension(node, frame, lambda inner: self._append(values, node.elt, inner))
        return values

    def _SetComp(self, node: ast.SetComp, frame: Frame) -> Evaluator:
        values: list[Any] = []
        yield self._comprehension(node, frame, lambda inner: self._append(values, node.elt, inner))
        return set(values)

    def _DictComp(self, node: ast.DictComp, frame: Frame) -> Evaluator:
        table: dict[Any, Any] = {}
        yield self._comprehension(node, frame, lambda inner: self._enter(table, node, inner))
        return table

    def _GeneratorExp(self, node: ast.GeneratorExp, frame: Frame) -> Evaluator:
        first = yield self.iterator((yield self.expression(node.generators[0].iter, frame)))
        body = self._loops(node.generators, _inner(frame), lambda inner: self._hand_out(node.elt, inner), first)
        return self.generator("<genexpr>", body)

    def _append(self, values: list[Any], node: ast.expr, frame: Frame) -> Evaluator:
        values.append((yield self.expression(node, frame)))

    def _enter(self, table: dict[Any, Any], node: ast.DictComp, frame: Frame) -> Evaluator:
        key = yield self.expression(node.key, frame)
        table[key] = yield self.expression(node.value, frame)

    def _hand_out(self, node: ast.expr, frame: Frame) -> Evaluator:
        yield Yielded((yield self.expression(node, frame)))

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp, frame: Frame, body: Callable[[Frame], Evaluator]
    ) -> Evaluator:
        first = yield self.iterator((yield self.expression(node.generators[0].iter, frame)))
        yield self._loops(node.generators, _inner(frame), body, first)

    def _loops(
        self,
        generators: Sequence[ast.comprehension],
        frame: Frame,
        body: Callable[[Frame], Evaluator],
        iterator: Any = None,
    ) -> Evaluator:
        first, *rest = generators
        if iterator is None:
            iterator = yield self.iterator((yield self.expression(first.iter, frame)))
        while (value := (yield self.advance(iterator))) is not END:
            yield self.step()
            yield self.assign(first.target, value, frame)
            if (yield self._holds(first.ifs, frame)):
                yield self._loops(rest, frame, body) if rest else body(frame)

    def _holds(self, tests: Sequence[ast.expr], frame: Frame) -> Evaluator:
        for test in tests:
            if not (yield self.truth((yield self.expression(test, frame)))):
                return False
        return True

    # Assignment to what an expression names.

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> Evaluator:
        """Bind a target: a name, an attribute, an item, or a row of these."""
        if isinstance(target, ast.Name):
            frame.scope.set(target.id, value)
        elif isinstance(target, ast.Tuple | ast.List):
            yield self._unpack(target.elts, value, frame)
        elif isinstance(target, ast.Attribute):
            owner = yield self.expression(target.value, frame)
            frame.node = target
            yield self.set_attribute(owner, target.attr, value)
        elif isinstance(target, ast.Subscript):
            owner = yield self.expression(target.value, frame)
            key = yield self.expression(target.slice, frame)
            frame.node = target
            yield self.set_item(owner, key, value)

    def _unpack(self, targets: Sequence[ast.expr], value: Any, frame: Frame) -> Evaluator:
        values = yield self.listed(value, what=f"cannot unpack non-iterable {self.type_name(value)} object")
        star = next((at for at, each in enumerate(targets) if isinstance(each, ast.Starred)), None)
        least = len(targets) - (star is not None)
        if len(values) < least:
            few = f"expected {'at least ' * (star is not None)}{least}, got {len(values)}"
            raise ValueError(f"not enough values to unpack ({few})")
        if star is None and len(values) > least:
            raise ValueError(f"too many values to unpack (expected {least})")
        if star is not None:
            end = len(values) - (least - star)
            values = [*values[:star], values[star:end], *values[end:]]
        for target, each in zip(targets, values, strict=True):
            yield self.assign(target.value if isinstance(target, ast.Starred) else target, each, frame)

    # Operators with the objects of a script.

    def compare(self, name: str, left: Any, right: Any) -> Evaluator:
        """A comparison; an object's own method is asked first."""
        own = {"Eq": "__eq__", "NotEq": "__ne__", "Lt": "__lt__", "LtE": "__le__", "Gt": "__gt__", "GtE": "__ge__"}
        mirrored = {"Lt": "Gt", "Gt": "Lt", "LtE": "GtE", "GtE": "LtE"}
        if name in own:
            for one, other, word in ((left, right, name), (right, left, mirrored.get(name, name))):
                method = self.special(one, own[word])
                if method is not None:
                    return (yield self.call(method, [other], {}))
            if name == "NotEq" and self.special(left, "__eq__") is not None:
                return not (yield self.compare("Eq", left, right))
        if name in ("In", "NotIn"):
            return (yield self._contains(left, right)) is (name == "In")
        return COMPARE[name](left, right)

    def _contains(self, item: Any, row: Any) -> Evaluator:
        method = self.special(row, "__contains__")
        if method is not None:
            return (yield self.truth((yield self.call(method, [item], {}))))
        if self.is_iterable(row) and not hasattr(row, "__contains__"):
            row = yield self.listed(row)
        return COMPARE["In"](item, row)


def _inner(frame: Frame) -> Frame:
    """A comprehension's frame: names of its own over those around it."""
    return Frame(frame.name, Scope(frame.scope.builtins, frame.scope), frame.source, frame.node, frame.function)


def names_of(nodes: Sequence[ast.AST], arguments: ast.arguments | None = None) -> tuple[frozenset[str], bool]:
    """The names that a function binds, and whether it yields; functions and classes inside are their own affair."""
    names = set()
    generates = False
    if arguments is not None:
        rows = (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        names |= {each.arg for each in (*rows, arguments.vararg, arguments.kwarg) if each is not None}
    outside: set[str] = set()
    todo = list(nodes)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
            todo += node.decorator_list
            continue
        if isinstance(node, ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            continue
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            names.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.Global | ast.Nonlocal):
            outside |= set(node.names)
        generates = generates or isinstance(node, ast.Yield | ast.YieldFrom)
        todo += ast.iter_child_nodes(node)
    return frozenset(names - outside), generates
