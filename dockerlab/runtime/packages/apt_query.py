"""apt's questions: search, show, policy, list, depends, madison."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator
from fnmatch import fnmatchcase
from typing import Any

from dockerlab.events import Wait
from dockerlab.fs.content import Bytes
from dockerlab.runtime.packages.apt_run import Apt, AptError
from dockerlab.runtime.packages.catalogue import Package
from dockerlab.runtime.packages.dpkg_database import describe
from dockerlab.runtime.packages.units import size_text

Run = Generator[Wait, Any, int]


def search(apt: Apt) -> Run:
    """Find packages whose name or summary has all words (regular expressions)."""
    if not apt.operands:
        raise AptError("You must give at least one search pattern")
    words = [re.compile(word, re.I) for word in apt.operands]
    found = [each for _, each in sorted(apt.known.items()) if all(_matches(apt, word, each) for word in words)]
    if apt.name == "apt":
        apt.say_done("Sorting", "Full Text Search")
        apt.say("".join(f"{_headline(apt, each.name)}\n  {each.summary}\n\n" for each in found))
    else:
        apt.say("".join(f"{each.name} - {each.summary}\n" for each in found))
    return 0
    yield  # a command that never waits


def _matches(apt: Apt, word: re.Pattern[str], package: Package) -> bool:
    return bool(word.search(package.name) or ("-n" not in apt.flags and word.search(package.summary)))


def show(apt: Apt) -> Run:
    """Describe packages."""
    found = [apt.known[name] for name in apt.operands if name in apt.known]
    for name in apt.operands:
        if name not in apt.known:
            if name in apt.database:
                apt.say(f"{apt.database.paragraphs[name].strip()}\n\n")
            elif apt.name == "apt" and len(apt.operands) > 1:
                apt.proc.err(f"W: Unable to locate package {name}\n")
    for package in found:
        apt.say((_for_people(apt, package) if apt.name == "apt" else _for_programs(apt, package)) + "\n\n")
    if not found and not any(name in apt.database for name in apt.operands):
        raise AptError("No packages found")
    return 0
    yield  # a command that never waits


def _for_people(apt: Apt, package: Package) -> str:
    text = describe(package)
    text = re.sub(r"^(Architecture|Source): .*\n", "", text, flags=re.M)
    text = re.sub(r"^Package: (.*)\n", rf"Package: \1\nVersion: {package.version}\n", text)
    head, _, description = re.sub(r"\nVersion: .*(?=\n(?:.*\n)*Description)", "", text).rpartition("Description: ")
    if head.count("Version: ") == 0:
        head = head.replace("\n", f"\nVersion: {package.version}\n", 1)
    head = re.sub(r"Installed-Size: .*", f"Installed-Size: {size_text(package.size)}", head)
    sources = f"Download-Size: {size_text(package.download)}\nAPT-Sources: {apt.origin(package).place} amd64 Packages\n"
    manual = "APT-Manual-Installed: yes\n" if package.name in apt.database else ""
    return f"{head}{manual.replace('yes', 'no') if package.name in apt.database.automatic else manual}{sources}" + (
        f"Description: {description}"
    )


def _for_programs(apt: Apt, package: Package) -> str:
    address = apt.origin(package).address(package).removeprefix(f"{apt.origin(package).uri}/")
    digest = Bytes(package.file_name.encode()).digest.hex
    return f"{describe(package)}\nFilename: {address}\nSize: {package.download}\nSHA256: {digest}"


def policy(apt: Apt) -> Run:
    """Which version is installed, and which would be."""
    if not apt.operands:
        apt.say("Package files:\n 100 /var/lib/dpkg/status\n     release a=now\n")
        apt.say(
            "".join(
                f" 500 {each.uri} {each.suite}/{part} amd64 Packages\n"
                for each in apt.sources
                for part in each.components
            )
        )
        apt.say("Pinned packages:\n")
    for name in apt.operands:
        candidate = apt.candidate(name) or apt.database.version(name)
        if candidate:
            installed = apt.database.version(name) or "(none)"
            apt.say(f"{name}:\n  Installed: {installed}\n  Candidate: {candidate}\n  Version table:\n")
            apt.say("".join(_versions(apt, name, candidate)))
    return 0
    yield  # a command that never waits


def _versions(apt: Apt, name: str, candidate: str) -> Iterator[str]:
    installed = apt.database.version(name)
    package = apt.known.get(name)
    status = "        100 /var/lib/dpkg/status\n"
    if package or candidate != installed:
        place = apt.origin(package).place if package else f"{apt.sources[0].uri} {apt.sources[0].suite}/main"
        yield f" {'***' if candidate == installed else '   '} {candidate} 500\n        500 {place} amd64 Packages\n"
        if candidate == installed:
            yield status
    if installed and (candidate != installed or not package):
        yield f" *** {installed} 100\n{status}"


def list_(apt: Apt) -> Run:
    """List packages, installed or all."""
    apt.say_done("Listing")
    names = sorted({*apt.known, *apt.database.installed})
    if "--installed" in apt.flags:
        names = apt.database.installed
    if "--upgradable" in apt.flags or "--upgradeable" in apt.flags:
        names = apt.upgradable()
    wanted = [name for name in names if not apt.operands or any(fnmatchcase(name, form) for form in apt.operands)]
    apt.say("".join(f"{_headline(apt, name)}\n" for name in wanted))
    return 0
    yield  # a command that never waits


def _headline(apt: Apt, name: str) -> str:
    """'tree/oldstable 2.1.0-1 amd64 [installed]'."""
    installed, candidate = apt.database.version(name), apt.candidate(name)
    package = apt.known.get(name)
    architecture = package.architecture if package else apt.database.field(name, "Architecture") or "amd64"
    archive = apt.origin(package).archive if package else "now" if not candidate else apt.suite
    flags = ",automatic" if name in apt.database.automatic else ""
    if installed and not candidate:
        return f"{name}/now {installed} {architecture} [installed,local]"
    if installed and candidate != installed:
        if "--installed" in apt.flags:
            return f"{name}/now {installed} {architecture} [installed,upgradable to: {candidate}]"
        return f"{name}/{archive} {candidate} {architecture} [upgradable from: {installed}]"
    return f"{name}/{archive} {candidate} {architecture}{f' [installed{flags}]' if installed else ''}"


def depends(apt: Apt) -> Run:
    """What a package needs."""
    for package in _named(apt):
        apt.say(f"{package.name}\n")
        needs = (("Depends", package.depends), ("Recommends", package.recommends), ("Suggests", package.suggests))
        apt.say("".join(f"  {kind}: {name}\n" for kind, names in needs for name in names))
    return 0
    yield  # a command that never waits


def rdepends(apt: Apt) -> Run:
    """What needs a package."""
    for package in _named(apt):
        users = [name for name, each in apt.known.items() if package.name in (*each.depends, *each.recommends)]
        apt.say(f"{package.name}\nReverse Depends:\n" + "".join(f"  {name}\n" for name in users))
    return 0
    yield  # a command that never waits


def madison(apt: Apt) -> Run:
    """The versions of packages as a table."""
    for name in apt.operands:
        if name in apt.known:
            package = apt.known[name]
            apt.say(f"{name:>10} | {package.version:>10} | {apt.origin(package).place} amd64 Packages\n")
    return 0
    yield  # a command that never waits


def _named(apt: Apt) -> list[Package]:
    for name in apt.operands:
        if name not in apt.known:
            raise AptError("No packages found")
    return [apt.known[name] for name in apt.operands]
