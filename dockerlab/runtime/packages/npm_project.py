"""A project of npm: package.json, package-lock.json, node_modules, and the registry that it asks."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Generator, Iterable, Mapping
from typing import Any

from dockerlab.events import Wait
from dockerlab.fs.content import Bytes, Filler
from dockerlab.runtime.packages.catalogue import load, newer_version, updates_until
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text

Run = Generator[Wait, Any, int]
SPEED = 12_000_000
"""Bytes a second, unpacking included."""
TAKES_VALUE = {"--prefix", "-C", "--registry", "--loglevel", "--omit", "--only", "-w"}


class Npm:
    """One run of npm in a project's folder."""

    def __init__(self, proc: Process, words: list[str]) -> None:
        self.proc = proc
        self.fs = proc.fs
        self.flags: set[str] = set()
        self.values: dict[str, str] = {}
        self.words: list[str] = []
        rest = iter(words)
        for word in rest:
            if word in TAKES_VALUE:
                self.values[word] = next(rest, "")
            elif word.startswith("-"):
                self.flags.add(word.partition("=")[0] if word.startswith("--omit") else word)
                self.values.update([word.partition("=")[::2]])
            else:
                self.words.append(word)
        self.folder = proc.path(self.values.get("--prefix") or ".")
        self.now = proc.kernel.clock.now

    # The registry.

    def row(self, name: str) -> Mapping[str, Any] | None:
        """What the registry knows of a package."""
        found: Mapping[str, Any] | None = load("npm")["packages"].get(name)
        return found

    def version(self, name: str) -> str:
        """The newest version that the registry has now."""
        row = self.row(name)
        return newer_version(row["version"], updates_until(name, self.now, often=True)) if row else ""

    def closure(self, names: Iterable[str]) -> dict[str, str]:
        """Packages with all that they need: name → version."""
        found: dict[str, str] = {}
        todo = list(names)
        while todo:
            name = todo.pop()
            row = self.row(name)
            if row and name not in found:
                found[name] = self.version(name)
                todo += row.get("depends", ())
        return dict(sorted(found.items()))

    # The project.

    def read(self, name: str) -> dict[str, Any] | None:
        """A JSON file of the project."""
        text = read_text(self.fs, f"{self.folder}/{name}")
        try:
            found: dict[str, Any] | None = json.loads(text) if text else None
        except ValueError:
            return {}
        return found

    def write(self, name: str, value: object) -> None:
        """Write a JSON file of the project, as npm lays it out."""
        write_text(self.fs, f"{self.folder}/{name}", json.dumps(value, indent=2, ensure_ascii=False) + "\n")

    def installed(self, folder: str = "") -> dict[str, str]:
        """What node_modules has: name → version."""
        lock = read_text(self.fs, f"{folder or self.folder}/node_modules/.package-lock.json")
        packages = json.loads(lock)["packages"] if lock else {}
        return {path.removeprefix("node_modules/"): row["version"] for path, row in packages.items()}

    def error(self, *lines: str) -> int:
        """npm's way to say that it failed."""
        self.proc.err("".join(f"npm error {line}".rstrip() + "\n" for line in lines))
        return 1

    def without_package(self) -> int:
        """There is no package.json, so there is no project."""
        path = f"{self.folder}/package.json"
        self.error("code ENOENT", "syscall open", f"path {path}", "errno -2")
        self.error(f"enoent Could not read package.json: Error: ENOENT: no such file or directory, open '{path}'")
        self.error("enoent This is related to npm not being able to find a file.", "enoent")
        return 254

    def place(self, wanted: Mapping[str, str], root: str) -> tuple[int, int, int]:
        """Make node_modules hold what is wanted; returns how many were added, removed and changed."""
        old = self.installed(root)
        modules = f"{root}/node_modules"
        for name in sorted(set(old) - set(wanted)):
            if self.fs.is_dir(f"{modules}/{name}"):
                self.fs.remove_tree(f"{modules}/{name}")
        for name, version in wanted.items():
            if old.get(name) != version:
                self._unpack(modules, name, version)
        self.fs.mkdir(modules, parents=True)
        packages = {f"node_modules/{name}": {"version": version} for name, version in wanted.items()}
        text = json.dumps({"lockfileVersion": 3, "requires": True, "packages": packages}, indent=2)
        write_text(self.fs, f"{modules}/.package-lock.json", text + "\n")
        changed = sum(name in old and old[name] != version for name, version in wanted.items())
        return len(set(wanted) - set(old)), len(set(old) - set(wanted)), changed

    def _unpack(self, modules: str, name: str, version: str) -> None:
        row = self.row(name) or {}
        folder = f"{modules}/{name}"
        self.fs.mkdir(folder, parents=True)
        facts = {"name": name, "version": version, "license": row.get("license", "MIT"), "main": "index.js"}
        write_text(self.fs, f"{folder}/package.json", json.dumps(facts, indent=2) + "\n")
        self.fs.write(f"{folder}/index.js", Filler(f"{name} {version}", max(64, (row.get("kb", 1) << 10) - 200)))
        for command, path in row.get("bin", {}).items():
            target = posixpath.normpath(f"{folder}/{path}")
            self.fs.mkdir(posixpath.dirname(target), parents=True)
            self.fs.write(target, Bytes(b"\0" * 250), mode=0o755)
            self.fs.mkdir(f"{modules}/.bin", parents=True)
            if not self.fs.find(f"{modules}/.bin/{command}", follow=False):
                self.fs.symlink(posixpath.relpath(target, f"{modules}/.bin"), f"{modules}/.bin/{command}")

    def locked(self, package: Mapping[str, Any], wanted: Mapping[str, str]) -> dict[str, Any]:
        """What package-lock.json says (lockfileVersion 3)."""
        head = {
            "name": package.get("name", posixpath.basename(self.folder)),
            "version": package.get("version", "1.0.0"),
        }
        keys = ("license", "dependencies", "devDependencies")
        packages: dict[str, Any] = {"": {**head, **{key: package[key] for key in keys if package.get(key)}}}
        for name, version in wanted.items():
            row = self.row(name) or {}
            entry: dict[str, Any] = {"version": version, "license": row.get("license", "MIT")}
            needs = {other: f"^{self.version(other)}" for other in row.get("depends", ())}
            packages[f"node_modules/{name}"] = {**entry, **({"dependencies": needs} if needs else {})}
        return {**head, "lockfileVersion": 3, "requires": True, "packages": packages}

    def report(self, counts: tuple[int, int, int], size: int) -> Run:
        """Let the time of the work pass, and say what was done."""
        seconds = max(1, size // SPEED) if counts[0] or counts[2] else 0
        yield from self.proc.sleep(seconds)
        total = sum(1 for _ in self.installed(self.folder)) + 1
        words = ("added", "removed", "changed")
        parts = [f"{word} {many} package{'s' * (many > 1)}" for word, many in zip(words, counts, strict=True) if many]
        what = ", and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
        audit = "" if "--no-audit" in self.flags else f", and audited {total} package{'s' * (total > 1)}"
        audit = audit if what else audit.removeprefix(", and ")
        took = f" in {seconds or 1}s"
        self.proc.out(f"\n{what or 'up to date'}{audit if what else f', {audit}' if audit else ''}{took}\n")
        if audit:
            self.proc.out("\nfound 0 vulnerabilities\n")
        return 0
