"""What Docker's registry writes: logfmt lines (sirupsen/logrus, TextFormatter) and an access log in combined format."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping

from dockerlab.engine.registry_config import Configuration
from dockerlab.registry.protocol import Request, Response
from dockerlab.runtime.process import Process
from dockerlab.runtime.servers.web import log_date
from dockerlab.world import format_instant

_PLAIN = re.compile(r"[A-Za-z0-9\-._/@^+]+")
GO = {"2": "go1.20.8", "3": "go1.23.7"}
NO_SECRET = (
    "No HTTP secret provided - generated random secret. This may cause problems with uploads if multiple registries "
    "are behind a load-balancer. To provide a shared secret, fill in http.secret in the configuration file or set the "
    "REGISTRY_HTTP_SECRET environment variable."
)


class Journal:
    """The log of one registry."""

    def __init__(self, proc: Process, version: str, fields: Mapping[str, str]) -> None:
        self._proc = proc
        self._requests = 0
        self._go = {"go.version": GO[version[0]]}
        self._own = {**self._go, "instance.id": self._uuid("instance"), **fields, "version": version}

    def _uuid(self, seed: str) -> str:
        """Digits that look random and are the same in every run."""
        text = f"{seed} {self._proc.hostname} {self._proc.started}"
        digits = hashlib.sha256(text.encode()).hexdigest()
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"

    def write(self, level: str, message: str, fields: Mapping[str, str]) -> None:
        """A line on standard error."""
        head = {"time": format_instant(self._proc.kernel.clock.now), "level": level, "msg": message}
        rows = [*head.items(), *sorted(fields.items())]
        quoted = {"time"}
        self._proc.err(" ".join(f"{name}={_shown(value, force=name in quoted)}" for name, value in rows) + "\n")

    def begin(self, config: Configuration, address: str) -> None:
        """The lines of a start."""
        if not config.text("http", "secret"):
            self.write("warning", NO_SECRET, self._own)
        self.write("info", "redis not configured", self._own)
        minutes = int(self._own["instance.id"][:4], 16) % 60
        self.write("info", f"Starting upload purge in {minutes}m0s", self._own)
        if config.text("storage", "cache", "blobdescriptor") == "inmemory":
            self.write("info", "using inmemory blob descriptor cache", self._own)

    def listening(self, address: str) -> None:
        """It can be reached now."""
        host, _, port = address.rpartition(":")
        self.write("info", f"listening on {host or '[::]'}:{port}", self._own)

    def fatal(self, text: str) -> None:
        """It can't go on."""
        self.write("fatal", text, self._own)

    def note(self, message: str) -> None:
        """A line about the registry's own work; only a server says its version, too."""
        self.write("info", message, {name: value for name, value in self._own.items() if name != "version"})

    def exchange(self, request: Request, response: Response, peer: str, names: Mapping[str, str]) -> None:
        """A request and its answer; `peer` is address and port, `names` what the path names."""
        self._requests += 1
        failed = response.status >= 400
        host = request.header("Host")
        number = self._uuid(f"request {self._requests}")
        fields = {
            **self._go,
            "http.request.host": host,
            "http.request.id": number,
            "http.request.method": request.method,
            "http.request.remoteaddr": peer,
            "http.request.uri": request.path,
            "http.request.useragent": request.header("User-Agent"),
            "http.response.duration": f"{int(number[:5], 16) / 1000:.6f}".rstrip("0").rstrip(".")[:8] + "µs",
            "http.response.status": str(response.status),
            "http.response.written": str(response.content.size),
        }
        optional = {
            "http.request.contenttype": request.header("Content-Type"),
            "http.response.contenttype": response.header("Content-Type"),
        }
        fields |= {name: value for name, value in optional.items() if value}
        if request.route.startswith("/v2"):
            message = "response completed with error" if failed else "response completed"
            self.write("error" if failed else "info", message, fields | (_error(response, names) if failed else {}))
        self._access(request, response, peer)

    def _access(self, request: Request, response: Response, peer: str) -> None:
        address = peer.rpartition(":")[0]
        line = f"{request.method} {request.path} HTTP/1.1"
        agent, referer = request.header("User-Agent"), request.header("Referer")
        date = log_date(self._proc.kernel.clock.now)
        size = response.content.size
        self._proc.out(f'{address} - - [{date}] "{line}" {response.status} {size} "{referer}" "{agent}"\n')


def _error(response: Response, names: Mapping[str, str]) -> dict[str, str]:
    """The fields of an error: its code, its detail as Go prints it, and what the path names."""
    fields = {f"vars.{name}": value for name, value in names.items() if value}
    try:
        row = json.loads(response.content.read())["errors"][0]
    except (ValueError, LookupError, TypeError):
        return fields
    fields |= {"err.code": row["code"].lower().replace("_", " "), "err.message": row["message"]}
    detail = row.get("detail")
    if isinstance(detail, dict):
        tag = detail.get("Tag")
        pairs = " ".join(f"{name}:{value}" for name, value in detail.items())
        fields["err.detail"] = f"unknown tag={tag}" if tag else f"map[{pairs}]"
    elif detail:
        fields["err.detail"] = str(detail)
    return fields


def _shown(value: str, *, force: bool = False) -> str:
    """A value as logrus writes it: in quotes where it is not plain."""
    if value and _PLAIN.fullmatch(value) and not force:
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
