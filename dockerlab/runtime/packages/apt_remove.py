"""apt's removals: remove, purge and autoremove."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.packages.apt_install import agreed, listed
from dockerlab.runtime.packages.apt_plan import base_name, unneeded
from dockerlab.runtime.packages.apt_run import Apt, AptError
from dockerlab.runtime.packages.dpkg_database import erase
from dockerlab.runtime.packages.units import size_text

Run = Generator[Wait, Any, int]


def remove(apt: Apt) -> Run:
    """Remove packages and what needs them; `purge` takes their settings too."""
    apt.take_lock()
    apt.say_reading()
    names = [base_name(word) for word in apt.operands]
    for name in names:
        if name not in apt.database.paragraphs and name not in apt.known:
            raise AptError(f"Unable to locate package {name}")
    purge = apt.words[0] == "purge" or "--purge" in apt.flags
    gone = [name for name in names if name in apt.database or (purge and name in apt.database.paragraphs)]
    for name in names:
        if name not in gone:
            apt.say(f"Package '{name}' is not installed, so not removed\n")
    gone = _with_users(apt, gone)
    if "--auto-remove" in apt.flags:
        return (yield from _carry_out(apt, [*gone, *_left(apt, gone)], purge=purge))
    return (yield from _carry_out(apt, gone, purge=purge))


def autoremove(apt: Apt) -> Run:
    """Remove what came along with packages that are gone."""
    apt.take_lock()
    apt.say_reading()
    purge = "--purge" in apt.flags or apt.words[0] == "autopurge"
    return (yield from _carry_out(apt, unneeded(apt.database), purge=purge))


def _with_users(apt: Apt, names: Sequence[str]) -> list[str]:
    """The packages and all installed ones that depend on them, users first."""
    gone = dict.fromkeys(names)
    grown = True
    while grown:
        users = [
            name for name in apt.database.installed if name not in gone and gone.keys() & apt.database.depends(name)
        ]
        gone = {**dict.fromkeys(users), **gone}
        grown = bool(users)
    return list(gone)


def _left(apt: Apt, gone: Sequence[str]) -> list[str]:
    """What nothing needs once these are gone."""
    kept = {name: apt.database.paragraphs.pop(name) for name in gone}
    left = unneeded(apt.database)
    apt.database.paragraphs.update(kept)
    return left


def _carry_out(apt: Apt, names: Sequence[str], *, purge: bool) -> Run:
    mark = "*" if purge else ""
    rest = [] if "--auto-remove" in apt.flags or not names else _left(apt, names)
    if rest and apt.words[0] in ("remove", "purge"):
        many = len(rest) > 1
        start = (
            "packages were automatically installed and are" if many else "package was automatically installed and is"
        )
        listed(apt, f"The following {start} no longer required:", rest)
        apt.say(f"Use '{apt.name} autoremove' to remove {'them' if many else 'it'}.\n")
    listed(apt, "The following packages will be REMOVED:", [name + mark for name in sorted(names)])
    apt.say(f"0 upgraded, 0 newly installed, {len(names)} to remove and {len(apt.upgradable())} not upgraded.\n")
    if not names:
        return 0
    if "-s" in apt.flags:
        verb = "Purg" if purge else "Remv"
        apt.say("".join(f"{verb} {name} [{apt.database.field(name, 'Version')}]\n" for name in names))
        return 0
    size = sum(apt.database.size(name) for name in names if name in apt.database)
    apt.say(f"After this operation, {size_text(size)} disk space will be freed.\n")
    if not (yield from agreed(apt)):
        return 1
    _remove_all(apt, names, purge=purge)
    return 0


def _remove_all(apt: Apt, names: Sequence[str], *, purge: bool) -> None:
    reading = f"(Reading database ... {apt.database.count()} files and directories currently installed.)\n"
    apt.proc.out(reading)
    versions = {name: apt.database.field(name, "Version") for name in names}
    left = [name for name in names if name not in apt.database]
    for name in names:
        if name not in left:
            apt.proc.out(f"Removing {name} ({versions[name]}) ...\n")
            has_settings = any(path.startswith("/etc/") for path in apt.database.files(name))
            erase(apt.proc, apt.database, name, purge=purge)
            left += [name] if purge and has_settings else []
    if left:
        apt.proc.out(reading)
    for name in left:
        apt.proc.out(f"Purging configuration files for {name} ({versions[name]}) ...\n")
        erase(apt.proc, apt.database, name, purge=True)
    apt.database.save()
