"""The syntax tree of a template (Go, text/template/parse/node.go). `str()` is the node as Go writes it back.

`position` counts characters from the start of the template; errors at run time point there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from dockerlab.oci.golang import quote


@dataclass(frozen=True)
class Node:
    """Any node."""

    position: int = field(kw_only=True)


@dataclass(frozen=True)
class Nil(Node):
    """nil"""

    def __str__(self) -> str:
        return "nil"


@dataclass(frozen=True)
class Dot(Node):
    """The value that the template is at."""

    def __str__(self) -> str:
        return "."


@dataclass(frozen=True)
class Literal(Node):
    """A constant; `text` is how it was written."""

    value: bool | int | float | complex | str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Identifier(Node):
    """A function's name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Field(Node):
    """.A.B"""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f".{name}" for name in self.names)


@dataclass(frozen=True)
class Variable(Node):
    """$x.A.B"""

    name: str
    fields: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *self.fields))


@dataclass(frozen=True)
class Chain(Node):
    """(pipeline).A.B"""

    node: Operand
    fields: tuple[str, ...]

    def __str__(self) -> str:
        inner = f"({self.node})" if isinstance(self.node, Pipe) else str(self.node)
        return ".".join((inner, *self.fields))


@dataclass(frozen=True)
class Command(Node):
    """A function, field or value, with arguments."""

    operands: tuple[Operand, ...]

    def __str__(self) -> str:
        return " ".join(f"({each})" if isinstance(each, Pipe) else str(each) for each in self.operands)


@dataclass(frozen=True)
class Pipe(Node):
    """Commands, each one's result the last argument of the next; perhaps kept in variables."""

    commands: tuple[Command, ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False

    def __str__(self) -> str:
        sign = "=" if self.assigns else ":="
        declared = f"{', '.join(self.variables)} {sign} " if self.variables else ""
        return declared + " | ".join(map(str, self.commands))


Operand: TypeAlias = Nil | Dot | Literal | Identifier | Field | Variable | Chain | Pipe


@dataclass(frozen=True)
class Text(Node):
    """Text outside of actions."""

    text: str


@dataclass(frozen=True)
class Action(Node):
    """{{pipeline}}"""

    pipe: Pipe

    def __str__(self) -> str:
        return f"{{{{{self.pipe}}}}}"


@dataclass(frozen=True)
class Branch(Node):
    """{{if}}, {{with}} and {{range}}; `word` says which."""

    word: str
    pipe: Pipe
    body: Sequence_
    otherwise: Sequence_ | None

    def __str__(self) -> str:
        return f"{{{{{self.word} {self.pipe}}}}}"


@dataclass(frozen=True)
class Leave(Node):
    """{{break}} or {{continue}}"""

    word: str

    def __str__(self) -> str:
        return f"{{{{{self.word}}}}}"


@dataclass(frozen=True)
class Call(Node):
    """{{template "name" pipeline}}"""

    name: str
    pipe: Pipe | None

    def __str__(self) -> str:
        argument = f" {self.pipe}" if self.pipe else ""
        return f"{{{{template {quote(self.name)}{argument}}}}}"


Statement: TypeAlias = Text | Action | Branch | Leave | Call
Sequence_: TypeAlias = tuple[Statement, ...]
