"""apt, apt-get, apt-cache, apt-mark: what they print is what they print in a docker build, without a terminal."""

from __future__ import annotations

import re
from collections.abc import Generator
from typing import Any

from dockerlab.events import Wait
from dockerlab.runtime.packages import apt_query, apt_remove
from dockerlab.runtime.packages.apt_install import Installer
from dockerlab.runtime.packages.apt_plan import check_names, plan_install, plan_upgrade
from dockerlab.runtime.packages.apt_run import ARCHIVES, Apt, AptError, Command
from dockerlab.runtime.packages.dpkg import archive, read_archive
from dockerlab.runtime.packages.sources import LISTS, Source, family_of, is_fresh, store_lists
from dockerlab.runtime.packages.units import size_text
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

Run = Generator[Wait, Any, int]

WARNING = "\nWARNING: apt does not have a stable CLI interface. Use with caution in scripts.\n\n"
NEWER_VERSIONS = {"bullseye": "2.2.4", "focal": "2.0.11", "jammy": "2.4.14", "noble": "2.8.3", "trixie": "3.0.3"}


def update(apt: Apt) -> Run:
    """Fetch the lists."""
    if apt.proc.uid:
        raise AptError(
            f"Could not open lock file {LISTS}/lock - open (13: Permission denied)\nUnable to lock directory {LISTS}/"
        )
    if getattr(apt.proc.machine.network, "offline", False):
        return _unreachable(apt)
    now, family = apt.proc.kernel.clock.now, family_of(apt.proc.fs)
    stale = [source for source in apt.sources if not is_fresh(apt.proc.fs, source, now)]
    fetched = _say_sources(apt, stale, family)
    yield from apt.download(fetched)
    for source in stale:
        store_lists(apt.proc.fs, source, family, now)
    apt.__dict__.pop("known", None)
    apt.say_done("Reading package lists")
    if apt.name == "apt":
        apt.say_done("Building dependency tree", "Reading state information")
        apt.say(_state(apt))
    return 0


def _say_sources(apt: Apt, stale: list[Source], family: str) -> int:
    """A line for each file that is fetched, or need not be; returns the bytes of all."""
    fetched, number = 0, 0
    for source in apt.sources:
        number += 1
        size = source.releases()[1]
        new = source in stale
        amount = f" [{size_text(size)}]" if new else ""
        apt.say(f"{'Get' if new else 'Hit'}:{number} {source.uri} {source.suite} InRelease{amount}\n")
        fetched += size if new else 0
    for source in stale:
        for component, _, size in source.indexes(family):
            number += 1
            apt.say(f"Get:{number} {source.uri} {source.suite}/{component} amd64 Packages [{size_text(size)}]\n")
            fetched += size
    return fetched


def _state(apt: Apt) -> str:
    old = apt.upgradable()
    if not old:
        return "All packages are up to date.\n"
    many = f"{len(old)} packages" if len(old) > 1 else "1 package"
    return f"{many} can be upgraded. Run 'apt list --upgradable' to see {'them' if len(old) > 1 else 'it'}.\n"


def _unreachable(apt: Apt) -> int:
    for at, source in enumerate(apt.sources, start=1):
        host = re.sub(r"^\w+://|/.*", "", source.uri)
        apt.say(f"Ign:{at} {source.uri} {source.suite} InRelease\n")
        apt.say(f"Err:{at} {source.uri} {source.suite} InRelease\n  Temporary failure resolving '{host}'\n")
    apt.say_done("Reading package lists")
    for source in apt.sources:
        host = re.sub(r"^\w+://|/.*", "", source.uri)
        where = f"{source.uri}/dists/{source.suite}/InRelease"
        apt.proc.err(f"W: Failed to fetch {where}  Temporary failure resolving '{host}'\n")
    apt.proc.err("W: Some index files failed to download. They have been ignored, or old ones used instead.\n")
    return 0


def install(apt: Apt) -> Run:
    """Install packages with all that they need; a path is an archive."""
    apt.take_lock()
    apt.say_reading()
    names = [_local(apt, word) for word in apt.operands if not word.endswith("-")]
    plan = plan_install(apt, names)
    for name in plan.present:
        apt.say(f"{name} is already the newest version ({apt.database.version(name)}).\n")
    return (yield from Installer(apt, plan).run())


def _local(apt: Apt, word: str) -> str:
    """The package in a file that is named by its path; other words stay."""
    if not word.startswith((".", "/")):
        return word
    path = apt.proc.path(word)
    package = read_archive(apt.proc.fs, path) if apt.proc.fs.is_file(path) else None
    if package is None:
        raise AptError(f"Unsupported file {word} given on commandline")
    apt.say(f"Note, selecting '{package.name}' instead of '{word}'\n")
    apt.local[package.name] = path
    apt.known = {**apt.known, package.name: package}
    return package.name


