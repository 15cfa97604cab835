"""argv -> which command with which flags and arguments (spf13/cobra and spf13/pflag, as docker/cli sets them up).

    parse(["image", "ls", "-q", "alpine"]) -> Invocation(command, flags={"quiet": True, …}, args=["alpine"])

A command line that makes no sense raises UsageError, one that asks for help HelpRequested. What pflag says of
deprecated flags is told on the way: on standard output, but of the flags of `docker` itself on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from dockerlab.cli.numbers import OptionError
from dockerlab.cli.options_kinds import Environment, kind_of
from dockerlab.cli.table import BUILDX, COMMANDS, Command, Flag, Table
from dockerlab.cli.usage import HelpRequested, check_arity, flag_error, unknown_command
from dockerlab.errors import CommandError
from dockerlab.oci.golang import quote

_HELP = Flag("help", short="h", usage="Print usage")

_LEVELS = frozenset("panic fatal error warn warning info debug trace".split())
"""Of the logging library (sirupsen/logrus)."""

Tell: TypeAlias = Callable[[str], None]
"""Prints a line."""


def _unheard(text: str) -> None:
    """For callers who don't want to know."""


@dataclass(frozen=True)
class Invocation:
    """One command as it was typed.

    `flags` has a value for every flag of the command, `changed` the names of those that were given;
    `globals` are the flags of `docker` itself.
    """

    command: Command
    flags: Mapping[str, Any]
    args: list[str]
    globals: Mapping[str, Any] = field(default_factory=dict)
    changed: frozenset[str] = frozenset()

    def __getitem__(self, name: str) -> Any:
        """The value of a flag by its long name."""
        return self.flags[name]


def parse(
    argv: Sequence[str],
    *,
    env: Environment | None = None,
    buildkit: bool = True,
    tell: Tell = _unheard,
    complain: Tell = _unheard,
    table: Table = COMMANDS,
) -> Invocation:
    """Read the words after `docker`. `env` is the client's (for `-e NAME`); `buildkit` says which builder's flags.

    `table` has the commands that there are. Of deprecated flags `tell` is told, of those of `docker` itself `complain`.
    """
    environment = env or {}
    root = _FlagParser(table[()], environment).parse(argv)
    _say(root.notices, complain)
    if root.values["log-level"] not in _LEVELS:
        raise CommandError(f"Unable to parse logging level: {root.values['log-level']}")
    groups, scan, unknown = _walk(root, environment, _Commands(table, buildkit), tell)
    if scan is not root:
        _say(scan.notices, tell)
    if _asks_for_help(scan, [root, *groups]):
        for group in groups:  # cobra goes the way once more, to see whose help it is
            _say(group.notices * 2, tell)
        raise HelpRequested(scan.command)
    if unknown and not (root.values["version"] or scan.values.get("version")):
        raise unknown_command(scan.command, unknown)
    if scan.command.path == ("help",):
        raise HelpRequested(_Commands(table, buildkit).topic(scan.args))
    return _invocation(root, scan)


def _walk(
    root: _FlagParser, environment: Environment, commands: _Commands, tell: Tell
) -> tuple[list[_FlagParser], _FlagParser, str]:
    """From `docker` by way of groups to the command: (groups passed, what the last one read, a word unknown to it)."""
    groups: list[_FlagParser] = []
    scan = root
    while scan.command.group and scan.args:
        child = commands.child(scan.command, scan.args[0])
        if child is None:
            words = scan.args if scan is root else scan.words
            last = _FlagParser(scan.command, environment, interspersed=True).parse(words)
            return groups, last, scan.args[0]
        if scan is not root:
            _say(scan.notices, tell)
            groups.append(scan)
        scan = _FlagParser(child, environment).parse(scan.args[1:])
    return groups, scan, ""


def _say(notices: Iterable[str], tell: Tell) -> None:
    for notice in notices:
        tell(notice)


def _asks_for_help(scan: _FlagParser, before: Iterable[_FlagParser]) -> bool:
    """All commands share one --help, but for those that have their own (`docker run`)."""
    if "help" in scan.command.by_name:
        return bool(scan.values["help"])
    return bool(scan.values["help"]) or any(each.values["help"] for each in before)


def _invocation(root: _FlagParser, scan: _FlagParser) -> Invocation:
    command, version = scan.command, root.values["version"] or scan.values.get("version")
    if command.group and (command.path or not version):
        raise HelpRequested(command, asked=False)
    if not command.group:
        check_arity(command, len(scan.args))
    return Invocation(command, scan.values, scan.args, root.values, frozenset(scan.changed - {"help"}))


@dataclass(frozen=True)
class _Commands:
    """The commands that there are, where `docker build` may be BuildKit's."""

    table: Table
    buildkit: bool

    def child(self, group: Command, word: str) -> Command | None:
        """What a word means after a group."""
        found = self.table.find((*group.path, word))
        return self.table[BUILDX] if found and self.buildkit and found.key == ("image", "build") else found

    def topic(self, words: Sequence[str]) -> Command:
        """The command that `docker help WORDS` is about."""
        command = self.table[()]
        for at, word in enumerate(words):
            found = self.child(command, word)
            if found is None:
                raise CommandError(f"unknown help topic: {' '.join(words[at:])}")
            command = found
        return command


_OF_DEFAULT_PLATFORM = frozenset(
    {("container", "create"), ("container", "run"), ("image", "build"), ("image", "import"), ("image", "pull")}
)


class _FlagParser:
    """Parts a command's words into flags and arguments. Groups stop at their first argument: the subcommand."""

    def __init__(self, command: Command, environment: Environment, *, interspersed: bool | None = None) -> None:
        self.command = command
        self.environment = environment
        self.interspersed = command.interspersed and not command.group if interspersed is None else interspersed
        self.values: dict[str, Any] = {flag.name: kind_of(flag).default(flag) for flag in command.flags}
        self.values.setdefault("help", False)
        self._take_default_platform()
        self.changed: set[str] = set()
        self.notices: list[str] = []
        self.args: list[str] = []
        self.words: Sequence[str] = ()

    def _take_default_platform(self) -> None:
        """What DOCKER_DEFAULT_PLATFORM says stands for --platform of those commands that make or fetch something."""
        platform = self.environment.get("DOCKER_DEFAULT_PLATFORM", "")
        flag = self.command.by_name.get("platform") if self.command.key in _OF_DEFAULT_PLATFORM else None
        if platform and flag is not None:
            kind = kind_of(flag)
            self.values[flag.name] = kind.put(kind.zero, platform, flag, self.environment)

    def parse(self, words: Sequence[str]) -> _FlagParser:
        """Read all words; the result stands in `values`, `changed` and `args`."""
        self.words = words
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
