"""The modules that scripts import: of the standard library what tutorials use, and Flask and requests where installed.

A module's maker takes the interpreter and returns its names. It is imported when a script first asks for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

from dockerlab.runtime.python.objects import Module, Native

_MAKERS = {
    "system": "sys platform getpass atexit signal",
    "operating_system": "os os.path",
    "programs": "subprocess shutil shlex",
    "times": "time datetime",
    "texts": "json re string textwrap base64 hashlib uuid html urllib.parse",
    "numbers": "math random statistics secrets",
    "containers": "collections itertools functools operator copy",
    "classes": "dataclasses typing abc",
    "paths": "pathlib glob",
    "logs": "logging traceback",
    "sockets": "socket urllib.request urllib.error",
    "http_server": "http.server",
    "parsing": "argparse",
    "requests": "requests",
    "flask": "flask",
}
_PACKAGES = frozenset({"urllib", "http"})
_INSTALLED = frozenset({"requests", "flask"})
"""Not of the standard library: they are there when pip has installed them."""
_HOMES = {name: home for home, names in _MAKERS.items() for name in names.split()}


def load(interpreter: Any, name: str) -> Module | None:
    """A simulated module; None where there is none."""
    if name in _PACKAGES:
        return Module(name, {"__name__": name}, "simulated")
    home = _HOMES.get(name)
    if home is None or (name in _INSTALLED and not interpreter.has_module(name)):
        return None
    maker = importlib.import_module(f"{__name__}.{home}")
    names: dict[str, Any] = maker.MODULES[name](interpreter)
    return Module(name, {"__name__": name, **names}, "simulated")


def plain(module: ModuleType, names: str) -> dict[str, Any]:
    """Functions of a module of Python's own that only turn values into values."""

    def function(name: str) -> Callable[..., Any]:
        own = getattr(module, name)
        return lambda _, *given, **named: own(*given, **named)

    return natives({name: function(name) for name in names.split()})


def natives(table: Mapping[str, Any]) -> dict[str, Any]:
    """Functions that take the interpreter, as a module's names."""
    return {name: Native(name, call) for name, call in table.items()}
