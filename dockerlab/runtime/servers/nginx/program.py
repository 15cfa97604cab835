"""nginx's command line: test the configuration, send a signal, become a server (nginx.org, "nginx switches")."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, replace

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.accounts import find_user
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import Waiting, program
from dockerlab.runtime.servers.nginx.build import Build, build_of
from dockerlab.runtime.servers.nginx.config import Config, build, check_events
from dockerlab.runtime.servers.nginx.directives import check
from dockerlab.runtime.servers.nginx.logs import write_error
from dockerlab.runtime.servers.nginx.master import Master, Shared, bind, emerg, open_logs, pid_path
from dockerlab.runtime.servers.nginx.syntax import ConfigError, Files
from dockerlab.runtime.signals import SIGHUP, SIGQUIT, SIGTERM, SIGUSR1
from dockerlab.runtime.streams import Null

HELP = """\
Usage: nginx [-?hvVtTq] [-s signal] [-p prefix]
             [-e filename] [-c filename] [-g directives]

Options:
  -?,-h         : this help
  -v            : show version and exit
  -V            : show version and configure options then exit
  -t            : test configuration and exit
  -T            : test configuration, dump it and exit
  -q            : suppress non-error messages during configuration testing
  -s signal     : send signal to a master process: stop, quit, reopen, reload
  -p prefix     : set prefix path (default: {0}/)
  -e filename   : set error log file (default: {1})
  -c filename   : set configuration file (default: {2})
  -g directives : set global directives out of configuration file

