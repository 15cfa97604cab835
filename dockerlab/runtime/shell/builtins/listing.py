"""The builtin `set`, and bash's `shopt`: options and positional parameters (POSIX.1-2024 XCU set)."""

from __future__ import annotations

from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.builtins.values import variable_lines
from dockerlab.runtime.shell.errors import Declined, ShellError
from dockerlab.runtime.shell.state import OPTION_LETTERS, Shell

_USAGE = "set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n"
_NAMES = {
    "sh": "errexit noglob ignoreeof interactive monitor noexec stdin xtrace verbose vi emacs noclobber allexport "
    "notify nounset nolog debug",
    "ash": "errexit noglob ignoreeof monitor noexec xtrace verbose noclobber allexport notify nounset vi pipefail",
    "bash": "allexport braceexpand emacs errexit errtrace functrace hashall histexpand history ignoreeof "
    "interactive-comments keyword monitor noclobber noexec noglob nolog notify nounset onecmd physical pipefail "
    "posix privileged verbose vi xtrace",
}
_ALWAYS_ON = {"bash": {"braceexpand", "hashall", "interactive-comments"}}
_EXTRA_LETTERS = {"bash": "kptBEHPT", "sh": "IVEs", "ash": "Is"}


@builtin("set", special=True)
def _set(shell: Shell, words: list[str]) -> int:
    if len(words) == 1:
        shell.proc.out(variable_lines(shell))
        return 0
    try:
        at = apply_options(shell, words)
    except Declined as error:
        return error.status
    if words[at : at + 1] == ["-"]:
        shell.options -= {"xtrace", "verbose"}
        at += 1
    if at < len(words) or words[at - 1 : at] == ["--"]:
        shell.parameters = words[at:]
    return 0


def apply_options(shell: Shell, words: list[str]) -> int:
    """Set the options at the front of the words (after the first); returns where the operands begin."""
    at = 1
    while at < len(words) and words[at][:1] in ("-", "+") and len(words[at]) > 1:
        word = words[at]
        at += 1
        if word == "--":
            break
        for letter in word[1:]:
            if letter == "o":
                at += _named(shell, words[at : at + 1], word[0] == "-")
            else:
                _letter(shell, letter, word[0] == "-")
    return at


def _letter(shell: Shell, letter: str, on: bool) -> None:
    option = OPTION_LETTERS.get(letter)
    if option:
        switch(shell, option, on)
    elif letter not in _EXTRA_LETTERS[shell.dialect.name]:
        if shell.dialect.name == "bash":
            shell.complain("option", f"-{letter}", builtin="set")
            shell.proc.err(_USAGE)
            raise Declined("option", f"-{letter}", status=2, builtin="set")
        raise ShellError("option", f"-{letter}", builtin="set")


def _named(shell: Shell, names: list[str], on: bool) -> int:
    """`-o name`; without a name it lists them. Returns how many words were used."""
    known = _NAMES[shell.dialect.name].split()
    if not names:
        _list(shell, known, on)
        return 0
    if names[0] not in known:
        if shell.dialect.name == "ash":
            shell.complain("option name", names[0], builtin="set")
            raise Declined("option name", names[0], status=1)
        raise ShellError("option name", names[0], builtin="set")
    switch(shell, names[0], on)
    return 1


def switch(shell: Shell, option: str, on: bool) -> None:
    """Turn an option on or off."""
    (shell.options.add if on else shell.options.discard)(option)


def _list(shell: Shell, names: list[str], readable: bool) -> None:
    shown = shell.options | _ALWAYS_ON.get(shell.dialect.name, set())
    if readable and shell.dialect.name == "sh":
        shell.proc.out("Current option settings\n")
    for name in names:
        state = "on" if name in shown else "off"
        if not readable:
            shell.proc.out(f"set {'-' if state == 'on' else '+'}o {name}\n")
        elif shell.dialect.name == "bash":
            shell.proc.out(f"{name:<15}\t{state}\n")
        else:
            shell.proc.out(f"{name:<16}{state}\n")


@builtin("shopt", feature="shopt")
def _shopt(shell: Shell, words: list[str]) -> int:
    letters = {word[1:] for word in words[1:] if word.startswith("-")}
    names = [word for word in words[1:] if not word.startswith("-")]
    if letters & {"s", "u"}:
        for name in names:
            switch(shell, name, "s" in letters)
        return 0
    if "q" not in letters:
        for name in names:
            shell.proc.out(f"{name:<15}\t{'on' if name in shell.options else 'off'}\n")
    return int(any(name not in shell.options for name in names))
