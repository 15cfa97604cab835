"""A Python environment: where its distributions lie, and what *.dist-info says of them (PEP 376, PEP 405, PEP 668)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from dockerlab.fs.content import Bytes, Filler
from dockerlab.runtime.packages.catalogue import Package, load
from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text

DEFAULT_VERSION = "3.12.3"
DEFAULT_PIP = "25.0.1"
PROGRAM = Bytes(b"\0" * 230)
"""A script's content: it is known by its name, so what stands in it doesn't matter."""


def python_version(proc: Process) -> str:
    """The version of the interpreter that is installed: PYTHON_VERSION of an image, or the package database."""
    if proc.env.get("PYTHON_VERSION") and not proc.program_path.startswith("/usr/bin"):
        return proc.env["PYTHON_VERSION"]
    packaged = packaged_version(proc, r"python3\.\d+-minimal") or packaged_version(proc, "python3")
    found = re.match(r"3[\d.]+", packaged)
    return found[0] if found else proc.env.get("PYTHON_VERSION") or DEFAULT_VERSION


def minor_version(proc: Process) -> str:
    """'3.12'."""
    return ".".join(python_version(proc).split(".")[:2])


def normalized(name: str) -> str:
    """A distribution's name as the index compares it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


@dataclass(frozen=True)
class Distribution:
    """An installed distribution."""

    name: str
    version: str
    folder: str
    requires: tuple[str, ...] = ()
    summary: str = ""


@dataclass
class Environment:
    """The interpreter's own folders, or those of a virtual environment."""

    proc: Process
    prefix: str
    """A virtual environment's folder, '' without one."""
    folders: list[str] = field(default_factory=list)
    """Where distributions are found; new ones go into the first."""

    @property
    def site(self) -> str:
        """Where new distributions go."""
        return self.folders[0]

    @property
    def scripts(self) -> str:
        """Where new programs go."""
        if self.prefix:
            return f"{self.prefix}/bin"
        return f"{posixpath.dirname(self.site.partition('/lib/python')[0] + '/x')}/bin"

    @property
    def managed(self) -> str:
        """What the distribution has to say to pip (EXTERNALLY-MANAGED, PEP 668); '' where pip may do as it likes."""
        if self.prefix or self.proc.fs.is_dir(f"/usr/local/lib/python{minor_version(self.proc)}/site-packages"):
            return ""
        text = read_text(self.proc.fs, f"/usr/lib/python{minor_version(self.proc)}/EXTERNALLY-MANAGED")
        found = re.search(r"^Error=(.*(?:\n[ \t].*|\n)*)", text, re.M)
        lines = [line[1:] if line.startswith(" ") else line for line in found[1].rstrip().splitlines()] if found else []
        return "\n".join(lines)

    def distributions(self) -> Iterator[Distribution]:
        """All that is installed, by folder and name."""
        fs = self.proc.fs
        for folder in self.folders:
            for name in fs.listdir(folder) if fs.is_dir(folder) else []:
                if name.endswith(".dist-info"):
                    text = read_text(fs, f"{folder}/{name}/METADATA")
                    fields = dict(re.findall(r"^(Name|Version|Summary): (.*)$", text, re.M))
                    needs = tuple(re.findall(r"^Requires-Dist: (\S+)", text, re.M))
                    if "Name" in fields:
                        summary = fields.get("Summary", "")
                        yield Distribution(fields["Name"], fields.get("Version", ""), folder, needs, summary)

    def find(self, name: str) -> Distribution | None:
        """An installed distribution."""
        wanted = normalized(name)
        return next((each for each in self.distributions() if normalized(each.name) == wanted), None)

    def has_module(self, name: str) -> bool:
        """Whether `import name` finds something."""
        fs = self.proc.fs
        return any(fs.exists(f"{folder}/{name}") or fs.exists(f"{folder}/{name}.py") for folder in self.folders)

    def add(self, package: Package) -> None:
        """Put a distribution's files in place, its RECORD with them."""
        fs, row = self.proc.fs, load("pypi")["packages"][package.name]
        stem = package.name.replace("-", "_")
        info = f"{self.site}/{stem}-{package.version}.dist-info"
        paths = []
        for module in row.get("imports") or [stem]:
            fs.mkdir(f"{self.site}/{module}", parents=True)
            paths.append(f"{self.site}/{module}/__init__.py")
            fs.write(paths[-1], Bytes(f'__version__ = "{package.version}"\n'.encode()))
        paths.append(f"{posixpath.dirname(paths[0])}/{'_native.so' if row.get('native') else 'modules.pyc'}")
        fs.write(paths[-1], Filler(f"{stem} {package.version}", package.size))
        for path in package.programs:
            paths.append(f"{self.scripts}/{posixpath.basename(path)}")
            fs.mkdir(self.scripts, parents=True)
            fs.write(paths[-1], PROGRAM, mode=0o755)
        needs = "".join(f"Requires-Dist: {name}\n" for name in package.depends)
        title = row.get("title", package.name)
        head = f"Metadata-Version: 2.1\nName: {title}\nVersion: {package.version}\nSummary: {package.summary}\n"
        fs.mkdir(info, parents=True)
        paths += [f"{info}/METADATA", f"{info}/RECORD"]
        fs.write(paths[-2], Bytes(f"{head}{needs}".encode()))
        fs.write(paths[-1], Bytes("".join(f"{path},,\n" for path in paths).encode()))

    def remove(self, found: Distribution) -> None:
        """Take a distribution's files away."""
        fs = self.proc.fs
        stem = normalized(found.name).replace("-", "_")
        info = f"{found.folder}/{stem}-{found.version}.dist-info"
        for line in read_text(fs, f"{info}/RECORD").splitlines():
            path = line.partition(",")[0]
            if fs.find(path, follow=False):
                fs.unlink(path)
                folder = posixpath.dirname(path)
                if folder != self.scripts and fs.is_dir(folder) and not fs.listdir(folder):
                    fs.rmdir(folder)


