"""python3 and pip, as far as image lessons type them: versions, programs that only print, distributions."""

from __future__ import annotations

import ast
import re
from collections.abc import Generator, Sequence
from typing import Any

from dockerlab.events import Wait
from dockerlab.fs.content import Filler
from dockerlab.runtime.packages.catalogue import Package, simple
from dockerlab.runtime.packages.units import wheel_size
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

DEFAULT_VERSION = "3.12.3"
NOT_SIMULATED = (
    "python3: dockerlab has no Python interpreter in its containers: only print() of constants is simulated\n"
)
MANAGED = """\
error: externally-managed-environment

\u00d7 This environment is externally managed
\u2570\u2500> To install Python packages system-wide, try apt install
    python3-xyz, where xyz is the package you are trying to
    install.

note: If you believe this is a mistake, please contact your Python installation or OS distribution provider. \
You can override this, at the risk of breaking your Python installation or OS, by passing \
--break-system-packages.
hint: See PEP 668 for the detailed specification.
"""
AS_ROOT = (
    "WARNING: Running pip as the 'root' user can result in broken permissions and conflicting behaviour with the "
    "system package manager. It is recommended to use a virtual environment instead.\n"
)


def python_version(proc: Process) -> str:
    """The version of the interpreter that is installed: PYTHON_VERSION of an image, or the package database."""
    if proc.env.get("PYTHON_VERSION") and not proc.program_path.startswith("/usr/bin"):
        return proc.env["PYTHON_VERSION"]
    status = read_text(proc.fs, "/var/lib/dpkg/status")
    found = re.search(r"^Package: python3\.\d+-minimal\nStatus: install ok(?:.+\n)*?Version: (3[\d.]+)", status, re.M)
    found = found or re.search(r"^P:python3\nV:(3[\d.]+)", read_text(proc.fs, "/lib/apk/db/installed"), re.M)
    return found[1] if found else proc.env.get("PYTHON_VERSION") or DEFAULT_VERSION


def minor_version(proc: Process) -> str:
    """'3.12'."""
    return ".".join(python_version(proc).split(".")[:2])


@program("python", "python3", "python3.10", "python3.11", "python3.12", "python3.13", raw=True)
def python(proc: Process, args: Arguments) -> Waiting:
    """Print the version, run `-c` and scripts of plain prints, `-m pip` and `-m http.server` (which only waits)."""
    words = args.operands
    if words[:1] in (["--version"], ["-V"]):
        proc.out(f"Python {python_version(proc)}\n")
        return 0
    if words[:2] == ["-m", "pip"]:
        return (yield from run_pip(proc, words[2:]))
    if words[:2] == ["-m", "venv"]:
        return _make_environment(proc, words[2:])
    if words[:2] == ["-m", "http.server"]:
        port = words[2] if len(words) > 2 else "8000"
        proc.err(f"Serving HTTP on 0.0.0.0 port {port} (http://0.0.0.0:{port}/) ...\n")
        yield from proc.kernel.until(lambda: False)
    if words[:1] == ["-c"]:
        return run_source(proc, words[1] if len(words) > 1 else "", "<string>")
    name = next((word for word in words if not word.startswith("-")), "-")
    if name != "-" and not proc.fs.is_file(proc.path(name)):
        proc.err(f"python3: can't open file '{proc.path(name)}': [Errno 2] No such file or directory\n")
        return 2
    source = text_of((yield from open_source(proc, name).read_all()))
    return run_source(proc, source, name)


def run_source(proc: Process, source: str, name: str) -> int:
    """Run a program of prints, imports and an exit; anything else is beyond this simulation and says so."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        line = (error.text or "").rstrip()
        proc.err(f'  File "{name}", line {error.lineno}\n    {line}\nSyntaxError: {error.msg}\n')
        return 1
    for node in tree.body:
        try:
            outcome = _statement(proc, node)
        except (ValueError, TypeError):
            proc.err(NOT_SIMULATED)
            return 1
        if outcome is not None:
            return outcome
    return 0


def _statement(proc: Process, node: ast.stmt) -> int | None:
    """None to go on, else the exit code."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        return _imported(proc, names)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return None
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        name = ast.unparse(call.func)
        if name == "print":
            return _print(proc, call)
        if name in ("exit", "sys.exit", "quit"):
            return int(ast.literal_eval(call.args[0])) if call.args else 0
    proc.err(NOT_SIMULATED)
    return 1


