"""pip: requirements, what they lead to, and what pip says on the way (forms of pip 22 to 25)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Generator
from dataclasses import replace
from typing import Any, TypeAlias

from dockerlab.events import Wait
from dockerlab.fs.content import Filler
from dockerlab.runtime.packages.catalogue import Package, load, simple
from dockerlab.runtime.packages.pip_environment import (
    Distribution,
    environment_of,
    minor_version,
    normalized,
    pip_version,
)
from dockerlab.runtime.packages.pip_requirements import (
    choose_version,
    is_satisfied,
    parse_requirement,
    version_key,
)
from dockerlab.runtime.packages.units import wheel_size
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.inputs import open_source, text_of

Run = Generator[Wait, Any, int]
Command: TypeAlias = "Callable[[Pip], Run]"
SPEED = 20_000_000
MANAGED_END = (
    "note: If you believe this is a mistake, please contact your Python installation or OS distribution provider. "
    "You can override this, at the risk of breaking your Python installation or OS, by passing "
    "--break-system-packages.\nhint: See PEP 668 for the detailed specification.\n"
)
AS_ROOT = (
    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the "
    "system package manager{0}. It is recommended to use a virtual environment instead: "
    "https://pip.pypa.io/warnings/venv{1}\n"
)
AS_ROOT_NEW = (
    ", possibly rendering your system unusable",
    ". Use the --root-user-action option if you know what you are doing and want to suppress this warning.",
)
TAKES_VALUE = {
    "-r", "--requirement", "-c", "--constraint", "-i", "--index-url", "--extra-index-url", "-t", "--target",
    "--trusted-host", "-f", "--find-links", "--root-user-action", "--timeout", "--prefix", "-e",
}  # fmt: skip
BAR = "━" * 40


class Pip:
    """One run of pip."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.environment = environment_of(proc)
        self.flags: set[str] = set()
        self.values: list[tuple[str, str]] = []
        self.words: list[str] = []
        rest = iter(words)
        for word in rest:
            if word in TAKES_VALUE:
                self.values.append((word, next(rest, "")))
            elif "=" in word and word.startswith("--"):
                key, _, value = word.partition("=")
                self.values.append((key, value))
            elif word.startswith("-") and len(word) > 1:
                self.flags.add(word)
            else:
                self.words.append(word)
        self.quiet = bool({"-q", "--quiet", "-qq"} & self.flags)
        self.version = pip_version(proc)
        target = next((value for key, value in self.values if key in ("-t", "--target")), "")
        if target:
            self.environment.folders = [proc.path(target)]

    @property
    def is_old(self) -> bool:
        """pip before 23.1 fetched whole wheels where later ones begin with their metadata."""
        major, minor = (int(part) for part in (self.version + ".0").split(".")[:2])
        return (major, minor) < (23, 1)

    @property
    def caches(self) -> bool:
        """Whether downloads are kept below ~/.cache/pip."""
        return "--no-cache-dir" not in self.flags and not self.proc.env.get("PIP_NO_CACHE_DIR")

    def say(self, text: str) -> None:
        """Print, unless -q."""
        if not self.quiet:
            self.proc.out(text)

    def cache_file(self, package: Package) -> str:
        """Where a download is kept."""
        digest = Filler(f"{package.name}-{package.version}", 64).digest.hex
        folder = f"{self.proc.env.get('HOME', '/root').rstrip('/')}/.cache/pip/http-v2"
        return f"{folder}/{digest[0]}/{digest[1]}/{digest[2:]}"


