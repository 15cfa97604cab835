"""awk's program as a tree: what the parser makes and the interpreter walks (plain values)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True)
class Constant:
    """A number or a text."""

    value: float | str


@dataclass(frozen=True)
class Regex:
    """/pattern/: alone it is matched against $0."""

    text: str


@dataclass(frozen=True)
class Variable:
    """A variable by name; arrays have the same names but live apart."""

    name: str


@dataclass(frozen=True)
class Element:
    """array[subscripts]."""

    name: str
    subscripts: tuple[Expr, ...]


@dataclass(frozen=True)
class Field:
    """$expression."""

    index: Expr


@dataclass(frozen=True)
class Unary:
    """! - +"""

    operator: str
    operand: Expr


@dataclass(frozen=True)
class Binary:
    """Arithmetic, comparison, matching, concatenation (operator ' ')."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Logical:
    """&& and ||: the right side counts only where it has to."""

    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True)
class Ternary:
    """condition ? yes : no."""

    condition: Expr
    yes: Expr
    no: Expr


@dataclass(frozen=True)
class Assign:
    """target = value, or with an operator before '='."""

    target: Expr
    operator: str
    value: Expr


@dataclass(frozen=True)
class Step:
    """++ and --, before or after."""

    target: Expr
    amount: float
    before: bool


@dataclass(frozen=True)
class Contains:
    """(subscripts) in array."""

    subscripts: tuple[Expr, ...]
    array: str


@dataclass(frozen=True)
class Call:
    """A function with its arguments; `builtin` ones are awk's own."""

    name: str
    arguments: tuple[Expr, ...]
    builtin: bool


@dataclass(frozen=True)
class Getline:
    """getline [target] [< file], or command | getline [target]."""

    target: Expr | None = None
    file: Expr | None = None
    command: Expr | None = None


@dataclass(frozen=True)
class Group:
    """An expression in brackets, or several: (a, b) in array; print (a, b)."""

    items: tuple[Expr, ...]


Expr: TypeAlias = (
    Constant | Regex | Variable | Element | Field | Unary | Binary | Logical | Ternary | Assign | Step | Contains | Call
    | Getline | Group
)  # fmt: skip


@dataclass(frozen=True)
class Block:
    """Statements in braces."""

    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Simple:
    """An expression as a statement."""

    expression: Expr


@dataclass(frozen=True)
class Print:
    """print and printf, with where to: '>', '>>' or '|' and an expression."""

    arguments: tuple[Expr, ...]
    formatted: bool
    redirect: str = ""
    target: Expr | None = None


@dataclass(frozen=True)
class If:
    """if (condition) yes else no."""

    condition: Expr
    yes: Statement
    no: Statement | None


@dataclass(frozen=True)
class Loop:
    """while, do (`first` runs the body before the first test) and for."""

    start: Statement | None
    condition: Expr | None
    step: Statement | None
    body: Statement
    first: bool = False


@dataclass(frozen=True)
class ForIn:
    """for (name in array)."""

    name: str
    array: str
    body: Statement


@dataclass(frozen=True)
class Jump:
    """break, continue, next, nextfile, exit and return, with a value for the last two."""

    kind: str
    value: Expr | None = None


@dataclass(frozen=True)
class Delete:
    """delete array[subscripts], or the whole array."""

    array: str
    subscripts: tuple[Expr, ...] | None


Statement: TypeAlias = Block | Simple | Print | If | Loop | ForIn | Jump | Delete


@dataclass(frozen=True)
class Function:
    """A function of the program."""

    name: str
    parameters: tuple[str, ...]
    body: Block


@dataclass(frozen=True)
class Rule:
    """pattern { action }: `kind` is '', 'BEGIN' or 'END'; a range has two patterns; no action prints the line."""

    kind: str
    patterns: tuple[Expr, ...]
    action: Block | None


@dataclass
class Program:
    """All rules and functions."""

    rules: list[Rule] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
