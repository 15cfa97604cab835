"""How the client words what went wrong: the prefix that says whose error it is, and the exit code.

The daemon's errors get "Error response from daemon: " in front, unless they came in the middle of a stream of
progress; the client's own stand as they are (docker/cli, cmd/docker/docker.go and cli/command/container/run.go).
"""

from __future__ import annotations

import errno

from dockerlab.cli.table import BUILDX
from dockerlab.cli.usage import UsageError
from dockerlab.errors import CommandError, DockerlabError, FileSystemError

DAEMON = "Error response from daemon: "

_GO_WORDS = {
    errno.ENOENT: "no such file or directory",
    errno.EEXIST: "file exists",
    errno.ENOTDIR: "not a directory",
    errno.EISDIR: "is a directory",
    errno.EACCES: "permission denied",
    errno.EPERM: "operation not permitted",
    errno.EROFS: "read-only file system",
    errno.ELOOP: "too many levels of symbolic links",
    errno.ENOTEMPTY: "directory not empty",
    errno.ENAMETOOLONG: "file name too long",
}


class SilentError(CommandError):
    """All has been said already; only the exit code is left."""


class UnreachableError(CommandError):
    """Nobody listens at the address."""

    def __init__(self, host: str) -> None:
        super().__init__(f"Cannot connect to the Docker daemon at {host}. Is the docker daemon running?")
        self.host = host


class RunError(CommandError):
    """What `docker run` and `docker create` print: a prefix, and where help is."""

    exit_code = 125

    def __init__(self, message: str, *, exit_code: int | None = None, command: str = "run") -> None:
        text = f"docker: {message}\n\nRun 'docker {command} --help' for more information"
        super().__init__(text, exit_code=exit_code)


def worded(error: DockerlabError) -> str:
    """The text of an error as the client prints it; buildx says so of wrong arguments, but not of wrong flags."""
    if isinstance(error, UsageError) and error.command.path == BUILDX and error.exit_code == 1:
        return f"ERROR: {error}"
    if isinstance(error, CommandError):
        return str(error)
    if isinstance(error, FileSystemError):
        return go_words(error)
    return DAEMON + str(error)


def go_words(error: FileSystemError) -> str:
    """The kernel's words as Go prints them: in lower case."""
    return _GO_WORDS.get(error.errno, error.strerror.lower())


def file_error(call: str, path: str, error: FileSystemError) -> CommandError:
    """Go's *PathError: 'open x: no such file or directory'."""
    return CommandError(f"{call} {path}: {go_words(error)}")
