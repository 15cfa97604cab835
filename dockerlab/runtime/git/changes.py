"""What differs between a commit, the index and the working tree; .gitignore (gitignore)."""

from __future__ import annotations

import difflib
import fnmatch
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from dockerlab.runtime.git.objects import Files
from dockerlab.runtime.git.repository import Repository
from dockerlab.runtime.programs.accounts import read_text


@dataclass(frozen=True)
class Status:
    """Paths with the letters that `git status --short` shows: A, M, D."""

    staged: dict[str, str]
    unstaged: dict[str, str]
    untracked: list[str]

    @property
    def clean(self) -> bool:
        """Whether nothing is to be committed."""
        return not (self.staged or self.unstaged or self.untracked)


def status_of(repository: Repository) -> Status:
    """The differences of a working tree."""
    index = repository.index
    work = {path: _named(repository, path) for path in index}
    return Status(
        differences(repository.committed(), index),
        differences(index, {path: entry for path, entry in work.items() if entry[0]}),
        list(_untracked(repository, index)),
    )


def differences(old: Files, new: Files) -> dict[str, str]:
    """Path to A, M or D."""
    found = {path: "A" if path not in old else "M" for path in new if old.get(path) != new[path]}
    return dict(sorted({**found, **{path: "D" for path in old if path not in new}}.items()))


def _named(repository: Repository, path: str) -> tuple[str, str]:
    found = repository.work_file(path)
    return (found[0], blob_name(found[1])) if found else ("", "")


def blob_name(data: bytes) -> str:
    """The name that a file's content would have as an object."""
    return hashlib.sha1(f"blob {len(data)}\0".encode() + data, usedforsecurity=False).hexdigest()


def work_files(repository: Repository, folder: str = "") -> Iterator[str]:
    """The files of the working tree that are not ignored."""
    fs, root = repository.fs, repository.root.rstrip("/")
    patterns = [line.strip() for line in read_text(fs, f"{root}/.gitignore").splitlines()]
    for name in fs.listdir(f"{root}/{folder}"):
        path = f"{folder}{name}"
        status = fs.stat(f"{root}/{path}", follow=False)
        if name == ".git" or _ignored(path, patterns, folder=status.kind == "d"):
            continue
        if status.kind == "d":
            yield from work_files(repository, f"{path}/")
        else:
            yield path


def _ignored(path: str, patterns: list[str], *, folder: bool) -> bool:
    """The last pattern that fits decides."""
    verdict = False
    for pattern in patterns:
        if not pattern or pattern.startswith("#"):
            continue
        wanted = pattern.lstrip("!")
        if wanted.endswith("/") and not folder:
            continue
        wanted = wanted.rstrip("/")
        subject = path if "/" in wanted else path.rpartition("/")[2]
        if fnmatch.fnmatchcase(subject, wanted.lstrip("/")):
            verdict = not pattern.startswith("!")
    return verdict


def _untracked(repository: Repository, index: Files) -> Iterator[str]:
    """Files that git doesn't know; a folder of such files stands for all of them."""
    shown: set[str] = set()
    for path in work_files(repository):
        if path in index:
            continue
        name = path
        for at in [place for place, char in enumerate(path) if char == "/"]:
            if not any(known.startswith(path[: at + 1]) for known in index):
                name = path[: at + 1]
                break
        if name not in shown:
            shown.add(name)
            yield name


def line_counts(repository: Repository, old: str, new: str) -> tuple[int, int]:
    """Lines that were added and removed between two blobs ('' for none)."""
    before, after = (_lines(repository, name) for name in (old, new))
    added = removed = 0
    for kind, i, j, m, n in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            removed, added = removed + j - i, added + n - m
    return added, removed


def _lines(repository: Repository, name: str) -> list[bytes]:
    found = repository.objects.get(name) if name else None
    return found[1].splitlines() if found else []
