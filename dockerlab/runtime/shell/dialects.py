"""The three shells that people meet: dash (`sh` in Debian and Ubuntu), busybox ash, bash; what each can and says.

The texts are those of dash 0.5.12, bash 5.2 and busybox 1.35; tests/runtime/shell/record.py asks the real ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.runtime.shell.export_order import ExportOrder, bash_order, dash_order

DASH, BASH, ASH = 0, 1, 2


@dataclass(frozen=True)
class Dialect:
    """A shell's features and its column in the table of messages."""

    name: str
    column: int
    features: frozenset[str] = field(default_factory=frozenset)
    usage_status: int = 2
    """Status after a failed redirection."""
    execs_last: str = ""
    """Which last commands of `-c` replace the shell: '' none, 'list' simple ones, 'all' whatever comes last."""
    prompt: str = "$ "
    export_order: ExportOrder = dash_order

    def has(self, feature: str) -> bool:
        """Whether the shell knows a construct that POSIX does not have."""
        return feature in self.features

    def say(self, key: str, *values: object) -> str:
        """A message in the shell's own words."""
        return MESSAGES[key][self.column].format(*values)

    def prefix(self, name: str, line: int, builtin: str, place: str) -> str:
        """What stands before a message; `place` is how the script is read: 'file', 'stdin', '-c', '-c name'."""
        return _PREFIXES[self.column](name, line, builtin, place)


def _dash_prefix(name: str, line: int, builtin: str, place: str) -> str:
    return f"{name}: {line}: {builtin}: " if builtin else f"{name}: {line}: "


def _bash_prefix(name: str, line: int, builtin: str, place: str) -> str:
    middle = "" if place == "interactive" else f"line {line}: "
    return f"{name}: {middle}{builtin}: " if builtin else f"{name}: {middle}"


def _ash_prefix(name: str, line: int, builtin: str, place: str) -> str:
    line -= place.startswith("-c")
    if builtin:
        return f"{name}: {builtin}: line {line}: "
    return f"{name}: line {line}: " if place in ("file", "-c name") else f"{name}: "


_PREFIXES = (_dash_prefix, _bash_prefix, _ash_prefix)

_COMMON = {"local", "process-exit"}
_ASH = {
    *_COMMON,
    "replace",
    "slice",
    "ansi-quotes",
    "&>",
    "function",
    "[[",
    "pipefail",
    "echo -e",
    "power",
    "==",
    "let",
    "source",
    "quoted-trace",
    "read-ext",
}
_BASH = {
    *_ASH,
    "braces",
    "<<<",
    "arrays",
    "((",
    "[[ ]]",
    "|&",
    ";&",
    "case-words",
    "declare",
    "indirect",
    "time",
    "shopt",
    "pushd",
    "select",
    "nested-trace",
}

SH = Dialect("sh", DASH, frozenset(_COMMON))
BASH_SHELL = Dialect(
    "bash",
    BASH,
    frozenset(_BASH),
    usage_status=1,
    execs_last="list",
    prompt="\\u@\\h:\\w\\$ ",
    export_order=bash_order,
)
BUSYBOX = Dialect("ash", ASH, frozenset(_ASH), usage_status=1, execs_last="all", prompt="\\w \\$ ")


def dialect_of(name: str, flavour: str) -> Dialect:
    """The dialect that a shell's file name and its flavour mean."""
    if flavour == "busybox":
        return BUSYBOX
    return BASH_SHELL if name.lstrip("-") in ("bash", "rbash") else SH


