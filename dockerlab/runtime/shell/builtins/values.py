"""Builtins on variables: export, readonly, unset, local, declare, shift, set, let."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from dockerlab.runtime.shell.arithmetic import evaluate
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.errors import Fatal, ShellError
from dockerlab.runtime.shell.quoting import quote, single
from dockerlab.runtime.shell.state import Shell
from dockerlab.runtime.shell.variables import Variable

_NAME = re.compile(r"[A-Za-z_]\w*\Z")
_NAME_OR_ELEMENT = re.compile(r"[A-Za-z_]\w*(\[.*\])?\Z", re.DOTALL)


def check_name(shell: Shell, text: str, command: str, shown: str = "") -> None:
    """Refuse what is no name."""
    if not _NAME.match(text):
        raise ShellError("variable name", shown or text, status=2, builtin=command)


def _options(words: list[str], letters: str) -> tuple[set[str], list[str]]:
    """Single-letter options at the front of the words, and the rest."""
    found: set[str] = set()
    at = 1
    while at < len(words) and re.fullmatch(f"[-+][{letters}]+", words[at]):
        found |= set(words[at][1:]) if words[at][0] == "-" else {f"+{letter}" for letter in words[at][1:]}
        at += 1
    return found, words[at + (words[at : at + 1] == ["--"]) :]


def assign_word(shell: Shell, word: str, command: str) -> str:
    """Carry out `name`, `name=value` or `name+=value` given as one word; returns the name."""
    name, equals, value = word.partition("=")
    append = equals and name.endswith("+") and shell.dialect.has("arrays")
    name = name[:-1] if append else name
    check_name(shell, name, command, word if shell.dialect.name == "bash" else name)
    if equals:
        old = shell.variables.find(name)
        if append:
            value = (shell.variables.get(name) or "") + value
        if old and old.integer:
            value = str(evaluate(value, shell.variables))
        shell.variables.set(name, value)
    return name


def _each(shell: Shell, words: Iterable[str], command: str, act: Callable[[str], None]) -> int:
    """Do something with each word; bash goes on after a bad one, the others end."""
    status = 0
    for word in words:
        try:
            act(word)
        except ShellError as error:
            if shell.dialect.name != "bash":
                raise
            error.builtin = error.builtin or command
            shell.report(error)
            status = 1
    return status


@builtin("export", special=True)
@builtin("readonly", special=True)
def _mark(shell: Shell, words: list[str]) -> int:
    command = words[0]
    mark = "exported" if command == "export" else "readonly"
    options, arguments = _options(words, "pnfa")
    if not arguments:
        _print_marked(shell, command, mark)
        return 0

    def act(word: str) -> None:
        shell.variables.mark(assign_word(shell, word, command), {mark: "n" not in options})

    return _each(shell, arguments, command, act)


def _print_marked(shell: Shell, command: str, mark: str) -> None:
    for name in shell.variables.names():
        variable = shell.variables.find(name)
        if variable is None or not getattr(variable, mark):
            continue
        if shell.dialect.name == "bash":
            shell.proc.out(f"{_declaration(name, variable)}\n")
        elif variable.text is None:
            shell.proc.out(f"{command} {name}\n")
        else:
            shell.proc.out(f"{command} {name}={single(variable.text)}\n")


@builtin("unset", special=True)
def _unset(shell: Shell, words: list[str]) -> int:
    options, arguments = _options(words, "fv")

    def act(word: str) -> None:
        if "f" in options:
            shell.functions.pop(word, None)
            return
        if not _NAME_OR_ELEMENT.match(word):
            if shell.dialect.name == "bash":
                return
            raise ShellError("variable name", word, builtin="unset")
        found = shell.variables.find(word.partition("[")[0])
        if found is not None and found.readonly:
            raise ShellError("unset readonly", word, builtin="unset")
        if found is None and "v" not in options:
            shell.functions.pop(word, None)
        shell.variables.unset(word)

    return _each(shell, arguments, "unset", act)


@builtin("local")
def _local(shell: Shell, words: list[str]) -> int:
    if not shell.calls:
        if shell.dialect.name == "bash":
            shell.complain("not in function", builtin="local")
            return 1
        raise Fatal("not in function", builtin="local")
    if shell.dialect.name == "bash":
        return declare(shell, words)

    def act(word: str) -> None:
        shell.variables.local(word.partition("=")[0])
        assign_word(shell, word, "local")

    return _each(shell, words[1:], "local", act)


_MARKS = {"x": "exported", "r": "readonly", "i": "integer", "A": "keyed"}


@builtin("declare", feature="declare")
@builtin("typeset", feature="declare")
def _declare(shell: Shell, words: list[str]) -> int:
    return declare(shell, words)


def declare(shell: Shell, words: list[str]) -> int:
    """bash's `declare`, and `local` in bash."""
    options, arguments = _options(words, "aAxrigpfFltu")
    if "f" in options or "F" in options:
        return int(any(name not in shell.functions for name in arguments))
    if "p" in options or not arguments:
        return _print_declarations(shell, arguments)
    marks = {_MARKS[letter]: True for letter in options if letter in _MARKS and letter != "r"}
    marks |= {_MARKS[letter[1]]: False for letter in options if letter[0] == "+" and letter[1] in _MARKS}

    def act(word: str) -> None:
        name = re.match(r"\w*", word)
        assert name is not None
        if shell.calls and "g" not in options:
            _make_local(shell, name[0])
        shell.variables.mark(name[0], marks)
        target = assign_word(shell, word, words[0])
        if "r" in options:
            shell.variables.mark(target, {"readonly": True})

    return _each(shell, arguments, words[0], act)