"""
SIGNALS = {"stop": SIGTERM, "quit": SIGQUIT, "reopen": SIGUSR1, "reload": SIGHUP}
_WANTS = {"s": "parameter", "p": "directory name", "e": "file name", "c": "file name", "g": "parameter"}


class OptionFault(Exception):  # a control flow: the words make no sense
    """A wrong option."""


@dataclass(frozen=True)
class Options:
    """The command line."""

    letters: frozenset[str]
    values: dict[str, str]

    @classmethod
    def parse(cls, words: list[str]) -> Options:
        """Letters may stand together; the value of the last one sticks to it or follows."""
        letters: set[str] = set()
        values: dict[str, str] = {}
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if not word.startswith("-"):
                raise OptionFault(f'invalid option: "{word}"')
            for at, letter in enumerate(word[1:], start=1):
                if letter in _WANTS:
                    value = word[at + 1 :] or (rest.pop(0) if rest else "")
                    if not value:
                        raise OptionFault(f'option "-{letter}" requires {_WANTS[letter]}')
                    values[letter] = value
                    break
                if letter not in "?hvVtTq":
                    raise OptionFault(f'invalid option: "{letter}"')
                letters.add(letter)
        if values.get("s", "stop") not in SIGNALS:
            raise OptionFault(f'invalid option: "-s {values["s"]}"')
        return cls(frozenset(letters), values)


@program("nginx", "nginx-debug", raw=True)
def nginx(proc: Process, args: Arguments) -> Waiting:
    """Serve, or do what the options say."""
    own = build_of(proc)
    try:
        options = Options.parse(args.operands)
    except OptionFault as fault:
        proc.err(f"nginx: {fault}\n")
        return 1
    if options.letters & set("?hvV"):
        proc.err(f"nginx version: {own.name}\n")
        proc.err(own.describe() if "V" in options.letters else "")
        proc.err(HELP.format(own.prefix, own.error_log, own.conf) if options.letters & set("?h") else "")
        return 0
    own = replace(own, prefix=options.values.get("p", own.prefix).rstrip("/") or "/")
    own = replace(own, error_log=options.values.get("e", own.error_log))
    path = posixpath.join(own.prefix, options.values.get("c", own.conf))
    if options.letters & set("tT"):
        return _test(proc, own, options, path)
    return (yield from _serve(proc, own, options, path))


def read_config(proc: Process, own: Build, options: Options, path: str) -> Config:
    """The configuration with what `-g` adds; raises ConfigError."""
    files = Files(proc.fs, check)
    given = files.given(options.values["g"]) if "g" in options.values else ()
    directives = files.read(path, given)
    config = build(proc.machine, (*given, *directives), files.sources)
    if proc.uid and (user := config.main.find("user")) is not None:
        words = 'the "user" directive makes sense only if the master process runs with super-user privileges, ignored'
        config.warnings.insert(0, f"{words} in {user.file}:{user.line}")
    return config


def _test(proc: Process, own: Build, options: Options, path: str) -> int:
    try:
        config = read_config(proc, own, options, path)
        for warning in config.warnings:
            _tell(proc, own, "warn", warning)
        if "q" not in options.letters:
            proc.err(f"nginx: the configuration file {path} syntax is ok\n")
        check_events(config)
        _prepare(proc, own, config)
    except ConfigError as error:
        _tell(proc, own, "emerg", str(error))
        proc.err(f"nginx: configuration file {path} test failed\n")
        return 1
    if "q" not in options.letters:
        proc.err(f"nginx: configuration file {path} test is successful\n")
    if "T" in options.letters:
        for name, text in config.sources.items():
            proc.out(f"# configuration file {name}:\n{text}\n")
    return 0


def _tell(proc: Process, own: Build, level: str, text: str) -> None:
    """Trouble while the configuration is read: for the terminal, and for the log that nginx was built with."""
    write_error(proc, None, level, text, default=own.error_log)
    if own.error_log != "stderr":
        proc.err(f"nginx: [{level}] {text}\n")


def _prepare(proc: Process, own: Build, config: Config) -> None:
    """Folders and logs that a server needs; raises ConfigError."""
    user = find_user(proc.fs, config.main.value("user", "nobody"))
    for folder in own.temporary:
        if not proc.fs.exists(folder):
            _make_folder(proc, folder, user.uid if user and proc.uid == 0 else proc.uid)
    open_logs(proc, own, config)


def _make_folder(proc: Process, folder: str, uid: int) -> None:
    try:
        if proc.uid == 0 and not proc.fs.exists(posixpath.dirname(folder)):
            proc.fs.mkdir(posixpath.dirname(folder), parents=True)
        above = proc.fs.stat(posixpath.dirname(folder))
        if proc.uid and above.uid != proc.uid and not above.mode & 0o002:
            raise FileSystemError(13)
        proc.fs.mkdir(folder, 0o700, uid=uid, gid=0 if proc.uid == 0 else proc.gid)
    except FileSystemError as error:
        raise ConfigError(f'mkdir() "{folder}" failed ({error.errno}: {error.strerror})') from None


def _serve(proc: Process, own: Build, options: Options, path: str) -> Waiting:
    try:
        config = read_config(proc, own, options, path)
        shared = Shared(own, config)
        if "s" in options.values:
            return _signal(proc, shared, options.values["s"])
        for warning in config.warnings:
            _tell(proc, own, "warn", warning)
        check_events(config)
        _prepare(proc, own, config)
    except ConfigError as error:
        _tell(proc, own, "emerg", str(error))
        return 1
    if not (yield from bind(proc, shared)):
        return 1
    reread = lambda: read_config(proc, own, options, path)  # noqa: E731
    return (yield from _become(proc, shared, reread))


def _become(proc: Process, shared: Shared, reread: Callable[[], Config]) -> Waiting:
    """Be the master, in the foreground or as a process of its own."""
    title = f"nginx: master process {' '.join(proc.argv)}"
    if not shared.config.main.is_on("daemon", True):
        proc.argv = [title]
        return (yield from _master(proc, shared, reread))
    silent = Null()
    child = proc.fork(
        lambda each: _master(each, shared, reread), fds={0: silent, 1: silent, 2: proc.fds.get(2, silent)}
    )
    child.argv = [title]
    child.pgid = child.pid
    return 0


def _master(proc: Process, shared: Shared, reread: Callable[[], Config]) -> Waiting:
    for listener in shared.listeners.values():
        listener.pid = proc.pid
    path = pid_path(shared)
    try:
        proc.open(path, "w").write(f"{proc.pid}\n".encode())
    except FileSystemError as error:
        emerg(proc, shared, f'open() "{path}" failed ({error.errno}: {error.strerror})')
        return 1
    return (yield from Master(proc, shared, reread).run())


def _signal(proc: Process, shared: Shared, name: str) -> int:
    """`-s`: tell the master whose number stands in the pid file."""
    path = pid_path(shared)
    write_error(proc, shared.config, "notice", "signal process started", default=shared.build.error_log)
    try:
        text = proc.fs.read(path).decode("ascii", "replace").strip()
    except FileSystemError as error:
        emerg(proc, shared, f'open() "{path}" failed ({error.errno}: {error.strerror})', "error")
        return 1
    if not text.isdigit():
        emerg(proc, shared, f'invalid PID number "{text}" in "{path}"', "error")
        return 1
    master = proc.machine.processes.get(int(text))
    if master is None or master.exit_code is not None:
        emerg(proc, shared, f"kill({text}, {SIGNALS[name]}) failed (3: No such process)", "alert")
        return 1
    master.kill(SIGNALS[name], proc)
    return 0
