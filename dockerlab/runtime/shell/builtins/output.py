"""Builtins that print: echo and printf (POSIX.1-2024 XCU echo, printf; each shell has its own echo)."""

from __future__ import annotations

from dockerlab.runtime.shell.ansi import unescape_until_c
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.printf import Format, FormatError
from dockerlab.runtime.shell.state import Shell, complain_as_applet


@builtin("echo")
def _echo(shell: Shell, words: list[str]) -> int:
    arguments, newline, escapes = words[1:], True, not shell.dialect.has("echo -e")
    letters = "neE" if shell.dialect.has("echo -e") else "n"
    while arguments and len(arguments[0]) > 1 and arguments[0][0] == "-" and set(arguments[0][1:]) <= set(letters):
        if letters == "n" and arguments[0] != "-n":
            break
        for letter in arguments[0][1:]:
            newline = newline and letter != "n"
            escapes = letter == "e" if letter in "eE" else escapes
        arguments = arguments[1:]
        if letters == "n":
            break
    text = " ".join(arguments)
    if escapes:
        text, stopped = unescape_until_c(text, hexadecimal=shell.dialect.name != "sh")
        newline = newline and not stopped
    shell.proc.out(text + "\n" * newline)
    return 0


@builtin("printf")
def _printf(shell: Shell, words: list[str]) -> int:
    arguments, target = words[1:], ""
    if shell.dialect.name == "bash" and arguments[:1] == ["-v"] and len(arguments) > 2:
        target, arguments = arguments[1], arguments[2:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        return _usage(shell)
    formatter = Format(arguments[0], shell.dialect.name)
    try:
        text = formatter.render(arguments[1:])
    except FormatError as error:
        shell.proc.out(error.before)
        complain_as_applet(shell, error.key, error.value, builtin="printf")
        return 1 if shell.dialect.name != "sh" else 2
    if target:
        shell.variables.set(target, text)
    else:
        shell.proc.out(text)
    for key, value in formatter.problems:
        complain_as_applet(shell, key, value, builtin="printf")
    return int(bool(formatter.problems))


def _usage(shell: Shell) -> int:
    text = shell.dialect.say("printf usage")
    if shell.dialect.name == "bash":
        shell.proc.err(f"printf: {text}\n")
    else:
        complain_as_applet(shell, "printf usage", "", builtin="printf")
    return 2
