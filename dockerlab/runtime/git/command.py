"""`git` and its subcommands (git-scm.com/docs), in the words of git 2.43 where no terminal is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dockerlab.runtime.git import changing, getting, looking
from dockerlab.runtime.git.remotes import RemoteError
from dockerlab.runtime.git.words import FATAL, GitError
from dockerlab.runtime.packages.node import packaged_version
from dockerlab.runtime.process import Process
from dockerlab.runtime.programs.options import Arguments
from dockerlab.runtime.programs.registry import program

DEFAULT_VERSION = "2.43.0"


@program("git", raw=True)
def git(proc: Process, args: Arguments) -> int:
    """Version control."""
    words = args.operands
    while len(words) > 1 and words[0] == "-C":
        proc.cwd = proc.path(words[1])
        words = words[2:]
    name, rest = (words[0], words[1:]) if words else ("--help", [])
    if name in ("--version", "version", "-v"):
        found = packaged_version(proc, "git").rpartition(":")[2].partition("-")[0]
        proc.out(f"git version {found or DEFAULT_VERSION}\n")
        return 0
    if name not in _COMMANDS:
        known = " ".join(_COMMANDS)
        proc.err(f"git: '{name}' is not simulated by dockerlab. See these: {known}\n")
        return 1
    try:
        return _COMMANDS[name](proc, rest)
    except (GitError, RemoteError) as error:
        proc.err(f"{error}\n")
        return error.code if isinstance(error, GitError) else FATAL


_COMMANDS: dict[str, Callable[[Process, Sequence[str]], int]] = {
    "add": changing.add,
    "branch": changing.branch,
    "checkout": changing.checkout,
    "clone": getting.clone,
    "commit": changing.commit,
    "config": getting.config,
    "init": getting.init,
    "log": looking.log,
    "pull": getting.pull,
    "remote": getting.remote,
    "rev-parse": looking.rev_parse,
    "status": looking.status,
    "switch": changing.checkout,
}
