"""`docker logs` and `docker attach`: what a container printed, and what it prints now."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from dockerlab.engine.container_context import Context
from dockerlab.errors import ConflictError, InvalidParameterError
from dockerlab.events import Conversation, LogLine, Wait
from dockerlab.runtime.container import Attachment, Container
from dockerlab.runtime.streams import Pipe, Stream
from dockerlab.runtime.terminals import relayed
from dockerlab.world import NANOSECOND, format_instant, parse_instant

CHUNK = 1 << 16


def instant(value: int | str | None) -> int:
    """Nanoseconds of an API time: '1795449738.5' (seconds), RFC 3339, or nanoseconds already; 0 for none."""
    if not value or isinstance(value, int):
        return value or 0
    whole, _, fraction = value.partition(".")
    if whole.isdigit() and (fraction.isdigit() or not fraction):
        return int(whole) * NANOSECOND + int((fraction + "0" * 9)[:9])
    try:
        return parse_instant(value)
    except ValueError:
        raise InvalidParameterError(f'invalid value for "since": {value}') from None


def stamp(time_ns: int) -> bytes:
    """The time before a line: nine digits always (RFC3339NanoFixed)."""
    whole = format_instant(time_ns // NANOSECOND * NANOSECOND).removesuffix("Z")
    return f"{whole}.{time_ns % NANOSECOND:09d}Z ".encode()


@dataclass(frozen=True)
class Frame:
    """What stands before each line."""

    timestamps: bool
    details: bool

    @property
    def by_line(self) -> bool:
        """Whether lines have to be told one by one."""
        return self.timestamps or self.details

    def prefix(self, time_ns: int) -> bytes:
        """The text before a line that was printed then."""
        return (stamp(time_ns) if self.timestamps else b"") + (b" " if self.details else b"")


def logs(
    context: Context,
    container: Container,
    *,
    stdout: bool = True,
    stderr: bool = True,
    follow: bool = False,
    tail: int | str | None = None,
    since: int | str | None = None,
    until: int | str | None = None,
    timestamps: bool = False,
    details: bool = False,
) -> Conversation[None]:
    """The lines of the log, and with `follow` those to come until the container ends.

    `details` puts the log driver's own attributes before each line: none, and a blank.
    """
    if not stdout and not stderr:
        raise InvalidParameterError("Bad parameters: you must choose at least one stream")
    if container.host["LogConfig"]["Type"] == "none":
        raise InvalidParameterError("configured logging driver does not support reading")
    frame = Frame(timestamps, details)
    wanted = {name for name, on in (("stdout", stdout), ("stderr", stderr)) if on}
    first, last = instant(since), instant(until)
    count = _count(tail)
    lines: Iterable[LogLine] = container.log.select(0, since=first, until=last, by_line=frame.by_line)
    seen = len(container.log)
    if count is not None:
        lines = container.log.last(count, since=first, until=last)
    yield from _shown(lines, wanted, frame)
    while follow and container.state.running and not (last and context.now > last):
        yield Wait()
        fresh = list(container.log.select(seen, since=first, until=last, by_line=frame.by_line))
        seen = len(container.log)
        yield from _shown(fresh, wanted, frame)


def _count(tail: int | str | None) -> int | None:
    """How many lines from the end; None for all, which is also what a negative or foolish number means."""
    text = str(tail) if tail is not None else "all"
    return int(text) if text.isdigit() else None


def _shown(lines: Iterable[LogLine], wanted: set[str], frame: Frame) -> Iterator[LogLine]:
    for line in lines:
        if line.stream in wanted:
            yield LogLine(line.stream, frame.prefix(line.time_ns) + line.data, line.time_ns) if frame.by_line else line


def attach(
    context: Context, container: Container, stdin: Stream | None, stdout: Stream | None, stderr: Stream | None
) -> Conversation[int]:
    """Connect streams to a container at once; the conversation ends with process 1 and returns its exit code.

    The end of the client's input does not end it: a container that reads on waits, as with the real engine.
    """
    if container.state.paused:
        text = f"container {container.id} is paused, unpause the container before attach"
        raise ConflictError(text)
    if container.state.restarting:
        raise ConflictError(f"container {container.id} is restarting, wait until the container is running")
    context.note(container, "attach")
    attachment = Attachment(stdout, stderr)
    container.attachments.append(attachment)
    return _stay(container, attachment, stdin)


def _stay(container: Container, attachment: Attachment, stdin: Stream | None) -> Generator[Wait, Any, int]:
    start = container.starts
    source = stdin.reader if stdin is not None else None
    try:
        with relayed(source, container.stdin):
            while container.state.running and not container.state.restarting and container.starts == start:
                target = container.stdin
                if source is not None and target is not None:
                    source = _pump(source, target, close=container.config.stdin_once)
                yield Wait()
    finally:
        if attachment in container.attachments:
            container.attachments.remove(attachment)
    return container.state.exit_code


def _pump(source: Stream, target: Pipe, *, close: bool) -> Stream | None:
    """Pass on what has come in; None once it has ended. `close` says that the container's input ends with it."""
    while (data := source.take(CHUNK)) is not None:
        if not data:
            if close:
                target.close()
            return None
        if not target.broken:
            target.write(data)
    return source
