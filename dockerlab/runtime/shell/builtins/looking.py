"""Builtins that look names up: type, alias, unalias, hash."""

from __future__ import annotations

from dockerlab.runtime.executables import Finder
from dockerlab.runtime.process import DEFAULT_PATH, ProgramError
from dockerlab.runtime.shell.builtins.registry import builtin, find_builtin
from dockerlab.runtime.shell.parser import RESERVED
from dockerlab.runtime.shell.quoting import single
from dockerlab.runtime.shell.state import Shell

_BASH_WORDS = frozenset({"[[", "]]", "function", "select", "time", "coproc"})


def _is_keyword(shell: Shell, name: str) -> bool:
    return name in RESERVED or (name in _BASH_WORDS and shell.dialect.name == "bash")


def find_file(shell: Shell, name: str) -> str | None:
    """The file that a name would run, None where there is none."""
    proc = shell.proc
    path = shell.variables.get("PATH")
    finder = Finder(proc.fs, {}, proc)
    try:
        found = finder.locate(name, DEFAULT_PATH if path is None else path, proc.cwd)
    except ProgramError:
        return None
    return name if "/" in name else found


def locate(shell: Shell, name: str) -> str | None:
    """What `command -v` prints."""
    if name in shell.aliases:
        return f"alias {name}={single(shell.aliases[name])}"
    if _is_keyword(shell, name) or name in shell.functions or find_builtin(shell, name):
        return name
    return find_file(shell, name)


def describe(shell: Shell, names: list[str], command: str) -> int:
    """What `type` and `command -V` print; the status says whether all were found."""
    status = 0
    for name in names:
        text = _description(shell, name)
        if text:
            shell.proc.out(f"{name} {text}\n")
            continue
        status = 1 if shell.dialect.name == "bash" else 127
        if shell.dialect.name == "bash":
            shell.message(f"{name}: not found", builtin=command)
        else:
            shell.proc.out(f"{name}: not found\n")
    return status


def _description(shell: Shell, name: str) -> str | None:
    bash = shell.dialect.name == "bash"
    if name in shell.aliases:
        value = shell.aliases[name]
        return f"is aliased to `{value}'" if bash else f"is an alias for {value}"
    if _is_keyword(shell, name):
        return "is a shell keyword"
    if name in shell.functions:
        return "is a function" if bash else "is a shell function"
    found = find_builtin(shell, name)
    if found:
        return "is a special shell builtin" if found.special and not bash else "is a shell builtin"
    path = find_file(shell, name)
    return f"is {path}" if path else None


@builtin("type")
def _type(shell: Shell, words: list[str]) -> int:
    names = words[1:]
    if shell.dialect.name == "bash" and names[:1] == ["-t"]:
        return _kinds(shell, names[1:])
    if shell.dialect.name == "bash" and names[:1] in (["-p"], ["-P"]):
        found = [path for name in names[1:] if (path := find_file(shell, name))]
        shell.proc.out("".join(f"{path}\n" for path in found))
        return int(len(found) < len(names) - 1)
    return describe(shell, names, "type")


def _kinds(shell: Shell, names: list[str]) -> int:
    kinds = [_kind(shell, name) for name in names]
    shell.proc.out("".join(f"{kind}\n" for kind in kinds if kind))
    return int(not all(kinds))


def _kind(shell: Shell, name: str) -> str:
    if name in shell.aliases:
        return "alias"
    if _is_keyword(shell, name):
        return "keyword"
    if name in shell.functions:
        return "function"
    return "builtin" if find_builtin(shell, name) else "file" if find_file(shell, name) else ""


@builtin("alias")
def _alias(shell: Shell, words: list[str]) -> int:
    prefix = "alias " if shell.dialect.name == "bash" else ""
    status = 0
    for word in words[1:] or sorted(shell.aliases):
        name, equals, value = word.partition("=")
        if equals and name:
            shell.aliases[name] = value
        elif name in shell.aliases:
            shell.proc.out(f"{prefix}{name}={single(shell.aliases[name])}\n")
        else:
            status = _no_alias(shell, "alias", name)
    return status


@builtin("unalias")
def _unalias(shell: Shell, words: list[str]) -> int:
    if words[1:2] == ["-a"]:
        shell.aliases.clear()
        return 0
    status = 0
    for name in words[1:]:
        if shell.aliases.pop(name, None) is None:
            status = _no_alias(shell, "unalias", name)
    return status


def _no_alias(shell: Shell, command: str, name: str) -> int:
    if shell.dialect.name == "bash":
        shell.message(f"{name}: not found", builtin=command)
    else:
        shell.proc.err(f"{command}: {name} not found\n")
    return 1


@builtin("hash")
def _hash(shell: Shell, words: list[str]) -> int:
    missing = [name for name in words[1:] if not name.startswith("-") and not locate(shell, name)]
    for name in missing:
        shell.message(f"{name}: not found", builtin="hash")
    return int(bool(missing))
