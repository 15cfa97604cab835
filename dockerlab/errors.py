"""The errors of dockerlab, drawn as one tree.

    DockerlabError
    ├── InvalidParameterError      400  what was asked makes no sense
    │   ├── InvalidReferenceError       not an image name
    │   ├── InvalidDigestError          not a digest
    │   ├── DockerfileError             the Dockerfile can't be read (carries the line)
    │   ├── ArchiveError                a tar that is corrupt, or would leave its tree
    │   ├── DigestMismatchError         bytes that are not what their digest says
    │   └── UnknownReleaseError         a release of Docker that is not shown here
    ├── UnauthorizedError          401  no credentials, or wrong ones
    │   └── CredentialsError            what keeps a client from saying who it is
    ├── ForbiddenError             403  credentials that do not suffice
    │   └── ScopeError                  a token that is not for this
    ├── NotFoundError              404  no such image, container, volume, blob …
    ├── ConflictError              409  a name in use, an image in use
    ├── UnavailableError           503  a registry or a daemon that does not answer
    ├── NotModifiedError           304  already so (start of a started container)
    ├── SystemError_               500  all else that the engine reports
    │   └── BuildError                  a build step failed (exit_code is the step's)
    │       └── SolveError                  BuildKit's, with the place in the Dockerfile
    ├── FileSystemError                 a call on files failed: errno, path (see `fs`)
    ├── RendererError                   no program that lays out pictures is here, or it failed
    └── CommandError                    what the `docker` client itself refuses (exit_code)
        └── EmptyNameError                  a name of nothing

`http_status` and `exit_code` stand on the class; an instance may carry its own exit code. The text of an
error is Docker's own, without the client's prefix "Error response from daemon: ". Source of classes and
statuses: moby's errdefs. Never match on the text; match on the class.
"""

from __future__ import annotations

import errno as _errno
import os as _os


class DockerlabError(Exception):
    """Root of the tree. `str(error)` is Docker's own text, without any prefix."""

    http_status: int = 500
    exit_code: int = 1

    def __init__(self, message: str = "", *, exit_code: int | None = None) -> None:
        super().__init__(message)
        if exit_code is not None:
            self.exit_code = exit_code
        self.several: tuple[DockerlabError, ...] = ()
        """The errors of an answer that told of more than one."""

    @property
    def first(self) -> DockerlabError:
        """The one of several that counts where only one can be told."""
        return self.several[0] if self.several else self

    @property
    def message(self) -> str:
        """The text of the error."""
        return str(self)


class InvalidParameterError(DockerlabError):
    """What was asked makes no sense (HTTP 400)."""

    http_status = 400


class InvalidReferenceError(InvalidParameterError):
    """A text that is not an image name."""


class InvalidDigestError(InvalidParameterError):
    """A text that is not a digest."""


class DockerfileError(InvalidParameterError):
    """A Dockerfile that can't be read; `line` counts from 1, None when no line is to blame."""

    def __init__(self, message: str, *, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class ArchiveError(InvalidParameterError):
    """An archive that is corrupt, truncated, or names a place outside its tree."""


class DigestMismatchError(InvalidParameterError):
    """Bytes that are not what their digest says."""

    def __init__(self, expected: str, actual: str, message: str | None = None) -> None:
        super().__init__(message or f"digest mismatch: expected {expected}, got {actual}")
        self.expected = expected
        self.actual = actual


class UnknownReleaseError(InvalidParameterError, ValueError):
    """A release of Docker that no lab can show; Python's `ValueError` too, since it is an argument of `Lab`."""

    def __init__(self, number: object, known: tuple[int, ...]) -> None:
        super().__init__(f"unknown release {number!r} of Docker: a lab shows {' or '.join(map(str, known))}")
        self.number = number
        self.known = known


class UnauthorizedError(DockerlabError):
    """No credentials, or wrong ones (HTTP 401)."""

    http_status = 401


class CredentialsError(UnauthorizedError):
    """A client that can't say who it is: it has no password, or gets no token for it.

    `asked` is the address at which it gets none, '' where nobody could be asked; `details` is why.
    """

    def __init__(self, message: str = "", *, asked: str = "", details: str = "") -> None:
        super().__init__(message)
        self.asked, self.details = asked, details


class ForbiddenError(DockerlabError):
    """Credentials that do not suffice (HTTP 403)."""

    http_status = 403


class ScopeError(ForbiddenError):
    """A token that is not for what was asked (RFC 6750: insufficient_scope)."""


class NotFoundError(DockerlabError):
    """No such image, container, volume or blob (HTTP 404)."""

    http_status = 404


class ConflictError(DockerlabError):
    """A name or an object that is in use (HTTP 409)."""

    http_status = 409


class UnavailableError(DockerlabError):
    """A registry or a daemon that does not answer (HTTP 503)."""

    http_status = 503


class NotModifiedError(DockerlabError):
    """The object is already in the state that was asked for (HTTP 304)."""

    http_status = 304


class SystemError_(DockerlabError):
    """All else that the engine reports (HTTP 500)."""


class BuildError(SystemError_):
    """A build step failed; `exit_code` is what `docker build` exits with."""


class SolveError(BuildError):
    """BuildKit could not solve a build; the text lacks the client's 'ERROR: failed to solve: '.

    `first_line` to `last_line` (from 1; 0 where no line is to blame) of the text `dockerfile`, which is the file
    `dockerfile_name`, are what the client shows an excerpt of.
    """

    def __init__(
        self, message: str, *, dockerfile_name: str = "", dockerfile: str = "", first_line: int = 0, last_line: int = 0
    ) -> None:
        super().__init__(message)
        self.dockerfile_name = dockerfile_name
        self.dockerfile = dockerfile
        self.first_line = first_line
        self.last_line = last_line


class RendererError(DockerlabError):
    """A picture can't be laid out."""


class CommandError(DockerlabError):
    """What the `docker` client refuses by itself: usage, flags, files that it can't read."""


class EmptyNameError(CommandError):
    """An object without a name: the client says so itself and asks nobody (moby, `client/utils.go: trimID`)."""

    def __init__(self, kind: str) -> None:
        super().__init__(f"invalid {kind} name or ID: value is empty")
        self.kind = kind


class FileSystemError(DockerlabError):
    """A call on files failed, as the kernel would say it: an errno and the path that it is about."""

    def __init__(self, number: int, path: str = "") -> None:
        super().__init__(f"{path}: {_os.strerror(number)}" if path else _os.strerror(number))
        self.errno = number
        self.path = path

    @property
    def strerror(self) -> str:
        """The kernel's words, e.g. 'No such file or directory'."""
        return _os.strerror(self.errno)

    @property
    def name(self) -> str:
        """The symbol, e.g. 'ENOENT'."""
        return _errno.errorcode.get(self.errno, str(self.errno))
