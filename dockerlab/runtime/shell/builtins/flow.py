"""Builtins that steer: true, break, return, exit, eval, exec, source, command (POSIX.1-2024 XCU 2.15)."""

from __future__ import annotations

from dockerlab.errors import FileSystemError
from dockerlab.runtime.executables import candidates
from dockerlab.runtime.process import ProgramError
from dockerlab.runtime.shell.builtins.looking import describe, locate
from dockerlab.runtime.shell.builtins.registry import builtin, find_builtin
from dockerlab.runtime.shell.errors import BreakLoop, ContinueLoop, Exit, Replaced, Return, ShellError
from dockerlab.runtime.shell.programs import become, find_program, handed_on, program_failure
from dockerlab.runtime.shell.scripts import read_script, run_text
from dockerlab.runtime.shell.state import Call, Shell, Steps


@builtin(":", special=True)
@builtin("true")
def _true(shell: Shell, words: list[str]) -> int:
    return 0


@builtin("false")
def _false(shell: Shell, words: list[str]) -> int:
    return 1


def _number(shell: Shell, words: list[str], default: int) -> int:
    """The optional numeric operand of break, return and exit."""
    if len(words) < 2:
        return default
    if not words[1].lstrip("-").isdigit() or (words[1].startswith("-") and shell.dialect.name != "bash"):
        error = ShellError("number", words[1], builtin=words[0])
        if shell.dialect.name == "bash" and words[0] in ("exit", "return"):
            shell.report(error)
            raise Exit(2) if words[0] == "exit" else Return(2)
        raise error
    return int(words[1])


@builtin("break", special=True)
@builtin("continue", special=True)
def _leave_loop(shell: Shell, words: list[str]) -> int:
    count = _number(shell, words, 1)
    if not shell.loops:
        if shell.dialect.name == "bash":
            shell.message("only meaningful in a `for', `while', or `until' loop", builtin=words[0])
        return 0
    raise (BreakLoop if words[0] == "break" else ContinueLoop)(min(count, shell.loops))


@builtin("return", special=True)
def _return(shell: Shell, words: list[str]) -> int:
    status = _number(shell, words, shell.status)
    if shell.dialect.name == "bash" and not shell.calls and not shell.sources:
        shell.message("can only `return' from a function or sourced script", builtin="return")
        return 2
    raise Return(status if shell.dialect.name == "sh" else status & 0xFF)


@builtin("exit", special=True)
def _exit(shell: Shell, words: list[str]) -> int:
    raise Exit(_number(shell, words, shell.status) & 0xFF)


@builtin("logout", feature="shopt")
def _logout(shell: Shell, words: list[str]) -> int:
    raise Exit(_number(shell, words, shell.status) & 0xFF)


@builtin("eval", special=True)
def _eval(shell: Shell, words: list[str]) -> Steps:
    before, shell.builtin = shell.builtin, "eval"
    try:
        status: int = yield Call(run_text(shell, " ".join(words[1:]), line=shell.line))
        return status
    finally:
        shell.builtin = before


@builtin(".", special=True)
@builtin("source", special=True, feature="source")
def _source(shell: Shell, words: list[str]) -> Steps:
    if len(words) < 2:
        shell.message("filename argument required", builtin=words[0])
        return 2
    try:
        text = read_script(shell, _sourced_path(shell, words[1]))
    except FileSystemError:
        key = "source" if "/" in words[1] else "source path"
        quiet = shell.dialect.name == "bash"
        raise ShellError(key, words[1], status=1 if quiet else 2, builtin="" if quiet else words[0]) from None
    return (yield from _run_sourced(shell, words, text))


def _run_sourced(shell: Shell, words: list[str], text: str) -> Steps:
    saved = shell.parameters, shell.builtin, shell.line, shell.name
    bash = shell.dialect.name == "bash"
    if words[2:]:
        shell.parameters = words[2:]
    shell.sources += 1
    if bash:
        shell.name = words[1]
    else:
        shell.builtin = words[1]
    try:
        status: int = yield Call(run_text(shell, text))
        return status
    except Return as jump:
        return jump.status
    finally:
        parameters, shell.builtin, shell.line, shell.name = saved
        shell.sources -= 1
        if words[2:]:
            shell.parameters = parameters


def _sourced_path(shell: Shell, name: str) -> str:
    """The file that `.` means: PATH is searched for a readable one, the working directory last (bash: too)."""
    if "/" in name:
        return name
    found = (path for path in candidates(name, shell.variables.get("PATH") or "", shell.proc.cwd))
    fallback = [name] if shell.dialect.name != "sh" else []
    readable = (path for path in (*found, *fallback) if shell.proc.fs.is_file(shell.proc.path(path)))
    return next(readable, f"/nonexistent/{name}")


@builtin("exec", special=True)
def _exec(shell: Shell, words: list[str]) -> Steps:
    arguments = words[1:]
    if arguments[:1] == ["--"]:
        arguments = arguments[1:]
    if not arguments:
        return 0
    env = handed_on(shell)
    try:
        found = find_program(shell, arguments, env)
    except ProgramError as error:
        code = program_failure(shell, error, builtin="exec")
        if shell.interactive:
            return code
        raise Exit(code) from None
    status = yield from become(shell, found, env)
    raise Replaced(status)


@builtin("command")
@builtin("builtin", feature="shopt")
def _command(shell: Shell, words: list[str]) -> Steps:
    arguments = words[1:]
    while arguments and arguments[0].startswith("-"):
        option, arguments = arguments[0], arguments[1:]
        if option not in ("-v", "-V", "-p", "--"):
            shell.complain("option", option, builtin=words[0])
            return 2
        if option == "-v":
            return _locations(shell, arguments)
        if option == "-V":
            return describe(shell, arguments[: None if shell.dialect.name == "bash" else 1], "command")
    if not arguments:
        return 0
    if words[0] == "builtin" and not find_builtin(shell, arguments[0]):
        shell.message(f"{arguments[0]}: not a shell builtin", builtin="builtin")
        return 1
    return (yield from shell.interpreter.run_words(shell, arguments))


def _locations(shell: Shell, names: list[str]) -> int:
    """`command -v`: dash and ash look at the first name only."""
    found = [locate(shell, name) for name in (names if shell.dialect.name == "bash" else names[:1])]
    shell.proc.out("".join(f"{text}\n" for text in found if text))
    return 0 if any(found) else 127 if shell.dialect.name != "bash" else 1
