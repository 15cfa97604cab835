"""Getting and describing a repository: init, clone, pull, remote, config."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from dockerlab.runtime.git.remotes import RemoteError, fetch_into
from dockerlab.runtime.git.remotes import remote as found_remote
from dockerlab.runtime.git.repository import DEFAULT_BRANCH, Repository, set_in, setting_in, settings_in
from dockerlab.runtime.git.words import GitError, here, home, parse
from dockerlab.runtime.process import Process

_BRANCH_HINT = """\
Using 'master' as the name for the initial branch. This default branch name
is subject to change. To configure the initial branch name to use in all
of your new repositories, which will suppress this warning, call:

\tgit config --global init.defaultBranch <name>

Names commonly chosen instead of 'master' are 'main', 'trunk' and
'development'. The just-created branch can be renamed via this command:

\tgit branch -m <name>
"""
DETACHED = "Note: switching to '{0}'.\n\nYou are in 'detached HEAD' state.\n\n"


def init(proc: Process, words: Sequence[str]) -> int:
    """`git init`."""
    options, rest = parse(words, "-b --initial-branch")
    root = proc.path(rest[0]) if rest else proc.cwd
    configured = setting_in(proc.fs, f"{home(proc)}/.gitconfig", "init.defaultbranch")
    branch = options.get("-b") or options.get("--initial-branch") or configured
    again = proc.fs.is_dir(f"{root.rstrip('/')}/.git")
    if not branch and not again and "-q" not in options:
        proc.err("".join(f"hint: {line}\n" for line in _BRANCH_HINT.splitlines()))
    if not again:
        proc.fs.mkdir(root, parents=True)
        Repository.create(proc.fs, root, branch or DEFAULT_BRANCH)
    if "-q" not in options and "--quiet" not in options:
        what = "Reinitialized existing" if again else "Initialized empty"
        proc.out(f"{what} Git repository in {root.rstrip('/')}/.git/\n")
    return 0


def clone(proc: Process, words: Sequence[str]) -> int:
    """`git clone`."""
    options, rest = parse(words, "-b --branch --depth -o --origin")
    if not rest:
        raise GitError("fatal: You must specify a repository to clone.", 129)
    url = rest[0]
    name = rest[1] if len(rest) > 1 else posixpath.basename(url.rstrip("/")).removesuffix(".git")
    root = proc.path(name)
    if proc.fs.exists(root) and (not proc.fs.is_dir(root) or proc.fs.listdir(root)):
        raise GitError(f"fatal: destination path '{name}' already exists and is not an empty directory.")
    if not {"-q", "--quiet"} & options.keys():
        proc.err(f"Cloning into '{name}'...\n")
    found = found_remote(url)
    branch = options.get("-b") or options.get("--branch") or ""
    proc.fs.mkdir(root, parents=True)
    try:
        repository = Repository.create(proc.fs, root, found["branch"])
        fetch_into(repository, url, found, branch, int(options.get("--depth") or 0))
    except RemoteError:
        proc.fs.remove_tree(root)
        raise
    if not repository.branch:
        proc.err(DETACHED.format(repository.head))
    repository.check_out(repository.committed(), {})
    return 0


def pull(proc: Process, words: Sequence[str]) -> int:
    """`git pull`."""
    repository = here(proc)
    if not repository.setting(home(proc), "remote.origin.url"):
        raise GitError("fatal: 'origin' does not appear to be a git repository")
    proc.out("Already up to date.\n")
    return 0


def remote(proc: Process, words: Sequence[str]) -> int:
    """`git remote`."""
    repository = here(proc)
    path = f"{repository.git}/config"
    if words[:1] == ["add"] and len(words) == 3:
        set_in(proc.fs, path, f"remote.{words[1]}.url", words[2])
        return 0
    for name, value in settings_in(proc.fs, path):
        if name.startswith("remote.") and name.endswith(".url"):
            short = name.split(".")[1]
            proc.out(f"{short}\t{value} (fetch)\n{short}\t{value} (push)\n" if "-v" in words else f"{short}\n")
    return 0


def config(proc: Process, words: Sequence[str]) -> int:
    """`git config`."""
    options, rest = parse(words, "")
    own = None if "--global" in options or "--system" in options else Repository.find(proc)
    path = f"{own.git}/config" if own else f"{home(proc)}/.gitconfig"
    if {"--list", "-l"} & options.keys():
        places = [f"{home(proc)}/.gitconfig", *([path] if own else [])]
        proc.out("".join(f"{name}={value}\n" for place in places for name, value in settings_in(proc.fs, place)))
        return 0
    if len(rest) == 1:
        value = own.setting(home(proc), rest[0]) if own else setting_in(proc.fs, path, rest[0])
        proc.out(f"{value}\n" if value else "")
        return 0 if value else 1
    if len(rest) == 2:
        set_in(proc.fs, path, rest[0], rest[1])
        return 0
    raise GitError("usage: git config [<options>]", 129)
