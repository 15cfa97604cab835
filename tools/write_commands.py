"""Write docs/commands.md from the table of commands that also drives parsing, help and completion.

python tools/write_commands.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from dockerlab.cli.commands import handler_of
from dockerlab.cli.table import BUILDX, COMMANDS, Command, Flag

PAGE = Path(__file__).resolve().parent.parent / "docs" / "commands.md"

OUT_OF_SCOPE = {
    "checkpoint": "experimental; needs CRIU on the host",
    "plugin": "the engine has no plugins",
    "config": "Swarm",
    "node": "Swarm",
    "secret": "Swarm",
    "service": "Swarm",
    "stack": "Swarm",
    "swarm": "Swarm",
}
"""Groups that have help and complain of wrong words, but nothing behind them."""

HEAD = """\
# The commands

Written by `python tools/write_commands.py` from `dockerlab/cli/commands.json`, the one table that also drives parsing,
help and completion; a test compares. All commands and flags are those of client 28.2.2, and all have its help.

Flags marked ° are taken, but change nothing in the lab. Commands marked † have help and refuse wrong words as the
client does; carried out they say that dockerlab doesn't simulate them.
"""


def page() -> str:
    """The whole file."""
    return "\n".join([HEAD, *_overview(), *_sections(), *_out_of_scope()]) + "\n"


def in_scope() -> list[Command]:
    """Every command once, under its first name, without what is out of scope; first those of no group."""
    found = [command for command in COMMANDS.values() if command.path and not command.hidden]
    firsts = {command.aliases or (command.name,): command for command in reversed(found)}
    kept = [command for command in firsts.values() if command.path[0] not in OUT_OF_SCOPE and not command.group]
    return sorted({command.path: command for command in [*kept, COMMANDS[BUILDX]]}.values(), key=_order)


def _order(command: Command) -> tuple[bool, tuple[str, ...]]:
    return len(command.path) > 1, command.path


def is_simulated(command: Command) -> bool:
    """Whether something carries it out."""
    return handler_of(command.key) is not None


def _mark(command: Command) -> str:
    return "" if is_simulated(command) else " †"


def _overview() -> Iterator[str]:
    for group in dict.fromkeys(_group(command) for command in in_scope()):
        names = (f"`{command.path[-1]}`{_mark(command)}" for command in in_scope() if _group(command) == group)
        yield f"- {f'`docker {group}`' if group else '`docker`'}: {', '.join(names)}"
    yield ""


def _group(command: Command) -> str:
    return " ".join(command.path[:-1])


def _sections() -> Iterator[str]:
    for command in in_scope():
        yield from _section(command)


def _section(command: Command) -> Iterator[str]:
    yield f"## {command.name}{_mark(command)}\n"
    yield f"    {command.usage}\n"
    yield f"{command.short}.\n"
    if command.path == BUILDX:
        yield "What `docker build` means, unless `DOCKER_BUILDKIT=0` asks for the legacy builder.\n"
    if others := [alias for alias in command.aliases if alias != command.name]:
        yield f"Also: {', '.join(f'`{alias}`' for alias in others)}.\n"
    if flags := [flag for flag in command.flags if not flag.hidden]:
        yield "| flag | type | default | |"
        yield "|---|---|---|---|"
        yield from map(_row, flags)
        yield ""


def _row(flag: Flag) -> str:
    name = f"`-{flag.short}`, `--{flag.name}`" if flag.short else f"`--{flag.name}`"
    default = f"`{flag.default}`" if flag.default else ""
    usage = " ".join(flag.usage.split()).replace("|", "\\|").replace("<", "&lt;")
    return f"| {name}{'°' if flag.inert else ''} | {flag.type} | {default} | {usage} |"


def _out_of_scope() -> Iterator[str]:
    yield "## Out of scope\n"
    yield "These have their pages of help and refuse wrong words as the client does.\n"
    for group, reason in OUT_OF_SCOPE.items():
        yield f"- `docker {group}`: {reason}"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
