"""Looking at a repository: status, log, rev-parse."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from dockerlab.runtime.git.changes import Status, status_of
from dockerlab.runtime.git.objects import Commit
from dockerlab.runtime.git.repository import Repository
from dockerlab.runtime.git.words import UNKNOWN_REVISION, GitError, here, parse
from dockerlab.runtime.process import Process


def status(proc: Process, words: Sequence[str]) -> int:
    """`git status`."""
    repository = here(proc)
    status = status_of(repository)
    if {"-s", "--short", "--porcelain"} & set(words):
        proc.out("".join(_short(status)))
        return 0
    branch = repository.branch
    proc.out(f"On branch {branch}\n" if branch else f"HEAD detached at {repository.head[:7]}\n")
    if branch and repository.reference(f"refs/remotes/origin/{branch}"):
        proc.out(_upstream(repository, branch))
    if not repository.head:
        proc.out("\nNo commits yet\n\n")
    if status.clean:
        proc.out("nothing to commit, working tree clean\n" if repository.head else _NOTHING)
        return 0
    proc.out("".join(_long(repository, status)))
    return 0


_NOTHING = 'nothing to commit (create/copy files and use "git add" to track)\n'
_LETTERS = {"A": "new file:   ", "M": "modified:   ", "D": "deleted:    "}


def _upstream(repository: Repository, branch: str) -> str:
    theirs = repository.reference(f"refs/remotes/origin/{branch}")
    ahead = [name for name, _ in repository.history(repository.head)]
    if theirs == repository.head:
        return f"Your branch is up to date with 'origin/{branch}'.\n\n"
    count = ahead.index(theirs) if theirs in ahead else len(ahead)
    commits = f"{count} commit{'s' * (count != 1)}"
    advice = '  (use "git push" to publish your local commits)\n\n'
    return f"Your branch is ahead of 'origin/{branch}' by {commits}.\n{advice}"


def _short(status: Status) -> Iterator[str]:
    for path in sorted({*status.staged, *status.unstaged}):
        yield f"{status.staged.get(path, ' ')}{status.unstaged.get(path, ' ')} {path}\n"
    yield from (f"?? {path}\n" for path in status.untracked)


def _long(repository: Repository, status: Status) -> Iterator[str]:
    if status.staged:
        undo = "git restore --staged <file>..." if repository.head else "git rm --cached <file>..."
        yield f'Changes to be committed:\n  (use "{undo}" to unstage)\n'
        yield from (f"\t{_LETTERS[letter]}{path}\n" for path, letter in status.staged.items())
        yield "\n"
    if status.unstaged:
        yield "Changes not staged for commit:\n"
        add = "add/rm" if "D" in status.unstaged.values() else "add"
        yield f'  (use "git {add} <file>..." to update what will be committed)\n'
        yield '  (use "git restore <file>..." to discard changes in working directory)\n'
        yield from (f"\t{_LETTERS[letter]}{path}\n" for path, letter in status.unstaged.items())
        yield "\n"
    if status.untracked:
        yield 'Untracked files:\n  (use "git add <file>..." to include in what will be committed)\n'
        yield from (f"\t{path}\n" for path in status.untracked)
        yield "\n"
    if not status.staged:
        if status.unstaged:
            yield 'no changes added to commit (use "git add" and/or "git commit -a")\n'
        else:
            yield 'nothing added to commit but untracked files present (use "git add" to track)\n'


def log(proc: Process, words: Sequence[str]) -> int:
    """`git log`."""
    repository = here(proc)
    options, rest = parse(words, "-n --format --pretty")
    start = repository.resolve(rest[0]) if rest else repository.head
    if not start:
        if rest:
            raise GitError(UNKNOWN_REVISION.format(rest[0]))
        raise GitError(f"fatal: your current branch '{repository.branch}' does not have any commits yet")
    most = next((option[1:] for option in options if option[1:].isdigit()), options.get("-n", ""))
    form = options.get("--format") or options.get("--pretty", "").removeprefix("format:")
    pieces = []
    for number, (name, commit) in enumerate(repository.history(start)):
        if most.isdigit() and number >= int(most):
            break
        if "--oneline" in options:
            pieces.append(f"{name[:7]} {commit.message.splitlines()[0]}\n")
        elif form:
            pieces.append(_formatted(form, name, commit) + "\n")
        else:
            pieces.append(("\n" if number else "") + _shown(name, commit))
    proc.out("".join(pieces))
    return 0


def _shown(name: str, commit: Commit) -> str:
    body = "".join(f"    {line}\n" for line in commit.message.splitlines())
    return f"commit {name}\nAuthor: {commit.author}\nDate:   {_date(commit)}\n\n{body}"


def _date(commit: Commit) -> str:
    moment = datetime.datetime.fromtimestamp(commit.when, datetime.UTC)
    return f"{moment:%a %b} {moment.day} {moment:%H:%M:%S %Y} +0000"


def _formatted(form: str, name: str, commit: Commit) -> str:
    person, _, address = commit.author.partition(" <")
    values = {
        "%H": name, "%h": name[:7], "%s": commit.message.splitlines()[0], "%an": person, "%ae": address.rstrip(">"),
        "%ad": _date(commit), "%ar": "", "%n": "\n",
    }  # fmt: skip
    for key, value in values.items():
        form = form.replace(key, value)
    return form


def rev_parse(proc: Process, words: Sequence[str]) -> int:
    """`git rev-parse`."""
    repository = here(proc)
    options, rest = parse(words, "")
    if "--show-toplevel" in options:
        proc.out(f"{repository.root}\n")
    if "--abbrev-ref" in options:
        proc.out(f"{repository.branch or 'HEAD'}\n")
        return 0
    for name in rest:
        found = repository.resolve(name)
        if not found:
            proc.out(f"{name}\n")
            raise GitError(UNKNOWN_REVISION.format(name))
        proc.out(f"{found[:7] if '--short' in options else found}\n")
    return 0
