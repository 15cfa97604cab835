"""Why a container's process can't be started, in the words of containerd's shim and runc (runc, libcontainer)."""

from __future__ import annotations

from dockerlab.errors import SystemError_
from dockerlab.oci.golang import quote
from dockerlab.runtime.executables import ProgramError

REFUSED, NOT_FOUND, NOT_EXECUTABLE = 125, 127, 126


class StartError(SystemError_):
    """The runtime could not start a process: `exit_code` is 127 (something is missing), 126 (denied), else 125."""


def created(reason: str, exit_code: int = REFUSED, *, advice: str = "") -> StartError:
    """A container's process 1 could not be made; `advice` is what moby adds for a frequent cause."""
    text = f"failed to create shim task: OCI runtime create failed: runc create failed: {reason}: unknown"
    return StartError(f"{text}: {advice}" if advice else text, exit_code=exit_code)


def initialised(reason: str, exit_code: int = REFUSED, *, advice: str = "") -> StartError:
    """The same, found out by runc's init inside of the new namespaces."""
    text = f"unable to start container process: error during container init: {reason}"
    return created(text, exit_code, advice=advice)


def executed(reason: str) -> StartError:
    """A further process could not be started: Docker's client turns that into 126, whatever was wrong."""
    text = f"OCI runtime exec failed: exec failed: unable to start container process: {reason}: unknown"
    return StartError(text, exit_code=NOT_EXECUTABLE)


def start_failure(error: ProgramError) -> str:
    """Why a program can't be started, in runc's words."""
    name = quote(error.name)
    if error.code != NOT_FOUND:
        return f"exec: {name}: permission denied"
    if "/" in error.name:
        return f"exec: {name}: stat {error.name}: no such file or directory"
    return f"exec: {name}: executable file not found in $PATH"
