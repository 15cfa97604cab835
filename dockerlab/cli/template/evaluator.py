"""Running a template's tree on data (Go, text/template/exec.go).

An error names the node that was looked at last. `Evaluator.at` keeps it, and is set where Go sets it: that decides the
column that users see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dockerlab.cli.template import nodes
from dockerlab.cli.template.arguments import check_literal, check_value
from dockerlab.cli.template.errors import FunctionError, TemplateRunError
from dockerlab.cli.template.functions import Function
from dockerlab.cli.template.parser import Tree
from dockerlab.cli.template.printing import plain, sorted_keys
from dockerlab.cli.template.values import Int, Map, Method, NilPointer, Struct, Value, is_true, type_of
from dockerlab.oci.golang import quote

_NOTHING = object()
"""Stands for "no argument comes through the pipeline"; None would be a value."""

_DEPTH = 200
"""Templates within templates, before it is taken for an endless recursion."""


class _Leave(Exception):
    """{{break}} or {{continue}}."""

    def __init__(self, word: str) -> None:
        super().__init__(word)
        self.word = word


@dataclass(frozen=True)
class _Call:
    """What a function or method is called with: operands, and perhaps a last value through the pipeline."""

    dot: Value
    arguments: tuple[nodes.Operand, ...] = ()
    final: Value = _NOTHING

    @property
    def given(self) -> bool:
        return bool(self.arguments) or self.final is not _NOTHING

    @property
    def count(self) -> int:
        return len(self.arguments) + (self.final is not _NOTHING)


def _static_type(holder: Value, name: str) -> str:
    """What a map's element is to Go before it is looked at: 'interface {}' where the map may hold anything."""
    return _element_type(holder) if isinstance(holder, Mapping) and name in holder else ""


def _element_type(holder: Value) -> str:
    """'interface {}' for a map or list that may hold anything, '' for all else."""
    may_hold = isinstance(holder, Mapping | Sequence) and not isinstance(holder, str)
    return "interface {}" if may_hold and getattr(holder, "element", "interface {}") == "interface {}" else ""


def _as_reflected(value: Value) -> str:
    """How Go's reflect.Value prints: a text as it is, of all else the type."""
    return value if isinstance(value, str) else f"<{type_of(value)} Value>"


