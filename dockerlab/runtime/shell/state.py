"""A shell's state: what a subshell gets a copy of (POSIX.1-2024 XCU 2.13, shell execution environment)."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from dockerlab.events import Wait
from dockerlab.runtime.process import Process, Stream
from dockerlab.runtime.shell.dialects import Dialect
from dockerlab.runtime.shell.errors import Interrupt, ShellError
from dockerlab.runtime.shell.fields import Break, Piece
from dockerlab.runtime.shell.syntax import Node, Word
from dockerlab.runtime.shell.variables import Variables

Steps: TypeAlias = Generator[Wait, Any, int]

OPTION_LETTERS = {
    "a": "allexport",
    "b": "notify",
    "C": "noclobber",
    "e": "errexit",
    "f": "noglob",
    "h": "hashall",
    "m": "monitor",
    "n": "noexec",
    "u": "nounset",
    "v": "verbose",
    "x": "xtrace",
}


@dataclass(frozen=True, slots=True)
class Call(Wait):
    """Not a wait, but a request to the shell's own stack: run `steps` and hand back what they return.

    Functions call themselves; with a stack of our own that costs no depth of Python's.
    """

    steps: Steps


class Interpreter(Protocol):
    """The parts of the interpreter that need one another; `wiring` puts them together."""

    def execute(self, shell: Shell, node: Node, tail: bool = False) -> Steps:
        """Run a command; `tail` says that nothing comes after it in this process."""

    def run_text(self, shell: Shell, text: str) -> Steps:
        """Parse and run a text."""

    def run_words(self, shell: Shell, words: list[str]) -> Steps:
        """Run a builtin or a program, never a function."""

    def expand_parts(self, shell: Shell, word: Word, tilde: str = "") -> Generator[Wait, Any, list[Piece | Break]]:
        """Expand a word's parts."""


@dataclass(eq=False)
class Job:
    """A background command; its status stays known until somebody waits for it."""

    number: int
    process: Process
    text: str
    members: tuple[Process, ...] = ()


@dataclass(eq=False)
class Shell:
    """One shell: a process with variables, functions, options, traps and jobs."""

    proc: Process
    dialect: Dialect
    interpreter: Interpreter
    name: str = "sh"
    place: str = "file"
    """How the script is read, which decides on messages: 'file', 'stdin', '-c', '-c name' ($0 given), 'interactive'."""
    parameters: list[str] = field(default_factory=list)
    variables: Variables = field(default_factory=lambda: Variables({}))
    functions: dict[str, Node] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    options: set[str] = field(default_factory=set)
    traps: dict[int, str] = field(default_factory=dict)
    """Signal (0: EXIT) → action; '' ignores."""
    pending: list[int] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    status: int = 0
    substitution_status: int | None = None
    last_background: int | None = None
    line: int = 1
    builtin: str = ""
    """`eval` or a sourced file, whose name stands in messages of dash and ash."""
    calls: int = 0
    loops: int = 0
    sources: int = 0
    unchecked: int = 0
    """How many conditions are being tested, in which `set -e` has no say."""
    subshells: int = 0
    option_index: int = 0
    folders: list[str] = field(default_factory=list)
    """bash's stack of directories, without the current one."""
    foreground: list[Process] = field(default_factory=list)
    """Who the shell waits for now: Ctrl-C goes to them."""
    interrupted: bool = False
    """Whether the line that runs is to be dropped."""
    main_pid: int = 0
    """In a subshell, the pid of the shell that it comes from: `$$`."""
    random: int = 0
    """The last state behind `$RANDOM`."""
    traced: int = 0
    """How many command substitutions this is in: bash's traces say so."""
    text: str = ""
    """The command being run as it was written, for reports on how it ended."""

    def copy(self, proc: Process) -> Shell:
        """The environment of a subshell: a copy in which traps are reset (XCU 2.13)."""
        twin = Shell(proc, self.dialect, self.interpreter, self.name, self.place)
        twin.parameters = list(self.parameters)
        twin.variables = self.variables.copy()
        twin.functions, twin.aliases = dict(self.functions), dict(self.aliases)
        twin.options = set(self.options) - {"monitor"}
        twin.traps = {signum: action for signum, action in self.traps.items() if not action}
        twin.status, twin.last_background = self.status, self.last_background
        twin.line, twin.builtin = self.line, self.builtin
        twin.calls, twin.loops, twin.sources = self.calls, self.loops, self.sources
        twin.unchecked, twin.subshells = self.unchecked, self.subshells + 1
        twin.folders = list(self.folders)
        twin.main_pid, twin.random = self.main_pid or self.proc.pid, self.random
        twin.traced, twin.text, twin.substitution_status = self.traced, self.text, None
        return twin

    @property
    def interactive(self) -> bool:
        """Whether a person types the lines: errors then end a line only, not the shell."""
        return "interactive" in self.options

    def check_interrupt(self) -> None:
        """Called wherever a line may run on for long: leave it after Ctrl-C."""
        if self.interrupted:
            raise Interrupt

    def readline(self, fd: int = 0) -> Generator[Wait, Any, bytes]:
        """A line of input; Ctrl-C ends the wait for it."""
        stream = self.proc.fds.get(fd)
        if stream is None:
            return (yield from self.proc.readline(fd))
        line = yield from self.proc.available(lambda: b"" if self.interrupted else stream.take_line())
        self.check_interrupt()
        return line

    # Messages.

    def complain(self, key: str, *values: object, builtin: str = "") -> None:
        """A message of the dialect on standard error, with the shell's prefix."""
        self.message(self.dialect.say(key, *values), builtin=builtin)

    def message(self, text: str, *, builtin: str = "") -> None:
        """A text on standard error, with the shell's prefix."""
        builtin = builtin or ("" if self.dialect.name == "bash" else self.builtin)
        self.proc.err(f"{self.dialect.prefix(self.name, self.line, builtin, self.place)}{text}\n")

    def report(self, error: ShellError) -> int:
        """Print an error; returns the status that it leaves."""
        self.complain(error.key, *error.values, builtin=error.builtin)
        bash = self.dialect.name == "bash"
        return _BASH_STATUS.get(error.key, 1) if bash and not error.builtin else error.status

    # Special parameters.

    def parameter(self, name: str) -> str | None:
        """The value of `$name`, None where it is unset; '@' and '*' are the caller's affair."""
        if name.isdigit():
            number = int(name)
            if number == 0:
                return self.name
            return self.parameters[number - 1] if number <= len(self.parameters) else None
        special = _SPECIAL.get(name)
        return special(self) if special else self.variables.get(name)

    def flags(self) -> str:
        """The value of `$-`."""
        letters = "".join(letter for letter, option in OPTION_LETTERS.items() if option in self.options)
        return (
            letters + ("i" if self.interactive else "") + {"-c": "c", "-c name": "c", "stdin": "s"}.get(self.place, "")
        )


