"""argv -> which command with which flags and arguments (spf13/cobra and spf13/pflag, as docker/cli sets them up).

    parse(["image", "ls", "-q", "alpine"]) -> Invocation(command, flags={"quiet": True, …}, args=["alpine"])

A command line that makes no sense raises UsageError, one that asks for help HelpRequested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_kinds import Environment, kind_of
from dockerlab.cli.table import BUILDX, COMMANDS, Command, Flag
from dockerlab.cli.units import quote
from dockerlab.cli.usage import HelpRequested, check_arity, flag_error, unknown_command
from dockerlab.errors import CommandError

_HELP = Flag("help", short="h", usage="Print usage")


@dataclass(frozen=True)
class Invocation:
    """One command as it was typed.

    `flags` has a value for every flag of the command, `changed` the names of those that were given;
    `globals` are the flags of `docker` itself. `notices` are lines to print first (deprecated flags).
    """

    command: Command
    flags: Mapping[str, Any]
    args: list[str]
    globals: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()
    notices: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        """The value of a flag by its long name."""
        return self.flags[name]


def parse(argv: Sequence[str], *, env: Environment | None = None, buildkit: bool = True) -> Invocation:
    """Read the words after `docker`. `env` is the client's (for `-e NAME`); `buildkit` says which builder's flags."""
    environment = env or {}
    command, words = COMMANDS[()], list(argv)
    root = _FlagParser(command, environment).parse(words)
    scan = root
    while command.group:
        _refuse_help_after(command, scan)
        if not scan.args:
            break
        word, words = scan.args[0], scan.args[1:]
        if not command.path and word == "help":
            raise HelpRequested(_help_topic(words, buildkit))
        command = _child(command, word, buildkit)
        scan = _FlagParser(command, environment).parse(words)
    return _invocation(command, root, scan)


def _invocation(command: Command, root: _FlagParser, scan: _FlagParser) -> Invocation:
    _refuse_help_after(command, scan)
    if command.group and not (scan is root and root.values["version"]):
        raise HelpRequested(command, asked=False)
    if not command.group:
        check_arity(command, len(scan.args))
    return Invocation(
        command, scan.values, scan.args, root.values, frozenset(scan.changed - {"help"}), tuple(scan.notices)
    )


def _refuse_help_after(command: Command, scan: _FlagParser) -> None:
    if scan.values.get("help"):
        raise HelpRequested(command, notice="\n".join(scan.notices))


def _child(group: Command, word: str, buildkit: bool) -> Command:
    found = COMMANDS.find((*group.path, word))
    if found is None:
        raise unknown_command(group, word)
    return COMMANDS[BUILDX] if buildkit and found.key == ("image", "build") else found


def _help_topic(words: Sequence[str], buildkit: bool) -> Command:
    """The command that `docker help WORDS` is about."""
    command = COMMANDS[()]
    for word in words:
        found = COMMANDS.find((*command.path, word))
        if found is None:
            raise CommandError(f"unknown help topic: {' '.join(words)}")
        command = found
    return COMMANDS[BUILDX] if buildkit and command.key == ("image", "build") else command


class _FlagParser:
    """Parts a command's words into flags and arguments. Groups stop at their first argument: the subcommand."""

    def __init__(self, command: Command, environment: Environment) -> None:
        self.command = command
        self.environment = environment
        self.interspersed = command.interspersed and not command.group
        self.values: dict[str, Any] = {flag.name: kind_of(flag).default(flag) for flag in command.flags}
        self.values.setdefault("help", False)
        self.changed: set[str] = set()
        self.notices: list[str] = []
        self.args: list[str] = []

    def parse(self, words: Sequence[str]) -> _FlagParser:
        """Read all words; the result stands in `values`, `changed` and `args`."""
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if not word.startswith("-") or word == "-":
                self.args.append(word)
                if not self.interspersed:
                    break
            elif word == "--":
                break
            elif word.startswith("--"):
                self._long(word[2:], rest)
            else:
                self._letters(word[1:], rest)
        self.args.extend(rest)
        return self

    def _long(self, text: str, rest: list[str]) -> None:
        if text[0] in "-=":
            raise flag_error(self.command, f"bad flag syntax: --{text}")
        name, equals, value = text.partition("=")
        flag = self.command.by_name.get(name) or (_HELP if name == "help" else None)
        if flag is None:
            raise flag_error(self.command, f"unknown flag: --{name}")
        if not equals:
            value = self._value_of(flag, rest, f"--{name}")
        self._set(flag, value)

    def _letters(self, letters: str, rest: list[str]) -> None:
        while letters:
            letter, after = letters[0], letters[1:]
            flag = self.command.by_short.get(letter) or (_HELP if letter == "h" else None)
            if flag is None:
                raise flag_error(self.command, f"unknown shorthand flag: '{letter}' in -{letters}")
            if flag is _HELP:
                self.notices.append("Flag shorthand -h has been deprecated, use --help")
            if len(after) > 1 and after[0] == "=":
                value, after = after[1:], ""
            elif after and flag.type != "bool":
                value, after = after, ""
            else:
                value = self._value_of(flag, rest, f"'{letter}' in -{letters}")
            self._set(flag, value)
            letters = after

    def _value_of(self, flag: Flag, rest: list[str], described: str) -> str:
        if flag.type == "bool":
            return "true"
        if not rest:
            raise flag_error(self.command, f"flag needs an argument: {described}")
        return rest.pop(0)

    def _set(self, flag: Flag, text: str) -> None:
        kind = kind_of(flag)
        # A list's default is replaced by the first value that is given, not added to.
        before = self.values.get(flag.name, kind.zero) if flag.name in self.changed else kind.zero
        try:
            self.values[flag.name] = kind.put(before, text, flag, self.environment)
        except OptionError as error:
            message = f"invalid argument {quote(text)} for {quote(flag.label)} flag: {error}"
            raise flag_error(self.command, message) from error
        self.changed.add(flag.name)
        if flag.deprecated:
            self.notices.append(f"Flag --{flag.name} has been deprecated, {flag.deprecated}")
