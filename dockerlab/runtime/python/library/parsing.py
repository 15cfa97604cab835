"""argparse: what scripts take from their command line."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.objects import Given


class _Parser(argparse.ArgumentParser):
    """Python's own parser, with its words turned into exceptions."""

    def error(self, message: str) -> NoReturn:
        raise _UsageError(f"{self.format_usage()}{self.prog}: error: {message}\n", 2)

    def exit(self, status: int = 0, message: str | None = None) -> NoReturn:
        raise _UsageError(message or "", status)

    def print_help(self, file: Any = None) -> None:
        raise _UsageError(self.format_help(), 0)


class _UsageError(Exception):
    pass


class Parser(Given):
    """argparse.ArgumentParser."""

    exposed = frozenset("add_argument parse_args print_help description".split())
    type_name = "ArgumentParser"

    def __init__(self, interpreter: Any, **how: Any) -> None:
        self._interpreter = interpreter
        self.description = how.get("description")
        prog = how.get("prog") or interpreter.argv[0].rpartition("/")[2]
        self._parser = _Parser(prog=prog, description=self.description, epilog=how.get("epilog"))

    def add_argument(self, *names: str, **how: Any) -> None:
        """One more argument."""
        known = "action default help nargs const required choices dest metavar".split()
        kept = {name: value for name, value in how.items() if name in known}
        if how.get("type") in (int, float, str):
            kept["type"] = how["type"]
        self._parser.add_argument(*names, **kept)

    def parse_args(self, words: Any = None) -> Any:
        """The values, by name."""
        try:
            found = self._parser.parse_args(self._interpreter.argv[1:] if words is None else list(words))
        except _UsageError as error:
            text, status = error.args
            (self._interpreter.stderr if status else self._interpreter.stdout).write(text)
            raise SystemExit(status) from None
        return Namespace(vars(found))

    def print_help(self) -> None:
        """Say how it is used."""
        self._interpreter.stdout.write(self._parser.format_help())


class Namespace(Given):
    """argparse.Namespace."""

    type_name = "Namespace"

    def __init__(self, values: dict[str, Any]) -> None:
        self.__dict__.update(values)
        self.exposed = frozenset(values)  # type: ignore[misc]

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={value!r}" for name, value in self.__dict__.items() if name != "exposed")
        return f"Namespace({shown})"


MODULES = {
    "argparse": lambda interpreter: natives({"ArgumentParser": lambda _, **how: Parser(interpreter, **how)}),
}
