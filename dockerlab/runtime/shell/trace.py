"""`set -x`: each command on standard error before it runs, as each shell writes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dockerlab.runtime.shell.quoting import trace_ash, trace_bash
from dockerlab.runtime.shell.state import Shell

_QUOTE: dict[str, Callable[[str], str]] = {"sh": str, "ash": trace_ash, "bash": trace_bash}


def trace(shell: Shell, text: str, *, only: str = "") -> None:
    """Print a line of the trace; `only` for one dialect."""
    if "xtrace" not in shell.options or (only and shell.dialect.name != only):
        return
    prefix = shell.variables.get("PS4")
    prefix = "+ " if prefix is None else prefix
    if shell.dialect.name == "bash" and prefix:
        prefix = prefix[0] * (shell.traced + 1) + prefix[1:]
    shell.proc.err(f"{prefix}{text}\n")


def trace_command(shell: Shell, assignments: Sequence[tuple[str, str]], words: Sequence[str]) -> None:
    """Print a simple command as it is about to run."""
    if "xtrace" not in shell.options:
        return
    quote = _QUOTE[shell.dialect.name]
    assigned = [f"{name}={quote(value) if value else ''}" for name, value in assignments]
    if shell.dialect.name == "bash":
        for text in assigned:
            trace(shell, text)
        assigned = []
    if assigned or words:
        trace(shell, " ".join([*assigned, *(quote(word) for word in words)]))
    if shell.dialect.name == "bash" and words and words[0] in ("export", "readonly"):
        for name, value in (word.split("=", 1) for word in words[1:] if "=" in word):
            trace(shell, f"{name}={quote(value)}")
