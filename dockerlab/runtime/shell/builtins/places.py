"""Builtins about where a process works, and with which mask: cd, pwd, pushd, popd, dirs, umask."""

from __future__ import annotations

import errno
import posixpath
import re

from dockerlab.errors import FileSystemError
from dockerlab.runtime.permissions import may
from dockerlab.runtime.shell.builtins.registry import builtin
from dockerlab.runtime.shell.state import Shell

_SEARCH = 1


def change_folder(shell: Shell, folder: str, physical: bool = False) -> None:
    """Make a folder the working directory, and keep PWD and OLDPWD; raises FileSystemError."""
    proc = shell.proc
    full = posixpath.normpath(proc.path(folder))
    full = "/" + full.lstrip("/")
    target = proc.path(folder) if physical else full
    status = proc.fs.stat(target)
    if status.kind != "d":
        raise FileSystemError(errno.ENOTDIR, folder)
    if not may(proc, status, _SEARCH):
        raise FileSystemError(errno.EACCES, folder)
    shell.variables.set("OLDPWD", shell.variables.get("PWD") or proc.cwd, export=True)
    proc.cwd = proc.fs.realpath(target) if physical else full
    shell.variables.set("PWD", proc.cwd, export=True)


@builtin("cd")
@builtin("chdir")
def _cd(shell: Shell, words: list[str]) -> int:
    arguments = [word for word in words[1:] if word not in ("-L", "-P", "--", "-e")]
    physical = "-P" in words[1:]
    if len(arguments) > 1 and shell.dialect.name == "bash":
        shell.message("too many arguments", builtin="cd")
        return 1
    folder = arguments[0] if arguments else shell.variables.get("HOME")
    if folder is None:
        if shell.dialect.name == "bash":
            shell.complain("home", builtin="cd")
            return 1
        return 0
    shown = folder == "-"
    if shown:
        folder = shell.variables.get("OLDPWD") or ""
        if not folder and shell.dialect.name == "bash":
            shell.message("OLDPWD not set", builtin="cd")
            return 1
    return _go(shell, folder, physical, shown)


def _go(shell: Shell, folder: str, physical: bool, shown: bool) -> int:
    for base in _bases(shell, folder):
        try:
            change_folder(shell, posixpath.join(base, folder) if base else folder or ".", physical)
        except FileSystemError as error:
            problem = error
            continue
        if shown or base not in ("", "."):
            shell.proc.out(f"{shell.proc.cwd}\n")
        return 0
    shell.complain("cd", folder, problem.strerror, builtin="cd")
    return 1 if shell.dialect.name == "bash" else 2


def _bases(shell: Shell, folder: str) -> list[str]:
    """Where to look: CDPATH for names that begin with no dot or slash (XCU cd)."""
    path = shell.variables.get("CDPATH")
    if not path or re.match(r"/|\.\.?(/|$)", folder):
        return [""]
    return [*path.split(":"), ""]


@builtin("pwd")
def _pwd(shell: Shell, words: list[str]) -> int:
    cwd = shell.proc.cwd
    shell.proc.out(f"{shell.proc.fs.realpath(cwd) if '-P' in words[1:] else cwd}\n")
    return 0


@builtin("pushd", feature="pushd")
@builtin("popd", feature="pushd")
def _stack(shell: Shell, words: list[str]) -> int:
    before = shell.proc.cwd
    if words[0] == "popd" or not words[1:]:
        if not shell.folders:
            shell.message("directory stack empty" if words[0] == "popd" else "no other directory", builtin=words[0])
            return 1
        target = shell.folders.pop(0)
    else:
        target = words[1]
    try:
        change_folder(shell, target)
    except FileSystemError as error:
        shell.message(f"{target}: {error.strerror}", builtin=words[0])
        return 1
    if words[0] == "pushd":
        shell.folders.insert(0, before)
    _print_folders(shell)
    return 0


@builtin("dirs", feature="pushd")
def _dirs(shell: Shell, words: list[str]) -> int:
    _print_folders(shell)
    return 0


def _print_folders(shell: Shell) -> None:
    home = shell.variables.get("HOME") or ""
    shown = (_short(folder, home) for folder in (shell.proc.cwd, *shell.folders))
    shell.proc.out(" ".join(shown) + "\n")


def _short(folder: str, home: str) -> str:
    if home not in ("", "/") and (folder == home or folder.startswith(f"{home}/")):
        return f"~{folder[len(home) :]}"
    return folder


@builtin("umask")
def _umask(shell: Shell, words: list[str]) -> int:
    arguments = [word for word in words[1:] if word not in ("-S", "-p")]
    if not arguments:
        shell.proc.out(f"{_symbolic(shell.proc.umask) if '-S' in words[1:] else f'{shell.proc.umask:04o}'}\n")
        return 0
    text = arguments[0]
    mask = int(text, 8) if re.fullmatch("[0-7]{1,4}", text) else _parse_symbolic(text, shell.proc.umask)
    if mask is None:
        shell.complain("mask", text, builtin="umask")
        return 1 if shell.dialect.name == "bash" else 2
    shell.proc.umask = mask & 0o777
    return 0


def _symbolic(mask: int) -> str:
    parts = []
    for who, shift in (("u", 6), ("g", 3), ("o", 0)):
        bits = ~mask >> shift & 7
        parts.append(f"{who}=" + "".join(letter for letter, bit in (("r", 4), ("w", 2), ("x", 1)) if bits & bit))
    return ",".join(parts)


def _parse_symbolic(text: str, mask: int) -> int | None:
    """A mask as chmod writes modes: 'u=rwx,g-w'."""
    allowed = ~mask & 0o777
    for clause in text.split(","):
        match = re.fullmatch(r"([ugoa]*)([-+=])([rwx]*)", clause)
        if not match:
            return None
        bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in set(match[3]))
        for who in match[1].replace("a", "ugo") or "ugo":
            shift = {"u": 6, "g": 3, "o": 0}[who]
            if match[2] == "=":
                allowed &= ~(7 << shift)
            allowed = allowed & ~(bits << shift) if match[2] == "-" else allowed | bits << shift
    return ~allowed & 0o777