def environment_of(proc: Process) -> Environment:
    """The environment of the python or pip that runs: a virtual one by the pyvenv.cfg above its bin folder."""
    minor = minor_version(proc)
    prefix = _virtual(proc)
    if prefix:
        return Environment(proc, prefix, [f"{prefix}/lib/python{minor}/site-packages"])
    local = f"/usr/local/lib/python{minor}"
    if proc.fs.is_dir(f"{local}/site-packages"):
        folders = [f"{local}/site-packages"]
    elif proc.flavour == "busybox":
        folders = [f"/usr/lib/python{minor}/site-packages"]
    else:
        folders = [f"{local}/dist-packages", "/usr/lib/python3/dist-packages"]
    home = proc.env.get("HOME", "/root").rstrip("/")
    user = f"{home}/.local/lib/python{minor}/site-packages"
    return Environment(proc, "", [user, *folders] if proc.uid else [*folders, user])


def _virtual(proc: Process) -> str:
    for path in (proc.program_path, _as_called(proc)):
        prefix = posixpath.dirname(posixpath.dirname(path))
        if path and proc.fs.exists(f"{prefix}/pyvenv.cfg"):
            return prefix
    return ""


def _as_called(proc: Process) -> str:
    """The path by which the program was called, links not followed."""
    name = proc.argv[0]
    if "/" in name:
        return posixpath.normpath(proc.path(name))
    folders = proc.env.get("PATH", "").split(":")
    return next((f"{folder}/{name}" for folder in folders if proc.fs.find(f"{folder}/{name}", follow=False)), "")


def pip_version(proc: Process) -> str:
    """The version of the pip that runs: the distribution's, or the image's."""
    packaged = packaged_version(proc, "python3-pip") or packaged_version(proc, "py3-pip")
    found = re.match(r"[\d.]+", packaged)
    own = environment_of(proc).find("pip")
    if own:
        return own.version
    return found[0] if found else proc.env.get("PYTHON_PIP_VERSION") or DEFAULT_PIP
