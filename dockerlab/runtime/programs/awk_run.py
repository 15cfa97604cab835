"""awk's interpreter: walks the tree of a program for each record."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs import awk_nodes as nodes
from dockerlab.runtime.programs.awk_functions import BUILTINS, sprintf
from dockerlab.runtime.programs.awk_lexer import AwkError
from dockerlab.runtime.programs.awk_nodes import Expr, Statement
from dockerlab.runtime.programs.awk_record import MAX_FIELD, Reader
from dockerlab.runtime.programs.awk_streams import Streams
from dockerlab.runtime.programs.awk_values import UNSET, Input, Value, compare, number, text, truth
from dockerlab.runtime.programs.awk_variables import Array, Variables
from dockerlab.runtime.programs.inputs import bytes_of
from dockerlab.runtime.programs.regex import PatternError, compile_pattern

ROUNDS = 2_000_000
"""Rounds of loops that a program may take."""
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "%": math.fmod,
    "^": operator.pow,
}
ORDER: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    ">=": operator.ge,
}


class Jumped(Exception):
    """break, continue, next, nextfile, exit, return on their way to who takes them."""

    def __init__(self, kind: str, value: Value = UNSET, *, given: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        self.value = value
        self.given = given


class Interpreter(Variables):
    """One run of a program: what it has in mind, and what is open."""

    zero = nodes.Constant(0.0)

    def __init__(self, proc: Process, program: nodes.Program, reader: Reader) -> None:
        super().__init__()
        self.proc = proc
        self.program = program
        self.reader = reader
        self.streams: Streams = Streams(proc)
        self.arrays["ENVIRON"] = {key: Input(value) for key, value in proc.env.items()}
        self.seed = self.start_seed = 0
        self.ranges: set[int] = set()
        self.rounds = 0
        self.exit_code = 0

    # Running.

    def run(self) -> Generator[Wait, Any, int]:
        """BEGIN, all records, END; returns the exit code."""
        ended = self._phase("BEGIN")
        if not ended and any(rule.kind != "BEGIN" for rule in self.program.rules):
            ended = yield from self._records()
        # After `exit` in a rule END still runs; after one in BEGIN as well, but without input.
        self._phase("END")
        yield from self.streams.finish()
        return self.exit_code

    def _phase(self, kind: str) -> bool:
        """Run the BEGIN or END rules; whether one said exit."""
        actions = [rule.action for rule in self.program.rules if rule.kind == kind and rule.action]
        return any(self._guarded(action) for action in actions)

    def _records(self) -> Generator[Wait, Any, bool]:
        while True:
            line = yield from self.reader.next(text(self.get("RS")))
            if line is None:
                return False
            self.take(line, counted=True)
            for at, rule in enumerate(self.program.rules):
                if not rule.kind and self._applies(at, rule):
                    jump = self._guarded(rule.action or nodes.Block((nodes.Print((), False),)))
                    if jump == "exit":
                        return True
                    if jump:
                        break
            if self.proc.stdout:
                yield from self.proc.writable()

    def _guarded(self, block: nodes.Block) -> str:
        """Run an action; which of exit and next ended it."""
        try:
            self.execute(block)
        except Jumped as jump:
            if jump.kind == "exit" and jump.given:
                self.exit_code = int(number(jump.value)) & 0xFF
            if jump.kind == "nextfile":
                self.reader.skip_file()
            return jump.kind
        return ""

    def take(self, line: str, *, counted: bool) -> None:
        """A new record in $0."""
        self.record.separator, self.record.joint = text(self.get("FS")), text(self.get("OFS"))
        self.record.set_line(line)
        if counted:
            self._count()

    def _count(self) -> None:
        same = self.globals["FILENAME"] == self.reader.name
        self.globals["FILENAME"] = "" if self.reader.name == "-" else Input(self.reader.name)
        self.globals["NR"] = number(self.globals["NR"]) + 1
        self.globals["FNR"] = number(self.globals["FNR"]) + 1 if same or self.reader.name == "-" else 1.0

    def _applies(self, at: int, rule: nodes.Rule) -> bool:
        if not rule.patterns:
            return True
        if len(rule.patterns) == 1:
            return self.condition(rule.patterns[0])
        if at not in self.ranges:
            if not self.condition(rule.patterns[0]):
                return False
            self.ranges.add(at)
        if self.condition(rule.patterns[1]):
            self.ranges.discard(at)
        return True

    # Places.

    def subscript(self, items: tuple[Expr, ...]) -> str:
        """a[i, j]: the texts joined by SUBSEP."""
        return text(self.get("SUBSEP")).join(text(self.value(item), text(self.get("CONVFMT"))) for item in items)

    def assign(self, target: Expr, value: Value) -> Value:
        """Assign to a variable, a field or an element."""
        if isinstance(target, nodes.Variable):
            self.set(target.name, value)
        elif isinstance(target, nodes.Element):
            self.array(target.name)[self.subscript(target.subscripts)] = value
        elif isinstance(target, nodes.Field):
            self.record.set(self._field_number(target), value)
        elif isinstance(target, nodes.Group) and len(target.items) == 1:
            return self.assign(target.items[0], value)
        return value

    def _field_number(self, field: nodes.Field) -> int:
        index = int(number(self.value(field.index)))
        if not 0 <= index <= MAX_FIELD:
            raise AwkError(f"trying to access out of range field {index}")
        return index

    # Expressions.

    def value(self, node: Expr) -> Value:
        """What an expression is worth."""
        return EXPRESSIONS[type(node)](self, node)

    def condition(self, node: Expr) -> bool:
        """Whether an expression is true."""
        return truth(self.value(node))

    def pattern_text(self, node: Expr) -> str:
        """A regular expression's text, of a literal or of any value."""
        return node.text if isinstance(node, nodes.Regex) else text(self.value(node))

    def pattern(self, node: Expr) -> re.Pattern[str]:
        """A compiled regular expression; raises AwkError."""
        source = self.pattern_text(node)
        try:
            return compile_pattern(source, extended=True)
        except PatternError as error:
            raise AwkError(f"regular expression compile failed ({error})\n{source}") from None

    def _binary(self, node: nodes.Binary) -> Value:
        if node.operator in ("~", "!~"):
            found = self.pattern(node.right).search(text(self.value(node.left)))
            return float((found is not None) is (node.operator == "~"))
        left, right = self.value(node.left), self.value(node.right)
        if node.operator == " ":
            form = text(self.get("CONVFMT"))
            return text(left, form) + text(right, form)
        if node.operator in ORDER:
            return float(ORDER[node.operator](compare(left, right), 0))
        return self._arithmetic(node.operator, number(left), number(right))

    def _arithmetic(self, sign: str, left: float, right: float) -> float:
        try:
            return float(ARITHMETIC[sign](left, right))
        except ZeroDivisionError:
            raise AwkError("division by zero" + (" in %" if sign == "%" else "")) from None
        except (OverflowError, ValueError):
            return float("inf")

    def _unary(self, node: nodes.Unary) -> Value:
        if node.operator == "!":
            return float(not self.condition(node.operand))
        value = number(self.value(node.operand))
        return -value if node.operator == "-" else value

    def _logical(self, node: nodes.Logical) -> Value:
        left = self.condition(node.left)
        if left is (node.operator == "||"):
            return float(left)
        return float(self.condition(node.right))

    def _assignment(self, node: nodes.Assign) -> Value:
        value = self.value(node.value)
        if node.operator:
            value = self._arithmetic(node.operator, number(self.value(node.target)), number(value))
        return self.assign(node.target, value)

    def _step(self, node: nodes.Step) -> Value:
        before = number(self.value(node.target))
        self.assign(node.target, before + node.amount)
        return before + node.amount if node.before else before

    def _element(self, node: nodes.Element) -> Value:
        return self.array(node.name).setdefault(self.subscript(node.subscripts), UNSET)

    def _group(self, node: nodes.Group) -> Value:
        if len(node.items) > 1:
            raise AwkError("syntax error at or near ,")
        return self.value(node.items[0])

    def _call(self, node: nodes.Call) -> Value:
        if node.builtin:
            return BUILTINS[node.name](self, node.arguments)
        function = self.program.functions.get(node.name)
        if function is None:
            raise AwkError(f"function {node.name} never defined")
        frame: dict[str, Value | Array] = dict.fromkeys(function.parameters, UNSET)
        for parameter, argument in zip(function.parameters, node.arguments, strict=False):
            array = isinstance(argument, nodes.Variable) and self.is_array(argument.name)
            frame[parameter] = self.array(argument.name) if array else self.value(argument)  # type: ignore[union-attr]
        self.frames.append(frame)
        try:
            self.execute(function.body)
        except Jumped as jump:
            if jump.kind != "return":
                raise
            return jump.value
        finally:
            self.frames.pop()
            self._hand_back(function, node, frame)
        return UNSET

    def _hand_back(self, function: nodes.Function, node: nodes.Call, frame: dict[str, Value | Array]) -> None:
        """An unset variable that the function used as an array is that array from now on."""
        for parameter, argument in zip(function.parameters, node.arguments, strict=False):
            made = frame[parameter]
            if isinstance(made, dict) and isinstance(argument, nodes.Variable) and not self.is_array(argument.name):
                self.array(argument.name).update(made)

    def _getline(self, node: nodes.Getline) -> Value:
        """1 for a record, 0 at the end, -1 for what can't be read."""
        source = node.command or node.file
        reader = self.reader
        if source is not None:
            found = self.streams.reader(text(self.value(source)), command=node.command is not None)
            if found is None:
                return -1.0
            reader = found
        line = self.proc.kernel.finish(reader.next(text(self.get("RS"))))
        if line is None:
            return 0.0
        if source is None:
            self._count()
        if node.target is None:
            self.take(line, counted=False)
        else:
            self.assign(node.target, Input(line))
        return 1.0

    # Statements.

    def execute(self, node: Statement) -> None:
        """Do a statement; raises Jumped where it leads away."""
        STATEMENTS[type(node)](self, node)

    def _block(self, node: nodes.Block) -> None:
        for statement in node.statements:
            self.execute(statement)

    def _simple(self, node: nodes.Simple) -> None:
        self.value(node.expression)

    def _print(self, node: nodes.Print) -> None:
        values = [self.value(argument) for argument in node.arguments]
        if node.formatted:
            out = sprintf(text(values[0]), values[1:]) if values else ""
        else:
            form = text(self.get("OFMT"))
            line = text(self.get("OFS")).join(text(value, form) for value in values) if values else self.record.line
            out = line + text(self.get("ORS"))
        if node.target is None:
            self.proc.out(bytes_of(out))
        else:
            self.streams.write(node.redirect, text(self.value(node.target)), bytes_of(out))

    def _if(self, node: nodes.If) -> None:
        if self.condition(node.condition):
            self.execute(node.yes)
        elif node.no is not None:
            self.execute(node.no)

    def _loop(self, node: nodes.Loop) -> None:
        if node.start is not None:
            self.execute(node.start)
        first = node.first
        while first or node.condition is None or self.condition(node.condition):
            first = False
            self.rounds += 1
            if self.rounds > ROUNDS:
                raise AwkError(f"stopped by dockerlab after {ROUNDS} rounds of a loop")
            if self._once(node.body) == "break":
                return
            if node.step is not None:
                self.execute(node.step)

    def _once(self, body: Statement) -> str:
        try:
            self.execute(body)
        except Jumped as jump:
            if jump.kind not in ("break", "continue"):
                raise
            return jump.kind
        return ""

    def _for_in(self, node: nodes.ForIn) -> None:
        for key in list(self.array(node.array)):
            self.set(node.name, Input(key))
            if self._once(node.body) == "break":
                return

    def _jump(self, node: nodes.Jump) -> None:
        value = UNSET if node.value is None else self.value(node.value)
        raise Jumped(node.kind, value, given=node.value is not None)

    def _delete(self, node: nodes.Delete) -> None:
        if node.subscripts is None:
            self.array(node.array).clear()
        else:
            self.array(node.array).pop(self.subscript(node.subscripts), None)


