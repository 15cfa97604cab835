"""The builtin ulimit (POSIX.1-2024 XCU ulimit; bash, busybox and dash each print all limits in their own way)."""

from __future__ import annotations

from dockerlab.runtime.capabilities import Capability
from dockerlab.runtime.rlimits import BY_LETTER, UNLIMITED, Resource, at_most, limit_of
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.state import Shell, complain_as_applet

_UNITS_OF_BASH = {"kb": "kbytes"}
_BLOCK_OF_BASH = 1024
_NOT_LISTED = {"ash": "R", "sh": "eiqrxR"}
"""Letters that busybox and dash leave out of -a."""
_ORDER = "Rcdefilmnqrstuvx"
DENIED, INVALID = "Operation not permitted", "Invalid argument"


@builtin("ulimit")
def _ulimit(shell: Shell, words: list[str]) -> int:
    letters, value = "", ""
    for word in words[1:]:
        if word.startswith("-"):
            letters += word[1:]
        else:
            value = word
    kinds = [letter for letter in letters if letter in BY_LETTER] or ["f"]
    if "a" in letters:
        for letter in _ORDER:
            if letter not in _NOT_LISTED.get(shell.dialect.name, ""):
                _print(shell, BY_LETTER[letter], hard="H" in letters, named=True)
    elif value:
        return _set(shell, BY_LETTER[kinds[-1]], value, letters)
    else:
        for letter in kinds:
            _print(shell, BY_LETTER[letter], hard="H" in letters, named=len(kinds) > 1)
    return 0


def _factor(shell: Shell, kind: Resource) -> int:
    return _BLOCK_OF_BASH if shell.dialect.name == "bash" and kind.unit == "blocks" else kind.factor


def _print(shell: Shell, kind: Resource, *, hard: bool, named: bool) -> None:
    value = limit_of(shell.proc.limits, kind.name)[hard]
    shown = "unlimited" if value == UNLIMITED else str(value // _factor(shell, kind))
    label = ""
    if named and shell.dialect.name == "bash":
        unit = _UNITS_OF_BASH.get(kind.unit, kind.unit)
        label = f"{kind.label:<20}{f'({unit}, -{kind.letter})' if unit else f'(-{kind.letter})':>20} "
    elif named:
        label = f"{f'{kind.label} ({kind.unit})' if kind.unit else kind.label:<31} (-{kind.letter}) "
    shell.proc.out(f"{label}{shown}\n")


def _set(shell: Shell, kind: Resource, word: str, letters: str) -> int:
    """Set soft and hard limit, or the one that -S or -H names; a hard one is only ever lowered (setrlimit(2))."""
    proc = shell.proc
    soft, hard = limit_of(proc.limits, kind.name)
    named = {"unlimited": UNLIMITED, "soft": soft, "hard": hard}
    if word not in named and not word.isdigit():
        complain_as_applet(shell, "ulimit number", word, builtin="ulimit")
        return 2 if shell.dialect.name == "sh" else 1
    value = named[word] if word in named else int(word) * _factor(shell, kind)
    both = not {"S", "H"} & set(letters)
    new = (value if both or "S" in letters else soft, value if both or "H" in letters else hard)
    if not at_most(new[0], new[1]):
        return _refuse(shell, kind, INVALID)
    if not at_most(new[1], hard) and not proc.capable(Capability.SYS_RESOURCE):
        return _refuse(shell, kind, DENIED)
    proc.limits = {**proc.limits, kind.name: new}
    return 0


def _refuse(shell: Shell, kind: Resource, reason: str) -> int:
    complain_as_applet(shell, "ulimit refused", kind.label, reason, builtin="ulimit")
    return 2 if shell.dialect.name == "sh" else 1
