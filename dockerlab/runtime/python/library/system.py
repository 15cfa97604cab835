"""sys, os, os.path, platform, signal, atexit: the process and its machine."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.process import SIGNAL_NUMBERS, Process
from dockerlab.runtime.programs.accounts import users
from dockerlab.runtime.python.library import natives
from dockerlab.runtime.python.objects import Given, Native
from dockerlab.runtime.python.trampoline import Evaluator

_COMPILER = "GCC 12.2.0"


def _sys(interpreter: Any) -> dict[str, Any]:
    version = interpreter.version
    numbers = tuple(int(part) for part in version.split(".")[:3])

    def quit_by(_: Any, code: Any = None) -> None:
        raise SystemExit(code)

    return {
        "argv": interpreter.argv,
        "byteorder": "little",
        "executable": interpreter.proc.program_path,
        "exit": Native("exit", quit_by),
        "getrecursionlimit": Native("getrecursionlimit", lambda _: 1000),
        "maxsize": (1 << 63) - 1,
        "modules": interpreter.modules,
        "path": interpreter.path,
        "platform": "linux",
        "stderr": interpreter.stderr,
        "stdin": StandardInput(interpreter.proc),
        "stdout": interpreter.stdout,
        "version": f"{version} (main, Nov  4 2026, 09:00:00) [{_COMPILER}]",
        "version_info": VersionInfo(numbers),
    }


class VersionInfo(tuple[int, ...]):
    """sys.version_info: a row with names."""

    def __new__(cls, numbers: tuple[int, ...]) -> VersionInfo:
        return super().__new__(cls, (*numbers, "final", 0))  # type: ignore[arg-type]

    def __repr__(self) -> str:
        names = ("major", "minor", "micro", "releaselevel", "serial")
        facts = ", ".join(f"{name}={value!r}" for name, value in zip(names, self, strict=True))
        return f"sys.version_info({facts})"

    major = property(lambda self: self[0])
    minor = property(lambda self: self[1])
    micro = property(lambda self: self[2])


class StandardInput(Given):
    """sys.stdin."""

    exposed = frozenset("read readline readlines isatty fileno name".split())
    type_name = "_io.TextIOWrapper"
    name = "<stdin>"

    def __init__(self, proc: Process) -> None:
        self._proc = proc

    def readline(self) -> Evaluator:
        """The next line."""
        return (yield self._proc.readline()).decode("utf-8", "surrogateescape")

    def read(self) -> Evaluator:
        """All that is left."""
        return (yield self._proc.read_all()).decode("utf-8", "surrogateescape")

    def readlines(self) -> Evaluator:
        """All lines that are left."""
        return (yield self.read()).splitlines(keepends=True)

    def advance(self) -> Evaluator:
        """A line, for loops."""
        from dockerlab.runtime.python.iteration import END

        return (yield self.readline()) or END

    def isatty(self) -> bool:
        """Whether it is a terminal."""
        return self._proc.is_terminal(0)

    def fileno(self) -> int:
        """The descriptor."""
        return 0


# os.


class Environment(dict[str, str]):
    """os.environ: what is set here goes to child processes, too."""

    def __init__(self, env: dict[str, str]) -> None:
        super().__init__(env)
        self._env = env

    def __setitem__(self, name: str, value: str) -> None:
        if not isinstance(value, str):
            raise TypeError(f"str expected, not {type(value).__name__}")
        self._env[name] = value
        super().__setitem__(name, value)

    def __delitem__(self, name: str) -> None:
        super().__delitem__(name)
        self._env.pop(name, None)

    def __repr__(self) -> str:
        return f"environ({dict(self)!r})"


class FileStatus(Given):
    """os.stat_result."""

    exposed = frozenset("st_mode st_size st_uid st_gid st_mtime st_ino st_nlink".split())
    type_name = "os.stat_result"
    _KINDS: Mapping[str, int] = {"d": 0o040000, "f": 0o100000, "l": 0o120000}

    def __init__(self, stat: Stat) -> None:
        self.st_mode = self._KINDS.get(stat.kind, 0o020000) | stat.mode
        self.st_size, self.st_uid, self.st_gid = stat.size, stat.uid, stat.gid
        self.st_mtime, self.st_ino, self.st_nlink = stat.mtime / 1e9, stat.inode, stat.nlink


def _os_names(interpreter: Any) -> dict[str, Any]:
    proc: Process = interpreter.proc
    environment = Environment(proc.env)
    fs = proc.fs
    table: dict[str, Callable[..., Any]] = {
        "getenv": lambda _, name, default=None: environment.get(name, default),
        "getcwd": lambda _: proc.cwd,
        "chdir": lambda _, path: _chdir(proc, str(path)),
        "getpid": lambda _: proc.pid,
        "getppid": lambda _: proc.ppid,
        "getuid": lambda _: proc.uid,
        "geteuid": lambda _: proc.uid,
        "getgid": lambda _: proc.gid,
        "cpu_count": lambda _: proc.machine.facts.cpus,
        "listdir": lambda _, path=".": fs.listdir(proc.path(str(path))),
        "mkdir": lambda _, path, mode=0o777: fs.mkdir(proc.path(str(path)), mode & ~proc.umask),
        "makedirs": lambda _, path, mode=0o777, exist_ok=False: _makedirs(proc, str(path), exist_ok),
        "remove": lambda _, path: fs.unlink(proc.path(str(path))),
        "unlink": lambda _, path: fs.unlink(proc.path(str(path))),
        "rmdir": lambda _, path: fs.rmdir(proc.path(str(path))),
        "rename": lambda _, old, new: fs.rename(proc.path(str(old)), proc.path(str(new))),
        "replace": lambda _, old, new: fs.rename(proc.path(str(old)), proc.path(str(new))),
        "chmod": lambda _, path, mode: fs.chmod(proc.path(str(path)), mode),
        "symlink": lambda _, target, path: fs.symlink(str(target), proc.path(str(path))),
        "readlink": lambda _, path: fs.readlink(proc.path(str(path))),
        "stat": lambda _, path: FileStatus(fs.stat(proc.path(str(path)))),
        "walk": lambda _, top: _walk(proc, str(top)),
        "kill": lambda _, pid, number: _kill(proc, pid, number),
        "system": lambda _, line: _system(interpreter, line),
        "uname": lambda _: (
            ("Linux", proc.hostname, proc.machine.facts.kernel_release, proc.machine.facts.kernel_version, "x86_64")
        ),
        "urandom": lambda _, size: bytes(interpreter.chance.randrange(256) for _ in range(min(size, 1 << 20))),
        "getlogin": lambda _: _user(proc),
        "fspath": lambda _, path: str(path),
    }
    names = {name: Native(name, _with_os_errors(call)) for name, call in table.items()}
    return {
        **names,
        "environ": environment,
        "sep": "/",
        "linesep": "\n",
        "name": "posix",
        "path": _path_module(interpreter),
    }


def _uname(proc: Process) -> tuple[str, ...]:
    facts = proc.machine.facts
    return ("Linux", proc.hostname, facts.kernel_release, facts.kernel_version, facts.architecture)


def _with_os_errors(call: Callable[..., Any]) -> Callable[..., Any]:
    """Errors of the file system as CPython raises them; the path as the script wrote it."""

    def guarded(interpreter: Any, *given: Any, **named: Any) -> Any:
        try:
            return call(interpreter, *given, **named)
        except FileSystemError as error:
            raise OSError(error.errno, error.strerror, str(given[0]) if given else None) from None

    return guarded


def _chdir(proc: Process, path: str) -> None:
    full = proc.path(path)
    if proc.fs.stat(full).kind != "d":
        raise FileSystemError(errno.ENOTDIR, path)
    proc.cwd = full


def _makedirs(proc: Process, path: str, exist_ok: bool) -> None:
    if proc.fs.exists(proc.path(path)) and not exist_ok:
        raise FileSystemError(errno.EEXIST, path)
    proc.fs.mkdir(proc.path(path), parents=True)


def _walk(proc: Process, top: str) -> list[tuple[str, list[str], list[str]]]:
    if not proc.fs.is_dir(proc.path(top)):
        return []
    names = proc.fs.listdir(proc.path(top))
    folders = [name for name in names if proc.fs.is_dir(proc.path(f"{top}/{name}"))]
    rows = [(top, folders, [name for name in names if name not in folders])]
    for folder in folders:
        rows += _walk(proc, posixpath.join(top, folder))
    return rows


def _kill(proc: Process, pid: int, number: int) -> None:
    target = next((each for each in proc.machine.alive() if each.pid == pid), None)
    if target is None:
        raise ProcessLookupError(errno.ESRCH, "No such process")
    target.kill(number, proc)


def _system(interpreter: Any, line: str) -> Evaluator:
    interpreter.stdout.flush()
    code = yield interpreter.proc.run(["sh", "-c", line])
    return code << 8


def _user(proc: Process) -> str:
    return next((user.name for user in users(proc.fs) if user.uid == proc.uid), str(proc.uid))


def _path_module(interpreter: Any) -> Any:
    from dockerlab.runtime.python.objects import Module

    return interpreter.modules.setdefault("os.path", Module("posixpath", _path_names(interpreter), "simulated"))


def _path_names(interpreter: Any) -> dict[str, Any]:
    proc: Process = interpreter.proc
    fs = proc.fs
    pure = "basename commonprefix dirname isabs join normpath split splitext".split()
    table: dict[str, Callable[..., Any]] = {
        "abspath": lambda _, path: posixpath.normpath(proc.path(str(path))),
        "exists": lambda _, path: fs.exists(proc.path(str(path))),
        "expanduser": lambda _, path: str(path).replace("~", proc.env.get("HOME", "/"), 1),
        "getmtime": lambda _, path: fs.stat(proc.path(str(path))).mtime / 1e9,
        "getsize": lambda _, path: fs.stat(proc.path(str(path))).size,
        "isdir": lambda _, path: fs.is_dir(proc.path(str(path))),
        "isfile": lambda _, path: fs.is_file(proc.path(str(path))),
        "islink": lambda _, path: (
            (found := fs.find(proc.path(str(path)), follow=False)) is not None and found.kind == "l"
        ),
        "realpath": lambda _, path: fs.realpath(proc.path(str(path))),
        "relpath": lambda _, path, start=".": posixpath.relpath(proc.path(str(path)), proc.path(str(start))),
    }
    names = {name: Native(name, _with_os_errors(call)) for name, call in table.items()}
    for name in pure:
        function = getattr(posixpath, name)
        names[name] = Native(name, lambda _, *given, function=function: function(*(_path_text(each) for each in given)))
    return {**names, "sep": "/"}


def _path_text(value: Any) -> Any:
    return value if isinstance(value, str | list) else str(value)


def _is_link(proc: Process, path: str) -> bool:
    found = proc.fs.find(proc.path(path), follow=False)
    return found is not None and found.kind == "l"


# The rest.


def _platform(interpreter: Any) -> dict[str, Any]:
    proc: Process = interpreter.proc
    facts = proc.machine.facts
    library = "musl" if proc.flavour == "busybox" else "glibc2.36"
    return natives(
        {
            "machine": lambda _: "x86_64",
            "node": lambda _: proc.hostname,
            "platform": lambda _: f"Linux-{facts.kernel_release}-x86_64-with-{library}",
            "processor": lambda _: "",
            "python_implementation": lambda _: "CPython",
            "python_version": lambda _: interpreter.version,
            "release": lambda _: facts.kernel_release,
            "system": lambda _: "Linux",
            "version": lambda _: proc.machine.facts.kernel_version,
        },
    )


def _signal(interpreter: Any) -> dict[str, Any]:
    numbers = {f"SIG{name}": number for name, number in SIGNAL_NUMBERS.items()}
    special = {"SIG_DFL": 0, "SIG_IGN": 1}

    def handle(_: Any, number: int, handler: Any) -> Any:
        before = interpreter.handlers.get(number, 0)
        interpreter.handlers[number] = handler
        if handler == special["SIG_DFL"]:
            interpreter.proc.handlers.pop(number, None)
        else:
            interpreter.proc.handlers[number] = (
                "ignore" if handler == special["SIG_IGN"] else interpreter.signals.append
            )
        return before

    def pause(_: Any) -> Evaluator:
        handled = interpreter.handled
        yield interpreter.pause(lambda: bool(interpreter.handled > handled))

    return {**numbers, **special, **natives({"signal": handle, "pause": pause})}


def _atexit(interpreter: Any) -> dict[str, Any]:
    def register(_: Any, function: Any, *given: Any, **named: Any) -> Any:
        interpreter.at_exit.append((function, list(given), named))
        return function

    return natives({"register": register})


def _getpass(interpreter: Any) -> dict[str, Any]:
    return natives({"getuser": lambda _: _user(interpreter.proc)})


MODULES = {
    "sys": _sys,
    "os": _os_names,
    "os.path": _path_names,
    "platform": _platform,
    "signal": _signal,
    "atexit": _atexit,
    "getpass": _getpass,
}
