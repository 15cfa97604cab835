"""From a name to a program, as execve(2) and the search of PATH do it (POSIX.1-2024 XBD 8.3, XCU 2.9.1.4).

A name runs when PATH leads to an executable regular file of that name in the process's own file system. What the
file holds does not matter, except `#!` and for which processor it is: the program is the Python function that is
registered under the file's name. A link to busybox (symbolic or hard) is the applet that the link is named after.

The processor stands in an ELF header (elf(5), e_machine). Simulated images hold filler where programs would be, the
same for every platform; that is for the processor that the image is for.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias

from dockerlab.errors import DockerlabError, FileSystemError
from dockerlab.events import Wait

if TYPE_CHECKING:
    from dockerlab.fs.filesystem import FileSystem
    from dockerlab.fs.stat import Stat
    from dockerlab.runtime.program import Process

Program: TypeAlias = "Callable[[Process], int | Generator[Wait, Any, int]]"

DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
NOT_FOUND, NOT_EXECUTABLE = 127, 126
EXEC_FORMAT = "Exec format error"
_HEAD = 256
_DEEPEST_SCRIPT = 4
_ELF = b"\x7fELF"
_LAYOUTS = ((1, 1), (1, 2), (2, 1), (2, 2))
"""32 or 64 bits, little or big endian: what makes four letters a header."""
_OUR_MACHINES = (3, 62)
"""EM_386 and EM_X86_64, which the lab's processor executes."""


class ProgramError(DockerlabError):
    """A program that can't be started: `code` is 127 (not found) or 126, `reason` the kernel's or PATH's words.

    `file` is what was found and only execve(2) refused: a script whose first line asks for an `interpreter` in vain,
    a `text` without `#!`, which a shell would read, or a program for another processor.
    """

    def __init__(self, code: int, name: str, reason: str, *, interpreter: str = "", text: bool = False) -> None:
        super().__init__(f"{name}: {reason}", exit_code=code)
        self.code = code
        self.name = name
        self.reason = reason
        self.file = ""
        self.interpreter = interpreter
        self.text = text


class Who(Protocol):
    """A user, as far as permissions go."""

    @property
    def uid(self) -> int:
        """User ID."""

    @property
    def gid(self) -> int:
        """Group ID."""

    @property
    def groups(self) -> Sequence[int]:
        """Supplementary groups."""


@dataclass(frozen=True)
class Executable:
    """What a name led to: the file, the function that plays it, and the words that it gets."""

    path: str
    program: Program
    argv: tuple[str, ...]
    flavour: str


