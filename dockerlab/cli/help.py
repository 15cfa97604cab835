"""`docker X --help`, as the client prints it (docker/cli, cli/cobra.go; spf13/pflag, FlagUsagesWrapped)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dockerlab.cli.table import COMMANDS, Command, Flag, Table
from dockerlab.oci.golang import quote

_WIDTH = 79
"""Columns of a terminal of 80, without the last."""
_SLOP = 5
"""Columns that a line may be longer, to spare a short last line."""
_LEAST = 24
"""Columns that a usage text needs beside its flag; else it starts on a line of its own."""

_EXPERIMENTAL = """\
EXPERIMENTAL:
  {name} is an experimental feature.
  Experimental features provide early access to product functionality. These
  features may change between releases without warning, or can be removed from a
  future release. Learn more about experimental features in our documentation:
  https://docs.docker.com/go/experimental/"""


def help_text(
    command: Command,
    *,
    config: str = "/root/.docker",
    asked: bool = True,
    table: Table = COMMANDS,
    experimental: bool = True,
) -> str:
    """All of a command's help. `config` is the client's configuration directory, named among the global flags.

    `table` is the one that the command is of. `asked` is false where a group was named without more; groups that are
    experimental then begin with an empty line. `experimental` says whether the daemon has such features on.
    """
    lead = "" if asked or not command.experimental else "\n"
    sections = [f"{lead}Usage:  {command.usage}", command.long]
    if command.experimental:
        sections.append(_EXPERIMENTAL.format(name=command.name))
    if command.aliases:
        sections.append(f"Aliases:\n  {', '.join(command.aliases)}")
    if not command.path:
        sections += _root_commands(table, experimental)
        sections += ["Global Options:\n" + flag_usages(command, config), *_ROOT_END]
        return "\n\n".join(sections) + "\n"
    if any(_visible(flag, experimental) for flag in command.flags):
        sections.append("Options:\n" + flag_usages(command, config, experimental))
    if command.group:
        sections += _subcommands(table.under(command.path))
        sections.append(f"Run '{command.name} COMMAND --help' for more information on a command.")
    return "\n\n".join(sections) + "\n"


_ROOT_END = (
    "Run 'docker COMMAND --help' for more information on a command.",
    "For more help on how to use Docker, head to https://docs.docker.com/go/guides/",
)


def _visible(each: Flag | Command, experimental: bool) -> bool:
    return not each.hidden and (experimental or not each.needs_experimental)


def _root_commands(table: Table, experimental: bool) -> list[str]:
    common = [table[(name,)] for name in table.common]
    found = [command for command in table.under(()) if command.path[0] not in table.common]
    others = [command for command in found if _visible(command, experimental)]
    return [f"Common Commands:\n{_listing(common)}", *_subcommands(others)]


def _subcommands(commands: Sequence[Command]) -> list[str]:
    sections = {
        "Management Commands": [command for command in commands if command.group and not command.swarm],
        "Swarm Commands": [command for command in commands if command.swarm],
        "Commands": [command for command in commands if not command.group],
    }
    return [f"{title}:\n{_listing(members)}" for title, members in sections.items() if members]


def _listing(commands: Iterable[Command]) -> str:
    return "\n".join(f"  {command.path[-1]:<11} {command.short}" for command in commands)


def flag_usages(command: Command, config: str = "/root/.docker", experimental: bool = True) -> str:
    """The lines of the visible flags, their texts in one column, wrapped."""
    flags = [flag for flag in command.flags if _visible(flag, experimental)]
    heads = [_head(flag) for flag in flags]
    column = max(map(len, heads)) + 3
    lines = [head.ljust(column) + _wrap(column, _usage(flag, config)) for head, flag in zip(heads, flags, strict=True)]
    return "\n".join(lines)


def _head(flag: Flag) -> str:
    short = f"  -{flag.short}, " if flag.short else "      "
    return f"{short}--{flag.name}" + ("" if flag.type == "bool" else f" {flag.type}")


def _usage(flag: Flag, config: str) -> str:
    if not flag.default:
        return flag.usage
    default = flag.default.replace("{config}", config)
    return f"{flag.usage} (default {quote(default) if flag.type == 'string' else default})"


def _wrap(indent: int, text: str) -> str:
    """Break a text into lines that start at a column; breaks of its own are kept."""
    lead, room = "", _WIDTH - indent
    if room < _LEAST:
        indent = 16
        room = _WIDTH - indent
        lead = "\n" + " " * indent
    margin = "\n" + " " * indent
    lines = []
    while True:
        line, text = _cut(text, room - _SLOP)
        lines.append(line.replace("\n", margin))
        if not text:
            return lead + margin.join(lines)


def _cut(text: str, room: int) -> tuple[str, str]:
    """The first line of a text, and what is left."""
    if room + _SLOP > len(text):
        return text, ""
    blank = max(text.rfind(character, 0, room) for character in " \t\n")
    if blank <= 0:
        return text, ""
    newline = text.rfind("\n", 0, room)
    at = newline if 0 < newline < blank else blank
    return text[:at], text[at + 1 :]
