"""time and datetime, on the lab's clock."""

from __future__ import annotations

import datetime
from typing import Any

from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.library.serving import calendar
from dockerlab.runtime.python.objects import Kind
from dockerlab.runtime.python.trampoline import Evaluator
from dockerlab.world import NANOSECOND

OVERSHOOT = 60e-6
"""A sleep takes a little longer than was asked for."""


def _now(interpreter: Any) -> float:
    return float(interpreter.proc.kernel.clock.now / NANOSECOND)


def _sleep(interpreter: Any, seconds: float) -> Evaluator:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    yield interpreter.pause(seconds=seconds + OVERSHOOT)


def _moment(interpreter: Any, *seconds: float | None) -> datetime.datetime:
    given = seconds[0] if seconds else None
    return calendar(_now(interpreter) if given is None else given)


def _strftime(interpreter: Any, form: str, moment: Any = None) -> str:
    return (datetime.datetime(*moment[:6]) if moment else _moment(interpreter)).strftime(form)


def _asctime(interpreter: Any, moment: Any = None) -> str:
    return _strftime(interpreter, "%a %b %e %H:%M:%S %Y", moment)


def _gmtime(interpreter: Any, *seconds: float | None) -> Any:
    return _moment(interpreter, *seconds).timetuple()


def _time(interpreter: Any) -> dict[str, Any]:
    started = interpreter.proc.started / NANOSECOND
    return natives(
        {
            "asctime": _asctime,
            "ctime": lambda _, *seconds: _asctime(interpreter, _gmtime(interpreter, *seconds)),
            "gmtime": _gmtime,
            "localtime": _gmtime,
            "monotonic": lambda _: _now(interpreter) - started + 1,
            "perf_counter": lambda _: _now(interpreter) - started,
            "process_time": lambda _: 0.01,
            "sleep": _sleep,
            "strftime": _strftime,
            "time": lambda _: _now(interpreter),
            "time_ns": lambda _: interpreter.proc.kernel.clock.now,
        },
    )


def _datetime(interpreter: Any) -> dict[str, Any]:
    def now(_: Any, tz: datetime.tzinfo | None = None) -> datetime.datetime:
        moment = datetime.datetime.fromtimestamp(_now(interpreter), datetime.UTC)
        return moment if tz is not None else moment.replace(tzinfo=None)

    moments = Kind(datetime.datetime, {"now": now, "utcnow": now, "today": now})
    days = Kind(datetime.date, {"today": lambda _: now(None).date()})
    return {
        "date": days,
        "datetime": moments,
        "time": datetime.time,
        "timedelta": datetime.timedelta,
        "timezone": datetime.timezone,
        "UTC": datetime.UTC,
    }


MODULES = {"time": _time, "datetime": _datetime}
