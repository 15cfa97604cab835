"""logging and traceback: what scripts write to standard error about themselves."""

from __future__ import annotations

from typing import Any

from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.serving import calendar
from dockerlab.runtime.python.objects import Given, Native
from dockerlab.runtime.python.tracebacks import traceback_of
from dockerlab.world import NANOSECOND

LEVELS = {"NOTSET": 0, "DEBUG": 10, "INFO": 20, "WARNING": 30, "ERROR": 40, "CRITICAL": 50}
_NAMES = {number: name for name, number in LEVELS.items()}
_BASIC = "%(levelname)s:%(name)s:%(message)s"


class Settings:
    """What basicConfig() set, for all loggers of a script."""

    def __init__(self, interpreter: Any) -> None:
        self.interpreter = interpreter
        self.level = LEVELS["WARNING"]
        self.form = "%(message)s"
        self.dates = "%Y-%m-%d %H:%M:%S"
        self.milliseconds = True
        self.stream: Any = None

    def configure(self, _: Any, **how: Any) -> None:
        """basicConfig()."""
        level = how.get("level", self.level)
        self.level = LEVELS.get(level, self.level) if isinstance(level, str) else level
        self.form = how.get("format", _BASIC)
        self.milliseconds = "datefmt" not in how
        self.dates = how.get("datefmt", self.dates)
        self.stream = how.get("stream")


class Logger(Given):
    """logging.Logger."""

    exposed = frozenset(
        "debug info warning warn error critical exception log setLevel getChild name addHandler handlers".split()
    )
    type_name = "Logger"

    def __init__(self, settings: Settings, name: str) -> None:
        self._settings = settings
        self._level = 0
        self.name = name
        self.handlers: list[Any] = []

    def setLevel(self, level: Any) -> None:
        """From which level on it speaks."""
        self._level = LEVELS.get(level, 0) if isinstance(level, str) else level

    def getChild(self, name: str) -> Logger:
        """A logger below it."""
        return Logger(self._settings, f"{self.name}.{name}")

    def addHandler(self, handler: Any) -> None:
        """All goes to standard error anyway."""
        self.handlers.append(handler)

    def log(self, level: int, message: Any, *given: Any, **_: Any) -> None:
        """Say something."""
        settings = self._settings
        if level < (self._level or settings.level):
            return
        now = settings.interpreter.proc.kernel.clock.now
        when = calendar(now // NANOSECOND).strftime(settings.dates)
        facts = {
            "asctime": f"{when},{now // 1_000_000 % 1000:03d}" if settings.milliseconds else when,
            "levelname": _NAMES.get(level, f"Level {level}"),
            "levelno": level,
            "message": str(message) % given if given else str(message),
            "name": self.name,
            "process": settings.interpreter.proc.pid,
            "filename": "app.py",
        }
        (settings.stream or settings.interpreter.stderr).write(settings.form % facts + "\n")

    def debug(self, message: Any, *given: Any, **how: Any) -> None:
        """For who looks for a fault."""
        self.log(10, message, *given)

    def info(self, message: Any, *given: Any, **how: Any) -> None:
        """All is well."""
        self.log(20, message, *given)

    def warning(self, message: Any, *given: Any, **how: Any) -> None:
        """Something may go wrong."""
        self.log(30, message, *given)

    warn = warning

    def error(self, message: Any, *given: Any, **how: Any) -> None:
        """Something went wrong."""
        self.log(40, message, *given)

    def critical(self, message: Any, *given: Any, **how: Any) -> None:
        """Nothing goes on."""
        self.log(50, message, *given)

    def exception(self, message: Any, *given: Any, **how: Any) -> None:
        """An error, with the traceback of the exception that is being handled."""
        self.log(40, message, *given)
        frames = self._settings.interpreter.frames
        handling = next((frame.handling for frame in reversed(frames) if frame.handling), None)
        if handling is not None:
            self._settings.interpreter.stderr.write(traceback_of(handling, self._settings.interpreter.minor))


def _logging(interpreter: Any) -> dict[str, Any]:
    settings = Settings(interpreter)
    root = Logger(settings, "root")
    loggers: dict[str, Logger] = {}

    def get_logger(_: Any, name: str = "") -> Logger:
        return loggers.setdefault(name, Logger(settings, name)) if name else root

    def spoken(name: str) -> Native:
        def speak(_: Any, message: Any, *given: Any, **how: Any) -> None:
            if settings.form == "%(message)s":
                settings.form = _BASIC
            getattr(root, name)(message, *given)

        return Native(name, speak)

    words = {name: spoken(name) for name in "debug info warning error critical exception".split()}
    functions = {"basicConfig": settings.configure, "getLogger": get_logger, "StreamHandler": lambda _, *given: Given()}
    return {**LEVELS, **words, **natives(functions)}


def _traceback(interpreter: Any) -> dict[str, Any]:
    def text(_: Any) -> str:
        handling = next((frame.handling for frame in reversed(interpreter.frames) if frame.handling), None)
        return traceback_of(handling, interpreter.minor) if handling else "NoneType: None\n"

    functions = {"format_exc": text, "print_exc": lambda _: interpreter.stderr.write(text(None)) and None}
    return natives(functions)


MODULES = {"logging": _logging, "traceback": _traceback}
