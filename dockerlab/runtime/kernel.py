"""The kernel of the simulated machine: it takes turns between processes, in virtual time.

A running program is a generator that yields a `Wait` whenever it can't go on. The kernel resumes those whose wait
is over, in the order in which they were started. When nobody can go on, time jumps to the next instant that
somebody waits for. So a `sleep 3600` costs nothing, and the same lesson always runs in the same order.

Nothing runs for ever: a process that takes more than `TURNS` turns while time stands still is ended with a line on
its standard error, and a command that lets time jump more than `WAKE_UPS` times is stopped with a `StoppedError`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

from dockerlab.errors import DockerlabError
from dockerlab.events import Event, Wait
from dockerlab.world import NANOSECOND, Clock

TURNS = 100_000
"""Turns that one process may take while the clock stands still."""
STEPS = 1_000_000
"""Steps of all processes together that one command may cost."""
SPINS = 1_000
"""Rounds in which all that happened was busy looping, after which time passes anyway."""
SPINS_LATER = 20
"""The same, once a command has got to know that somebody is busy."""
SETTLE_STEPS = 50_000
"""Steps after which `settle` leaves the rest for later."""
WAKE_UPS = 4_000
"""Jumps of the clock that one command may wait for."""
EXACT_WAKE_UPS = 1_500
"""Jumps that are exact; later ones grow, so that a day of many short naps passes in a bounded number of steps."""

T = TypeVar("T")
Running: TypeAlias = Generator[Wait, Any, int]


class StoppedError(DockerlabError):
    """A command would never end by itself: it is ended as if somebody had pressed Ctrl-C."""

    exit_code = 130


class StuckError(StoppedError):
    """All processes wait, and nobody is left who could wake them."""


class BudgetError(StoppedError):
    """A command costs more steps than anything sensible does."""


@dataclass(frozen=True, slots=True)
class Turn(Wait):
    """Can go on, but others may have their turn first."""


@dataclass(frozen=True, slots=True)
class Until(Wait):
    """Blocked until `ready()` is true or the clock shows `deadline` (nanoseconds since 1970).

    `on` is the task whose end is awaited, where there is one: it tells the kernel whether time would help.
    """

    ready: Callable[[], bool]
    deadline: int | None = None
    on: Task | None = None


class Task:
    """Something that the kernel runs: a generator with what it waits for. `Process` is one."""

    def __init__(self) -> None:
        self.body: Running | None = None
        self.waiting: Wait = Turn()
        self.seen = -1
        self.executing = False
        self.turns = 0
        self.number = 0

    @property
    def frozen(self) -> bool:
        """Whether it may not run now although it could."""
        return False

    def ended(self, code: int) -> None:
        """The generator returned."""

    def exhausted(self, text: str) -> None:
        """The task used up its budget: end it, and say so in one line."""


class Kernel:
    """Runs tasks on a virtual clock. `activity` counts whatever may end somebody's plain `Wait`."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.activity = 0
        self.current: Task | None = None
        self._tasks: dict[int, Task] = {}
        self._numbers = 0

    def add(self, task: Task) -> int:
        """Take a task on; it first runs in the next round. Returns its number on the whole machine, from 1 up."""
        self._numbers += 1
        task.number = self._numbers
        self._tasks[task.number] = task
        self.notify()
        return task.number

    def remove(self, number: int) -> None:
        """Forget a task."""
        self._tasks.pop(number, None)
        self.notify()

    def notify(self) -> None:
        """Something happened: everybody in a plain `Wait` looks again."""
        self.activity += 1

    # Waiting, for programs and conversations alike.

    def sleep(self, seconds: float) -> Generator[Wait, Any, None]:
        """Wait for a span of virtual time."""
        yield Until(_never, self.clock.now + round(seconds * NANOSECOND))

    def until(
        self, ready: Callable[[], bool], timeout: float | None = None, *, on: Task | None = None
    ) -> Generator[Wait, Any, bool]:
        """Wait until `ready()`, at most `timeout` seconds; returns whether it became ready. `on` is as in `Until`."""
        deadline = None if timeout is None else self.clock.now + round(timeout * NANOSECOND)
        while not ready() and (deadline is None or self.clock.now < deadline):
            yield Until(ready, deadline, on)
        return ready()

    # Driving.

    def drive(self, conversation: Generator[Event, Any, T]) -> Generator[Event, None, T]:
        """Run a conversation, and the machine whenever it waits; yields its events, returns its value.

        Raises StuckError or BudgetError inside the conversation, which may tidy up and go on waiting.
        """
        error: StoppedError | None = None
        self._forgive()
        for effort in (_Effort(), _Effort(), _Effort()):
            while True:
                try:
                    event = conversation.throw(error) if error else next(conversation)
                except StopIteration as stop:
                    value: T = stop.value
                    return value
                error = None
                if not isinstance(event, Wait):
                    yield event
                elif error := self._let_run(event, effort):
                    break
        conversation.close()
        raise error or BudgetError("stopped")

    def finish(self, conversation: Generator[Event, Any, T]) -> T:
        """Drive a conversation to its end and return its value, whatever it says on the way."""
        driven = self.drive(conversation)
        while True:
            try:
                next(driven)
            except StopIteration as stop:
                value: T = stop.value
                return value

    def settle(self, steps: int = SETTLE_STEPS) -> None:
        """Run what can run while the clock stands still (a bounded number of steps)."""
        effort = _Effort()
        while effort.steps < steps and effort.spins < SPINS and self._round(effort):
            pass

    def advance_to(self, instant: int) -> None:
        """Let time pass until `instant` with all that happens on the way."""
        effort = _Effort()
        while True:
            self.settle()
            soon = self._next_deadline()
            if soon is None or soon >= instant or effort.wake_ups >= WAKE_UPS:
                break
            self._jump(soon, effort)
            self._forgive()
        self.clock.now = max(self.clock.now, instant)
        self.notify()
        self.settle()

    # Taking turns.

    def _let_run(self, wait: Wait, effort: _Effort) -> StoppedError | None:
        """Run others until `wait` is over; the error is why that will not happen."""
        seen = self.activity
        if isinstance(wait, Turn):
            self._round(effort)
            return None
        while not self._over(wait, seen):
            if effort.steps > STEPS or effort.wake_ups > WAKE_UPS:
                return BudgetError("stopped after a long while: it does not seem to end by itself")
            if self._round(effort) and (effort.spins < effort.patience or _awaits_busy(wait)):
                continue
            soon = self._next_deadline(wait)
            if soon is None and not effort.spins:
                return StuckError("stopped: it waits for something that can no longer happen")
            if soon is not None:
                self._jump(soon, effort)
            if not effort.spins:
                self._forgive()
            effort.patience = SPINS_LATER if effort.spins else SPINS
            effort.spins = 0
        return None

    def _round(self, effort: _Effort) -> bool:
        """Give each task that can go on a turn; returns whether there was one."""
        ran = busy = 0
        for task in list(self._tasks.values()):
            if task.body is None or task.executing or task.frozen or not self._over(task.waiting, task.seen):
                continue
            ran += 1
            busy += isinstance(task.waiting, Turn) and task.turns > 0
            self._step(task)
        effort.steps += ran
        effort.spins = effort.spins + 1 if ran and ran == busy else 0
        return ran > 0

    def _step(self, task: Task) -> None:
        assert task.body is not None
        before, self.current, task.executing = self.current, task, True
        polling = type(task.waiting) is Wait
        try:
            task.waiting = next(task.body)
        except StopIteration as stop:
            self._end(task, stop.value)
            return
        except BaseException:
            # Ctrl-C in a notebook hits whoever happens to run: it ends that task, and the machine stays whole.
            self._end(task, StoppedError.exit_code)
            raise
        finally:
            self.current, task.executing = before, False
        # Who only looked again, and waits on, did nothing; else two of them would wake each other for ever.
        self.activity += not polling
        task.seen = self.activity
        if isinstance(task.waiting, Turn):
            task.turns += 1
        if task.turns > TURNS:
            task.exhausted(f"stopped by dockerlab after {TURNS} turns without a pause (does it loop for ever?)")

    def _end(self, task: Task, code: int) -> None:
        task.body = None
        self.remove(task.number)
        task.ended(code)

    def _over(self, wait: Wait, seen: int) -> bool:
        if isinstance(wait, Until):
            return (wait.deadline is not None and self.clock.now >= wait.deadline) or wait.ready()
        return isinstance(wait, Turn) or self.activity != seen

    def _next_deadline(self, *more: Wait) -> int | None:
        waits = [task.waiting for task in self._tasks.values() if task.body and not task.frozen and not task.executing]
        deadlines = [wait.deadline for wait in (*waits, *more) if isinstance(wait, Until) and wait.deadline is not None]
        return min(deadlines, default=None)

    def _jump(self, instant: int, effort: _Effort) -> None:
        """Move the clock to an instant, further where a command waits for very many."""
        self.clock.now = max(self.clock.now + effort.least_jump(), instant)
        self.notify()

    def _forgive(self) -> None:
        """Time passed because nobody had anything to do: the turns taken so far count no more."""
        for task in self._tasks.values():
            task.turns = 0


@dataclass
class _Effort:
    """What a command has cost so far."""

    steps: int = 0
    spins: int = 0
    patience: int = SPINS
    wake_ups: int = 0

    def least_jump(self) -> int:
        """Nanoseconds by which time has to move at least: 0 at first, then doubling every hundred wake-ups."""
        self.wake_ups += 1
        extra = self.wake_ups - EXACT_WAKE_UPS
        return 0 if extra <= 0 else NANOSECOND // 1000 << extra // 100


def _never() -> bool:
    return False


def _awaits_busy(wait: Wait) -> bool:
    """Whether what is awaited in the end is a task that loops without a pause: then time is no help."""
    while isinstance(wait, Until) and wait.deadline is None and wait.on is not None and wait.on.body is not None:
        wait = wait.on.waiting
    return isinstance(wait, Turn)
