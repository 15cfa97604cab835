"""The error log with its levels, and access logs with their formats (nginx.org, ngx_http_log_module)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process, Stream
from dockerlab.runtime.servers.nginx.config import Config
from dockerlab.runtime.servers.nginx.scopes import Scope
from dockerlab.runtime.servers.nginx.variables import expand, value_of
from dockerlab.runtime.servers.nginx.visit import Visit
from dockerlab.runtime.servers.web import moment

LEVELS = ("emerg", "alert", "crit", "error", "warn", "notice", "info", "debug")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f-\U0010ffff]')


def error_line(proc: Process, level: str, text: str) -> str:
    """A line of the error log."""
    date = moment(proc.kernel.clock.now).strftime("%Y/%m/%d %H:%M:%S")
    return f"{date} [{level}] {proc.pid}#{proc.pid}: {text}\n"


def write_error(
    proc: Process, config: Config | None, level: str, text: str, *, scope: Scope | None = None, default: str = "stderr"
) -> None:
    """Write to the error logs of a block (the outermost, where none is given) that want lines of that level."""
    where = scope or (config.main if config else None)
    rows = [directive.args for directive in where.all("error_log")] if where else []
    for path, *words in rows or [(default, "error" if config else "notice")]:
        least = words[0] if words and words[0] in LEVELS else "error"
        if LEVELS.index(level) <= LEVELS.index(least):
            append(proc, config, path, error_line(proc, level, text))


def complain(visit: Visit, level: str, text: str) -> None:
    """A line about a request."""
    words = f"*{visit.connection} {text}, {visit.complaint()}"
    write_error(visit.proc, visit.config, level, words, scope=visit.scope, default=visit.build.error_log)


def append(proc: Process, config: Config | None, path: str, text: str) -> None:
    """Add to a log; a full disk or a reader that went away stops no server."""
    if path.startswith("syslog:"):
        return
    opened = config.logs.get(path) if config else None
    try:
        (opened or open_log(proc, path)).write(text.encode("utf-8", "surrogateescape"))
    except (FileSystemError, BrokenPipeError):
        return


def open_log(proc: Process, path: str) -> Stream:
    """Where a log goes; FileSystemError where it can't be opened."""
    if path == "stderr":
        return proc.fds[2] if 2 in proc.fds else proc.open("/dev/null", "a")
    return proc.open(path, "a")


def log_access(visit: Visit) -> None:
    """Write a request into its access logs."""
    for path, *words in _access_logs(visit):
        if path == "off" or not _wanted(visit, words):
            continue
        name = next((word for word in words if "=" not in word), "combined")
        append(visit.proc, visit.config, expand(path, visit), f"{_formatted(visit.config.formats[name], visit)}\n")


def _access_logs(visit: Visit) -> Sequence[Sequence[str]]:
    directives = visit.scope.all("access_log")
    return [directive.args for directive in directives] or [("/var/log/nginx/access.log",)]


def _wanted(visit: Visit, words: Sequence[str]) -> bool:
    """`access_log … if=$loggable`."""
    condition = next((word[3:] for word in words if word.startswith("if=")), "1")
    return expand(condition, visit) not in ("", "0")


def _formatted(text: str, visit: Visit) -> str:
    def shown(match: re.Match[str]) -> str:
        value = value_of(match[1] or match[2], visit)
        return _UNSAFE.sub(_hexadecimal, value) if value else "-"

    return _VARIABLE.sub(shown, text)


def _hexadecimal(match: re.Match[str]) -> str:
    return "".join(f"\\x{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))
