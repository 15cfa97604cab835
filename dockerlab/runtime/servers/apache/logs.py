"""Apache's error log, and access logs in the formats of `LogFormat` (docs/2.4/mod/mod_log_config)."""

from __future__ import annotations

import datetime
import posixpath
import re
from dataclasses import dataclass, field

from dockerlab.errors import FileSystemError
from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process, Stream
from dockerlab.runtime.servers.apache.config import COMMON, Config, Host
from dockerlab.runtime.servers.web import Reply, log_date

_FIELD = re.compile(r"%(?:[<>!,0-9]*)(?:\{([^}]*)\})?(\^?[A-Za-z%])")


@dataclass(eq=False)
class Logs:
    """The logs that the first process opened, and that its children write into."""

    proc: Process
    root: str
    streams: dict[str, Stream] = field(default_factory=dict)

    def open(self, name: str) -> Stream | None:
        """A log by its name in the settings; FileSystemError where it can't be opened."""
        if name.startswith(("|", "syslog")):
            return None
        if name not in self.streams:
            self.streams[name] = self.proc.open(posixpath.join(self.root, name), "a")
        return self.streams[name]

    def _append(self, name: str, text: str) -> None:
        try:
            stream = self.open(name)
            if stream is not None:
                stream.write(text.encode("utf-8", "surrogateescape"))
        except (FileSystemError, BrokenPipeError):
            return  # a full disk stops no server

    def error(self, host: Host, proc: Process, kind: str, text: str) -> None:
        """A line of the error log; `kind` is 'core:notice'."""
        self._append(host.value("errorlog", "logs/error_log"), error_line(proc, kind, text))

    def access(self, host: Host, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> None:
        """A line of each access log."""
        entries = host.own("customlog") or (host.main.own("customlog") if host.main else [])
        for entry in entries:
            if not entry.args:
                continue
            text = self._format(host, entry.args[1] if len(entry.args) > 1 else COMMON)
            self._append(entry.args[0], f"{self._filled(text, asked, line, reply, size, socket)}\n")

    def _format(self, host: Host, name: str) -> str:
        """The format of a nickname, or the format itself."""
        rows = [entry.args for entry in host.all("logformat") if len(entry.args) == 2]
        return next((text for text, nickname in reversed(rows) if nickname == name), name)

    def _filled(self, text: str, asked: Asked | None, line: str, reply: Reply, size: int, socket: Socket) -> str:
        head = len(reply.head)
        facts = {
            "h": socket.peer[0], "a": socket.peer[0], "l": "-", "u": "-", "r": line, "s": str(reply.status),
            "t": f"[{log_date(self.proc.kernel.clock.now)}]", "b": str(size) if size else "-", "B": str(size),
            "O": str(head + size), "I": str(len(line) + 2), "D": "312", "T": "0", "p": str(socket.local[1]),
            "v": socket.local[0], "V": asked.header("Host") if asked else "", "H": asked.version if asked else "",
            "m": asked.method if asked else "-", "U": asked.path if asked else "-", "%": "%", "P": str(self.proc.pid),
            "A": socket.local[0], "q": f"?{asked.target.partition('?')[2]}" if asked and "?" in asked.target else "",
            "f": "-", "k": "0", "L": "-", "X": "+" if not reply.close else "-",
        }  # fmt: skip

        def value(match: re.Match[str]) -> str:
            name, letter = match[1], match[2]
            if letter == "i" and name is not None:
                return (asked.header(name) if asked else "") or "-"
            if letter == "o" and name is not None:
                return next((each for key, each in reply.headers if key.lower() == name.lower()), "-")
            return facts.get(letter, "-")

        return _FIELD.sub(value, text)


def error_line(proc: Process, kind: str, text: str) -> str:
    """A line as `ErrorLogFormat` has it by default."""
    nanoseconds = proc.kernel.clock.now
    date = datetime.datetime.fromtimestamp(nanoseconds // 10**9, datetime.UTC)
    stamp = f"{date:%a %b %d %H:%M:%S}.{nanoseconds // 1000 % 10**6:06} {date:%Y}"
    return f"[{stamp}] [{kind}] [pid {proc.pid}:tid {proc.pid}] {text}\n"


def log_names(config: Config) -> list[tuple[str, str, int]]:
    """All logs that the settings name, with where they do."""
    found = []
    for host in (config.main, *config.hosts):
        for entry in (*host.own("errorlog"), *host.own("customlog"), *host.own("transferlog")):
            found += [(entry.args[0], entry.file, entry.line)] if entry.args else []
    return found
