"""What a file to be copied is, apart from its time of change: the cache of both builders goes by that.

The legacy builder writes these sums into an image's history ('COPY file:662ccb… in /f'). They are tarsums of version 1
(moby, pkg/tarsum): SHA-256 over the fields of a tar header without the time, then the content.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol, TypeAlias

from dockerlab.build.following import locate
from dockerlab.fs.content import Content
from dockerlab.fs.tree import Device, Directory, File, Node, Symlink, walk

Owners: TypeAlias = tuple[str, str]
NAMELESS: Owners = ("", "")
"""Names of user and group, which the client leaves out of the archives that it makes."""

_KINDS = {
    "f": stat.S_IFREG,
    "d": stat.S_IFDIR,
    "l": stat.S_IFLNK,
    "c": stat.S_IFCHR,
    "b": stat.S_IFBLK,
    "p": stat.S_IFIFO,
}
_TYPES = {"f": "0", "h": "1", "d": "5", "l": "2", "c": "3", "b": "4", "p": "6"}


class Headers(Protocol):
    """How the tar headers are made that go into the sums."""

    def owner(self, path: str, node: Node) -> Owners: ...

    def mode(self, node: Node) -> int: ...

    def link(self, path: str) -> str: ...


@dataclass(frozen=True)
class Archived:
    """As they came in the build context's archive.

    `owners` are the names of owners that it gave, `links` what further names of a file were linked to, by path.
    """

    owners: Mapping[str, Owners] = field(default_factory=dict)
    links: Mapping[str, str] = field(default_factory=dict)

    def owner(self, path: str, node: Node) -> Owners:
        """The names in the archive."""
        return self.owners.get(path, NAMELESS)

    def mode(self, node: Node) -> int:
        """The permissions alone."""
        return node.meta.mode

    def link(self, path: str) -> str:
        """The first name of a file at another of its names, '' elsewhere."""
        return self.links.get(path, "")


@dataclass(frozen=True)
class OnDisk:
    """As the engine makes them of the files of an image or a stage; `names` are the host's own for two IDs."""

    names: Callable[[int, int], Owners]

    def owner(self, path: str, node: Node) -> Owners:
        """The names that the host has."""
        return self.names(node.meta.uid, node.meta.gid)

    def mode(self, node: Node) -> int:
        """The permissions, and the bits of the kind of file (moby, archive.FileInfoHeader)."""
        return node.meta.mode | _KINDS[node.kind]

    def link(self, path: str) -> str:
        """Every file is looked at on its own."""
        return ""


PLAIN = Archived()


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of one file or directory to be copied, and those of all files in it by path, to tell what changed."""

    text: str
    files: tuple[tuple[str, str], ...] = ()


def hard_links(tree: Directory) -> dict[str, str]:
    """The further names of files in a tree with their first ones, in the order of an archive."""
    first: dict[int, str] = {}
    found: dict[str, str] = {}
    for path, node in walk(tree) if tree.links else ():
        if id(node) in tree.links and first.setdefault(id(node), path) != path:
            found[path] = first[id(node)]
    return found


def file_sum(path: str, node: Node, headers: Headers = PLAIN) -> str:
    """The tarsum of one node under its path in the source; a further hard link has no content of its own."""
    name = f"{path}/" if isinstance(node, Directory) else path
    linked = headers.link(path)
    link = linked or (node.target if isinstance(node, Symlink) else "")
    content = node.content if isinstance(node, File) and not linked else None
    device = (node.major, node.minor) if isinstance(node, Device) else (0, 0)
    owner, mode = headers.owner(path, node), headers.mode(node)
    kind = "h" if linked else node.kind
    return _sum(name, kind, mode, node.meta.uid, node.meta.gid, link, owner, device, content)


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


def source_sum(path: str, node: Node, tree: Directory | None = None, headers: Headers = PLAIN) -> Sum:
    """The sum of one source: 'file:…', or 'dir:…' over all that is in the directory.

    With `tree` a symlink counts as what it leads to in there, as the legacy builder has it.
    """
    if not isinstance(node, Directory):
        text = file_sum(path, node, headers)
        return Sum(f"file:{text}", ((path, text),))
    nodes = ([(path, node)] if path else []) + list(walk(node, path))
    files = tuple((below, _one(below, found, tree, headers)) for below, found in nodes)
    return Sum(f"dir:{_joined(sorted(text for _, text in files))}", files)


def _one(path: str, node: Node, tree: Directory | None, headers: Headers) -> str:
    if tree is None or not isinstance(node, Symlink):
        return file_sum(path, node, headers)
    found = locate(tree, path)
    return file_sum(*found, headers) if found else path


def total(sums: Sequence[Sum]) -> str:
    """One text for all sources: the only one's own, or 'multi:…'."""
    return sums[0].text if len(sums) == 1 else f"multi:{_joined(found.text for found in sums)}"


def _joined(texts: Iterable[str]) -> str:
    return hashlib.sha256(",".join(texts).encode()).hexdigest()
