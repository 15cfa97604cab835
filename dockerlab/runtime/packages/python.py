"""python3 as far as image lessons type it: versions, programs that only print, virtual environments."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Sequence
from dataclasses import replace

from dockerlab.runtime.packages.catalogue import simple
from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.packages.pip import run_pip
from dockerlab.runtime.packages.pip_environment import (
    Environment,
    environment_of,
    minor_version,
    pip_version,
    python_version,
)
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import read_text, write_text
from dockerlab.runtime.programs.inputs import open_source, text_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program

NO_VENV = """\
The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python{0}-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: {1}/bin/python3

"""
NOT_SIMULATED = (
    "python3: dockerlab has no Python interpreter in its containers: only print() of constants is simulated\n"
)


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
        if top not in BUILT_IN and not environment_of(proc).has_module(top):
            proc.err(
                'Traceback (most recent call last):\n  File "<string>", line 1, in <module>\n'
                f"ModuleNotFoundError: No module named '{top}'\n"
            )
            return 1
    return None


def _make_environment(proc: Process, words: Sequence[str]) -> int:
    """python3 -m venv: a folder with a python and a pip in it; Debian's python3 needs a package for that."""
    minor = minor_version(proc)
    split = proc.program_path.startswith("/usr/bin") and read_text(proc.fs, "/var/lib/dpkg/status")
    for name in (word for word in words if not word.startswith("-")):
        folder = proc.path(name)
        if split and not packaged_version(proc, f"python{minor}-venv"):
            proc.out(NO_VENV.format(minor, folder))
            return 1
        proc.fs.mkdir(f"{folder}/bin", parents=True)
        proc.fs.mkdir(f"{folder}/lib/python{minor}/site-packages", parents=True)
        own = posixpath.dirname(proc.program_path)
        facts = f"home = {own}\ninclude-system-site-packages = false\nversion = {python_version(proc)}\n"
        write_text(proc.fs, f"{folder}/pyvenv.cfg", f"{facts}executable = {proc.program_path}\n")
        proc.fs.symlink(f"{own}/python3", f"{folder}/bin/python3")
        for link in ("python", f"python{minor}"):
            proc.fs.symlink("python3", f"{folder}/bin/{link}")
        environment = Environment(proc, folder, [f"{folder}/lib/python{minor}/site-packages"])
        if "--without-pip" not in words:
            environment.add(replace(simple("pypi")["pip"], version=pip_version(proc)))
        exports = f"VIRTUAL_ENV={folder}\nexport VIRTUAL_ENV\nPATH=$VIRTUAL_ENV/bin:$PATH\nexport PATH\n"
        left = "deactivate () { PATH=${PATH#$VIRTUAL_ENV/bin:}; unset VIRTUAL_ENV; unset -f deactivate; }\n"
        write_text(proc.fs, f"{folder}/bin/activate", exports + left)
    return 0


@program("pip", "pip3", raw=True)
def pip(proc: Process, args: Arguments) -> Waiting:
    """Install distributions."""
    return (yield from run_pip(proc, args.operands))