def upgrade(apt: Apt) -> Run:
    """Bring all that is installed to the versions of the lists."""
    apt.take_lock()
    apt.say_reading()
    apt.say_done("Calculating upgrade")
    return (yield from Installer(apt, plan_upgrade(apt)).run())


def clean(apt: Apt) -> Run:
    """Remove downloaded archives."""
    folder = apt.proc.fs
    for name in folder.listdir(ARCHIVES) if folder.is_dir(ARCHIVES) else []:
        if name.endswith(".deb"):
            folder.unlink(f"{ARCHIVES}/{name}")
    for name in ("pkgcache.bin", "srcpkgcache.bin"):
        if folder.exists(f"/var/cache/apt/{name}"):
            folder.unlink(f"/var/cache/apt/{name}")
    return 0
    yield  # a command that never waits


def download(apt: Apt) -> Run:
    """Fetch archives into the working directory."""
    check_names(apt, apt.operands)
    packages = [apt.known[name.partition("=")[0]] for name in apt.operands]
    for number, package in enumerate(packages, start=1):
        origin = apt.origin(package)
        where = f"{origin.place} amd64 {package.name} {package.architecture} {package.version}"
        if apt.offered[package.name].version != package.version:
            apt.say(f"Err:{number} {where}\n  404  Not Found {origin.server}\n")
            raise AptError(f"Failed to fetch {origin.address(package)}  404  Not Found {origin.server}")
        apt.say(f"Get:{number} {where} [{size_text(package.download)}]\n")
    yield from apt.download(sum(package.download for package in packages))
    for package in packages:
        name = f"{package.name}_{package.version.replace(':', '%3a')}_{package.architecture}.deb"
        apt.proc.fs.write(apt.proc.path(name), archive(package), uid=apt.proc.uid, gid=apt.proc.gid)
    return 0


def mark(apt: Apt) -> Run:
    """apt-mark: what was asked for, and what came along."""
    command, database = apt.words[0], apt.database
    if command in ("auto", "manual"):
        for name in apt.operands:
            if name not in database:
                raise AptError(f"Unable to locate package {name}")
            (database.automatic.add if command == "auto" else database.automatic.discard)(name)
            kind = "automatically" if command == "auto" else "manually"
            apt.say(f"{name} set to {kind} installed.\n")
        database.save()
    else:
        automatic = [name for name in database.installed if name in database.automatic]
        manual = [name for name in database.installed if name not in database.automatic]
        shown = {"showauto": automatic, "showmanual": manual}.get(command, [])
        apt.say("".join(f"{name}\n" for name in shown))
    return 0
    yield  # a command that never waits


GET: dict[str, Command] = {
    "update": update, "install": install, "reinstall": install, "remove": apt_remove.remove,
    "purge": apt_remove.remove, "upgrade": upgrade, "dist-upgrade": upgrade, "full-upgrade": upgrade,
    "autoremove": apt_remove.autoremove, "auto-remove": apt_remove.autoremove, "autopurge": apt_remove.autoremove,
    "clean": clean, "autoclean": clean, "check": clean, "download": download,
}  # fmt: skip
CACHE: dict[str, Command] = {
    "search": apt_query.search, "show": apt_query.show, "policy": apt_query.policy, "depends": apt_query.depends,
    "rdepends": apt_query.rdepends, "madison": apt_query.madison,
}  # fmt: skip
COMMANDS: dict[str, dict[str, Command]] = {
    "apt": {**GET, **CACHE, "list": apt_query.list_}, "apt-get": GET, "apt-cache": CACHE,
    "apt-mark": dict.fromkeys(("auto", "manual", "showauto", "showmanual", "showhold", "hold", "unhold"), mark),
}  # fmt: skip


@program("apt", "apt-get", "apt-cache", "apt-mark", raw=True)
def apt(proc: Process, args: Arguments) -> Waiting:
    """Manage packages."""
    try:
        run = Apt(proc, [word for word in args.operands if word not in ("--help", "--version")])
        if not run.words:
            version = run.database.version("apt") or NEWER_VERSIONS.get(run.suite, "2.6.1")
            proc.out(f"apt {version} (amd64)\n")
            if "--version" not in args.operands and "-v" not in args.operands:
                proc.out(f"Usage: {run.name} [options] command\n")
            return 0 if args.operands or run.name == "apt" else 1
        if run.name == "apt" and not proc.is_terminal(1):
            proc.err(WARNING)
        command = COMMANDS[run.name].get(run.words[0])
        if command is None:
            raise AptError(f"Invalid operation {run.words[0]}")
        return (yield from command(run))
    except AptError as error:
        proc.err("".join(f"E: {line}\n" for line in str(error).splitlines()))
        return error.exit_code
