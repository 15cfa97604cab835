"""python3's command line (docs.python.org, using/cmdline), virtual environments, pip and flask."""

from __future__ import annotations

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
from dockerlab.runtime.programs.messages import name_of
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.python import run_source
from dockerlab.runtime.servers.python_http import serve as serve_files

NO_VENV = """\
The virtual environment was not created successfully because ensurepip is not
available.  On Debian/Ubuntu systems, you need to install the python3-venv
package using the following command.

    apt install python{0}-venv

You may need to use sudo with that command.  After installing the python3-venv
package, recreate your virtual environment.

Failing command: {1}/bin/python3

"""


_FLAGS = frozenset("-B -E -I -O -OO -P -q -s -S -u -v -X -W".split())
_WITH_VALUE = frozenset({"-X", "-W"})


@program(
    "python", "python3", "python3.10", "python3.11", "python3.12", "python3.13", "python3.14", raw=True
)  # fmt: skip
def python(proc: Process, args: Arguments) -> Waiting:
    """Run a script, `-c`, `-m` or standard input; print the version."""
    words = _without_flags(proc, args.operands)
    first = words[0] if words else "-"
    if first in ("--version", "-V", "-VV"):
        proc.out(f"Python {python_version(proc)}\n")
        return 0
    if first in ("-h", "--help"):
        proc.out(f"usage: {name_of(proc)} [option] ... [-c cmd | -m mod | file | -] [arg] ...\n")
        return 0
    if first in ("-c", "-m"):
        if len(words) < 2:
            proc.err(f"Argument expected for the {first} option\n{_USAGE.format(name_of(proc))}")
            return 2
        return (yield from (_command if first == "-c" else _module)(proc, words[1:]))
    if first.startswith("-") and first != "-":
        proc.err(f"unknown option {first}\n{_USAGE.format(name_of(proc))}")
        return 2
    return (yield from _script(proc, first, words or [""]))


_USAGE = "usage: {0} [option] ... [-c cmd | -m mod | file | -] [arg] ...\nTry `python -h' for more information.\n"


def _without_flags(proc: Process, words: Sequence[str]) -> list[str]:
    """What comes behind the interpreter's own options; -u goes on as the variable that means the same."""
    left = list(words)
    while left and left[0] in _FLAGS:
        flag = left.pop(0)
        if flag == "-u":
            proc.env["PYTHONUNBUFFERED"] = "1"
        if flag in _WITH_VALUE and left:
            left.pop(0)
    return left


def _command(proc: Process, words: Sequence[str]) -> Waiting:
    return _run(proc, words[0], "<string>", ["-c", *words[1:]])


def _module(proc: Process, words: Sequence[str]) -> Waiting:
    """`-m`: modules that are programs, then those of the script's own folder."""
    name, *rest = words
    if name == "pip":
        return (yield from run_pip(proc, rest))
    if name == "venv":
        return _make_environment(proc, rest)
    if name == "http.server":
        return (yield from serve_files(proc, rest, python_version(proc)))
    if name == "flask":
        return (yield from run_flask(proc, rest))
    parts = name.replace(".", "/")
    for path in (f"{parts}.py", f"{parts}/__main__.py"):
        if proc.fs.is_file(proc.path(path)):
            return (yield from _script(proc, path, [path, *rest]))
    proc.err(f"{proc.program_path}: No module named {name}\n")
    return 1


def _script(proc: Process, name: str, argv: Sequence[str]) -> Waiting:
    """A file, a folder with a __main__.py, or standard input."""
    full = proc.path(name)
    if name != "-" and proc.fs.is_file(f"{full}/__main__.py"):
        name, full = f"{name}/__main__.py", f"{full}/__main__.py"
    if name != "-" and not proc.fs.is_file(full):
        proc.err(f"{proc.program_path}: can't open file '{full}': [Errno 2] No such file or directory\n")
        return 2
    source = text_of((yield from open_source(proc, name).read_all()))
    file = "<stdin>" if name == "-" else name if name.startswith("/") else full
    return (yield from _run(proc, source, file, argv))


def _run(proc: Process, source: str, file: str, argv: Sequence[str]) -> Waiting:
    has_module = environment_of(proc).has_module
    return run_source(proc, source, file, argv, version=python_version(proc), has_module=has_module)


@program("flask", raw=True)
def flask(proc: Process, args: Arguments) -> Waiting:
    """`flask run`: the application of FLASK_APP, app.py or wsgi.py."""
    return (yield from run_flask(proc, args.operands))


def run_flask(proc: Process, words: Sequence[str]) -> Waiting:
    """The command of Flask (palletsprojects, "Command Line Interface"): only `run`."""
    options, rest = _flask_options(list(words))
    if rest[:1] == ["--version"]:
        proc.out(f"Python {python_version(proc)}\nFlask 3.1.0\nWerkzeug 3.1.3\n")
        return 0
    if rest[:1] != ["run"]:
        proc.err("Usage: flask [OPTIONS] COMMAND [ARGS]...\nTry 'flask --help' for help.\n\nError: Missing command.\n")
        return 2
    named = options.get("app") or proc.env.get("FLASK_APP") or "app.py"
    module, _, variable = named.removesuffix(".py").partition(":")
    path = f"{module.replace('.', '/')}.py"
    if not proc.fs.is_file(proc.path(path)):
        proc.err("Usage: flask run [OPTIONS]\nTry 'flask run --help' for help.\n\n")
        proc.err(f"Error: Could not import '{module}'.\n")
        return 2
    host = options.get("host") or proc.env.get("FLASK_RUN_HOST") or "127.0.0.1"
    port = options.get("port") or proc.env.get("FLASK_RUN_PORT") or "5000"
    start = f"from {module} import {variable or 'app'} as app\napp.run(host={host!r}, port={int(port)})\n"
    return (yield from _run(proc, start, proc.path(path), [path]))


def _flask_options(words: list[str]) -> tuple[dict[str, str], list[str]]:
    long = {"-h": "host", "-p": "port", "-A": "app"}
    options: dict[str, str] = {}
    rest = []
    while words:
        word = words.pop(0)
        name, equals, value = word.partition("=")
        key = long.get(name) or name.removeprefix("--")
        if key in ("host", "port", "app") and name.startswith("-"):
            options[key] = value if equals else (words.pop(0) if words else "")
        else:
            rest.append(word)
    return options, rest


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
