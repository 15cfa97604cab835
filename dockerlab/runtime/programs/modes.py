"""File modes as they are typed: octal, or symbolic ('u+x,go=rX'), by the grammar of POSIX.1-2024 chmod."""

from __future__ import annotations

import re

CLAUSE = re.compile(r"([ugoa]*)((?:[-+=](?:[ugo]|[rwxXst]*))+)")
ACTION = re.compile(r"([-+=])([ugo]|[rwxXst]*)")
SHIFTS = {"u": 6, "g": 3, "o": 0}
BITS = {"r": 4, "w": 2, "x": 1}
SPECIAL = {"u": 0o4000, "g": 0o2000}
STICKY = 0o1000


class ModeError(ValueError):
    """A text that is no mode."""


def changed_mode(text: str, mode: int, *, folder: bool, umask: int) -> int:
    """The mode that a file of `mode` gets; raises ModeError."""
    if re.fullmatch("[0-7]{1,5}", text):
        value = int(text, 8)
        if value > 0o7777:
            raise ModeError(text)
        # A number of few digits doesn't take a folder's set-id bits away.
        return value | (mode & 0o6000 if folder and len(text) < 5 else 0)
    for clause in text.split(","):
        found = CLAUSE.fullmatch(clause)
        if not found:
            raise ModeError(text)
        for operator, permissions in ACTION.findall(found[2]):
            mode = _apply(mode, found[1], operator, permissions, folder=folder, umask=umask)
    return mode


def _apply(mode: int, who: str, operator: str, permissions: str, *, folder: bool, umask: int) -> int:
    """One action; without 'who' it is for all, but for the bits of the umask."""
    everyone = "ugo" if not who or "a" in who else who
    wanted = _wanted(mode, everyone, permissions, folder=folder)
    if not who:
        wanted &= ~umask
    if operator == "+":
        return mode | wanted
    if operator == "-":
        return mode & ~wanted
    return mode & ~_reach(everyone) | wanted


def _reach(everyone: str) -> int:
    """All bits that '=' sets anew for these people."""
    return sum(7 << SHIFTS[who] | SPECIAL.get(who, 0) for who in set(everyone))


def _wanted(mode: int, everyone: str, permissions: str, *, folder: bool) -> int:
    bits, special = 0, 0
    for letter in permissions:
        if letter in BITS:
            bits |= BITS[letter]
        elif letter in SHIFTS:
            bits |= mode >> SHIFTS[letter] & 7
        elif letter == "X":
            bits |= 1 if folder or mode & 0o111 else 0
        elif letter == "t":
            special |= STICKY
        elif letter == "s":
            special |= sum(SPECIAL.get(who, 0) for who in set(everyone))
    return special | sum(bits << SHIFTS[who] for who in set(everyone))
