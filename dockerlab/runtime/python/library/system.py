"""sys, platform, signal, atexit, getpass: the interpreter and its machine."""

from __future__ import annotations

from typing import Any

from dockerlab.runtime.process import SIGNAL_NUMBERS, Process
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.operating_system import user_name
from dockerlab.runtime.python.objects import Given, Native
from dockerlab.runtime.python.trampoline import Evaluator

_COMPILER = "GCC 12.2.0"


def _sys(interpreter: Any) -> dict[str, Any]:
    version = interpreter.version
    numbers = tuple(int(part) for part in version.split(".")[:3])

    def quit_by(_: Any, code: Any = None) -> None:
        raise SystemExit(code)

    return {
        "argv": interpreter.argv,
        "byteorder": "little",
        "executable": interpreter.proc.program_path,
        "exit": Native("exit", quit_by),
        "getrecursionlimit": Native("getrecursionlimit", lambda _: 1000),
        "maxsize": (1 << 63) - 1,
        "modules": interpreter.modules,
        "path": interpreter.path,
        "platform": "linux",
        "stderr": interpreter.stderr,
        "stdin": StandardInput(interpreter.proc),
        "stdout": interpreter.stdout,
        "version": f"{version} (main, Nov  4 2026, 09:00:00) [{_COMPILER}]",
        "version_info": VersionInfo(numbers),
    }


class VersionInfo(tuple[int, ...]):
    """sys.version_info: a row with names."""

    def __new__(cls, numbers: tuple[int, ...]) -> VersionInfo:
        return super().__new__(cls, (*numbers, "final", 0))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        names = ("major", "minor", "micro", "releaselevel", "serial")
        facts = ", ".join(f"{name}={value!r}" for name, value in zip(names, self, strict=True))
        return f"sys.version_info({facts})"

    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])


class StandardInput(Given):
    """sys.stdin."""

    exposed = frozenset("read readline readlines isatty fileno name".split())
    type_name = "_io.TextIOWrapper"
    name = "<stdin>"

    def __init__(self, proc: Process) -> None:
        self._proc = proc

    def readline(self) -> Evaluator:
        """The next line."""
        return (yield self._proc.readline()).decode("utf-8", "surrogateescape")

    def read(self) -> Evaluator:
        """All that is left."""
        return (yield self._proc.read_all()).decode("utf-8", "surrogateescape")

    def readlines(self) -> Evaluator:
        """All lines that are left."""
        return (yield self.read()).splitlines(keepends=True)

    def advance(self) -> Evaluator:
        """A line, for loops."""
        from dockerlab.runtime.python.iteration import END

        return (yield self.readline()) or END

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._proc.is_terminal(0)

    def fileno(self) -> int:
        """The descriptor."""
        return 0


def _platform(interpreter: Any) -> dict[str, Any]:
    proc: Process = interpreter.proc
    facts = proc.machine.facts
    library = "musl" if proc.flavour == "busybox" else "glibc2.36"
    return natives(
        {
            "machine": lambda _: "x86_64",
            "node": lambda _: proc.hostname,
            "platform": lambda _: f"Linux-{facts.kernel_release}-x86_64-with-{library}",
            "processor": lambda _: "",
            "python_implementation": lambda _: "CPython",
            "python_version": lambda _: interpreter.version,
            "release": lambda _: facts.kernel_release,
            "system": lambda _: "Linux",
            "version": lambda _: proc.machine.facts.kernel_version,
        },
    )


def _signal(interpreter: Any) -> dict[str, Any]:
    numbers = {f"SIG{name}": number for name, number in SIGNAL_NUMBERS.items()}
    special = {"SIG_DFL": 0, "SIG_IGN": 1}

    def handle(_: Any, number: int, handler: Any) -> Any:
        before = interpreter.handlers.get(number, 0)
        interpreter.handlers[number] = handler
        if handler == special["SIG_DFL"]:
            interpreter.proc.handlers.pop(number, None)
        else:
            interpreter.proc.handlers[number] = (
                "ignore" if handler == special["SIG_IGN"] else interpreter.signals.append
            )
        return before

    def pause(_: Any) -> Evaluator:
        handled = interpreter.handled
        yield interpreter.pause(lambda: bool(interpreter.handled > handled))

    return {**numbers, **special, **natives({"signal": handle, "pause": pause})}


def _atexit(interpreter: Any) -> dict[str, Any]:
    def register(_: Any, function: Any, *given: Any, **named: Any) -> Any:
        interpreter.at_exit.append((function, list(given), named))
        return function

    return natives({"register": register})


def _getpass(interpreter: Any) -> dict[str, Any]:
    return natives({"getuser": lambda _: user_name(interpreter.proc)})


MODULES = {
    "sys": _sys,
    "platform": _platform,
    "signal": _signal,
    "atexit": _atexit,
    "getpass": _getpass,
}
