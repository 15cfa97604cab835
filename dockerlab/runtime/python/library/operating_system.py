"""os and os.path: the process, its environment, and the files of the container."""

from __future__ import annotations

import errno
import posixpath
from collections.abc import Callable, Mapping
from typing import Any

from dockerlab.errors import FileSystemError
from dockerlab.fs.stat import Stat
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import users
from dockerlab.runtime.python.objects import Given, Module, Native
from dockerlab.runtime.python.trampoline import Evaluator


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
        "uname": lambda _: _uname(proc),
        "urandom": lambda _, size: bytes(interpreter.chance.randrange(256) for _ in range(min(size, 1 << 20))),
        "getlogin": lambda _: user_name(proc),
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


def user_name(proc: Process) -> str:
    """Who runs the process."""
    return next((user.name for user in users(proc.fs) if user.uid == proc.uid), str(proc.uid))


def _path_module(interpreter: Any) -> Any:
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
        "islink": lambda _, path: _is_link(proc, str(path)),
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


MODULES = {"os": _os_names, "os.path": _path_names}
