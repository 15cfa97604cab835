"""Changing a repository: add, commit, branch, checkout."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence

from dockerlab.runtime.git.changes import differences, line_counts, status_of, work_files
from dockerlab.runtime.git.getting import DETACHED
from dockerlab.runtime.git.looking import status as show_status
from dockerlab.runtime.git.objects import Commit, Files
from dockerlab.runtime.git.repository import Repository
from dockerlab.runtime.git.words import GitError, here, home, parse
from dockerlab.runtime.process import Process
from dockerlab.world import NANOSECOND

_WHO = """\
Author identity unknown

*** Please tell me who you are.

Run

  git config --global user.email "you@example.com"
  git config --global user.name "Your Name"

to set your account's default identity.
Omit --global to set the identity only in this repository.

fatal: unable to auto-detect email address (got '{0}@{1}.(none)')
"""


def add(proc: Process, words: Sequence[str]) -> int:
    """`git add`."""
    repository = here(proc)
    options, rest = parse(words, "")
    if not rest and not {"-A", "--all"} & options.keys():
        proc.err("Nothing specified, nothing added.\nhint: Maybe you wanted to say 'git add .'?\n")
        return 0
    index = repository.index
    root = repository.root.rstrip("/")
    wanted = [posixpath.normpath(proc.path(word)) for word in rest] or [repository.root]
    names = {*work_files(repository), *index}
    for full, word in zip(wanted, rest or ["."], strict=True):
        inside = [
            path for path in names if f"{root}/{path}" == full or f"{root}/{path}".startswith(full.rstrip("/") + "/")
        ]
        if not inside and full.rstrip("/") != root:
            raise GitError(f"fatal: pathspec '{word}' did not match any files")
        for path in inside:
            found = repository.work_file(path)
            if found is None:
                index.pop(path, None)
            else:
                index[path] = (found[0], repository.objects.put("blob", found[1]))
    repository.stage(index)
    return 0


def commit(proc: Process, words: Sequence[str]) -> int:
    """`git commit`."""
    repository = here(proc)
    options, _ = parse(words, "-m --message")
    message = options.get("-m") or options.get("--message")
    if "-a" in options:
        add(proc, [f"{repository.root}/{path}" for path in repository.index])
    name, address = (repository.setting(home(proc), f"user.{key}") for key in ("name", "email"))
    if not name or not address:
        raise GitError(_WHO.format("root", proc.hostname).rstrip("\n"))
    status = status_of(repository)
    if not status.staged and "--allow-empty" not in options:
        return show_status(proc, []) or 1
    if not message:
        raise GitError("error: dockerlab has no editor for the message; give it with -m", 1)
    before, index = repository.committed(), repository.index
    parents = (repository.head,) if repository.head else ()
    when = proc.kernel.clock.now // NANOSECOND
    commit = Commit(repository.objects.put_tree(index), parents, f"{name} <{address}>", when, message)
    made = repository.objects.put("commit", commit.encode())
    repository.point_head(made)
    if not {"-q", "--quiet"} & options.keys():
        root = " (root-commit)" if not parents else ""
        proc.out(f"[{repository.branch or 'detached HEAD'}{root} {made[:7]}] {message.splitlines()[0]}\n")
        proc.out("".join(_summary(repository, before, index)))
    return 0


def _summary(repository: Repository, before: Files, after: Files) -> Iterator[str]:
    changed = differences(before, after)
    added = removed = 0
    for path in changed:
        plus, minus = line_counts(repository, before.get(path, ("", ""))[1], after.get(path, ("", ""))[1])
        added, removed = added + plus, removed + minus
    text = f" {len(changed)} file{'s' * (len(changed) != 1)} changed"
    text += f", {added} insertion{'s' * (added != 1)}(+)" if added or not removed else ""
    text += f", {removed} deletion{'s' * (removed != 1)}(-)" if removed or not added else ""
    yield text + "\n"
    for path, letter in changed.items():
        if letter != "M":
            word, mode = ("create", after[path][0]) if letter == "A" else ("delete", before[path][0])
            yield f" {word} mode {mode} {path}\n"


def branch(proc: Process, words: Sequence[str]) -> int:
    """`git branch`."""
    repository = here(proc)
    options, rest = parse(words, "")
    if "--show-current" in options:
        proc.out(f"{repository.branch}\n" if repository.branch else "")
    elif {"-m", "-M"} & options.keys() and rest:
        old, new = repository.branch, rest[-1]
        if repository.head:
            repository.point(f"refs/heads/{new}", repository.head)
            proc.fs.unlink(f"{repository.git}/refs/heads/{old}")
        proc.fs.write(f"{repository.git}/HEAD", f"ref: refs/heads/{new}\n".encode())
    elif rest:
        new_branch(repository, rest[0], rest[1] if len(rest) > 1 else "HEAD")
    else:
        for name in repository.branches():
            proc.out(f"{'*' if name == repository.branch else ' '} {name}\n")
        if {"-a", "-r"} & options.keys():
            for name in repository.branches("refs/remotes/origin"):
                proc.out(f"  remotes/origin/{name}\n")
    return 0


def new_branch(repository: Repository, name: str, start: str) -> None:
    if name in repository.branches():
        raise GitError(f"fatal: a branch named '{name}' already exists")
    commit = repository.resolve(start)
    if not commit:
        raise GitError(f"fatal: not a valid object name: '{repository.branch if start == 'HEAD' else start}'")
    repository.point(f"refs/heads/{name}", commit)


def checkout(proc: Process, words: Sequence[str]) -> int:
    """`git checkout`."""
    repository = here(proc)
    options, rest = parse(words, "")
    name = rest[0] if rest else ""
    new = bool({"-b", "-c", "--create"} & options.keys())
    if new:
        new_branch(repository, name, rest[1] if len(rest) > 1 else "HEAD")
    commit = repository.resolve(name)
    if not commit:
        raise GitError(f"error: pathspec '{name}' did not match any file(s) known to git", 1)
    if name == repository.branch and not new:
        proc.err(f"Already on '{name}'\n")
        return 0
    before = repository.committed()
    branch = name in repository.branches()
    if not branch:
        proc.err(DETACHED.format(name))
    proc.fs.write(f"{repository.git}/HEAD", (f"ref: refs/heads/{name}" if branch else commit).encode() + b"\n")
    repository.check_out(repository.committed(commit), before)
    if branch:
        proc.err(f"Switched to {'a new ' * new}branch '{name}'\n")
    else:
        proc.err(f"HEAD is now at {commit[:7]} {repository.objects.commit(commit).message.splitlines()[0]}\n")
    return 0
