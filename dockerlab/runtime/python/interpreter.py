"""A script from its source to its exit code (docs.python.org, using/cmdline)."""

from __future__ import annotations

import ast
from collections.abc import Callable, Generator, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.net import AddressInUseError, Listener
from dockerlab.runtime.process import SIGNAL_NUMBERS, Process, Until
from dockerlab.runtime.python.builtins import builtins
from dockerlab.runtime.python.errors import NotSimulatedError
from dockerlab.runtime.python.frames import Frame, Source, remember
from dockerlab.runtime.python.imports import Imports
from dockerlab.runtime.python.objects import Module
from dockerlab.runtime.python.output import Output
from dockerlab.runtime.python.scopes import Scope
from dockerlab.runtime.python.statements import Statements
from dockerlab.runtime.python.tracebacks import syntax_error, traceback_of
from dockerlab.runtime.python.trampoline import Evaluator, Yielded, bounce
from dockerlab.world import NANOSECOND, Chance

_INTERRUPTED = 130


class Interpreter(Imports, Statements):
    """One process's Python: its names, its standard streams, its signals."""

    def __init__(self, proc: Process, argv: Sequence[str], version: str, has_module: Callable[[str], bool]) -> None:
        super().__init__(proc)
        self.argv = list(argv)
        self.version = version
        self.has_module = has_module
        unbuffered = bool(proc.env.get("PYTHONUNBUFFERED"))
        self.stdout = Output(proc, 1, "<stdout>", unbuffered=unbuffered)
        self.stderr = Output(proc, 2, "<stderr>", unbuffered=True)
        self.builtins = builtins(self)
        self.main = Module("__main__", {"__name__": "__main__"})
        self.modules["__main__"] = self.main
        self.listeners: list[Listener] = []
        self.signals: list[int] = []
        self.handled = 0
        """Signals so far."""
        self.handlers: dict[int, Any] = {}
        self.at_exit: list[tuple[Any, list[Any], dict[str, Any]]] = []
        self.chance = Chance(proc.host_pid).random()
        proc.handlers[SIGNAL_NUMBERS["INT"]] = self.signals.append

    @property
    def minor(self) -> int:
        """11 for Python 3.11.9."""
        return int(self.version.split(".")[1])

    def run(self, source: str, file: str) -> Generator[Wait, Any, int]:
        """Run a script; returns its exit code."""
        try:
            tree = parsed(source, file)
        except SyntaxError as error:
            self.proc.err(syntax_error(error, file))
            return 1
        yield from self.proc.turn()
        try:
            code = yield from self.drive(self._to_the_end(tree, Source(file, tuple(source.splitlines()))))
        finally:
            for listener in self.listeners:
                listener.close()
        return int(code)

    def _to_the_end(self, tree: ast.Module, source: Source) -> Evaluator:
        code = yield self._guard(self.run_module(tree, source, self.main))
        for function, given, named in reversed(self.at_exit):
            yield self._guard(self.call(function, given, named))
        self.stdout.flush()
        return code

    def _guard(self, body: Evaluator) -> Evaluator:
        """Run to the end; what nobody catches is printed, and gives the exit code."""
        try:
            yield body
        except SystemExit as end:
            return self._exit_code(end.code)
        except NotSimulatedError as error:
            self.stdout.flush()
            self.proc.err(f"python3: {error}\n")
            return 1
        except (Exception, KeyboardInterrupt) as error:
            self.stdout.flush()
            self.proc.err(traceback_of(error, self.minor))
            return _INTERRUPTED if isinstance(error, KeyboardInterrupt) else 1
        return 0

    def _exit_code(self, code: Any) -> int:
        """sys.exit() takes a number, nothing, or a text for standard error."""
        if code is None or isinstance(code, int):
            return int(code or 0) & 0xFF
        self.stdout.flush()
        self.proc.err(f"{code}\n")
        return 1

    def run_module(self, tree: ast.Module, source: Source, module: Module) -> Evaluator:
        """Run a module's statements in its own names."""
        scope = Scope(self.builtins, names=module.names)
        frame = Frame("<module>", scope, source)
        self.frames.append(frame)
        module.names.setdefault("__doc__", ast.get_docstring(tree))
        module.names.setdefault("__file__", source.file)
        try:
            yield self.block(tree.body, frame)
        except (Exception, KeyboardInterrupt) as error:
            remember(error, frame)
            raise
        finally:
            self.frames.remove(frame)

    # Signals and time.

    def handle_signals(self) -> Evaluator:
        """Run the handlers of the signals that came (library/signal: between two instructions)."""
        while self.signals:
            number = self.signals.pop(0)
            self.handled += 1
            handler = self.handlers.get(number)
            if handler is None:
                raise KeyboardInterrupt
            yield self.call(handler, [number, None], {})

    def pause(self, until: Callable[[], bool] = lambda: False, seconds: float | None = None) -> Evaluator:
        """Wait for something or for a span of time; signals are handled meanwhile (PEP 475)."""
        kernel = self.proc.kernel
        deadline = None if seconds is None else kernel.clock.now + round(seconds * NANOSECOND)
        while not until() and (deadline is None or kernel.clock.now < deadline):
            yield Until(lambda: bool(self.signals) or until(), deadline)
            yield self.handle_signals()

    # The network.

    def listen(self, port: int, address: str) -> Listener:
        """Take a port; OSError where somebody has it."""
        try:
            listener = self.proc.machine.network.listen(port, address, program="python3", pid=self.proc.pid)
        except AddressInUseError:
            raise OSError(98, "Address already in use") from None
        self.listeners.append(listener)
        return listener

    @property
    def addresses(self) -> list[str]:
        """The machine's own addresses."""
        return ["127.0.0.1", *self.proc.machine.network.addresses]

    def drive(self, body: Evaluator) -> Generator[Wait, Any, Any]:
        """Run an evaluator from outside of another one: a server's answer to one of many clients."""
        steps = bounce(body)
        sent = None
        while True:
            try:
                step = steps.send(sent)
            except StopIteration as done:
                return done.value
            assert not isinstance(step, Yielded)
            sent = yield step


def parsed(source: str, file: str) -> ast.Module:
    """The syntax tree; SyntaxError for what is no Python, or is nested too deep to be read."""
    try:
        return ast.parse(source, file)
    except (RecursionError, MemoryError):
        raise SyntaxError("too many nested parentheses", (file, 1, 1, "")) from None
    except ValueError as error:
        raise SyntaxError(str(error), (file, 1, 1, "")) from None


def run_source(
    proc: Process, source: str, file: str, argv: Sequence[str], *, version: str, has_module: Callable[[str], bool]
) -> Generator[Wait, Any, int]:
    """Run a script in a process; returns its exit code. `has_module` knows what is installed."""
    interpreter = Interpreter(proc, argv, version, has_module)
    return (yield from interpreter.run(source, file))


__all__ = ["Interpreter", "parsed", "run_source"]
