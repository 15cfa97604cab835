"""sed's language: a script read into commands (POSIX.1-2024, sed; with GNU's one-line a, i and c)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from dockerlab.runtime.programs.regex import PatternError, compile_pattern

ONE_ADDRESS = "=aiqQr"
PLAIN = "=dDgGhHnNpPxlFz"
LABELLED = "btT"
TEXT = "aic"
FILES = "rwW"


class SedError(ValueError):
    """A script that sed refuses: GNU's words, busybox's words, and how far into the script it is."""

    def __init__(self, message: str, at: int = 0, *, busybox: str = "") -> None:
        super().__init__(message)
        self.at = at
        self.busybox = busybox or message


@dataclass(frozen=True)
class Address:
    """Which lines: a number (0 = before the first), the last ('$'), a pattern, or every `step`-th from `number` on.

    As the end of a range '+N' counts lines from its start, '~N' goes to a multiple.
    """

    kind: str
    number: int = 0
    step: int = 0
    pattern: re.Pattern[str] | None = None


@dataclass
class Command:
    """One command; `text` is a text, file, or label; blocks know where their end is."""

    name: str
    addresses: tuple[Address, ...] = ()
    negated: bool = False
    text: str = ""
    pattern: re.Pattern[str] | None = None
    replacement: list[str | int] = field(default_factory=list)
    flags: str = ""
    count: int = 1
    code: int = 0
    target: int = -1
    # Where a range is: the line that it ends at; 0 = not in it, -1 = a pattern decides.
    until: int = 0
    active: bool = False


def parse_script(text: str, *, extended: bool = False) -> list[Command]:
    """The commands of a script; raises SedError."""
    parser = _Parser(text, extended)
    commands = parser.run()
    _link(commands)
    return commands


def _link(commands: list[Command]) -> None:
    """Find the end of each block and the place of each label."""
    labels = {command.text: at for at, command in enumerate(commands) if command.name == ":"}
    opened: list[int] = []
    for at, command in enumerate(commands):
        if command.name == "{":
            opened.append(at)
        elif command.name == "}":
            if not opened:
                raise SedError("unexpected `}'")
            commands[opened.pop()].target = at
        elif command.name in LABELLED:
            if command.text and command.text not in labels:
                raise SedError(f"can't find label for jump to `{command.text}'")
            command.target = labels.get(command.text, len(commands))
    if opened:
        raise SedError("unmatched `{'", busybox="unterminated {")


class _Parser:
    """Reads a script from front to back."""

    def __init__(self, text: str, extended: bool) -> None:
        self.text = text
        self.extended = extended
        self.at = 0
        self.last: re.Pattern[str] | None = None

    def run(self) -> list[Command]:
        commands: list[Command] = []
        while True:
            self._skip(" \t\n;")
            if self.at >= len(self.text):
                return commands
            if self._peek() == "#":
                self._line()
                continue
            commands.append(self._command())

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self, chars: str) -> None:
        while self.at < len(self.text) and self.text[self.at] in chars:
            self.at += 1

    def _error(self, message: str, busybox: str = "") -> SedError:
        return SedError(message, min(self.at, len(self.text)), busybox=busybox)

    def _line(self) -> str:
        end = self.text.find("\n", self.at)
        end = len(self.text) if end < 0 else end
        line, self.at = self.text[self.at : end], end + 1
        return line

    # Addresses.

    def _addresses(self) -> tuple[Address, ...]:
        first = self._address(end=False)
        if first is None:
            return ()
        self._skip(" \t")
        if self._peek() != ",":
            return (first,)
        self.at += 1
        self._skip(" \t")
        second = self._address(end=True)
        if second is None:
            raise self._error("unexpected `,'")
        return (first, second)

    def _address(self, *, end: bool) -> Address | None:
        char = self._peek()
        if char == "$":
            self.at += 1
            return Address("$")
        if end and char and char in "+~":
            self.at += 1
            return Address(char, self._number())
        if char.isdigit():
            number = self._number()
            if self._peek() == "~":
                self.at += 1
                return Address("step", number, self._number())
            return Address("line", number)
        if char in ("/", "\\"):
            return self._pattern_address(char)
        return None

    def _pattern_address(self, char: str) -> Address:
        self.at += 1 if char == "/" else 2
        text = self._until(self.text[self.at - 1], "unterminated address regex", "unmatched '/'")
        ignore = False
        while self._peek() and self._peek() in "IM":
            ignore = ignore or self._peek() == "I"
            self.at += 1
        return Address("pattern", pattern=self._pattern(text, ignore))

    def _number(self) -> int:
        found = re.compile(r"\d*").match(self.text, self.at)
        assert found
        self.at = found.end()
        return int(found[0] or 0)

    def _until(self, mark: str, message: str, busybox: str, *, brackets: bool = True) -> str:
        """The text up to an unescaped mark; an escaped one loses its backslash."""
        out = ""
        inside = False
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == "\\" and self.at < len(self.text):
                following = self.text[self.at]
                self.at += 1
                out += following if following == mark and mark != "&" else "\\" + following
            elif char == mark and not inside:
                return out
            else:
                if brackets and not inside and char == "[":
                    inside = True
                    out += char + self._bracket_start()
                    continue
                inside = inside and char != "]"
                out += char
        raise self._error(message, busybox)

    def _bracket_start(self) -> str:
        """What may follow '[' without ending it: '^', ']' and a class's name."""
        found = re.compile(r"\^?\]?(?:[^]\[]|\[[:.=].*?[:.=]\])*").match(self.text, self.at)
        assert found
        # Without a ']' behind it the bracket is none.
        if self.text[found.end() : found.end() + 1] != "]":
            return ""
        self.at = found.end()
        return found[0]

    def _pattern(self, text: str, ignore: bool) -> re.Pattern[str]:
        """A pattern; the empty one means the last one."""
        if not text and self.last is not None:
            return self.last
        try:
            self.last = compile_pattern(text, extended=self.extended, ignore_case=ignore)
        except PatternError as error:
            raise self._error(str(error), f"bad regex '{text}'") from None
        return self.last

    # Commands.

    def _command(self) -> Command:
        addresses = self._addresses()
        self._skip(" \t")
        negated = self._peek() == "!"
        while self._peek() and self._peek() in "! ":
            self.at += 1
        name = self._peek()
        self.at += 1
        command = Command(name, addresses, negated)
        if not name:
            raise self._error("missing command")
        if name in "}:" and addresses:
            raise self._error(f"{name} doesn't want any addresses")
        self._arguments(command)
        return command

    def _arguments(self, command: Command) -> None:
        name = command.name
        if name == "s":
            self._substitution(command)
        elif name == "y":
            self._transliteration(command)
        elif name in TEXT:
            command.text = self._text()
        elif name == ":" or name in LABELLED:
            command.text = self._label()
        elif name in FILES:
            self._skip(" \t")
            command.text = self._line()
        elif name in "qQl":
            self._skip(" \t")
            command.code = self._number()
            self._end()
        elif name in PLAIN or name == "}":
            self._end()
        elif name != "{":
            raise self._error(f"unknown command: `{name}'", f"unsupported command {name}")

    def _label(self) -> str:
        self._skip(" \t")
        end = re.compile(r"[^;\n}]*").match(self.text, self.at)
        assert end
        self.at = end.end()
        return end[0].strip()

    def _end(self) -> None:
        self._skip(" \t")
        if self._peek() == "#":
            self._line()
        elif self._peek() == "}":
            return
        elif self._peek() not in ("", ";", "\n"):
            self.at += 1
            raise self._error("extra characters after command", "garbage after command")
        else:
            self.at += 1

    def _text(self) -> str:
        """The text of a, i and c: after a backslash and a newline, or on the same line."""
        self._skip(" \t")
        if self._peek() == "\\":
            self.at += 1
            self._skip(" \t")
            if self.at >= len(self.text):
                return ""
            if self._peek() == "\n":
                self.at += 1
        if self.at >= len(self.text):
            raise self._error("expected \\ after `a', `c' or `i'")
        out = ""
        while self.at < len(self.text):
            char = self.text[self.at]
            self.at += 1
            if char == "\n":
                break
            if char == "\\" and self.at < len(self.text):
                char = self.text[self.at]
                self.at += 1
            out += char
        return out + "\n"

    def _substitution(self, command: Command) -> None:
        mark = self._peek()
        self.at += 1
        unterminated = ("unterminated `s' command", f"unmatched '{mark}'")
        pattern = self._until(mark, *unterminated)
        replacement = self._until(mark, *unterminated, brackets=False)
        while self._peek() and self._peek() in "gpiIemM0123456789":
            if self._peek().isdigit():
                command.count = self._number()
                if not command.count:
                    raise self._error("number option to `s' command may not be zero")
                continue
            command.flags += self._peek()
            self.at += 1
        if self._peek() == "w":
            self.at += 1
            self._skip(" \t")
            command.text = self._line()
        elif self._peek() not in ("", ";", "\n", "}", " ", "\t", "#"):
            self.at += 1
            raise self._error("unknown option to `s'", "bad option in substitution expression")
        else:
            self._end()
        command.pattern = self._pattern(pattern, "i" in command.flags.lower())
        command.replacement = parse_replacement(replacement)
        used = max((part for part in command.replacement if isinstance(part, int)), default=0)
        if used > command.pattern.groups:
            raise self._error(f"invalid reference \\{used} on `s' command's RHS")

    def _transliteration(self, command: Command) -> None:
        mark = self._peek()
        self.at += 1
        sides = [self._until(mark, "unterminated `y' command", f"unmatched '{mark}'", brackets=False) for _ in "12"]
        source, target = (side.replace("\\n", "\n").replace("\\\\", "\\") for side in sides)
        if len(source) != len(target):
            raise self._error("strings for `y' command are different lengths")
        command.replacement = [source, target]
        self._end()


def parse_replacement(text: str) -> list[str | int]:
    """The right side of s: texts, numbers of groups (0 = all), and case marks such as '\\U'."""
    parts: list[str | int] = []
    for found in re.finditer(r"\\(.)|(&)|([^\\&]+)|\\", text, re.S):
        escaped, whole, plain = found[1], found[2], found[3]
        if whole:
            parts.append(0)
        elif plain is not None:
            parts.append(plain)
        elif escaped is None:
            parts.append("\\")
        elif escaped.isdigit():
            parts.append(int(escaped))
        elif escaped in "ULEul":
            parts.append("\\" + escaped)
        else:
            parts.append({"n": "\n", "t": "\t"}.get(escaped, escaped))
    return parts