@dataclass(frozen=True)
class Finder:
    """Finds programs in a file system for a user."""

    fs: FileSystem
    programs: Mapping[str, Program]
    who: Who
    flavour: str = "gnu"
    foreign: bool = False
    """Whether files that don't say it themselves are for another processor."""

    def find(self, argv: Sequence[str], path: str, cwd: str) -> Executable:
        """The program that the words start; raises ProgramError."""
        file = self.locate(argv[0], path, cwd)
        try:
            return self._open(file, tuple(argv), _DEEPEST_SCRIPT)
        except ProgramError as error:
            error.file = file
            raise

    def locate(self, name: str, path: str, cwd: str) -> str:
        """The file that a name leads to; raises ProgramError."""
        if "/" in name:
            return self._named(name, cwd)
        refused = False
        for file in candidates(name, path, cwd):
            status = self._stat(file)
            if status is None or status.kind != "f":
                continue
            if self._may_execute(status):
                return file
            refused = True
        if refused:
            raise ProgramError(NOT_EXECUTABLE, name, "Permission denied")
        raise ProgramError(NOT_FOUND, name, "not found")

    def _named(self, name: str, cwd: str) -> str:
        file = posixpath.join(cwd, name)
        status = self._stat(file)
        if status is None:
            raise ProgramError(NOT_FOUND, name, "No such file or directory")
        if status.kind == "d":
            raise ProgramError(NOT_EXECUTABLE, name, "Is a directory")
        if status.kind != "f" or not self._may_execute(status):
            raise ProgramError(NOT_EXECUTABLE, name, "Permission denied")
        return file

    def _open(self, file: str, argv: tuple[str, ...], depth: int) -> Executable:
        head = self.fs.content(file).read(0, _HEAD)
        if head.startswith(b"#!"):
            return self._interpreter(file, head, argv, depth)
        if not _runs_here(head, unsaid=not self.foreign):
            raise ProgramError(NOT_EXECUTABLE, argv[0], EXEC_FORMAT)
        for name, flavour in self._names(file):
            if name in self.programs:
                return Executable(file, self.programs[name], argv, flavour)
        if head.strip() and b"\0" not in head and head.isascii():
            raise ProgramError(NOT_EXECUTABLE, argv[0], EXEC_FORMAT, text=True)
        return Executable(file, _unknown, argv, self.flavour)

    def _interpreter(self, file: str, head: bytes, argv: tuple[str, ...], depth: int) -> Executable:
        line = head[2:].split(b"\n", 1)[0].decode("utf-8", "replace").strip(" \t")
        words = line.split(None, 1)
        if not words or not depth:
            raise ProgramError(NOT_EXECUTABLE, argv[0], EXEC_FORMAT, text=True)
        try:
            found = self._named(words[0], "/")
        except ProgramError as error:
            code = NOT_FOUND if error.code == NOT_FOUND else NOT_EXECUTABLE
            raise ProgramError(code, argv[0], error.reason, interpreter=words[0]) from None
        name = file if "/" not in argv[0] else argv[0]
        return self._open(found, (*words, name, *argv[1:]), depth - 1)

    def _names(self, file: str) -> Iterator[tuple[str, str]]:
        """Under which names the file's function may be registered, with the flavour that it then has."""
        name, real = posixpath.basename(file), self.fs.realpath(file)
        if posixpath.basename(real) == "busybox" or self._is_busybox(real):
            yield name, "busybox"
        yield name, self.flavour
        if posixpath.basename(real) != "busybox" or name == "busybox":
            yield posixpath.basename(real), self.flavour

    def _is_busybox(self, real: str) -> bool:
        """Whether a file is a hard link to the busybox beside it."""
        twin, status = self._stat("/bin/busybox"), self._stat(real)
        return twin is not None and status is not None and twin.inode == status.inode

    def _stat(self, file: str) -> Stat | None:
        try:
            return self.fs.stat(file)
        except FileSystemError:
            return None

    def _may_execute(self, status: Stat) -> bool:
        if self.who.uid == 0:
            return bool(status.mode & 0o111)
        if status.uid == self.who.uid:
            return bool(status.mode & 0o100)
        mine = status.gid == self.who.gid or status.gid in self.who.groups
        return bool(status.mode & (0o010 if mine else 0o001))


def _runs_here(head: bytes, *, unsaid: bool) -> bool:
    """Whether the processor executes a file; `unsaid` where the file does not say for which one it is."""
    if not head.startswith(_ELF) or len(head) < 20 or (head[4], head[5]) not in _LAYOUTS:
        return unsaid
    order: Literal["little", "big"] = "little" if head[5] == 1 else "big"
    return int.from_bytes(head[18:20], order) in _OUR_MACHINES


def refused(error: ProgramError) -> Executable:
    """What stands for a file that only execve(2) refuses: runc's init says so, and ends (runc, libcontainer).

    It is the container's process by then: to whoever started it, a program has run and failed.
    """

    def init(proc: Process) -> int:
        proc.err(f"exec {error.file}: {error.reason.lower()}\n")
        return 1

    return Executable(error.file, init, (error.name,), "gnu")


def candidates(name: str, path: str, cwd: str) -> Iterator[str]:
    """The files that PATH offers for a name, in order; an empty entry is the working directory."""
    for folder in path.split(":"):
        yield posixpath.join(cwd, folder, name)


def busybox(proc: Process) -> int | Generator[Wait, Any, int]:
    """The busybox binary called by its own name: the applet is the first word."""
    words = proc.argv[1:]
    if not words:
        proc.out("BusyBox v1.35.0 multi-call binary.\n\nUsage: busybox [function [arguments]...]\n")
        return 0
    program = proc.machine.programs.get(words[0])
    if program is None:
        proc.err(f"{words[0]}: applet not found\n")
        return NOT_FOUND
    proc.argv = list(words)
    proc.flavour = "busybox"
    return program(proc)


def _unknown(proc: Process) -> int:
    """Stands in for a file that would run on a real machine, but that nobody has written for this one."""
    proc.err(f"{proc.argv[0]}: dockerlab does not simulate this program\n")
    return NOT_EXECUTABLE