def _print(proc: Process, call: ast.Call) -> int | None:
    proc.out(" ".join(_value(proc, argument) for argument in call.args) + "\n")
    return None


def _value(proc: Process, node: ast.expr) -> str:
    """What an argument of print shows: a constant, arithmetic of constants, or sys.version."""
    text = ast.unparse(node)
    if text == "sys.version":
        return f"{python_version(proc)} (main) [GCC 13.3.0]"
    if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Constant) and isinstance(node.right, ast.Constant):
        return _arithmetic(node.op, node.left.value, node.right.value)
    return str(ast.literal_eval(node))


def _arithmetic(operator: ast.operator, left: object, right: object) -> str:
    if isinstance(left, int) and isinstance(right, int):
        results = {ast.Add: left + right, ast.Sub: left - right, ast.Mult: left * right}
        if type(operator) in results:
            return str(results[type(operator)])
    raise ValueError


BUILT_IN = {
    "sys",
    "os",
    "time",
    "json",
    "re",
    "math",
    "socket",
    "platform",
    "datetime",
    "random",
    "subprocess",
    "pathlib",
}


def _imported(proc: Process, names: Sequence[str]) -> int | None:
    for name in names:
        top = name.partition(".")[0]
        if top not in BUILT_IN and distribution_folder(proc, top) is None:
            proc.err(
                'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
                f"ModuleNotFoundError: No module named '{top}'\n"
            )
            return 1
    return None


def site_folder(proc: Process) -> str:
    """Where distributions are installed: the image's own Python has another folder than the distribution's."""
    folder = f"/usr/local/lib/python{minor_version(proc)}"
    own = proc.fs.is_dir(f"{folder}/site-packages")
    return f"{folder}/{'site' if own else 'dist'}-packages"


def distribution_folder(proc: Process, name: str) -> str | None:
    """Where a distribution is, None where it isn't installed."""
    folder = f"{site_folder(proc)}/{name.replace('-', '_')}"
    return folder if proc.fs.is_dir(folder) else None


def _make_environment(proc: Process, words: Sequence[str]) -> int:
    """python3 -m venv: a folder with a python and a pip in it."""
    for name in (word for word in words if not word.startswith("-")):
        folder = proc.path(name)
        proc.fs.mkdir(f"{folder}/bin", parents=True)
        proc.fs.write(f"{folder}/pyvenv.cfg", b"home = /usr/bin\ninclude-system-site-packages = false\n")
        for link in ("python", "python3"):
            proc.fs.symlink("/usr/bin/python3", f"{folder}/bin/{link}")
        proc.fs.write(f"{folder}/bin/pip", b"\0", mode=0o755)
        proc.fs.write(
            f"{folder}/bin/activate", f"export VIRTUAL_ENV={folder}\nexport PATH={folder}/bin:$PATH\n".encode()
        )
    return 0


@program("pip", "pip3", raw=True)
def pip(proc: Process, args: Arguments) -> Waiting:
    """Install distributions."""
    return (yield from run_pip(proc, args.operands))


def run_pip(proc: Process, words: list[str]) -> Waiting:
    """pip's commands: install, list, freeze, show, uninstall, --version."""
    if words[:1] in (["--version"], ["-V"]):
        proc.out(f"pip 24.0 from /usr/lib/python3/dist-packages/pip (python {minor_version(proc)})\n")
        return 0
    command = words[0] if words else ""
    if command == "install":
        return (yield from _install(proc, words[1:]))
    if command in ("list", "freeze"):
        return _list(proc, freeze=command == "freeze")
    proc.err(f'ERROR: unknown command "{command}"\n' if command else "Usage:   \n  pip <command> [options]\n")
    return 1 if command else 0


