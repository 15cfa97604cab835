"""`service`, as init scripts of Debian and Ubuntu answer in a container (service(8), lsb-base), and a simple cron."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.process import Process, ProgramError
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.web import moment
from dockerlab.runtime.signals import SIGHUP, SIGTERM
from dockerlab.runtime.streams import Null
from dockerlab.world import NANOSECOND

USAGE = "Usage: service < option > | --status-all | [ service_name [ command | --full-restart ] ]\n"
PATIENCE = 10.0
"""Seconds that a service has to end."""
MINUTE = 60 * NANOSECOND


@dataclass(frozen=True)
class Service:
    """An init script: what it calls itself, the program that it starts, and where that writes its number."""

    title: str
    daemon: str
    file: str
    words: tuple[str, ...]
    pid: str
    process: str = ""
    """How the running process is named, where not as the daemon."""


SERVICES: Mapping[str, Service] = {
    "nginx": Service("nginx", "nginx", "/usr/sbin/nginx", ("nginx",), "/run/nginx.pid"),
    "ssh": Service("OpenBSD Secure Shell server", "sshd", "/usr/sbin/sshd", ("/usr/sbin/sshd",), "/run/sshd.pid"),
    "apache2": Service(
        "Apache httpd web server",
        "apache2",
        "/usr/sbin/apache2",
        ("apachectl", "start"),
        "/var/run/apache2/apache2.pid",
    ),
    "cron": Service("periodic command scheduler", "cron", "/usr/sbin/cron", ("cron",), "/run/crond.pid"),
    "redis-server": Service(
        "redis-server", "redis-server", "/usr/bin/redis-server", ("redis-server", "--daemonize", "yes"), ""
    ),
}
"""The services that are simulated, by the names of their init scripts."""


@program("service", raw=True)
def service(proc: Process, args: Arguments) -> Waiting:
    """Start, stop or ask an init script."""
    words = args.operands
    if words[:1] == ["--status-all"]:
        installed = sorted(name for name, each in SERVICES.items() if proc.fs.exists(each.file))
        for name in installed:
            proc.out(f" [ {'+' if _process(proc, SERVICES[name]) else '-'} ]  {name}\n")
        return 0
    if not words or words[0].startswith("-"):
        proc.err(USAGE)
        return 1
    found = SERVICES.get(words[0])
    if found is None or not proc.fs.exists(found.file):
        proc.err(f"{words[0]}: unrecognized service\n")
        return 1
    command = words[1] if len(words) > 1 else ""
    if command not in COMMANDS:
        proc.out(f"Usage: /etc/init.d/{words[0]} {{start|stop|status|restart|reload|force-reload}}\n")
        return 3 if found.daemon == "nginx" else 1
    return (yield from COMMANDS[command](proc, found))


def _process(proc: Process, found: Service) -> Process | None:
    """The running daemon, by the file with its number or by its name."""
    text = read_text(proc.fs, found.pid).strip() if found.pid else ""
    by_number = proc.machine.processes.get(int(text)) if text.isdigit() else None
    if by_number is not None and by_number.exit_code is None:
        return by_number
    named = (
        each for each in proc.machine.alive() if each.program_path == found.file and each.argv[:1] != proc.argv[:1]
    )
    return next(named, None)


def _say(proc: Process, found: Service, verb: str, *, failed: bool = False) -> None:
    if "ubuntu" in read_text(proc.fs, "/etc/os-release").lower():
        text = f" * {verb} {found.title} {found.daemon}"
        proc.out(f"{text:<73}[{'fail' if failed else ' OK '}]\n")
    else:
        proc.out(f"{verb} {found.title}: {found.daemon}{' failed!' if failed else '.'}\n")


def _start(proc: Process, found: Service) -> Waiting:
    if _process(proc, found):
        _say(proc, found, "Starting")
        return 0
    if found.daemon == "sshd" and not proc.fs.exists("/run/sshd"):
        proc.fs.mkdir("/run/sshd", parents=True)
    try:
        code = yield from proc.run(found.words)
    except ProgramError as error:
        proc.err(f"{error}\n")
        code = 1
    _say(proc, found, "Starting", failed=code != 0)
    return 1 if code else 0


def _stop(proc: Process, found: Service) -> Waiting:
    running = _process(proc, found)
    if running is not None:
        running.kill(SIGTERM, proc)
        yield from proc.kernel.until(running.is_over, PATIENCE)
    _say(proc, found, "Stopping")
    return 0


def _restart(proc: Process, found: Service) -> Waiting:
    yield from _stop(proc, found)
    return (yield from _start(proc, found))


def _reload(proc: Process, found: Service) -> Waiting:
    running = _process(proc, found)
    if running is not None:
        running.kill(SIGHUP, proc)
    _say(proc, found, "Reloading", failed=running is None)
    yield from ()
    return 0 if running else 1


def _status(proc: Process, found: Service) -> Waiting:
    running = _process(proc, found) is not None
    mark = " * " if "ubuntu" in read_text(proc.fs, "/etc/os-release").lower() else ""
    failed = "" if mark else " ... failed!"
    proc.out(f"{mark}{found.daemon} is {'running.' if running else f'not running{failed}'}\n")
    yield from ()
    return 0 if running else 3


COMMANDS: Mapping[str, Callable[[Process, Service], Waiting]] = {
    "start": _start,
    "stop": _stop,
    "restart": _restart,
    "reload": _reload,
    "force-reload": _reload,
    "status": _status,
}


# cron.


@program("cron", "crond", raw=True)
def cron(proc: Process, args: Arguments) -> Waiting:
    """Run the lines of the crontabs when their time has come."""
    foreground = "-f" in args.operands or (name_of(proc) == "crond" and "-d" in args.operands)
    if foreground:
        return (yield from _tick(proc))
    silent = Null()
    child = proc.fork(_tick, fds={0: silent, 1: silent, 2: silent})
    child.pgid = child.pid
    proc.fs.write("/run/crond.pid", f"{child.pid}\n".encode())
    return 0


def _tick(proc: Process) -> Generator[Wait, Any, int]:
    """Wait for the next minute that some line is for; without lines it waits for ever."""
    while True:
        due = _next(proc)
        if due is None:
            yield from proc.kernel.until(lambda: bool(_lines(proc)), 3600)
            continue
        yield from proc.sleep(max(0, due - proc.kernel.clock.now) / NANOSECOND)
        now = moment(proc.kernel.clock.now)
        for fields, command in _lines(proc):
            if _fits(fields, now):
                try:
                    proc.spawn(["/bin/sh", "-c", command])
                except ProgramError:
                    continue


def _lines(proc: Process) -> list[tuple[list[str], str]]:
    """(five fields, command) of /etc/crontab, /etc/cron.d and the users' own tables."""
    found = []
    for folder, own in (("/var/spool/cron/crontabs", True), ("/etc/crontabs", True), ("/etc/cron.d", False)):
        names = proc.fs.listdir(folder) if proc.fs.is_dir(folder) else []
        for name in names:
            found += _table(read_text(proc.fs, f"{folder}/{name}"), own=own)
    return found + _table(read_text(proc.fs, "/etc/crontab"), own=False)