MESSAGES: dict[str, tuple[str, str, str]] = {
    "not found": ("{0}: not found", "{0}: command not found", "{0}: not found"),
    "exec": ("{0}: not found", "{0}: not found", "{0}: not found"),
    "no file": ("{0}: not found", "{0}: No such file or directory", "{0}: not found"),
    "denied": ("{0}: Permission denied", "{0}: Permission denied", "{0}: Permission denied"),
    "directory": ("{0}: Permission denied", "{0}: Is a directory", "{0}: Permission denied"),
    "bad format": (
        "{0}: Exec format error",
        "{0}: cannot execute binary file: Exec format error",
        "{0}: Exec format error",
    ),
    "interpreter": (
        "{0}: not found",
        "{0}: cannot execute: required file not found",
        "{0}: not found",
    ),
    "no fork": (
        "Cannot fork",
        "fork: retry: Resource temporarily unavailable",
        "can't fork: Resource temporarily unavailable",
    ),
    "open": ("cannot open {0}: {1}", "{0}: {1}", "can't open {0}: {1}"),
    "create": ("cannot create {0}: {1}", "{0}: {1}", "can't create {0}: {1}"),
    "noclobber": (
        "cannot create {0}: File exists",
        "{0}: cannot overwrite existing file",
        "can't create {0}: File exists",
    ),
    "bad descriptor": ("{0}: Bad file descriptor", "{0}: Bad file descriptor", "{0}: Bad file descriptor"),
    "bad fd word": ("Syntax error: Bad fd number", "{0}: ambiguous redirect", "redir error"),
    "unset or null": (
        "{0}: parameter not set or null",
        "{0}: parameter null or not set",
        "{0}: parameter not set or null",
    ),
    "unset": ("{0}: parameter not set", "{0}: parameter not set", "{0}: parameter not set"),
    "unbound": ("{0}: parameter not set", "{0}: unbound variable", "{0}: parameter not set"),
    "error text": ("{0}: {1}", "{0}: {1}", "{0}: {1}"),
    "readonly": ("{0}: is read only", "{0}: readonly variable", "{0}: is read only"),
    "unset readonly": ("{0}: is read only", "{0}: cannot unset: readonly variable", "{0}: is read only"),
    "empty": ("{0}: Permission denied", "{0}: command not found", "{0}: Permission denied"),
    "bad substitution": ("Bad substitution", "${{{0}}}: bad substitution", "syntax error: bad substitution"),
    "division": (
        'arithmetic expression: division by zero: "{0}"',
        '{0}: division by 0 (error token is "{1}")',
        "divide by zero",
    ),
    "primary": (
        'arithmetic expression: expecting primary: "{0}"',
        '{0}: syntax error: operand expected (error token is "{1}")',
        "arithmetic syntax error",
    ),
    "arithmetic end": (
        'arithmetic expression: expecting EOF: "{0}"',
        '{0}: syntax error in expression (error token is "{1}")',
        "arithmetic syntax error",
    ),
    "bad base": (
        'arithmetic expression: expecting EOF: "{0}"',
        '{0}: value too great for base (error token is "{1}")',
        "arithmetic syntax error",
    ),
    "illegal value": (
        "Illegal number: {1}",
        '{0}: syntax error: invalid arithmetic operator (error token is "{1}")',
        "arithmetic syntax error",
    ),
    "too deep": (
        "Maximum function recursion depth (1000) reached",
        "maximum function nesting level exceeded (1000)",
        "Maximum function recursion depth (1000) reached",
    ),
    "cd": ("can't cd to {0}", "{0}: {1}", "can't cd to {0}: {1}"),
    "home": ("", "HOME not set", ""),
    "shift": ("can't shift that many", "", ""),
    "number": ("Illegal number: {0}", "{0}: numeric argument required", "Illegal number: {0}"),
    "option": ("Illegal option {0}", "{0}: invalid option", "illegal option {0}"),
    "option name": ("Illegal option -o {0}", "{0}: invalid option name", "illegal option -o {0}"),
    "variable name": ("{0}: bad variable name", "`{0}': not a valid identifier", "{0}: bad variable name"),
    "source": (
        "cannot open {0}: No such file",
        "{0}: No such file or directory",
        "can't open '{0}': No such file or directory",
    ),
    "source path": ("{0}: not found", "{0}: No such file or directory", "can't open '{0}': No such file or directory"),
    "no child": ("", "pid {0} is not a child of this shell", ""),
    "no job": ("No such job: {0}", "{0}: no such job", "{0}: no such job"),
    "not in function": ("not in a function", "can only be used in a function", "not in a function"),
    "ulimit number": ("bad number", "{0}: invalid number", "invalid number '{0}'"),
    "ulimit refused": (
        "error setting limit ({1})",
        "{0}: cannot modify limit: {1}",
        "error setting limit: {1}",
    ),
    "trap": ("{0}: bad trap", "{0}: invalid signal specification", "{0}: invalid signal specification"),
    "mask": ("Illegal number: {0}", "{0}: octal number out of range", "illegal mode: {0}"),
    "kill signal": ("Illegal option -{1}", "{0}: invalid signal specification", "bad signal name '{0}'"),
    "kill missing": ("No such process\n", "({0}) - No such process", "can't kill pid {0}: No such process"),
    "kill refused": (
        "Operation not permitted\n",
        "({0}) - Operation not permitted",
        "can't kill pid {0}: Operation not permitted",
    ),
    "kill pid": ("Illegal number: {0}", "{0}: arguments must be process or job IDs", "invalid number '{0}'"),
    "printf number": ("{0}: expected numeric value", "{0}: invalid number", "invalid number '{0}'"),
    "printf partial": ("{0}: not completely converted", "{0}: invalid number", "invalid number '{0}'"),
    "printf directive": ("%{0}: invalid directive", "`{0}': invalid format character", "%{0}: invalid format"),
    "printf format": ("{0}: invalid format", "{0}: invalid format", "{0}: invalid format"),
    "printf usage": (
        "usage: printf format [arg ...]",
        "usage: printf [-v var] format [arguments]",
        "usage: printf FORMAT [ARGUMENT...]",
    ),
    "test close": ("missing ]", "missing `]'", "missing ]"),
    "test integer": ("Illegal number: {0}", "{0}: integer expression expected", "{0}: bad number"),
    "test operand": ("{0}: argument expected", "{0}: argument expected", "{0}: argument expected"),
    "test operator": ("{0}: unexpected operator", "{0}: unary operator expected", "{0}: unknown operand"),
    "test binary": ("{0}: unexpected operator", "{0}: binary operator expected", "{0}: unknown operand"),
    "test many": ("{0}: unexpected operator", "too many arguments", "{0}: unknown operand"),
    "test paren": ("closing paren expected", "`)' expected", "closing paren expected"),
}
