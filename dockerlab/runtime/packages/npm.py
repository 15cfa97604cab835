"""npm: the commands that a project's build types, against a simulated registry on the lab's clock."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from dockerlab.runtime.packages.node import node_version, npm_version
from dockerlab.runtime.packages.npm_project import Npm, Run
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

Command: TypeAlias = "Callable[[Npm], Run]"
TEST = 'echo "Error: no test specified" && exit 1'
NO_LOCK = """\
npm error code EUSAGE
npm error
npm error The `npm ci` command can only install with an existing package-lock.json or
npm error npm-shrinkwrap.json with lockfileVersion >= 1. Run an install with npm@5 or
npm error later to generate a package-lock.json file, then try again.
npm error
npm error Clean install a project
npm error
npm error Usage:
npm error npm ci
"""


def _unknown(npm: Npm, name: str) -> int:
    npm.error("code E404", f"404 Not Found - GET https://registry.npm.example/{name} - Not found", "404")
    npm.error(f"404  '{name}@*' is not in this registry.", "404")
    return npm.error("404 Note that you can also install from a", "404 tarball, folder, http url, or git url.")


def init(npm: Npm) -> Run:
    """Make a package.json; without -y npm would ask, and the end of input takes what it proposes."""
    name = posixpath.basename(npm.folder).lower() or "app"
    facts = {
        "name": name, "version": "1.0.0", "description": "", "main": "index.js", "scripts": {"test": TEST},
        "keywords": [], "author": "", "license": "ISC", "type": "commonjs",
    }  # fmt: skip
    npm.write("package.json", facts)
    npm.proc.out(f"Wrote to {npm.folder}/package.json:\n\n{json.dumps(facts, indent=2)}\n\n\n")
    return 0
    yield  # a command that never waits


def _split(word: str) -> tuple[str, str]:
    """'express@5' → name and version; a scope's own @ stays."""
    name, at, version = word.rpartition("@")
    return (name, version) if at and name else (word, "")


def install(npm: Npm) -> Run:
    """Install what package.json names, or add packages to it."""
    words = [_split(word) for word in npm.words[1:]]
    missing = next((name for name, _ in words if npm.row(name) is None), None)
    if missing:
        return _unknown(npm, missing)
    for name, version in words:
        if version not in ("", "latest") and not npm.version(name).startswith(version.lstrip("^~").split(".")[0]):
            npm.error("code ETARGET", f"notarget No matching version found for {name}@{version}.")
            return npm.error("notarget In most cases you or one of your dependencies are requesting",
                             "notarget a package version that doesn't exist.")  # fmt: skip
    if {"-g", "--global"} & npm.flags:
        return (yield from _install_globally(npm, [name for name, _ in words]))
    package = npm.read("package.json")
    if package is None and not words:
        return npm.without_package()
    package = package or {}
    key = "devDependencies" if {"-D", "--save-dev"} & npm.flags else "dependencies"
    for name, _ in words:
        package[key] = dict(sorted({**package.get(key, {}), name: f"^{npm.version(name)}"}.items()))
    wanted = npm.closure(_named(npm, package))
    unknown = next((name for name in _named(npm, package) if npm.row(name) is None), None)
    if unknown:
        return _unknown(npm, unknown)
    if words:
        npm.write("package.json", package)
    npm.write("package-lock.json", npm.locked(package, npm.closure(_named(npm, package, all_=True))))
    return (yield from npm.report(npm.place(wanted, npm.folder), _size(npm, wanted)))


def _named(npm: Npm, package: Mapping[str, Any], *, all_: bool = False) -> list[str]:
    """The packages that package.json names; without those for development where it is told so."""
    production = {"--production", "--omit", "--only"} & (npm.flags | npm.values.keys())
    keys = ["dependencies"] if production and not all_ else ["dependencies", "devDependencies"]
    if npm.proc.env.get("NODE_ENV") == "production" and not all_:
        keys = ["dependencies"]
    return [name for key in keys for name in package.get(key, {})]


def _size(npm: Npm, wanted: Mapping[str, str]) -> int:
    kilobytes = sum(int((npm.row(name) or {}).get("kb", 0)) for name in wanted)
    return kilobytes << 10


def _install_globally(npm: Npm, names: list[str]) -> Run:
    root = "/usr/local/lib"
    wanted = npm.closure([*names, *npm.installed(root)])
    npm.folder = root
    npm.flags.add("--no-audit")
    counts = npm.place(wanted, root)
    npm.fs.mkdir("/usr/local/bin", parents=True)
    for name in names:
        for command in (npm.row(name) or {}).get("bin", {}):
            if not npm.fs.find(f"/usr/local/bin/{command}", follow=False):
                npm.fs.symlink(f"../lib/node_modules/.bin/{command}", f"/usr/local/bin/{command}")
    return (yield from npm.report(counts, _size(npm, wanted)))


