"""`listen`: where a server waits, and which server a request is for (nginx.org, "How nginx processes a request")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from dockerlab.runtime.net.names import is_address
from dockerlab.runtime.servers.nginx.scopes import Scope, pattern_of
from dockerlab.runtime.servers.nginx.syntax import Directive

WORDS = frozenset("default_server default ssl http2 quic proxy_protocol reuseport deferred bind".split())
VALUES = ("backlog=", "rcvbuf=", "sndbuf=", "ipv6only=", "so_keepalive=", "setfib=", "fastopen=", "accept_filter=")
_PLACE = re.compile(r"(?:(\[[0-9a-fA-F:.]+\]|[^:\[\]]+):)?(\d+)")


@dataclass(frozen=True)
class Listen:
    """One `listen`: '0.0.0.0' and '::' are all addresses."""

    address: str
    port: int
    default: bool = False
    encrypted: bool = False

    @property
    def place(self) -> str:
        """As nginx prints it."""
        return f"[{self.address}]:{self.port}" if ":" in self.address else f"{self.address}:{self.port}"


def parse_listen(directive: Directive) -> Listen:
    """A `listen` directive."""
    text, *words = directive.args
    address, port = _place(directive, text)
    for word in words:
        if word not in WORDS and not word.startswith(VALUES):
            raise directive.error(f'invalid parameter "{word}"')
    return Listen(address, port, bool({"default_server", "default"} & set(words)), "ssl" in words)


def _place(directive: Directive, text: str) -> tuple[str, int]:
    if text.startswith("unix:"):
        raise directive.error("dockerlab does not simulate sockets in the file system")
    if is_address(text.strip("[]")) or not re.search(r"\d+$", text) or text in ("*", "localhost"):
        host, port = text, "80"
    elif match := _PLACE.fullmatch(text):
        host, port = match[1] or "*", match[2]
    else:
        raise directive.error(f'invalid port in "{text}" of the "listen" directive')
    if not 0 < int(port) < 65_536:
        raise directive.error(f'invalid port in "{text}" of the "listen" directive')
    known = {"*": "0.0.0.0", "localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    if not is_address(known):
        raise directive.error(f'host not found in "{text}" of the "listen" directive')
    return known, int(port)


@dataclass(eq=False)
class Names:
    """The names of one server: exact ones, wildcards at the front or the end, regular expressions."""

    exact: set[str] = field(default_factory=set)
    front: list[str] = field(default_factory=list)
    end: list[str] = field(default_factory=list)
    patterns: list[re.Pattern[str]] = field(default_factory=list)
    first: str = ""

    @classmethod
    def of(cls, scope: Scope) -> Names:
        """What all the `server_name` directives of a block say."""
        names = cls()
        words = [(directive, name) for directive in scope.own("server_name") for name in directive.args]
        names.first = words[0][1] if words else ""
        names.exact |= set() if words else {""}
        for directive, name in words:
            if name.startswith("~"):
                names.patterns.append(pattern_of(directive, name[1:], fold=True))
            elif name.startswith("."):
                names.exact.add(name[1:].lower())
                names.front.append(name.lower())
            elif name.startswith("*."):
                names.front.append(name[1:].lower())
            elif name.endswith(".*"):
                names.end.append(name[:-1].lower())
            else:
                names.exact.add(name.lower())
        return names


def choose(candidates: Sequence[tuple[Names, bool]], host: str) -> int:
    """Which of the servers at a port a Host header means: its place in the list; `bool` says which is the default."""
    host = host.lower()
    for at, (names, _) in enumerate(candidates):
        if host in names.exact:
            return at
    for kind in ("front", "end"):
        found = [
            (len(part), -at)
            for at, (names, _) in enumerate(candidates)
            for part in getattr(names, kind)
            if (host.endswith(part) if kind == "front" else host.startswith(part))
        ]
        if found:
            return -max(found)[1]
    for at, (names, _) in enumerate(candidates):
        if any(pattern.search(host) for pattern in names.patterns):
            return at
    return next((at for at, (_, default) in enumerate(candidates) if default), 0)
