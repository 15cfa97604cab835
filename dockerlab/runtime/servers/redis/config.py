"""Redis's settings: their names and defaults, from redis.conf and from the command line (redis.io, "Configuration").

Settings of which nothing in the lab depends are kept and shown all the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dockerlab.errors import DockerlabError
from dockerlab.runtime.servers.redis.protocol import split_words

DEFAULTS: dict[str, str] = {
    "bind": "* -::*", "port": "6379", "protected-mode": "no", "tcp-backlog": "511", "unixsocket": "", "timeout": "0",
    "tcp-keepalive": "300", "daemonize": "no", "supervised": "no", "pidfile": "", "loglevel": "notice", "logfile": "",
    "syslog-enabled": "no", "databases": "16", "always-show-logo": "no", "set-proc-title": "yes",
    "stop-writes-on-bgsave-error": "yes", "rdbcompression": "yes", "rdbchecksum": "yes", "dbfilename": "dump.rdb",
    "dir": "", "save": "3600 1 300 100 60 10000", "replica-read-only": "yes", "masterauth": "", "requirepass": "",
    "maxclients": "10000", "maxmemory": "0", "maxmemory-policy": "noeviction", "maxmemory-samples": "5",
    "appendonly": "no", "appendfilename": "appendonly.aof", "appenddirname": "appendonlydir",
    "appendfsync": "everysec", "no-appendfsync-on-rewrite": "no", "auto-aof-rewrite-percentage": "100",
    "auto-aof-rewrite-min-size": "67108864", "aof-use-rdb-preamble": "yes", "lua-time-limit": "5000",
    "cluster-enabled": "no", "slowlog-log-slower-than": "10000", "slowlog-max-len": "128",
    "notify-keyspace-events": "", "hz": "10", "io-threads": "1", "enable-debug-command": "no", "activedefrag": "no",
    "lazyfree-lazy-expire": "no", "user": "", "include": "", "loadmodule": "", "rename-command": "",
}  # fmt: skip
"""In the image of Docker Hub protected-mode is off, as its Dockerfile patches the source."""
FIXED = frozenset({"daemonize", "databases", "logfile", "pidfile", "unixsocket", "supervised", "cluster-enabled"})
"""What can't be changed while the server runs (`port` can, but is not here)."""
SWITCHES = frozenset(name for name, text in DEFAULTS.items() if text in {"yes", "no"})
NUMBERS = frozenset(name for name, text in DEFAULTS.items() if text.isdigit())
LEVELS = ("debug", "verbose", "notice", "warning", "nothing")
UNITS = {"": 1, "b": 1, "k": 1000, "kb": 1 << 10, "m": 10**6, "mb": 1 << 20, "g": 10**9, "gb": 1 << 30}
SEVERAL = frozenset({"save", "bind", "user", "rename-command"})
"""Settings whose value may be several words."""


class ConfigError(DockerlabError):
    """A line of the settings that can't be: its number, the line, and the reason."""

    def __init__(self, number: int, line: str, reason: str) -> None:
        super().__init__(reason)
        self.number, self.line = number, line


def lines_of(words: Sequence[str]) -> tuple[str, list[str]]:
    """The settings file that the command line names ('' for none), and its options as lines of such a file."""
    rest = list(words)
    file = rest.pop(0) if rest and not rest[0].startswith("--") else ""
    lines: list[list[str]] = []
    for word in rest:
        if word.startswith("--") and len(word) > 2:
            lines.append([word[2:]])
        elif lines:
            lines[-1].append(word)
    return file, [" ".join([line[0], *(_quoted(word) for word in line[1:])]) for line in lines]


def _quoted(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def read_lines(lines: Sequence[str], config: dict[str, str]) -> None:
    """Take settings over from lines; raises ConfigError."""
    fresh = True
    for number, line in enumerate(lines, start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        words = split_words(text.encode("utf-8", "surrogateescape"))
        if words is None:
            raise ConfigError(number, text, "Unbalanced quotes in configuration line")
        name, *values = (word.decode("utf-8", "surrogateescape") for word in words)
        name = name.lower()
        if name not in DEFAULTS or not values or (len(values) > 1 and name not in SEVERAL):
            raise ConfigError(number, text, "Bad directive or wrong number of arguments")
        value = " ".join(values)
        if wrong := check(name, value):
            raise ConfigError(number, text, wrong)
        if name == "save" and not fresh and value:
            value = f"{config['save']} {value}".strip()  # several lines add up, but the first replaces the default
        fresh = fresh and name != "save"
        config[name] = canonical(name, value)


def check(name: str, text: str) -> str:
    """Why a setting can't have a value; '' when it can."""
    if name in SWITCHES and text.lower() not in {"yes", "no"}:
        return "argument must be 'yes' or 'no'"
    if name == "maxmemory":
        return "" if _bytes(text) is not None else "argument must be a memory value"
    if name in NUMBERS and not re.fullmatch(r"-?[0-9]+", text):
        return "argument couldn't be parsed into an integer"
    if name == "port" and not 0 <= int(text) <= 65535:
        return "argument must be between 0 and 65535 inclusive"
    if name == "loglevel" and text.lower() not in LEVELS:
        return "argument(s) must be one of the following: debug, verbose, notice, warning, nothing"
    if name == "save" and text and (len(text.split()) % 2 or not re.fullmatch(r"[0-9 ]+", text)):
        return "Invalid save parameters"
    return ""


def canonical(name: str, text: str) -> str:
    """A value as CONFIG GET shows it: '1gb' is 1073741824."""
    if name == "maxmemory":
        return str(_bytes(text))
    return text.lower() if name in SWITCHES or name == "loglevel" else text


def _bytes(text: str) -> int | None:
    match = re.fullmatch(r"([0-9]+)([a-z]*)", text.lower())
    if match is None or match[2] not in UNITS:
        return None
    return int(match[1]) * UNITS[match[2]]


def save_points(text: str) -> list[tuple[int, int]]:
    """The pairs of seconds and changes of the setting `save`."""
    numbers = [int(word) for word in text.split()]
    return list(zip(numbers[::2], numbers[1::2], strict=True))
