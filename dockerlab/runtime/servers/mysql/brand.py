"""What tells MySQL and MariaDB apart: names, versions, how log lines look."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.servers.daemons import date_of

SOCKET = "/var/run/mysqld/mysqld.sock"


@dataclass(frozen=True)
class Brand:
    """One of the two, in a version."""

    maria: bool
    number: str
    """'8.4.7' or '11.8.5'."""

    @property
    def version(self) -> str:
        """What VERSION() says."""
        return f"{self.number}-MariaDB-ubu2404" if self.maria else self.number

    @property
    def name(self) -> str:
        """The name in syntax errors."""
        return "MariaDB" if self.maria else "MySQL"

    @property
    def server_name(self) -> str:
        """'MySQL server' in MySQL's messages about connections, 'server' in MariaDB's."""
        return "server" if self.maria else "MySQL server"

    def versioned(self, program: str, path: str) -> str:
        """What --version says."""
        if self.maria:
            kind = "Ver 15.2 Distrib" if program in ("mysql", "mariadb") else "Ver"
            return f"{program}  {kind} {self.version}, for debian-linux-gnu (x86_64)\n"
        return f"{path}  Ver {self.number} for Linux on x86_64 (MySQL Community Server - GPL)\n"


def brand_of(proc: Process) -> Brand:
    """Which server a machine has: by the environment of its image, else by the program's name."""
    env: Mapping[str, str] = proc.env
    if maria := env.get("MARIADB_VERSION"):
        return Brand(True, _bare(maria))
    if mine := env.get("MYSQL_VERSION"):
        return Brand(False, _bare(mine))
    return Brand(True, "11.8.5") if "mariadb" in name_of(proc) else Brand(False, "8.4.7")


def _bare(text: str) -> str:
    """'1:12.0.2+maria~ubu2404' and '8.4.7-1.el9' without what is around the version."""
    match = re.search(r"(?:^|:)(\d+(?:\.\d+)+)", text)
    return match[1] if match else text


def stamp(proc: Process, brand: Brand) -> str:
    """The time at the start of a log line."""
    moment: datetime.datetime = date_of(proc)
    return f"{moment:%Y-%m-%d %H:%M:%S}" if brand.maria else f"{moment:%Y-%m-%dT%H:%M:%S.%f}Z"