def _requirements(pip: Pip) -> Generator[Wait, Any, list[tuple[str, str]] | None]:
    """What is named on the command line and in files (-r), each with where it came from; None after an error."""
    found = [(word, "") for word in pip.words[1:]]
    for key, value in pip.values:
        if key not in ("-r", "--requirement"):
            continue
        if not pip.proc.fs.is_file(pip.proc.path(value)) and value != "-":
            pip.proc.err(
                "ERROR: Could not open requirements file: [Errno 2] No such file or directory: " + repr(value) + "\n"
            )
            return None
        text = text_of((yield from open_source(pip.proc, value).read_all()))
        for number, line in enumerate(text.splitlines(), start=1):
            line = re.sub(r"(^|\s)#.*$", "", line).strip()
            if line and not line.startswith("-"):
                found.append((line, f" (from -r {value} (line {number}))"))
    return found


def install(pip: Pip) -> Run:
    """Install distributions with all that they need."""
    managed = pip.environment.managed
    allowed = "--break-system-packages" in pip.flags or pip.proc.env.get("PIP_BREAK_SYSTEM_PACKAGES") == "1"
    if managed and not allowed and not any(key in ("-t", "--target") for key, _ in pip.values):
        text = managed.replace("\n", "\n    ")
        pip.proc.err(
            "error: externally-managed-environment\n\n× This environment is externally managed\n"
            f"╰─> {text}\n\n{MANAGED_END}"
        )
        return 1
    wanted = yield from _requirements(pip)
    if not wanted:
        if wanted is not None:
            pip.proc.err('ERROR: You must give at least one requirement to install (see "pip help install")\n')
        return 1
    if pip.proc.uid and not pip.environment.prefix:
        pip.say("Defaulting to user installation because normal site-packages is not writeable\n")
    plan: dict[str, Package] = {}
    for text, origin in wanted:
        if not _collect(pip, text, origin, plan):
            return 1
    new = list(plan.values())
    yield from pip.proc.sleep(max(1, sum(package.size for package in new) // SPEED) if new else 0)
    _unpack(pip, new)
    return 0


def _collect(pip: Pip, text: str, origin: str, plan: dict[str, Package]) -> bool:
    """Add a requirement and what it needs to the plan, and say so."""
    name, specifiers = parse_requirement(text)
    package = simple("pypi").get(name)
    newest = package.at(pip.proc.kernel.clock.now).version if package else ""
    past = load("pypi")["packages"][name].get("past", ()) if package else ()
    version = choose_version(specifiers, newest, past) if package else None
    if package is None or version is None:
        versions = newest or "none"
        pip.proc.err(
            f"ERROR: Could not find a version that satisfies the requirement {text} (from versions: {versions})\n"
        )
        pip.proc.err(f"ERROR: No matching distribution found for {text}\n")
        return False
    there = pip.environment.find(name)
    asked = {"-U", "--upgrade"} & pip.flags and not origin.startswith(" (from ")
    upgrade = bool(asked) or "--force-reinstall" in pip.flags
    fits = there and (there.version == version or (not upgrade and is_satisfied(specifiers, there.version)))
    if there and (fits or name in plan):
        pip.say(f"Requirement already satisfied: {text} in {there.folder}{origin} ({there.version})\n")
    elif name not in plan:
        plan[name] = replace(package, version=version)
        pip.say(f"Collecting {text}{origin}\n")
        _say_fetching(pip, plan[name])
    else:
        return True
    return all(_collect(pip, need, f" (from {name})", plan) for need in package.depends)


def _wheel(pip: Pip, package: Package) -> str:
    minor = minor_version(pip.proc).replace(".", "")
    native = load("pypi")["packages"][package.name].get("native")
    tag = f"cp{minor}-cp{minor}-manylinux_2_17_x86_64.manylinux2014_x86_64" if native else "py3-none-any"
    return f"{package.name.replace('-', '_')}-{package.version}-{tag}.whl"


def _say_fetching(pip: Pip, package: Package) -> None:
    if pip.is_old:
        _say_download(pip, package, "  ")
    else:
        verb = "Using cached" if pip.proc.fs.exists(pip.cache_file(package)) else "Downloading"
        metadata = 1_500 + package.size // 1000 % 6_000
        pip.say(f"  {verb} {_wheel(pip, package)}.metadata ({metadata / 1000:.1f} kB)\n")


def _say_download(pip: Pip, package: Package, indent: str) -> None:
    wheel, size = _wheel(pip, package), package.download
    if pip.proc.fs.exists(pip.cache_file(package)):
        pip.say(f"{indent}Using cached {wheel} ({wheel_size(size)})\n")
        return
    pip.say(f"{indent}Downloading {wheel} ({wheel_size(size)})\n")
    if size > 100_000:
        amount, unit = (size / 1e6, "MB") if size >= 1_000_000 else (size / 1e3, "kB")
        pip.say(f"{indent}   {BAR} {amount:.1f}/{amount:.1f} {unit} 20.0 MB/s eta 0:00:00\n")


def _unpack(pip: Pip, packages: list[Package]) -> None:
    if not pip.is_old:
        for package in packages:
            _say_download(pip, package, "")
    for package in packages:
        if pip.caches:
            path = pip.cache_file(package)
            pip.proc.fs.mkdir(posixpath.dirname(path), parents=True)
            pip.proc.fs.write(path, Filler(path, package.download))
    order = [package.name for package in reversed(packages)]
    if packages:
        pip.say(f"Installing collected packages: {', '.join(order)}\n")
    for package in packages:
        old = pip.environment.find(package.name)
        if old and old.folder in pip.environment.folders[:1]:
            _remove(pip, old, "  ")
        pip.environment.add(package)
    if packages:
        done = sorted(f"{package.name}-{package.version}" for package in packages)
        pip.say(f"Successfully installed {' '.join(done)}\n")
    _warn_root(pip)


def _warn_root(pip: Pip) -> None:
    """pip 22 and later don't like to be root outside a virtual environment."""
    ignored = pip.proc.env.get("PIP_ROOT_USER_ACTION") == "ignore" or ("--root-user-action", "ignore") in pip.values
    if not pip.proc.uid and not pip.environment.prefix and not ignored:
        new = version_key(pip.version) >= (24, 1)
        pip.proc.err(AS_ROOT.format(*(AS_ROOT_NEW if new else ("", ""))))


def _remove(pip: Pip, found: Distribution, indent: str = "") -> None:
    title = f"{found.name}-{found.version}"
    named = f"{found.name} {found.version}"
    pip.say(f"{indent}Attempting uninstall: {normalized(found.name)}\n{indent}  " if indent else "")
    pip.say(f"Found existing installation: {named}\n{indent * 2}Uninstalling {title}:\n")
    pip.environment.remove(found)
    pip.say(f"{indent * 2}  Successfully uninstalled {title}\n")


def uninstall(pip: Pip) -> Run:
    """Take distributions away; what they needed stays."""
    for name in pip.words[1:]:
        found = pip.environment.find(name)
        if found is None:
            pip.proc.err(f"WARNING: Skipping {name} as it is not installed.\n")
            continue
        if not {"-y", "--yes"} & pip.flags:
            folder = f"{found.folder}/{normalized(found.name).replace('-', '_')}"
            pip.proc.out(f"Found existing installation: {found.name} {found.version}\n")
            pip.proc.out(f"Uninstalling {found.name}-{found.version}:\n  Would remove:\n    {folder}/*\n")
            pip.proc.out("Proceed (Y/n)? ")
            answer = yield from pip.proc.readline()
            if answer.strip().lower() not in (b"", b"y") or not answer:
                continue
            pip.environment.remove(found)
            pip.proc.out(f"  Successfully uninstalled {found.name}-{found.version}\n")
        else:
            _remove(pip, found)
    _warn_root(pip)
    return 0


def _rows(pip: Pip, *, all_: bool) -> list[Distribution]:
    found = sorted(pip.environment.distributions(), key=lambda each: normalized(each.name))
    if all_ and not any(each.name == "pip" for each in found):
        found = sorted([*found, Distribution("pip", pip.version, "")], key=lambda each: normalized(each.name))
    return found if all_ else [each for each in found if each.name not in ("pip", "setuptools", "wheel")]


def list_(pip: Pip) -> Run:
    """What is installed, as a table or in requirements' form."""
    if ("--format", "freeze") in pip.values:
        return (yield from freeze(pip))
    rows = [(each.name, each.version) for each in _rows(pip, all_=True)]
    widths = [max([len(row[at]) for row in rows] + [7]) for at in (0, 1)]
    pip.proc.out(f"{'Package':<{widths[0]}} Version\n{'-' * widths[0]} {'-' * widths[1]}\n")
    pip.proc.out("".join(f"{name:<{widths[0]}} {version}\n" for name, version in rows))
    return 0


def freeze(pip: Pip) -> Run:
    """What is installed, in the form of a requirements file."""
    pip.proc.out("".join(f"{each.name}=={each.version}\n" for each in _rows(pip, all_=False)))
    return 0
    yield  # a command that never waits


def show(pip: Pip) -> Run:
    """Describe installed distributions."""
    found = [pip.environment.find(name) for name in pip.words[1:]]
    for at, each in enumerate(each for each in found if each):
        users = sorted(
            other.name for other in pip.environment.distributions() if normalized(each.name) in other.requires
        )
        pip.proc.out("---\n" * bool(at))
        pip.proc.out(f"Name: {each.name}\nVersion: {each.version}\nSummary: {each.summary}\nHome-page: \nAuthor: \n")
        pip.proc.out(f"Author-email: \nLicense: \nLocation: {each.folder}\nRequires: {', '.join(each.requires)}\n")
        pip.proc.out(f"Required-by: {', '.join(users)}\n")
    missing = [name for name, each in zip(pip.words[1:], found, strict=True) if each is None]
    if missing:
        pip.proc.err(f"WARNING: Package(s) not found: {', '.join(missing)}\n")
    return 0 if any(found) else 1
    yield  # a command that never waits


def cache(pip: Pip) -> Run:
    """pip cache dir, purge."""
    folder = f"{pip.proc.env.get('HOME', '/root').rstrip('/')}/.cache/pip"
    if pip.words[1:] == ["purge"] and pip.proc.fs.is_dir(folder):
        files = sum(found.kind == "f" for _, found in pip.proc.fs.walk(folder))
        pip.proc.fs.remove_tree(folder)
        pip.proc.out(f"Files removed: {files}\n")
    elif pip.words[1:] == ["dir"]:
        pip.proc.out(f"{folder}\n")
    return 0
    yield  # a command that never waits


def check(pip: Pip) -> Run:
    """Whether everything has what it needs."""
    broken = [
        f"{each.name} {each.version} requires {need}, which is not installed.\n"
        for each in pip.environment.distributions() for need in each.requires if pip.environment.find(need) is None
    ]  # fmt: skip
    pip.proc.out("".join(broken) or "No broken requirements found.\n")
    return 1 if broken else 0
    yield  # a command that never waits


COMMANDS: dict[str, Command] = {
    "install": install, "uninstall": uninstall, "list": list_, "freeze": freeze, "show": show, "cache": cache,
    "check": check,
}  # fmt: skip


def run_pip(proc: Process, words: list[str]) -> Run:
    """pip's commands, for `pip` and `python -m pip`."""
    pip = Pip(proc, words)
    if {"--version", "-V"} & pip.flags and not pip.words:
        folders = pip.environment.folders
        folder = next((each for each in folders if each.startswith("/usr/lib")), folders[0])
        proc.out(f"pip {pip.version} from {folder}/pip (python {minor_version(proc)})\n")
        return 0
    if not pip.words:
        proc.out("\nUsage:   \n  pip <command> [options]\n")
        return 0
    command = COMMANDS.get(pip.words[0])
    if command is None:
        proc.err(f'ERROR: unknown command "{pip.words[0]}"\n')
        return 1
    return (yield from command(pip))
