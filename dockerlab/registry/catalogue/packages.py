"""Packages in the layers above a base: Debian's with what they need (packages.json), and apk's records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from dockerlab.registry.catalogue.data import load

_LIBRARIES = "/usr/lib/x86_64-linux-gnu"


def debian_closure(roots: Iterable[str], status: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The packages that installing some brings, by name, without those that the status file has."""
    rows = load("packages")["packages"]
    present = set(re.findall(r"^Package: (\S+)$", status, re.M))
    wanted: set[str] = set()
    todo = list(roots)
    while todo:
        name = todo.pop()
        if name in rows and name not in present | wanted:
            wanted.add(name)
            todo += rows[name].get("depends", "").split()
    return ((name, rows[name]) for name in sorted(wanted))


def debian_record(name: str, version: str, kilobytes: int, section: str = "misc", *, everywhere: bool = False) -> str:
    """A paragraph of dpkg's status file (deb-control(5))."""
    return (
        f"Package: {name}\nStatus: install ok installed\nPriority: optional\nSection: {section}\n"
        f"Installed-Size: {kilobytes}\nArchitecture: {'all' if everywhere else 'amd64'}\nVersion: {version}\n"
        f"Description: {name}, simulated by dockerlab\n"
    )


def library_path(name: str) -> str:
    """The file that stands for a package's many."""
    if name.startswith("lib"):
        return f"{_LIBRARIES}/{name}{'.a' if name.endswith('-dev') else '.so'}"
    return f"/usr/share/{name}/{name}.dat"


def alpine_records(versions: Mapping[str, str]) -> str:
    """Records of apk's database of installed packages; a virtual one is named with a dot, as `apk add -t` has it."""
    return "".join(
        f"P:{name}\nV:{version}\nA:x86_64\nS:4096\nI:16384\nT:{name}, simulated by dockerlab\no:{name.strip('.')}\n\n"
        for name, version in versions.items()
    )
