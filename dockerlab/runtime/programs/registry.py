"""The table of programs: how a Python function becomes a program that a container can run.

A program is found by name. Its module is imported when the name is first asked for, so that a lab which only
ever runs `echo` never loads the rest. `@program` reads the options as getopt(3) would, turns file errors into the
program's own words, and lets the function be a plain one (returns the exit code) or a generator (waits).
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Generator, Iterator, Mapping
from types import GeneratorType
from typing import Any, TypeAlias

from dockerlab.errors import FileSystemError
from dockerlab.events import Wait
from dockerlab.runtime.process import Process, Program
from dockerlab.runtime.programs.messages import ProgramFailure, UsageFailure, complain, name_of
from dockerlab.runtime.programs.options import Arguments, NumberError, OptionError, Options, parse_arguments

Waiting: TypeAlias = Generator[Wait, Any, int]
Body: TypeAlias = Callable[[Process, Arguments], "int | Waiting"]

HOME = "dockerlab.runtime.programs"

GROUPS: dict[str, str] = {
    "ls": "ls dir",
    "copying": "cp mv install",
    "removing": "rm rmdir unlink",
    "making": "mkdir touch ln mktemp truncate mkfifo mknod",
    "attributes": "chmod chown chgrp",
    "status": "stat readlink realpath",
    "space": "du sync",
    "dd": "dd",
    "show": "cat head tac tee nl rev",
    "tail": "tail",
    "columns": "cut paste fold tr expand column",
    "counting": "wc split",
    "sorting": "sort uniq comm shuf join",
    "disk_free": "df",
    "dump": "od xxd hexdump hd strings",
    "grep": "grep egrep fgrep",
    "find": "find",
    "xargs": "xargs",
    "sed": "sed",
    "awk": "awk mawk gawk",
    "compare": "cmp diff",
    "digests": "md5sum sha1sum sha256sum sha512sum base64 cksum",
    "tar": "tar",
    "compress": "gzip gunzip zcat bzip2 bunzip2 bzcat xz unxz xzcat",
    "identity": "id whoami groups su su-exec gosu",
    "users": "adduser useradd deluser userdel addgroup groupadd delgroup groupdel passwd chpasswd usermod getent",
    "machine": "hostname dnsdomainname uname arch date nproc free uptime lsb_release tty",
    "kernel": "mount umount chroot sysctl dmesg",
    "init": "docker-init",
    "envsubst": "envsubst",
    "zipping": "zip unzip",
    "environment": "env printenv pwd which nice nohup timeout setsid",
    "processes": "sleep ps kill killall pkill pidof pgrep top",
    "values": "true false : yes seq echo basename dirname",
    "numbers": "expr test [ [[ factor",
    "printf": "printf",
    "hello": "hello",
    "curl": "curl",
    "wget": "wget",
    "network": "ping ping6 nslookup dig host nc netcat ncat",
    "interfaces": "ip ifconfig netstat ss route",
    "advice": "vi vim nano sudo clear reset man less more systemctl",
}
"""Module → the names of the programs in it; the shell and what builds on packages are added by their owners."""

ELSEWHERE: dict[str, str] = {
    "dockerlab.runtime.tools": "jq",
    "dockerlab.runtime.git.command": "git",
    "dockerlab.runtime.packages.apt": "apt apt-get apt-cache apt-mark",
    "dockerlab.runtime.packages.dpkg": "dpkg dpkg-query",
    "dockerlab.runtime.packages.apk": "apk",
    "dockerlab.runtime.packages.python": "python python3 python3.10 python3.11 python3.12 python3.13 "
    "python3.14 pip pip3 flask",
    "dockerlab.runtime.packages.npm": "npm",
    "dockerlab.runtime.languages.programs": "node nodejs java javac jshell jar go gofmt rustc cargo rustup ruby irb "
    "gem bundle rake perl make gcc cc g++ yarn npx corepack",
    "dockerlab.runtime.servers.nginx.program": "nginx nginx-debug",
    "dockerlab.runtime.servers.apache.program": "httpd apache2 apachectl apache2ctl",
    "dockerlab.runtime.servers.php.program": "php",
    "dockerlab.runtime.servers.apache.htpasswd": "htpasswd",
    "dockerlab.runtime.servers.ssh": "sshd ssh scp ssh-keygen",
    "dockerlab.runtime.servers.services": "service cron crond",
    "dockerlab.runtime.servers.redis.server": "redis-server",
    "dockerlab.runtime.servers.redis.cli": "redis-cli",
    "dockerlab.runtime.servers.postgres.server": "postgres postmaster",
    "dockerlab.runtime.servers.postgres.psql": "psql",
    "dockerlab.runtime.servers.postgres.tools": "initdb pg_ctl pg_isready pg_dump createdb dropdb createuser dropuser",
    "dockerlab.runtime.servers.mysql.server": "mysqld mariadbd mariadb-install-db mysql_install_db",
    "dockerlab.runtime.servers.mysql.client": "mysql mariadb",
    "dockerlab.runtime.servers.mysql.admin": "mysqladmin mariadb-admin mysqldump mariadb-dump",
    "dockerlab.runtime.servers.mongo.server": "mongod",
    "dockerlab.runtime.servers.mongo.mongosh": "mongosh mongo",
    "dockerlab.runtime.packages.stubs": "gpg sqlite3 openssl rsync "
    "supervisord update-ca-certificates locale-gen add-apt-repository file tree",
}
"""Programs outside this folder, by the full name of their module."""

SHELLS: dict[str, str] = dict.fromkeys(("sh", "ash", "dash", "bash"), "dockerlab.runtime.shell.main")
"""The shell is one function under several names; its dialect follows the name."""

ONE_MEANS_NO = {"grep", "egrep", "fgrep", "diff", "cmp", "sort"}
"""Programs whose exit code 1 is an answer, so that trouble is 2."""

_found: dict[str, Program] = {}


def program(
    name: str, *more: str, options: str = "", long: str = "", usage: str = "", usage_code: int = 1, raw: bool = False
) -> Callable[[Body], Program]:
    """Register a function as the program `name` (and under more names).

    `options` is getopt's string ('al:' = -a and -l VALUE; 'i::' = an optional value; a leading '+' stops at the first
    operand); `long` pairs long names with short ones ('all=a lines=n'); `raw` hands the words over unread.
    """
    known = None if raw else Options.of(options, long)

    def register(body: Body) -> Program:
        @functools.wraps(body)
        def run(proc: Process) -> int | Waiting:
            return _run(proc, body, known, usage, usage_code)

        for each in (name, *more):
            _found[each] = run
        return run

    return register


def _run(proc: Process, body: Body, known: Options | None, usage: str, usage_code: int) -> int | Waiting:
    words = proc.argv[1:]
    try:
        if words[:1] == ["--help"] and known is not None:
            return UsageFailure(usage=usage).print_help(proc)
        arguments = Arguments(operands=list(words)) if known is None else parse_arguments(words, known)
        result = body(proc, arguments)
    except OptionError as error:
        return _report(proc, UsageFailure(str(error)), usage, usage_code)
    except (ProgramFailure, FileSystemError, NumberError) as error:
        return _report(proc, error, usage, usage_code)
    return _guard(proc, result, usage, usage_code) if isinstance(result, GeneratorType) else result


def _guard(proc: Process, waiting: Waiting, usage: str, usage_code: int) -> Waiting:
    """The same care for a program that waits."""
    try:
        return (yield from waiting)
    except (ProgramFailure, FileSystemError, NumberError) as error:
        return _report(proc, error, usage, usage_code)


def _report(proc: Process, error: ProgramFailure | FileSystemError | NumberError, usage: str, usage_code: int) -> int:
    if isinstance(error, NumberError):
        return complain(proc, str(error))
    if isinstance(error, FileSystemError):
        return complain(proc, f"{error.path}: {error.strerror}" if error.path else error.strerror)
    if isinstance(error, UsageFailure):
        error.usage = error.usage or usage
        error.code = error.code or usage_code
        # Busybox has 1 for wrong words, but where POSIX gives 1 another meaning.
        error.busybox_code = 2 if name_of(proc) in ONE_MEANS_NO else 1
    return error.report(proc)


class Programs(Mapping[str, Program]):
    """All programs by name, and those that a machine has of its own; looking one up imports its module."""

    def __init__(self, own: Mapping[str, Program] | None = None) -> None:
        self._own = dict(own or {})
        self._homes = {
            name: module
            for modules in ({f"{HOME}.{group}": names for group, names in GROUPS.items()}, ELSEWHERE)
            for module, names in modules.items()
            for name in names.split()
        } | SHELLS

    def __or__(self, own: Mapping[str, Program]) -> Programs:
        return Programs({**self._own, **own})

    def __getitem__(self, name: str) -> Program:
        if name in self._own:
            return self._own[name]
        if name not in _found:
            module = importlib.import_module(self._homes[name])
            if name in SHELLS:
                _found[name] = module.main
        return _found[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._homes, **self._own})

    def __len__(self) -> int:
        return len({**self._homes, **self._own})

    def __contains__(self, name: object) -> bool:
        return name in self._homes or name in self._own

    def home(self, name: str) -> str:
        """The module that holds a program."""
        return self._homes[name]


PROGRAMS = Programs()
