"""The simulated repositories that can be cloned: their commits (remotes.json), and how a URL leads to one."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Any

from dockerlab.runtime.git.objects import FILE, Commit
from dockerlab.runtime.git.repository import Repository, set_in

HOST = "github.com"
_URL = re.compile(r"(?:https?|git)://(?:[^@/]+@)?([^/:]+)(?::\d+)?/(.+?)(?:\.git)?/?")
_SSH = re.compile(r"(?:ssh://)?[^@/]+@([^:/]+)[:/](.+)")


class RemoteError(Exception):
    """A repository that can't be had; the text is what git prints."""


@functools.cache
def repositories() -> Mapping[str, Any]:
    """The repositories by owner and name."""
    document = json.loads(files(__package__).joinpath("remotes.json").read_text(encoding="utf-8"))
    found: Mapping[str, Any] = document["repositories"]
    return found


def remote(url: str) -> Mapping[str, Any]:
    """The repository of a URL; RemoteError."""
    ssh = _SSH.fullmatch(url)
    if ssh is not None and "://" not in url.removeprefix("ssh://"):
        raise RemoteError(
            f"{ssh[0].partition(':')[0]}: Permission denied (publickey).\n"
            "fatal: Could not read from remote repository.\n\n"
            "Please make sure you have the correct access rights\nand the repository exists."
        )
    found = _URL.fullmatch(url)
    if found is None:
        raise RemoteError(f"fatal: repository '{url}' does not exist")
    host, name = found.groups()
    if host != HOST:
        raise RemoteError(f"fatal: unable to access '{url.rstrip('/')}/': Could not resolve host: {host}")
    if name not in repositories():
        known = ", ".join(repositories())
        raise RemoteError(
            f"remote: Repository not found. (dockerlab simulates: {known})\nfatal: repository '{url}/' not found"
        )
    return repositories()[name]  # type: ignore[no-any-return]


def fetch_into(repository: Repository, url: str, found: Mapping[str, Any], branch: str = "", depth: int = 0) -> str:
    """Bring a remote's objects and references here; returns the branch that is to be checked out ('' for none)."""
    commits = _commits(repository, found["commits"])
    main = found["branch"]
    tags = {name: commits[number - 1] for name, number in found["tags"].items()}
    repository.point(f"refs/remotes/origin/{main}", commits[-1])
    repository.fs.write(f"{repository.git}/refs/remotes/origin/HEAD", f"ref: refs/remotes/origin/{main}\n".encode())
    for name, commit in tags.items():
        repository.point(f"refs/tags/{name}", commit)
    if depth and depth < len(commits):
        repository.fs.write(f"{repository.git}/shallow", f"{commits[-depth]}\n".encode())
    set_in(repository.fs, f"{repository.git}/config", "remote.origin.url", url)
    set_in(repository.fs, f"{repository.git}/config", "remote.origin.fetch", "+refs/heads/*:refs/remotes/origin/*")
    if branch in tags:
        repository.fs.write(f"{repository.git}/HEAD", f"{tags[branch]}\n".encode())
        return ""
    if branch and branch != main:
        raise RemoteError(f"warning: Could not find remote branch {branch} to clone.\n"
                          f"fatal: Remote branch {branch} not found in upstream origin")  # fmt: skip
    repository.point(f"refs/heads/{main}", commits[-1])
    set_in(repository.fs, f"{repository.git}/config", f"branch.{main}.remote", "origin")
    set_in(repository.fs, f"{repository.git}/config", f"branch.{main}.merge", f"refs/heads/{main}")
    return str(main)


def _commits(repository: Repository, rows: list[Mapping[str, Any]]) -> list[str]:
    """Make the commits; the same names everywhere, since the objects are."""
    names: list[str] = []
    tree: dict[str, tuple[str, str]] = {}
    store = repository.objects
    for row in rows:
        tree |= {path: (FILE, store.put("blob", text.encode())) for path, text in row["files"].items()}
        commit = Commit(store.put_tree(tree), tuple(names[-1:]), row["author"], row["when"], row["message"])
        names.append(store.put("commit", commit.encode()))
    return names
