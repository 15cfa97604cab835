"""The part of apt that asks, fetches, unpacks and sets up."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from dockerlab.runtime.packages.apt_plan import AptError, Plan
from dockerlab.runtime.packages.catalogue import Package
from dockerlab.runtime.packages.dpkg import Database, unpack
from dockerlab.runtime.packages.sources import suite_of
from dockerlab.runtime.packages.units import size_text
from dockerlab.runtime.programs.registry import Waiting

if TYPE_CHECKING:
    from dockerlab.runtime.packages.apt import Apt

DELAYED = "debconf: delaying package configuration, since apt-utils is not installed\n"
WIDTH = 76


def installed_size(database: Database, name: str) -> int:
    """Bytes that an installed package takes."""
    text = database.field(name, "Installed-Size")
    return int(text) << 10 if text.isdigit() else 0


class Installer:
    """Carries a plan out."""

    def __init__(self, apt: Apt, plan: Plan, offered: Mapping[str, Package]) -> None:
        self.apt = apt
        self.proc = apt.proc
        self.plan = plan
        self.offered = offered

    def run(self) -> Waiting:
        """Say what will be done, ask, and do it."""
        plan = self.plan
        self._listed("The following additional packages will be installed:", plan.extra)
        self._listed("The following NEW packages will be installed:", sorted(package.name for package in plan.new))
        self._listed("The following packages will be upgraded:", sorted(package.name for package in plan.upgraded))
        self.apt.say(
            f"{len(plan.upgraded)} upgraded, {len(plan.new)} newly installed, 0 to remove and 0 not upgraded.\n"
        )
        if not plan.packages:
            return 0
        self.apt.say(f"Need to get {size_text(plan.download)} of archives.\n")
        self.apt.say(f"After this operation, {size_text(plan.space)} of additional disk space will be used.\n")
        if "-s" in self.apt.flags:
            return self._simulate()
        if not (yield from self.agreed()):
            return 1
        yield from self._fetch()
        if "--download-only" not in self.apt.flags and "-d" not in self.apt.flags:
            self._unpack_all()
        return 0

    def _listed(self, title: str, names: Sequence[str]) -> None:
        if names:
            lines = textwrap.wrap(" ".join(names), WIDTH, break_on_hyphens=False, break_long_words=False)
            self.apt.say(f"{title}\n" + "".join(f"  {line}\n" for line in lines))

    def _simulate(self) -> int:
        for verb in ("Inst", "Conf"):
            self.apt.say(
                "".join(f"{verb} {each.name} ({each.version} [{each.architecture}])\n" for each in self.plan.packages)
            )
        return 0

    def agreed(self) -> Waiting:
        """-y, or the answer on standard input; packages that nobody named ask, as does a removal."""
        asks = self.plan.extra or not self.plan.packages or self.plan.upgraded
        if "-y" in self.apt.flags or self.apt.quiet > 1 or not asks:
            return True
        self.proc.out("Do you want to continue? [Y/n] ")
        answer = yield from self.proc.readline()
        if answer.strip().lower() in (b"y", b"yes") or answer == b"\n":
            return True
        self.proc.out("Abort.\n")
        return False

    def _fetch(self) -> Waiting:
        """Fetch the archives; a repository keeps only its newest versions, so old lists lead nowhere."""
        failed = []
        suite = suite_of(self.proc.fs)
        place = self.apt.sources[0]
        for number, package in enumerate(self.plan.packages, start=1):
            where = f"{place.uri} {suite}/main amd64 {package.name} {package.architecture} {package.version}"
            if self.offered[package.name].version != package.version:
                failed.append(package)
                self.apt.say(f"Err:{number} {where}\n  404  Not Found\n")
            else:
                self.apt.say(f"Get:{number} {where} [{size_text(package.download)}]\n")
        if failed:
            lines = [f"Failed to fetch {self._address(place.uri, package)}  404  Not Found" for package in failed]
            raise AptError(
                "\n".join(
                    [*lines, "Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?"]
                )
            )
        if "apt-utils" not in self.apt.database:
            self.proc.err(DELAYED)
        yield from self.apt.download(self.plan.download)
        return 0

    def _address(self, uri: str, package: Package) -> str:
        letter = package.name[:4] if package.name.startswith("lib") else package.name[0]
        version = package.version.partition(":")[2] or package.version
        return f"{uri}/pool/main/{letter}/{package.name}/{package.name}_{version}_{package.architecture}.deb"

    def _unpack_all(self) -> None:
        """dpkg's part: unpack all, then set all up."""
        database = self.apt.database
        say = self.apt.say if self.apt.quiet > 1 else self.proc.out
        for number, package in enumerate(self.plan.packages):
            title = package.name if package.architecture == "all" else f"{package.name}:{package.architecture}"
            shown = title if package.name.startswith("lib") else package.name
            if package.name not in database:
                say(f"Selecting previously unselected package {shown}.\n")
            if number == 0:
                say(f"(Reading database ... {database.count()} files and directories currently installed.)\n")
            version = package.version.replace(":", "%3a")
            say(f"Preparing to unpack .../{package.name}_{version}_{package.architecture}.deb ...\n")
            say(f"Unpacking {shown} ({package.version}) ...\n")
            unpack(self.proc, package)
        for package in self.plan.packages:
            shown = (
                f"{package.name}:{package.architecture}"
                if package.name.startswith("lib") and package.architecture != "all"
                else package.name
            )
            say(f"Setting up {shown} ({package.version}) ...\n")
            database.add(package)
        database.save()
        self._triggers(say)

    def _triggers(self, say: Callable[[str], None]) -> None:
        """What libc and the certificates do after an installation."""
        version = self.apt.database.field("libc-bin", "Version")
        if any(package.name.startswith("lib") for package in self.plan.packages) and version:
            say(f"Processing triggers for libc-bin ({version}) ...\n")
        found = next((package for package in self.plan.new if package.name == "ca-certificates"), None)
        if found:
            say(
                f"Processing triggers for ca-certificates ({found.version}) ...\n"
                "Updating certificates in /etc/ssl/certs...\n"
            )
            say("0 added, 0 removed; done.\nRunning hooks in /etc/ca-certificates/update.d...\ndone.\n")
