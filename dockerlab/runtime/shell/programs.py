"""Starting programs for a shell: where they are, how a process becomes one, and why it can't."""

from __future__ import annotations

from collections.abc import Mapping
from types import GeneratorType

from dockerlab.runtime.process import DEFAULT_PATH, Executable, ProgramError
from dockerlab.runtime.shell.state import Shell, Steps


def find_program(shell: Shell, words: list[str], env: Mapping[str, str]) -> Executable:
    """The program that words start; raises ProgramError."""
    path = env.get("PATH", shell.variables.get("PATH"))
    search = {"PATH": DEFAULT_PATH if path is None else path}
    return shell.proc.machine.find(words, env=search, cwd=shell.proc.cwd, user=shell.proc)


def handed_on(shell: Shell, own: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment that a program of this shell gets; `own` are the variables that stand before its command."""
    return shell.dialect.export_order(shell.variables.environment(), own or {})


def become(shell: Shell, found: Executable, env: Mapping[str, str]) -> Steps:
    """Let the shell's process go on as another program (execve): same pid, same descriptors."""
    proc = shell.proc
    proc.argv, proc.program_path, proc.flavour = list(found.argv), found.path, found.flavour
    proc.env = dict(env)
    proc.handlers = {signum: handler for signum, handler in proc.handlers.items() if handler == "ignore"}
    result = found.program(proc)
    return (yield from result) if isinstance(result, GeneratorType) else int(result)  # type: ignore[arg-type]


_REASONS = {
    "not found": "not found",
    "No such file or directory": "no file",
    "Is a directory": "directory",
    "Permission denied": "denied",
    "Exec format error": "bad format",
}


def program_failure(shell: Shell, error: ProgramError, builtin: str = "") -> int:
    """Say why a program can't be started; returns 126 or 127."""
    if error.interpreter:
        shell.complain("interpreter", error.name, error.interpreter, builtin=builtin)
        return error.code
    if not error.name:
        builtin, error.reason = "", ""
    key = _REASONS.get(error.reason, "empty")
    shell.complain(builtin if builtin and key == "not found" else key, error.name, builtin=builtin)
    return error.code
