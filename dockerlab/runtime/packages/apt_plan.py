"""What an apt command will do: packages found, dependencies followed, in the order in which they get installed."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from dockerlab.runtime.packages.apt_run import Apt, AptError
from dockerlab.runtime.packages.catalogue import Package, load
from dockerlab.runtime.packages.dpkg_database import Database
from dockerlab.runtime.packages.sources import family_of

NOT_AVAILABLE = (
    "Package {0} is not available, but is referred to by another package.\n"
    "This may mean that the package is missing, has been obsoleted, or\nis only available from another source\n"
)


@dataclass
class Plan:
    """An installation: what was asked for, what comes with it, what is there already."""

    wanted: list[str] = field(default_factory=list)
    new: list[Package] = field(default_factory=list)
    upgraded: list[Package] = field(default_factory=list)
    base: dict[str, str] = field(default_factory=dict)
    """Packages of the base image that get a newer version: name → version."""
    present: list[str] = field(default_factory=list)
    recommended: list[str] = field(default_factory=list)
    """What would be good to have, but was not wanted."""
    kept: int = 0
    """How many packages could be upgraded and are not."""

    @property
    def extra(self) -> list[str]:
        """New packages that nobody named."""
        named = {base_name(word) for word in self.wanted}
        return sorted(package.name for package in self.packages if package.name not in named)

    @property
    def suggested(self) -> list[str]:
        """What the new packages suggest to have too."""
        new = {package.name for package in self.new}
        return sorted({name for package in self.new for name in package.suggests} - new)

    @property
    def packages(self) -> list[Package]:
        """All of the catalogue that is unpacked."""
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


def check_name(apt: Apt, word: str) -> None:
    """Raises AptError for a package that the lists and the database don't know."""
    name = base_name(word)
    if name in apt.known or (name in apt.database and "=" not in word):
        return
    virtual: Mapping[str, list[str]] = load("suites")["virtual"]
    referred: Mapping[str, list[str]] = load("suites")["referred"][family_of(apt.proc.fs)]
    if apt.known and name in virtual:
        makers = "".join(f"  {other} {apt.known[other].version}\n" for other in virtual[name] if other in apt.known)
        apt.say(f"Package {name} is a virtual package provided by:\n{makers}\n")
    elif apt.known and name in referred:
        instead = [other for other in referred[name] if other in apt.known]
        apt.say(NOT_AVAILABLE.format(name))
        apt.say(f"However the following packages replace it:\n  {' '.join(instead)}\n\n" if instead else "\n")
    else:
        raise AptError(f"Unable to locate package {re.split('[=/]', word)[0]}")
    raise AptError(f"Package '{name}' has no installation candidate")


def check_names(apt: Apt, words: Sequence[str]) -> None:
    """The same for several: each fault is told."""
    faults = []
    for word in words:
        try:
            check_name(apt, word)
            _check_version(apt, word)
        except AptError as error:
            faults.append(str(error))
    if faults:
        raise AptError("\n".join(faults))


def _check_version(apt: Apt, word: str) -> None:
    name, equals, version = word.partition("=")
    package = apt.known.get(base_name(name))
    if equals and package and not fnmatch.fnmatchcase(package.version, version):
        raise AptError(f"Version '{version}' for '{base_name(name)}' was not found")


def plan_install(apt: Apt, words: Sequence[str]) -> Plan:
    """Follow the dependencies of what is to be installed; raises AptError."""
    check_names(apt, words)
    plan = Plan(wanted=list(words))
    planner = _Planner(plan, apt.known, apt.database, recommends=apt.wants_recommends)
    for word in words:
        name = base_name(word)
        if name not in apt.database:
            planner.add(name)
        elif "--reinstall" in apt.flags or apt.words[0] == "reinstall":
            plan.upgraded += [apt.known[name]] if name in apt.known else []
        else:
            planner.refresh(name)
            if name in apt.database and apt.candidate(name) == apt.database.version(name):
                plan.present.append(name)
    chosen = {package.name for package in plan.packages}
    plan.recommended = sorted({name for name in plan.recommended if name not in chosen and name not in apt.database})
    plan.kept = len([name for name in apt.upgradable() if name not in chosen])
    return plan


class _Planner:
    """Collects packages, each behind what it needs."""

    def __init__(self, plan: Plan, known: Mapping[str, Package], database: Database, *, recommends: bool) -> None:
        self.plan = plan
        self.known = known
        self.database = database
        self.recommends = recommends
        self.seen: set[str] = set()

    def add(self, name: str) -> None:
        """A package after all that it depends on, so that a library is unpacked before its user."""
        if name in self.seen or name not in self.known:
            return
        if name in self.database:
            self.refresh(name, only_same_source=True)
            return
        self.seen.add(name)
        package = self.known[name]
        for other in package.depends:
            self.add(other)
        if self.recommends:
            for other in package.recommends:
                self.add(other)
        else:
            self.plan.recommended += package.recommends
        self.plan.new.append(package)

    def refresh(self, name: str, *, only_same_source: bool = False) -> None:
        """An installed package gets the lists' version, and with it what comes from the same source."""
        package = self.known.get(name)
        if name in self.seen or package is None or self.database.version(name) == package.version:
            return
        if only_same_source and not any(each.source == package.source for each in self.plan.packages):
            return
        self.seen.add(name)
        self.plan.upgraded.append(package)
        for other in package.depends:
            if other not in self.database:
                self.add(other)
            elif self.known[other].source == package.source:
                self.refresh(other)


def plan_upgrade(apt: Apt) -> Plan:
    """Everything that is installed to the versions of the lists."""
    plan = Plan()
    for name in apt.upgradable():
        if name in apt.known:
            plan.upgraded.append(apt.known[name])
        else:
            plan.base[name] = apt.candidate(name)
    return plan


def unneeded(database: Database) -> list[str]:
    """What came along with packages that are gone, and that nothing installed needs any more."""
    if not database.automatic:
        return []
    needed: set[str] = set()
    todo = [name for name in database.installed if name not in database.automatic]
    while todo:
        name = todo.pop()
        if name not in needed:
            needed.add(name)
            todo += [other for other in (*database.depends(name), *_recommends(database, name)) if other in database]
    return [name for name in database.installed if name not in needed]


def _recommends(database: Database, name: str) -> list[str]:
    return [part.strip() for part in database.field(name, "Recommends").split(",") if part.strip()]
