"""The syntax tree of the shell (POSIX.1-2024 XCU 2.10, with what bash adds), as frozen values.

A `Word` is a row of parts. `quoted` on a part says that what it expands to is neither split nor taken as a pattern.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """Text as it stands, quotes removed."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """`$name` or `${name…}`; `operator` is '' or one of ':-', '%', '/', '@', 'length', 'bad' and so on.

    `index` is the subscript of an array's element, `other` the second operand ('/old/other', ':offset:other').
    """

    name: str
    operator: str = ""
    argument: Word | None = None
    other: Word | None = None
    index: Word | None = None
    indirect: bool = False
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class CommandSubstitution:
    """`$(…)` or backquotes."""

    body: Sequence
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`$((…))`."""

    expression: Word
    quoted: bool = False


Part: TypeAlias = Literal | Parameter | CommandSubstitution | Arithmetic


@dataclass(frozen=True, slots=True)
class Word:
    """A word before expansion."""

    parts: tuple[Part, ...] = ()

    @property
    def bare(self) -> str | None:
        """Its text when no part of it is quoted or expands, as reserved words and names must be; else None."""
        if len(self.parts) != 1:
            return None
        part = self.parts[0]
        return part.text if isinstance(part, Literal) and not part.quoted else None


@dataclass(slots=True)
class HereDocument:
    """The body of `<<`. Not frozen: the lexer fills it in when it comes to the end of the line."""

    delimiter: str
    strip_tabs: bool
    quoted: bool
    line: int = 0
    body: Word = Word()


@dataclass(frozen=True, slots=True)
class Redirect:
    """`fd operator target`; `fd` None is the operator's own."""

    operator: str
    target: Word | HereDocument
    fd: int | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """`name=value`, `name+=value`, `name[index]=value`, `name=(values)`."""

    name: str
    value: Word | tuple[Word, ...]
    append: bool = False
    index: Word | None = None


@dataclass(frozen=True, slots=True)
class Simple:
    """Assignments, words and redirections."""

    assignments: tuple[Assignment, ...] = ()
    words: tuple[Word, ...] = ()
    redirects: tuple[Redirect, ...] = ()
    arrays: tuple[Assignment, ...] = ()
    """Array operands of `declare` and its kin."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands side by side; `!` turns the status round. `time` is bash's reserved word."""

    commands: tuple[Node, ...]
    negated: bool = False
    timed: bool = False
    stderr_too: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class AndOr:
    """`first && second || third`, from left to right."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A command of a list, in the background or not; `text` is how it was written, for `jobs`."""

    command: Node
    background: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list of commands."""

    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Redirected:
    """A compound command with redirections."""

    command: Node
    redirects: tuple[Redirect, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class Subshell:
    """`( … )`."""

    body: Sequence


@dataclass(frozen=True, slots=True)
class Group:
    """`{ …; }`."""

    body: Sequence


@dataclass(frozen=True, slots=True)
class If:
    """`if`/`elif` branches in order, and `else`."""

    branches: tuple[tuple[Sequence, Sequence], ...]
    otherwise: Sequence | None = None


@dataclass(frozen=True, slots=True)
class While:
    """`while`, or `until`."""

    condition: Sequence
    body: Sequence
    until: bool = False


@dataclass(frozen=True, slots=True)
class For:
    """`for name in words`; words None means "$@"."""

    name: str
    words: tuple[Word, ...] | None
    body: Sequence
    line: int = 0


@dataclass(frozen=True, slots=True)
class ArithmeticFor:
    """bash's `for ((start; test; step))`."""

    start: Word
    test: Word
    step: Word
    body: Sequence


@dataclass(frozen=True, slots=True)
class Choice:
    """A branch of `case`: patterns, body, and how it ends (';;', ';&', ';;&')."""

    patterns: tuple[Word, ...]
    body: Sequence
    end: str = ";;"


@dataclass(frozen=True, slots=True)
class Case:
    """`case word in`."""

    subject: Word
    choices: tuple[Choice, ...]
    line: int = 0
    text: str = ""
    """The word as it was written, for bash's trace."""


@dataclass(frozen=True, slots=True)
class Function:
    """`name() body`."""

    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class Test:
    """bash's `[[ … ]]`: an operator ('&&', '||', '!', '-f', '==' …) and operands; '' tests one word."""

    operator: str
    operands: tuple[Test | Word, ...]
    line: int = 0


@dataclass(frozen=True, slots=True)
class ArithmeticCommand:
    """bash's `((…))`."""

    expression: Word
    line: int = 0


Node: TypeAlias = (
    Simple
    | Pipeline
    | AndOr
    | Sequence
    | Redirected
    | Subshell
    | Group
    | If
    | While
    | For
    | ArithmeticFor
    | Case
    | Function
    | Test
    | ArithmeticCommand
)
