"""What a file to be copied is, apart from its time of change: the cache of both builders goes by that.

The legacy builder writes these sums into an image's history ('COPY file:662ccb… in /f'). They are tarsums of version 1
(moby, pkg/tarsum): SHA-256 over the fields of a tar header without the time, then the content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from dockerlab.build.following import locate
from dockerlab.fs.content import Content
from dockerlab.fs.tree import Device, Directory, File, Node, Symlink, walk

Owners: TypeAlias = tuple[str, str]
NAMELESS: Owners = ("", "")
"""Names of user and group, which the client leaves out of the archives that it makes."""

_TYPES = {"f": "0", "d": "5", "l": "2", "c": "3", "b": "4", "p": "6"}


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of one file or directory to be copied, and those of all files in it by path, to tell what changed."""

    text: str
    files: tuple[tuple[str, str], ...] = ()


def file_sum(path: str, node: Node, owner: Owners = NAMELESS) -> str:
    """The tarsum of one node under its path in the source; `owner` are the names that its archive gives."""
    name = f"{path}/" if isinstance(node, Directory) else path
    link = node.target if isinstance(node, Symlink) else ""
    content = node.content if isinstance(node, File) else None
    device = (node.major, node.minor) if isinstance(node, Device) else (0, 0)
    return _sum(name, node.kind, node.meta.mode, node.meta.uid, node.meta.gid, link, owner, device, content)


@lru_cache(maxsize=4096)
def _sum(
    name: str,
    kind: str,
    mode: int,
    uid: int,
    gid: int,
    link: str,
    owner: Owners,
    device: tuple[int, int],
    content: Content | None,
) -> str:
    fields = {
        "name": name,
        "mode": mode,
        "uid": uid,
        "gid": gid,
        "size": content.size if content else 0,
        "typeflag": _TYPES[kind],
        "linkname": link,
        "uname": owner[0],
        "gname": owner[1],
        "devmajor": device[0],
        "devminor": device[1],
    }
    sha = hashlib.sha256("".join(f"{key}{value}" for key, value in fields.items()).encode("utf-8", "surrogateescape"))
    for chunk in content.chunks() if content else ():
        sha.update(chunk)
    return sha.hexdigest()


def source_sum(path: str, node: Node, tree: Directory | None = None, owners: Mapping[str, Owners] | None = None) -> Sum:
    """The sum of one source: 'file:…', or 'dir:…' over all that is in the directory.

    With `tree` a symlink counts as what it leads to in there, as the legacy builder has it; `owners` are the names
    that an archive gave, by path.
    """
    names = owners or {}
    if not isinstance(node, Directory):
        text = file_sum(path, node, names.get(path, NAMELESS))
        return Sum(f"file:{text}", ((path, text),))
    nodes = ([(path, node)] if path else []) + list(walk(node, path))
    files = tuple((below, _one(below, found, tree, names)) for below, found in nodes)
    return Sum(f"dir:{_joined(sorted(text for _, text in files))}", files)


def _one(path: str, node: Node, tree: Directory | None, names: Mapping[str, Owners]) -> str:
    if tree is None or not isinstance(node, Symlink):
        return file_sum(path, node, names.get(path, NAMELESS))
    found = locate(tree, path)
    return file_sum(*found, names.get(found[0], NAMELESS)) if found else path


def total(sums: Sequence[Sum]) -> str:
    """One text for all sources: the only one's own, or 'multi:…'."""
    return sums[0].text if len(sums) == 1 else f"multi:{_joined(found.text for found in sums)}"


def _joined(texts: Iterable[str]) -> str:
    return hashlib.sha256(",".join(texts).encode()).hexdigest()