class Evaluator:
    """One run of one template. `missing_key_is_error` is the option missingkey=error."""

    def __init__(
        self, tree: Tree, data: Value, functions: Mapping[str, Function], *, missing_key_is_error: bool = False
    ) -> None:
        self.tree = tree
        self.functions = functions
        self.missing_key_is_error = missing_key_is_error
        self.variables: list[tuple[str, Value]] = [("$", data)]
        self.output: list[str] = []
        self.name = tree.name
        self.depth = 0
        self.held = ""  # the type that the dot is kept as, where it is an element of something that holds anything
        self.at: nodes.Node = nodes.Dot(position=0)

    def run(self) -> str:
        """The text that the template makes."""
        self._walk(self.tree.body, self.variables[0][1])
        return "".join(self.output)

    def error(self, message: str) -> TemplateRunError:
        """The error with Go's text: the place, the node there, and what is wrong."""
        before = self.tree.text[: self.at.position]
        line, start = before.count("\n") + 1, before.rfind("\n") + 1
        column = len(before[start:].encode("utf-8", "surrogateescape"))
        where = f"template: {self.tree.name}:{line}:{column}: executing {quote(self.name)} at <{self.at}>"
        return TemplateRunError(f"{where}: {message}", "".join(self.output), self.at.position)

    # Statements.

    def _walk(self, body: nodes.Sequence_, dot: Value) -> None:
        for node in body:
            self.at = node
            if isinstance(node, nodes.Text):
                self.output.append(node.text)
            elif isinstance(node, nodes.Action):
                value = self._pipe(node.pipe, dot)
                if not node.pipe.variables:
                    self.output.append("<no value>" if value is None else plain(value))
            elif isinstance(node, nodes.Branch):
                self._branch(node, dot)
            elif isinstance(node, nodes.Leave):
                raise _Leave(node.word)
            else:
                self._call_template(node, dot)

    def _branch(self, node: nodes.Branch, dot: Value) -> None:
        known = len(self.variables)
        value = self._pipe(node.pipe, dot, declare=node.word != "range" or node.pipe.assigns)
        if node.word == "range":
            self._range(node, dot, value)
        elif is_true(value):
            self._within(node, value, dot)
        elif node.otherwise is not None:
            self._walk(node.otherwise, dot)
        del self.variables[known:]

    def _within(self, node: nodes.Branch, value: Value, dot: Value) -> None:
        """The body of an `if` or a `with`; the latter's dot is a value by itself, not an element."""
        held, self.held = self.held, "" if node.word == "with" else self.held
        self._walk(node.body, value if node.word == "with" else dot)
        self.held = held

    def _range(self, node: nodes.Branch, dot: Value, value: Value) -> None:
        items = self._items(value, len(node.pipe.variables))
        if not items and node.otherwise is not None:
            self._walk(node.otherwise, dot)
        known, held = len(self.variables), self.held
        self.held = _element_type(value)
        for key, element in items:
            values = (key, element) if len(node.pipe.variables) == 2 else (element,)
            self._bind(node.pipe, values)
            try:
                self._walk(node.body, element)
            except _Leave as leave:
                if leave.word == "break":
                    break
            finally:
                del self.variables[known:]
        self.held = held

    def _items(self, value: Value, variables: int) -> list[tuple[Value, Value]]:
        if isinstance(value, Mapping):
            return [(key, value[key]) for key in sorted_keys(value)]
        if isinstance(value, int) and not isinstance(value, bool):
            if variables > 1:
                raise self.error(f"can't use {value} to iterate over more than one variable")
            kind = type(value) if isinstance(value, Int) else int
            return [(kind(each), kind(each)) for each in range(value)]
        if isinstance(value, Sequence) and not isinstance(value, str):
            return list(enumerate(value))
        if value is None or isinstance(value, NilPointer):
            return []
        raise self.error(f"range can't iterate over {plain(value)}")

    def _bind(self, pipe: nodes.Pipe, values: Sequence[Value]) -> None:
        """Declare a pipeline's variables, or give new values to those that are known."""
        for name, value in zip(pipe.variables, values, strict=False):
            if pipe.assigns:
                places = [place for place, (known, _) in enumerate(self.variables) if known == name]
                if not places:
                    raise self.error(f"undefined variable: {name}")
                self.variables[places[-1]] = (name, value)
            else:
                self.variables.append((name, value))

    def _call_template(self, node: nodes.Call, dot: Value) -> None:
        body = self.tree.defined.get(node.name)
        if body is None:
            raise self.error(f"template {quote(node.name)} not defined")
        if self.depth == _DEPTH:
            raise self.error(f"exceeded maximum template depth ({_DEPTH})")
        argument = self._pipe(node.pipe, dot) if node.pipe else None
        saved = self.variables, self.name, self.held
        self.variables, self.name, self.held = [("$", argument)], node.name, ""
        self.depth += 1
        self._walk(body, argument)
        self.depth -= 1
        self.variables, self.name, self.held = saved

    # Pipelines.

    def _pipe(self, pipe: nodes.Pipe, dot: Value, *, declare: bool = True) -> Value:
        self.at = pipe
        value: Value = _NOTHING
        for command in pipe.commands:
            value = self._command(command, _Call(dot, command.operands[1:], value))
        if declare:
            self._bind(pipe, [value] * len(pipe.variables))
        return value

    def _command(self, command: nodes.Command, call: _Call) -> Value:
        first = command.operands[0]
        if isinstance(first, nodes.Identifier):
            return self._function(first, command, call)
        if isinstance(first, nodes.Field | nodes.Chain | nodes.Variable):
            return self._named(first, call)
        if not isinstance(first, nodes.Pipe):
            self.at = first
        self._refuse_arguments(first, call)
        if isinstance(first, nodes.Nil):
            raise self.error("nil is not a command")
        if isinstance(first, nodes.Pipe):
            return self._pipe(first, call.dot)
        return call.dot if isinstance(first, nodes.Dot) else first.value

    def _refuse_arguments(self, node: nodes.Operand, call: _Call) -> None:
        if call.given:
            raise self.error(f"can't give argument to non-function {node}")

    def _named(self, node: nodes.Field | nodes.Chain | nodes.Variable, call: _Call) -> Value:
        """.A.B, $x.A.B or (pipeline).A.B"""
        self.at = node
        if isinstance(node, nodes.Field):
            return self._fields(call.dot, node.names, call, self.held)
        if isinstance(node, nodes.Chain):
            return self._fields(self._argument(node.node, call.dot), node.fields, call)
        value = next((value for name, value in reversed(self.variables) if name == node.name), _NOTHING)
        if value is _NOTHING:
            raise self.error(f"undefined variable: {node.name}")
        if not node.fields:
            self._refuse_arguments(node, call)
        return self._fields(value, node.fields, call)

    def _argument(self, node: nodes.Operand, dot: Value, wanted: str = "interface {}") -> Value:
        """What an operand stands for, as an argument of a Go type."""
        self.at = node
        if isinstance(node, nodes.Literal | nodes.Nil):
            return self._checked(lambda: check_literal(node, wanted))
        if isinstance(node, nodes.Dot):
            value = dot
        elif isinstance(node, nodes.Pipe):
            value = self._pipe(node, dot)
        elif isinstance(node, nodes.Identifier):
            value = self._function(node, node, _Call(dot))
        else:
            value = self._named(node, _Call(dot))
        # Without missing keys, what is nothing is a nil that an interface holds.
        return self._checked(lambda: check_value(value, wanted, held=self.missing_key_is_error))

    def _checked(self, check: Callable[[], Value]) -> Value:
        try:
            return check()
        except FunctionError as error:
            raise self.error(str(error)) from error

    # Fields.

    def _fields(self, value: Value, names: tuple[str, ...], call: _Call, static: str = "") -> Value:
        """value.A.B; only the last name may be a method that gets the arguments. `static`: see `_field`."""
        for position, name in enumerate(names):
            holder = value
            value = self._field(value, name, call if position == len(names) - 1 else _Call(call.dot), static)
            static = _static_type(holder, name)
        return value

    def _field(self, value: Value, name: str, call: _Call, static: str) -> Value:
        """value.name; `static` is the type that the value was kept as, '' if as its own."""
        if value is None:
            if static:
                raise self.error(f"nil pointer evaluating {static}.{name}")
            if self.missing_key_is_error:
                raise self.error(f"nil data; no entry for key {quote(name)}")
            return None
        if isinstance(value, NilPointer):
            raise self.error(f"nil pointer evaluating {value.go_type}.{name}")
        if isinstance(value, Struct) and name in value.fields:
            return self._struct_field(value, name, call)
        if isinstance(value, Map) and name in value.methods:
            method = value.methods[name]
            return self._apply(Function(method.call, method.parameters), name, self.at, call)
        if isinstance(value, Mapping) and getattr(value, "key", "string") in {"string", "interface {}"}:
            if call.given:
                raise self.error(f"{name} is not a method but has arguments")
            if name not in value and self.missing_key_is_error:
                raise self.error(f"map has no entry for key {quote(name)}")
            return value.get(name)
        raise self.error(f"can't evaluate field {name} in type {static or type_of(value)}")

    def _struct_field(self, value: Struct, name: str, call: _Call) -> Value:
        field = value.get(name)
        if isinstance(field, Method):
            return self._apply(Function(field.call, field.parameters), name, self.at, call)
        if call.given and value.is_row:
            raise self.error(f"wrong number of args for {name}: want 0 got {call.count}")
        if call.given:
            raise self.error(f"{name} has arguments but cannot be invoked as function")
        return field

    # Functions.

    def _function(self, node: nodes.Identifier, command: nodes.Node, call: _Call) -> Value:
        self.at = node
        if node.name in {"and", "or"}:
            return self._logic(node.name, call)
        if node.name == "call":
            raise self._call_error(command, call)
        return self._apply(self.functions[node.name], node.name, command, call)

    def _logic(self, name: str, call: _Call) -> Value:
        """and, or: the first argument that decides; what comes after isn't looked at."""
        if not call.given:
            raise self.error(f"wrong number of args for {name}: want at least 1 got 0")
        value: Value = None
        for argument in call.arguments:
            value = self._argument(argument, call.dot)
            if is_true(value) == (name == "or"):
                return value
        return value if call.final is _NOTHING else call.final

    def _call_error(self, command: nodes.Node, call: _Call) -> TemplateRunError:
        """`call` can only fail: no data of docker's holds a function."""
        if not call.given:
            return self.error("wrong number of args for call: want at least 1 got 0")
        values = [self._argument(argument, call.dot) for argument in call.arguments]
        value = values[0] if values else call.final
        callee = str(call.arguments[0]) if call.arguments else _as_reflected(value)
        self.at = command
        reason = "call of nil" if value is None else f"non-function {callee} of type {type_of(value)}"
        return self.error(f"error calling call: {reason}")

    def _apply(self, function: Function, name: str, command: nodes.Node, call: _Call) -> Value:
        fixed = len(function.parameters)
        if function.rest and call.count < fixed:
            raise self.error(f"wrong number of args for {name}: want at least {fixed} got {len(call.arguments)}")
        if not function.rest and call.count != fixed:
            raise self.error(f"wrong number of args for {name}: want {fixed} got {call.count}")
        types = [*function.parameters, *[function.rest] * (call.count - fixed)]
        values = [self._argument(each, call.dot, type_) for each, type_ in zip(call.arguments, types, strict=False)]
        if call.final is not _NOTHING:
            values.append(self._checked(lambda: check_value(call.final, types[-1])))
        try:
            return function.call(*values)
        except FunctionError as error:
            self.at = command
            raise self.error(f"error calling {name}: {error}") from error
