"""The part of apt that asks, fetches, unpacks and sets up."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping, Sequence

from dockerlab.runtime.packages.apt_plan import Plan, base_name
from dockerlab.runtime.packages.apt_run import ARCHIVES, Apt, AptError
from dockerlab.runtime.packages.catalogue import Package, load
from dockerlab.runtime.packages.dpkg import archive
from dockerlab.runtime.packages.dpkg_database import unpack, unpack_again
from dockerlab.runtime.packages.units import size_text
from dockerlab.runtime.programs.registry import Waiting

DELAYED = "debconf: delaying package configuration, since apt-utils is not installed\n"
NO_FRONTEND = """\
debconf: unable to initialize frontend: Dialog
debconf: (TERM is not set, so the dialog frontend is not usable.)
debconf: falling back to frontend: Readline
debconf: unable to initialize frontend: Readline
debconf: (Can't locate Term/ReadLine.pm in @INC (you may need to install the Term::ReadLine module) \
(@INC contains: /etc/perl /usr/local/share/perl5 /usr/lib/x86_64-linux-gnu/perl5 /usr/share/perl5 \
/usr/lib/x86_64-linux-gnu/perl-base /usr/local/lib/site_perl) at /usr/share/perl5/Debconf/FrontEnd/Readline.pm line 7.)
debconf: falling back to frontend: Teletype
"""
WIDTH = 76
MANY = 5
"""From so many archives on, apt hands them to dpkg as a numbered folder."""


def listed(apt: Apt, title: str, names: Sequence[str]) -> None:
    """A title with names below it, broken into lines as apt breaks them."""
    if names:
        lines = textwrap.wrap(" ".join(names), WIDTH, break_on_hyphens=False, break_long_words=False)
        apt.say(f"{title}\n" + "".join(f"  {line}\n" for line in lines))


def agreed(apt: Apt) -> Waiting:
    """-y, or the answer on standard input; the end of input is no answer."""
    if "-y" in apt.flags or apt.quiet > 1:
        return True
    apt.proc.out("Do you want to continue? [Y/n] ")
    answer = b"n\n" if "--assume-no" in apt.flags else (yield from apt.proc.readline())
    if answer.strip().lower() in (b"y", b"yes") or answer == b"\n":
        return True
    apt.proc.out("Abort.\n")
    return False


def display_name(package: Package) -> str:
    """dpkg names libraries with their architecture, since several may be installed (Multi-Arch: same)."""
    shared = package.name.startswith("lib") and package.architecture != "all" and "-perl" not in package.name
    return f"{package.name}:{package.architecture}" if shared else package.name


class Installer:
    """Carries a plan out."""

    def __init__(self, apt: Apt, plan: Plan, offered: Mapping[str, Package] | None = None) -> None:
        self.apt = apt
        self.proc = apt.proc
        self.plan = plan
        self.offered = apt.offered if offered is None else offered
        self.write: Callable[[str], None] = apt.say if apt.quiet > 1 else apt.proc.out

    def run(self) -> Waiting:
        """Say what will be done, ask, and do it."""
        self._announce()
        if not self.plan.packages and not self.plan.base:
            self._mark()
            return 0
        if "-s" in self.apt.flags:
            return self._simulate()
        if self._asks() and not (yield from agreed(self.apt)):
            return 1
        yield from self._fetch()
        if "-d" in self.apt.flags:
            return self._keep()
        self._unpack_all()
        return 0

    def _announce(self) -> None:
        plan, apt = self.plan, self.apt
        new = {package.name for package in plan.new}
        listed(apt, "The following additional packages will be installed:", plan.extra if plan.wanted else [])
        listed(apt, "Suggested packages:", plan.suggested)
        listed(apt, "Recommended packages:", plan.recommended)
        listed(apt, "The following NEW packages will be installed:", sorted(new))
        upgraded = sorted([package.name for package in plan.upgraded] + list(plan.base))
        again = [name for name in upgraded if name in plan.wanted and "--reinstall" in apt.flags]
        listed(apt, "The following packages will be upgraded:", [name for name in upgraded if name not in again])
        counts = f"{len(upgraded) - len(again)} upgraded, {len(new)} newly installed, "
        counts += f"{len(again)} reinstalled, " if again else ""
        apt.say(f"{counts}0 to remove and {plan.kept} not upgraded.\n")
        if (plan.packages or plan.base) and "-s" not in apt.flags:
            apt.say(f"Need to get {size_text(self.download)} of archives.\n")
            apt.say(f"After this operation, {size_text(plan.space)} of additional disk space will be used.\n")

    @property
    def download(self) -> int:
        """Bytes to fetch; a base package's archive has about a third of its installed size."""
        return self.plan.download + sum(self.apt.database.size(name) // 3 for name in self.plan.base)

    def _asks(self) -> bool:
        """apt asks only when it does more than what was named."""
        return bool(self.plan.extra or self.plan.base or not self.plan.wanted)

    def _simulate(self) -> int:
        for verb in ("Inst", "Conf"):
            for each in self.plan.packages:
                origin = self.apt.origin(each)
                self.apt.say(f"{verb} {each.name} ({each.version} {origin.archive} [{each.architecture}])\n")
        return 0

    def _fetch(self) -> Waiting:
        """Fetch the archives; a repository keeps only its newest versions, so old lists lead nowhere."""
        failed = []
        if getattr(self.proc.machine.network, "offline", False):
            raise AptError(self._unreachable())
        for number, package in enumerate(self.plan.packages, start=1):
            origin = self.apt.origin(package)
            where = f"{origin.place} amd64 {package.name} {package.architecture} {package.version}"
            if package.name in self.apt.local:
                where = f"{self.apt.local[package.name]} {package.name} {package.architecture} {package.version}"
                self.apt.say(f"Get:{number} {where} [{size_text(package.download)}]\n")
            elif not self._is_offered(package):
                failed.append(f"Failed to fetch {origin.address(package)}  404  Not Found {origin.server}")
                self.apt.say(f"Err:{number} {where}\n  404  Not Found {origin.server}\n")
            else:
                self.apt.say(f"Get:{number} {where} [{size_text(package.download)}]\n")
        remote = [package for package in self.plan.packages if package.name not in self.apt.local]
        fetched = sum(package.download for package in remote if self._is_offered(package))
        if not failed and "apt-utils" not in self.apt.database:
            fetched += self.download - self.plan.download
        yield from self.apt.download(fetched)
        if failed:
            advice = "Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?"
            raise AptError("\n".join([*failed, advice]))
        if "apt-utils" not in self.apt.database:
            self.proc.err(DELAYED)
        return 0

    def _is_offered(self, package: Package) -> bool:
        """Whether the repository still has this very version: those of a release stay, updates follow each other."""
        return self.offered[package.name].version == package.version or not package.is_updated

    def _unreachable(self) -> str:
        lines = []
        for package in self.plan.packages:
            origin = self.apt.origin(package)
            host = origin.uri.split("/")[2]
            lines.append(f"Failed to fetch {origin.address(package)}  Temporary failure resolving '{host}'")
        return "\n".join([*lines, "Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?"])

    def _keep(self) -> int:
        """-d: the archives stay in apt's cache, and that is all."""
        self.proc.fs.mkdir(ARCHIVES, parents=True)
        for package in self.plan.packages:
            self.proc.fs.write(f"{ARCHIVES}/{escaped(package)}", archive(package))
        self.apt.say("Download complete and in download only mode\n")
        return 0

    def _unpack_all(self) -> None:
        """dpkg's part: unpack all, then set all up."""
        database = self.apt.database
        digits = len(str(len(self.plan.packages) - 1))
        for number, package in enumerate(self.plan.packages):
            shown, old = display_name(package), database.version(package.name)
            if not old:
                self.write(f"Selecting previously unselected package {shown}.\n")
            if number == 0:
                self._say_reading_database()
            prefix = f"{number:0{digits}}-" if len(self.plan.packages) >= MANY else ""
            self.write(f"Preparing to unpack .../{prefix}{escaped(package)} ...\n")
            self.write(f"Unpacking {shown} ({package.version}) {f'over ({old}) ' if old else ''}...\n")
            unpack(self.proc, package)
        for name, version in self.plan.base.items():
            self._unpack_base(name, version)
        for package in self.plan.packages:
            self._set_up(package)
        self._mark()
        self._triggers()

    def _say_reading_database(self) -> None:
        count = self.apt.database.count()
        self.write(f"(Reading database ... {count} files and directories currently installed.)\n")

    def _unpack_base(self, name: str, version: str) -> None:
        database = self.apt.database
        old = database.version(name)
        self.write(f"Preparing to unpack .../{name}_{version.replace(':', '%3a')}_amd64.deb ...\n")
        self.write(f"Unpacking {name} ({version}) over ({old}) ...\nSetting up {name} ({version}) ...\n")
        unpack_again(self.proc, database, name, version)
        database.upgrade(name, version)

    def _set_up(self, package: Package) -> None:
        self.write(f"Setting up {display_name(package)} ({package.version}) ...\n")
        was_there = package.name in self.apt.database
        if package.asks and self.proc.env.get("DEBIAN_FRONTEND") != "noninteractive" and not self.proc.is_terminal(0):
            self.proc.err(NO_FRONTEND)
        self.apt.database.add(package)
        lines: Sequence[str] = load("setup")["lines"].get(package.name, ())
        if not was_there:
            self.write("".join(f"{line}\n" for line in lines))

    def _mark(self) -> None:
        """Note what nobody named, so that autoremove can find it; what is named now stays."""
        database = self.apt.database
        named = {base_name(word) for word in self.plan.wanted}
        for name in sorted(named & database.automatic):
            self.apt.say(f"{name} set to manually installed.\n")
        database.automatic -= named
        database.automatic |= {package.name for package in self.plan.new} - named
        database.save()

    def _triggers(self) -> None:
        """What libc and the certificates do after an installation."""
        version = self.apt.database.version("libc-bin")
        if any(package.name.startswith("lib") for package in self.plan.packages) and version:
            self.write(f"Processing triggers for libc-bin ({version}) ...\n")
        found = next((package for package in self.plan.packages if package.name == "ca-certificates"), None)
        if found:
            self.write(f"Processing triggers for ca-certificates ({found.version}) ...\n")
            self.write("Updating certificates in /etc/ssl/certs...\n0 added, 0 removed; done.\n")
            self.write("Running hooks in /etc/ca-certificates/update.d...\ndone.\n")


def escaped(package: Package) -> str:
    """An archive's name as apt keeps it: the epoch is part of it, its colon is written otherwise."""
    return f"{package.name}_{package.version.replace(':', '%3a')}_{package.architecture}.deb"