def _table(text: str, *, own: bool) -> list[tuple[list[str], str]]:
    rows = []
    for line in text.splitlines():
        words = line.split(None, 5 if own else 6)
        if len(words) == (6 if own else 7) and words[0][0] in "*0123456789":
            rows.append((words[:5], words[-1]))
    return rows


def _next(proc: Process) -> int | None:
    """The next full minute that a line fits, within a day and a bit."""
    lines = _lines(proc)
    minute = (proc.kernel.clock.now // MINUTE + 1) * MINUTE
    for _ in range(1500 if lines else 0):
        if any(_fits(fields, moment(minute)) for fields, _ in lines):
            return minute
        minute += MINUTE
    return minute if lines else None


def _fits(fields: list[str], now: datetime.datetime) -> bool:
    values = (now.minute, now.hour, now.day, now.month, now.isoweekday() % 7)
    return all(_field(text, value) for text, value in zip(fields, values, strict=True))


def _field(text: str, value: int) -> bool:
    """'*', '*/5', '1-5', '1,2' (crontab(5))."""
    for part in text.split(","):
        span, _, step = part.partition("/")
        low, _, high = span.partition("-")
        if span == "*" and (not step or (step.isdigit() and int(step) > 0 and value % int(step) == 0)):
            return True
        if low.isdigit() and (value == int(low) if not high else high.isdigit() and int(low) <= value <= int(high)):
            return True
    return False
