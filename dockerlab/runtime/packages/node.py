"""Which Node.js a machine has: an image's own, or a package's."""

from __future__ import annotations

import re

from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text

DEFAULT_NODE, DEFAULT_NPM = "22.16.0", "10.9.2"
BUNDLED_NPM = {"10": "6.14.12", "12": "6.14.16", "18": "10.8.2", "20": "10.8.2", "22": "10.9.3", "24": "11.6.1"}
"""The npm that comes with an image's Node.js, by its major version."""


def packaged_version(proc: Process, name: str) -> str:
    """The version of an installed package (dpkg's or apk's database; `name` is a regular expression), '' for none."""
    status = read_text(proc.fs, "/var/lib/dpkg/status")
    found = re.search(rf"^Package: {name}\nStatus: install ok(?:.+\n)*?Version: (\S+)", status, re.M)
    found = found or re.search(rf"^P:{name}\nV:(\S+)", read_text(proc.fs, "/lib/apk/db/installed"), re.M)
    return found[1] if found else ""


def _packaged(proc: Process, name: str) -> str:
    """The upstream part of a package's version."""
    return re.split(r"[-+~]", packaged_version(proc, name).rpartition(":")[2])[0]


def node_version(proc: Process) -> str:
    """'v22.16.0'."""
    own = proc.env.get("NODE_VERSION", "")
    if proc.program_path.startswith("/usr/local/"):
        return f"v{own or DEFAULT_NODE}"
    return f"v{_packaged(proc, 'nodejs') or own or DEFAULT_NODE}"


def npm_version(proc: Process) -> str:
    """'10.9.2'."""
    packaged = "" if proc.program_path.startswith("/usr/local/") else _packaged(proc, "npm")
    return packaged or BUNDLED_NPM.get(proc.env.get("NODE_VERSION", "").partition(".")[0], DEFAULT_NPM)
