"""subprocess and shutil: other programs of the container, and its files."""

from __future__ import annotations

import errno
import shlex
from collections.abc import Sequence
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Buffer, Feed, Null, Process, ProgramError
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.objects import Given
from dockerlab.runtime.python.trampoline import Evaluator

PIPE, STDOUT, DEVNULL = -1, -2, -3


class Completed(Given):
    """subprocess.CompletedProcess."""

    exposed = frozenset("args returncode stdout stderr check_returncode".split())
    type_name = "CompletedProcess"

    def __init__(self, args: Any, returncode: int, stdout: Any, stderr: Any) -> None:
        self.args, self.returncode, self.stdout, self.stderr = args, returncode, stdout, stderr

    def __repr__(self) -> str:
        texts = "".join(f", {name}={value!r}" for name, value in self._outputs() if value is not None)
        return f"CompletedProcess(args={self.args!r}, returncode={self.returncode}{texts})"

    def _outputs(self) -> list[tuple[str, Any]]:
        return [("stdout", self.stdout), ("stderr", self.stderr)]

    def check_returncode(self) -> None:
        """CalledProcessError for a code that isn't 0."""
        if self.returncode:
            raise CalledProcessError(self.returncode, self.args)


class CalledProcessError(Exception):
    """subprocess.CalledProcessError."""

    script_name = "subprocess.CalledProcessError"

    def __str__(self) -> str:
        code, words = self.args
        if 128 < code < 160:
            return f"Command '{words}' died with signal {code - 128}."
        return f"Command '{words}' returned non-zero exit status {code}."


def run(interpreter: Any, args: Any, *, check: bool = False, capture_output: bool = False, **how: Any) -> Evaluator:
    """subprocess.run()."""
    proc: Process = interpreter.proc
    interpreter.stdout.flush()
    out = Buffer() if capture_output or how.get("stdout") == PIPE else None
    both = how.get("stderr") == STDOUT
    err = out if both else Buffer() if capture_output or how.get("stderr") == PIPE else None
    text = how.get("text") or how.get("universal_newlines") or how.get("encoding")
    given = how.get("input")
    streams: dict[str, Any] = {
        "stdout": Null() if how.get("stdout") == DEVNULL else out,
        "stderr": Null() if how.get("stderr") == DEVNULL else err,
        "stdin": Feed(given) if given is not None else None,
    }
    code = yield from started(proc, words_of(args, shell=bool(how.get("shell"))), how, streams)

    def output(buffer: Buffer | None) -> Any:
        return None if buffer is None else buffer.text if text else buffer.value

    if check and code:
        raise CalledProcessError(code, args)
    return Completed(args, code, output(out), None if both else output(err))


def words_of(args: Any, *, shell: bool) -> list[str]:
    """What is run for `args`."""
    if shell:
        return ["/bin/sh", "-c", args if isinstance(args, str) else " ".join(map(str, args))]
    return [str(args)] if isinstance(args, str) else [str(word) for word in args]


def started(proc: Process, words: Sequence[str], how: Any, streams: dict[str, Any]) -> Evaluator:
    """Start a program and wait for it; OSError where there is none."""
    env = dict(how["env"]) if how.get("env") is not None else None
    cwd = proc.path(str(how["cwd"])) if how.get("cwd") else None
    try:
        child = proc.spawn(words, env=env, cwd=cwd, **streams)
    except ProgramError as error:
        number = errno.EACCES if error.code == 126 else errno.ENOENT
        raise OSError(
            number, "Permission denied" if error.code == 126 else "No such file or directory", words[0]
        ) from None
    except FileSystemError as error:
        raise OSError(error.errno, error.strerror) from None
    return (yield from proc.wait(child))


def _check_output(interpreter: Any, args: Any, **how: Any) -> Evaluator:
    done = yield run(interpreter, args, check=True, stdout=PIPE, **how)
    return done.stdout


def _call(interpreter: Any, args: Any, **how: Any) -> Evaluator:
    return (yield run(interpreter, args, **how)).returncode


def _check_call(interpreter: Any, args: Any, **how: Any) -> Evaluator:
    return (yield run(interpreter, args, check=True, **how)).returncode


def _getoutput(interpreter: Any, line: str) -> Evaluator:
    done = yield run(interpreter, line, shell=True, stdout=PIPE, stderr=STDOUT, text=True)
    return done.stdout.removesuffix("\n")


def _subprocess(interpreter: Any) -> dict[str, Any]:
    functions = {
        "call": _call, "check_call": _check_call, "check_output": _check_output, "getoutput": _getoutput, "run": run,
    }  # fmt: skip
    constants = {"PIPE": PIPE, "STDOUT": STDOUT, "DEVNULL": DEVNULL, "CalledProcessError": CalledProcessError}
    return {**constants, **natives(functions)}


# shutil.


def _which(interpreter: Any, name: str) -> str | None:
    proc: Process = interpreter.proc
    try:
        return proc.machine.find([name], env=proc.env, cwd=proc.cwd, user=proc).path
    except (ProgramError, FileSystemError):
        return None


def _copy(interpreter: Any, source: Any, target: Any) -> str:
    fs, path = interpreter.proc.fs, interpreter.proc.path
    end = str(target)
    if fs.is_dir(path(end)):
        end = f"{end.rstrip('/')}/{str(source).rpartition('/')[2]}"
    fs.write(path(end), fs.content(path(str(source))), mode=fs.stat(path(str(source))).mode)
    return end


def _remove_tree(interpreter: Any, folder: Any, ignore_errors: bool = False) -> None:
    try:
        interpreter.proc.fs.remove_tree(interpreter.proc.path(str(folder)))
    except FileSystemError:
        if not ignore_errors:
            raise


def _shutil(interpreter: Any) -> dict[str, Any]:
    def move(_: Any, source: Any, target: Any) -> str:
        interpreter.proc.fs.rename(interpreter.proc.path(str(source)), interpreter.proc.path(str(target)))
        return str(target)

    functions = {
        "copy": _copy,
        "copy2": _copy,
        "copyfile": _copy,
        "move": move,
        "rmtree": _remove_tree,
        "which": _which,
    }
    return natives(functions)


def _shlex(interpreter: Any) -> dict[str, Any]:
    return natives({"quote": lambda _, text: shlex.quote(text), "split": lambda _, text: shlex.split(text)})


MODULES = {"subprocess": _subprocess, "shutil": _shutil, "shlex": _shlex}
