"""Reading a program's words as getopt_long(3) does: POSIX.1-2024 XBD 12.2, with GNU's long options.

Options and operands may be mixed (GNU and busybox both sort them), '--' ends the options, a long option may be
shortened as long as it stays unique.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.errors import DockerlabError

NOTHING, NEEDED, OPTIONAL = "", ":", "::"


class NumberError(DockerlabError):
    """A value that should be a whole number and is none."""


class OptionError(DockerlabError):
    """A word that is no option of the program; the text is getopt's."""


@dataclass(frozen=True)
class Options:
    """What a program understands: letter → kind of value, long name → letter."""

    short: Mapping[str, str]
    long: Mapping[str, str]
    stops: bool = False

    @classmethod
    def of(cls, letters: str, long: str = "") -> Options:
        """From getopt's string ('+ab:c::') and pairs of names ('all=a lines=n')."""
        stops = letters.startswith("+")
        letters = letters.removeprefix("+")
        short: dict[str, str] = {}
        at = 0
        while at < len(letters):
            kind = letters[at + 1 : at + 3]
            kind = OPTIONAL if kind == OPTIONAL else NEEDED if kind[:1] == ":" else NOTHING
            short[letters[at]] = kind
            at += 1 + len(kind)
        pairs = ((name, letter) for name, _, letter in (pair.partition("=") for pair in long.split()))
        return cls(short, dict(pairs), stops)

    def kind(self, letter: str) -> str:
        """The kind of value of an option; letters that only long names lead to are flags unless they say otherwise."""
        return self.short.get(letter, NOTHING)


@dataclass
class Arguments:
    """A program's words, read: options in order, with their values, and operands."""

    given: list[tuple[str, str]] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)

    def __contains__(self, letter: str) -> bool:
        return any(name == letter for name, _ in self.given)

    def any(self, letters: str) -> bool:
        """Whether one of these options was given."""
        return any(name in letters for name, _ in self.given)

    def last(self, letters: str, default: str = "") -> str:
        """Which of these options came last: how programs choose between contrary ones."""
        return next((name for name, _ in reversed(self.given) if name in letters), default)

    def value(self, letter: str, default: str = "") -> str:
        """The value of an option, the last one given."""
        return next((value for name, value in reversed(self.given) if name == letter), default)

    def number(self, letter: str, default: int) -> int:
        """The value of an option as a whole number; raises NumberError."""
        text = self.value(letter)
        if not text:
            return default
        try:
            return int(text)
        except ValueError:
            raise NumberError(f"invalid number '{text}'") from None

    def all(self, letter: str) -> list[str]:
        """All values of an option that may be repeated."""
        return [value for name, value in self.given if name == letter]


def parse_arguments(words: Sequence[str], options: Options) -> Arguments:
    """Read words; raises OptionError with getopt's text, the program's name left out."""
    read = Arguments()
    rest = iter(words)
    for word in rest:
        if word == "--":
            read.operands.extend(rest)
        elif word.startswith("--"):
            _read_long(word[2:], rest, options, read)
        elif word.startswith("-") and word != "-":
            _read_short(word[1:], rest, options, read)
        else:
            read.operands.append(word)
            if options.stops:
                read.operands.extend(rest)
    return read


def _read_long(text: str, rest: Iterator[str], options: Options, read: Arguments) -> None:
    name, equals, value = text.partition("=")
    matching = [known for known in options.long if known.startswith(name)]
    if name in options.long:
        matching = [name]
    if not matching:
        raise OptionError(f"unrecognized option '--{name}'")
    letters = {options.long[known] for known in matching}
    if len(letters) > 1:
        choices = " ".join(f"'--{known}'" for known in matching)
        raise OptionError(f"option '--{name}' is ambiguous; possibilities: {choices}")
    full, letter = matching[0], letters.pop()
    kind = options.kind(letter)
    if kind == NOTHING and equals:
        raise OptionError(f"option '--{full}' doesn't allow an argument")
    if kind == NEEDED and not equals:
        value = _following(rest, f"option '--{full}' requires an argument")
    read.given.append((letter, value))


def _read_short(letters: str, rest: Iterator[str], options: Options, read: Arguments) -> None:
    while letters:
        letter, letters = letters[0], letters[1:]
        if letter not in options.short:
            raise OptionError(f"invalid option -- '{letter}'")
        kind = options.short[letter]
        value = ""
        if kind == OPTIONAL or (kind == NEEDED and letters):
            value, letters = letters, ""
        elif kind == NEEDED:
            value = _following(rest, f"option requires an argument -- '{letter}'")
        read.given.append((letter, value))


def _following(rest: Iterator[str], complaint: str) -> str:
    word = next(rest, None)
    if word is None:
        raise OptionError(complaint)
    return word