_BASH_STATUS = {"unset": 127, "unset or null": 127, "error text": 127, "unbound": 127}

_SPECIAL: Mapping[str, Callable[[Shell], str | None]] = {
    "?": lambda shell: str(shell.status),
    "#": lambda shell: str(len(shell.parameters)),
    "$": lambda shell: str(shell.main_pid or shell.proc.pid),
    "!": lambda shell: None if shell.last_background is None else str(shell.last_background),
    "-": Shell.flags,
    "LINENO": lambda shell: (
        str(max(shell.line - (shell.dialect.name == "ash" and shell.place.startswith("-c")), 0))
        if shell.dialect.name != "sh"
        else shell.variables.get("LINENO")
    ),
    "RANDOM": lambda shell: _random(shell) if shell.dialect.name != "sh" else shell.variables.get("RANDOM"),
    "SECONDS": lambda shell: (
        str((shell.proc.kernel.clock.now - shell.proc.started) // 1_000_000_000)
        if shell.dialect.name == "bash"
        else shell.variables.get("SECONDS")
    ),
    "BASHPID": lambda shell: str(shell.proc.pid) if shell.dialect.name == "bash" else None,
    "BASH_SUBSHELL": lambda shell: str(shell.subshells) if shell.dialect.name == "bash" else None,
}


def _random(shell: Shell) -> str:
    """A number from 0 to 32767 that is the same in every run: it comes from a counter in the shell."""
    shell.random = (shell.random or shell.proc.pid) * 1_103_515_245 + 12_345 & 0x7FFFFFFF
    return str(shell.random >> 8 & 0x7FFF)


def applet_name(shell: Shell) -> str:
    """The name that busybox was called by: its shared builtins complain under it."""
    return shell.proc.argv[0].rsplit("/", 1)[-1]


def complain_as_applet(shell: Shell, key: str, *values: object, builtin: str) -> None:
    """A message of a builtin that busybox shares with the program of that name: it says neither line nor builtin."""
    if shell.dialect.name == "ash":
        shell.proc.err(f"{applet_name(shell)}: {shell.dialect.say(key, *values)}\n")
    else:
        shell.complain(key, *values, builtin=builtin)


def fork(shell: Shell, body: Callable[[Shell], Steps], fds: Mapping[int, Stream] | None = None) -> Process:
    """Run `body` in a subshell beside this one. The copy is made now: what changes later, it does not see."""
    twin = shell.copy(shell.proc)

    def program(proc: Process) -> Steps:
        twin.proc = proc
        return body(twin)

    process = shell.proc.fork(program, fds=fds)
    process.env = shell.variables.environment()
    return process
