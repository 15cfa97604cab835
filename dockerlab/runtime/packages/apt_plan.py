"""What an apt command will do: packages found, dependencies followed, in the order in which they get installed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.errors import DockerlabError
from dockerlab.runtime.packages.catalogue import Package
from dockerlab.runtime.packages.dpkg import Database


class AptError(DockerlabError):
    """apt gives up; the text stands behind 'E: '. Exit code 100, as apt has for all errors."""

    exit_code = 100


@dataclass
class Plan:
    """An installation: what was asked for, what comes with it, what is there already."""

    wanted: list[str] = field(default_factory=list)
    new: list[Package] = field(default_factory=list)
    upgraded: list[Package] = field(default_factory=list)
    present: list[str] = field(default_factory=list)

    @property
    def extra(self) -> list[str]:
        """New packages that nobody named."""
        return sorted(package.name for package in self.new if package.name not in self.wanted)

    @property
    def packages(self) -> list[Package]:
        """All that is unpacked."""
        return [*self.new, *self.upgraded]

    @property
    def download(self) -> int:
        """Bytes to fetch."""
        return sum(package.download for package in self.packages)

    @property
    def space(self) -> int:
        """Bytes more on the disk."""
        return sum(package.size for package in self.new)


def base_name(word: str) -> str:
    """A word of the command line without ':amd64', '=version' and '/release'."""
    return re.split(r"[:=/]", word)[0]


def plan_install(
    words: Sequence[str], known: Mapping[str, Package], database: Database, *, recommends: bool = True
) -> Plan:
    """Follow the dependencies of what is to be installed; raises AptError."""
    missing = [word for word in words if base_name(word) not in known and base_name(word) not in database]
    if missing:
        raise AptError("\n".join(f"Unable to locate package {base_name(word)}" for word in missing))
    plan = Plan(wanted=[base_name(word) for word in words])
    for word in words:
        name = base_name(word)
        _check_version(word, known)
        if name in database:
            _present(plan, name, known, database)
        else:
            _add(plan, name, known, database, recommends)
    return plan


def _check_version(word: str, known: Mapping[str, Package]) -> None:
    name, _, version = word.partition("=")
    package = known.get(base_name(name))
    if version and package and not re.fullmatch(version.replace("*", ".*").replace("+", r"\+"), package.version):
        raise AptError(f"Version '{version}' for '{base_name(name)}' was not found")


def _present(plan: Plan, name: str, known: Mapping[str, Package], database: Database) -> None:
    package = known.get(name)
    if package and database.field(name, "Version") not in ("", package.version):
        plan.upgraded.append(package)
    else:
        plan.present.append(name)


def _add(plan: Plan, name: str, known: Mapping[str, Package], database: Database, recommends: bool) -> None:
    """A package after all that it depends on, so that a library is unpacked before its user."""
    if name in database or name not in known or any(package.name == name for package in plan.new):
        return
    package = known[name]
    plan.new.append(package)
    for other in (*package.depends, *(package.recommends if recommends else ())):
        _add(plan, other, known, database, recommends)
    plan.new.remove(package)
    plan.new.append(package)