def _list(proc: Process, *, freeze: bool) -> int:
    rows = [
        (name, package.version) for name, package in sorted(simple("pypi").items()) if distribution_folder(proc, name)
    ]
    if freeze:
        proc.out("".join(f"{name}=={version}\n" for name, version in rows))
        return 0
    widths = [max([len(row[at]) for row in rows] + [7]) for at in (0, 1)]
    head = f"{'Package':<{widths[0]}} Version\n{'-' * widths[0]} {'-' * widths[1]}\n"
    proc.out(head + "".join(f"{name:<{widths[0]}} {version}\n" for name, version in rows))
    return 0


def _requirements(proc: Process, words: list[str]) -> Generator[Wait, Any, list[str]]:
    """The distributions that are named on the command line and in files (-r)."""
    names: list[str] = []
    rest = iter(words)
    for word in rest:
        if word in ("-r", "--requirement"):
            text = text_of((yield from open_source(proc, next(rest, "")).read_all()))
            names += [line.split("#")[0].strip() for line in text.splitlines() if line.split("#")[0].strip()]
        elif not word.startswith("-"):
            names.append(word)
    return names


def _install(proc: Process, words: list[str]) -> Waiting:
    quiet = any(word in ("-q", "--quiet", "-qq") for word in words)
    if _is_managed(proc) and "--break-system-packages" not in words:
        proc.err(MANAGED)
        return 1
    names = yield from _requirements(proc, words)
    if not names:
        proc.err('ERROR: You must give at least one requirement to install (see "pip help install")\n')
        return 1
    plan: list[Package] = []
    for text in names:
        name = re.split(r"[=<>~!\[; ]", text)[0].lower().replace("_", "-")
        if name not in simple("pypi"):
            proc.err(f"ERROR: Could not find a version that satisfies the requirement {text} (from versions: none)\n")
            proc.err(f"ERROR: No matching distribution found for {text}\n")
            return 1
        _plan(name, plan)
    new = [package for package in plan if distribution_folder(proc, package.name) is None]
    yield from proc.sleep(max(1, sum(package.size for package in new) // 20_000_000))
    _unpack(proc, new, quiet=quiet)
    return 0


def _is_managed(proc: Process) -> bool:
    folder = "/usr/lib"
    names = proc.fs.listdir(folder) if proc.fs.is_dir(folder) else []
    managed = any(proc.fs.exists(f"{folder}/{name}/EXTERNALLY-MANAGED") for name in names if name.startswith("python3"))
    return managed and not proc.env.get("VIRTUAL_ENV") and proc.program_path.startswith("/usr/bin")


def _plan(name: str, plan: list[Package]) -> None:
    package = simple("pypi")[name]
    if package in plan:
        return
    plan.append(package)
    for other in package.depends:
        _plan(other, plan)


def _unpack(proc: Process, packages: list[Package], *, quiet: bool) -> None:
    folder = site_folder(proc)
    for package in packages:
        stem = package.name.replace("-", "_")
        size = package.download
        if not quiet:
            proc.out(
                f"Collecting {package.name}\n"
                f"  Downloading {stem}-{package.version}-py3-none-any.whl ({wheel_size(size)})\n"
            )
        proc.fs.mkdir(f"{folder}/{stem}", parents=True)
        proc.fs.write(f"{folder}/{stem}/__init__.py", f'__version__ = "{package.version}"\n'.encode())
        proc.fs.write(f"{folder}/{stem}/code.bin", Filler(f"{stem} {package.version}", package.size))
        proc.fs.mkdir(f"{folder}/{stem}-{package.version}.dist-info", parents=True)
        text = f"Metadata-Version: 2.1\nName: {package.name}\nVersion: {package.version}\n"
        proc.fs.write(f"{folder}/{stem}-{package.version}.dist-info/METADATA", text.encode())
    if packages and not quiet:
        proc.out(f"Installing collected packages: {', '.join(package.name for package in reversed(packages))}\n")
        done = " ".join(f"{package.name}-{package.version}" for package in sorted(packages, key=lambda each: each.name))
        proc.out(f"Successfully installed {done}\n")
    if proc.uid == 0 and not quiet:
        proc.err(AS_ROOT)