EXPRESSIONS: dict[type, Callable[[Interpreter, Any], Value]] = {
    nodes.Constant: lambda run, node: node.value,
    nodes.Regex: lambda run, node: float(run.pattern(node).search(run.record.line) is not None),
    nodes.Variable: lambda run, node: run.get(node.name),
    nodes.Element: Interpreter._element,
    nodes.Field: lambda run, node: run.record.get(run._field_number(node)),
    nodes.Unary: Interpreter._unary,
    nodes.Binary: Interpreter._binary,
    nodes.Logical: Interpreter._logical,
    nodes.Ternary: lambda run, node: run.value(node.yes if run.condition(node.condition) else node.no),
    nodes.Assign: Interpreter._assignment,
    nodes.Step: Interpreter._step,
    nodes.Contains: lambda run, node: float(run.subscript(node.subscripts) in run.array(node.array)),
    nodes.Call: Interpreter._call,
    nodes.Getline: Interpreter._getline,
    nodes.Group: Interpreter._group,
}
STATEMENTS: dict[type, Callable[[Interpreter, Any], None]] = {
    nodes.Block: Interpreter._block,
    nodes.Simple: Interpreter._simple,
    nodes.Print: Interpreter._print,
    nodes.If: Interpreter._if,
    nodes.Loop: Interpreter._loop,
    nodes.ForIn: Interpreter._for_in,
    nodes.Jump: Interpreter._jump,
    nodes.Delete: Interpreter._delete,
}