def clean_install(npm: Npm) -> Run:
    """npm ci: exactly what the lock file says."""
    package, lock = npm.read("package.json"), npm.read("package-lock.json")
    if package is None:
        return npm.without_package()
    if not lock:
        npm.proc.err(NO_LOCK)
        return 1
    named = set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))
    rows = lock.get("packages", {})
    locked = {path.removeprefix("node_modules/"): row["version"] for path, row in rows.items() if path}
    absent = sorted(named - set(locked))
    if absent:
        npm.error("code EUSAGE", "", "`npm ci` can only install packages when your package.json and package-lock.json "
                  "or npm-shrinkwrap.json are in sync. Please update your lock file with `npm install` before "
                  "continuing.", "")  # fmt: skip
        return npm.error(*(f"Missing: {name}@{npm.version(name)} from lock file" for name in absent))
    needed = npm.closure(_named(npm, package))
    wanted = {name: version for name, version in locked.items() if name in needed}
    if npm.fs.is_dir(f"{npm.folder}/node_modules"):
        npm.fs.remove_tree(f"{npm.folder}/node_modules")
    return (yield from npm.report(npm.place(wanted, npm.folder), _size(npm, wanted)))


def uninstall(npm: Npm) -> Run:
    """Take packages out of the project, with what only they needed."""
    package = npm.read("package.json") or {}
    for key in ("dependencies", "devDependencies"):
        kept = {name: value for name, value in package.get(key, {}).items() if name not in npm.words[1:]}
        if key in package:
            package[key] = kept
            if not kept:
                del package[key]
    npm.write("package.json", package)
    wanted = npm.closure(_named(npm, package))
    npm.write("package-lock.json", npm.locked(package, wanted))
    return (yield from npm.report(npm.place(wanted, npm.folder), 0))


def list_(npm: Npm) -> Run:
    """The packages that the project names."""
    package = npm.read("package.json") or {}
    title = f"{package['name']}@{package.get('version', '')} {npm.folder}" if "name" in package else npm.folder
    installed = npm.installed()
    names = sorted(_named(npm, package)) if package else sorted(installed)
    rows = [f"{name}@{installed[name]}" if name in installed else f"UNMET DEPENDENCY {name}" for name in names]
    lines = [f"{'└' if at == len(rows) - 1 else '├'}── {row}\n" for at, row in enumerate(rows)] or ["└── (empty)\n"]
    npm.proc.out(f"{title}\n{''.join(lines)}\n")
    unmet = [name for name in names if name not in installed]
    if unmet:
        npm.error("code ELSPROBLEMS", *(f"missing: {name}, required by {title.split(' ')[0]}" for name in unmet))
    return 1 if unmet else 0
    yield  # a command that never waits


def run_script(npm: Npm) -> Run:
    """npm run NAME, npm start, npm test: a line of package.json's scripts, in the shell."""
    package = npm.read("package.json")
    if package is None:
        return npm.without_package()
    names = npm.words[1:] if npm.words[0] in ("run", "run-script") else npm.words
    scripts = package.get("scripts", {})
    title = f"{package.get('name', '')}@{package.get('version', '')}"
    if not names:
        shown = "".join(f"  {name}\n    {line}\n" for name, line in scripts.items())
        npm.proc.out(f"Lifecycle scripts included in {title}:\n{shown}")
        return 0
    line = scripts.get(names[0])
    if names[0] == "start" and line is None and npm.fs.exists(f"{npm.folder}/server.js"):
        line = "node server.js"
    if line is None:
        return npm.error(f'Missing script: "{names[0]}"', "", "To see a list of scripts, run:", "  npm run")
    if "-s" not in npm.flags and "--silent" not in npm.flags:
        npm.proc.out(f"\n> {title} {names[0]}\n> {line}\n\n")
    path = f"{npm.folder}/node_modules/.bin:{npm.proc.env.get('PATH', '')}"
    code: int = yield from npm.proc.run(["sh", "-c", line], env={**npm.proc.env, "PATH": path}, cwd=npm.folder)
    return code


def view(npm: Npm) -> Run:
    """What the registry says of a package."""
    name = npm.words[1] if len(npm.words) > 1 else ""
    if npm.row(name) is None:
        return _unknown(npm, name)
    row = npm.row(name) or {}
    if "version" in npm.words[2:]:
        npm.proc.out(f"{npm.version(name)}\n")
    else:
        npm.proc.out(
            f"\n{name}@{npm.version(name)} | {row.get('license', 'MIT')} | deps: {len(row.get('depends', ()))}\n"
        )
    return 0
    yield  # a command that never waits


def nothing(npm: Npm) -> Run:
    """Commands that leave nothing to see."""
    return 0
    yield  # a command that never waits


COMMANDS: dict[str, Command] = {
    "init": init, "install": install, "i": install, "add": install, "ci": clean_install, "clean-install": clean_install,
    "uninstall": uninstall, "remove": uninstall, "rm": uninstall, "list": list_, "ls": list_, "run": run_script,
    "run-script": run_script, "start": run_script, "test": run_script, "t": run_script, "view": view, "info": view,
    "cache": nothing, "config": nothing, "audit": nothing, "fund": nothing, "update": install,
}  # fmt: skip


@program("npm", raw=True)
def npm(proc: Process, args: Arguments) -> Waiting:
    """Manage a project's packages."""
    run = Npm(proc, args.operands)
    if {"-v", "--version"} & run.flags and not run.words:
        proc.out(f"{npm_version(proc)}\n")
        return 0
    if not run.words:
        proc.out("npm <command>\n\nUsage:\n\nnpm install        install all the dependencies in your project\n")
        proc.out(f"\nnpm@{npm_version(proc)} (node {node_version(proc)})\n")
        return 1
    command = COMMANDS.get(run.words[0])
    if command is None:
        proc.err(f'Unknown command: "{run.words[0]}"\n\nTo see a list of supported npm commands, run:\n  npm help\n')
        return 1
    return (yield from command(run))
