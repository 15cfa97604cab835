"""`Visit`: one request on its way through nginx's phases, with all that variables can ask about."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dockerlab.runtime.net.http import Asked
from dockerlab.runtime.net.sockets import Socket
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.nginx.config import Config, Location, ServerBlock
from dockerlab.runtime.servers.nginx.scopes import Scope

if TYPE_CHECKING:
    from dockerlab.runtime.servers.nginx.build import Build


@dataclass(eq=False)
class Visit:
    """A request. `uri` is the path as it stands now: decoded, clean, and rewritten."""

    asked: Asked
    socket: Socket
    proc: Process
    config: Config
    build: Build
    server: ServerBlock
    connection: int
    method: str = "GET"
    """As it stands now: an error page is fetched by GET."""
    uri: str = "/"
    args: str = ""
    location: Location | None = None
    condition: Scope | None = None
    """The block of an `if` that was true."""
    named: dict[str, str] = field(default_factory=dict)
    """What `set` and regular expressions named."""
    captures: tuple[str, ...] = ()
    status: int = 0
    forced: int = 0
    """The status that an error page keeps."""
    internal: bool = False
    failed: bool = False
    """Whether an error page is under way."""
    size: int = 0
    upstream: str = ""
    upstream_status: str = ""
    root: str = ""
    """Where try_files or alias found the file."""

    @property
    def scope(self) -> Scope:
        """The innermost block that counts now."""
        return self.condition or (self.location.scope if self.location else self.server.scope)

    @property
    def host(self) -> str:
        """`$host`: the Host header without its port, else the server's name."""
        given = re.sub(r":\d+$", "", self.asked.header("Host")).lower()
        return given or self.server.name

    def note_match(self, match: re.Match[str]) -> None:
        """Keep what a regular expression captured, for $1 and named variables."""
        self.captures = (match[0], *(group or "" for group in match.groups()))
        self.named.update({name: value or "" for name, value in match.groupdict().items()})

    def complaint(self) -> str:
        """The end of a line of the error log."""
        asked = self.asked
        host = asked.header("Host")
        shown = f', upstream: "{self.upstream}"' if self.upstream else ""
        words = f'client: {asked.peer}, server: {self.server.name}, request: "{asked.line}"{shown}'
        return words + (f', host: "{host}"' if host else "")


def absolute(build: Build, path: str) -> str:
    """A path of the configuration, which starts at nginx's own folder."""
    return posixpath.join(build.prefix, path)