def _make_local(shell: Shell, name: str) -> None:
    """A name that a function declares starts unset in bash, whatever it is outside."""
    if shell.variables.is_local(name):
        return
    shell.variables.local(name)
    variable = shell.variables.find(name)
    if variable is not None and not variable.readonly:
        shell.variables.unset(name)


def _print_declarations(shell: Shell, names: list[str]) -> int:
    status = 0
    for name in names or shell.variables.names():
        variable = shell.variables.find(name)
        if variable is None:
            shell.message(f"{name}: not found", builtin="declare")
            status = 1
        else:
            shell.proc.out(f"{_declaration(name, variable)}\n")
    return status


def _declaration(name: str, variable: Variable) -> str:
    array = variable.value is not None and not isinstance(variable.value, str)
    letters = "A" if variable.keyed else "a" if array else ""
    letters += "i" * variable.integer + "r" * variable.readonly + "x" * variable.exported
    head = f"declare -{letters or '-'} {name}"
    if variable.value is None:
        return head
    if isinstance(variable.value, str):
        return f'{head}="{_escaped(variable.value)}"'
    items = "".join(f'[{key}]="{_escaped(value)}" ' for key, value in variable.value.items())
    return f"{head}=({items if variable.keyed else items.rstrip()})"


def _escaped(text: str) -> str:
    return re.sub(r'(["\\$`])', r"\\\1", text)


@builtin("shift", special=True)
def _shift(shell: Shell, words: list[str]) -> int:
    text = words[1] if len(words) > 1 else "1"
    if not text.isdigit():
        raise ShellError("number", text, builtin="shift")
    if int(text) > len(shell.parameters):
        if shell.dialect.name == "sh":
            raise ShellError("shift", builtin="shift")
        return 1
    del shell.parameters[: int(text)]
    return 0


@builtin("let", feature="let")
def _let(shell: Shell, words: list[str]) -> int:
    value = 0
    for word in words[1:]:
        value = evaluate(word, shell.variables)
    return int(value == 0)


def variable_lines(shell: Shell) -> str:
    """What `set` without operands prints."""
    lines = []
    for name in shell.variables.names():
        text = shell.variables.get(name)
        if text is not None:
            shown = quote(text) if shell.dialect.name == "bash" else single(text)
            lines.append(f"{name}={shown}\n")
    return "".join(lines)
