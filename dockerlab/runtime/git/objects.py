"""Git's objects: blobs, trees and commits by the SHA-1 of what they hold (git-scm.com, "Git Internals - Git Objects").

They lie loose in `.git/objects`, in zlib's format without compression, so that the bytes are the same everywhere.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from dockerlab.fs.filesystem import FileSystem

FILE, PROGRAM, LINK, FOLDER = "100644", "100755", "120000", "40000"
Files: TypeAlias = Mapping[str, tuple[str, str]]
"""Path to mode and object name of the file."""
_STORED_BLOCK = 65_535


@dataclass(frozen=True)
class Commit:
    """A commit object; `when` in seconds since 1970, UTC."""

    tree: str
    parents: tuple[str, ...]
    author: str
    """'Name <address>'."""
    when: int
    message: str

    def encode(self) -> bytes:
        """The object's content."""
        lines = [f"tree {self.tree}", *(f"parent {parent}" for parent in self.parents)]
        lines += [f"{role} {self.author} {self.when} +0000" for role in ("author", "committer")]
        return "\n".join([*lines, "", self.message.rstrip("\n"), ""]).encode()

    @staticmethod
    def decode(data: bytes) -> Commit:
        """Read an object's content."""
        head, _, message = data.decode("utf-8", "replace").partition("\n\n")
        fields = [line.partition(" ")[::2] for line in head.splitlines()]
        author, when, _ = next(value for name, value in fields if name == "author").rsplit(" ", 2)
        parents = tuple(value for name, value in fields if name == "parent")
        return Commit(dict(fields)["tree"], parents, author, int(when), message)


@dataclass(frozen=True)
class ObjectStore:
    """The objects of a repository, in its `.git/objects`."""

    fs: FileSystem
    folder: str

    def put(self, kind: str, data: bytes) -> str:
        """Store an object; returns its name."""
        whole = f"{kind} {len(data)}\0".encode() + data
        name = hashlib.sha1(whole, usedforsecurity=False).hexdigest()
        path = self._path(name)
        if not self.fs.exists(path):
            self.fs.mkdir(path.rpartition("/")[0], parents=True)
            self.fs.write(path, stored(whole), mode=0o444)
        return name

    def get(self, name: str) -> tuple[str, bytes] | None:
        """An object's kind and content; None where there is none."""
        path = self._path(name)
        if len(name) != 40 or not self.fs.is_file(path):
            return None
        head, _, data = zlib.decompress(self.fs.read(path)).partition(b"\0")
        return head.decode().partition(" ")[0], data

    def commit(self, name: str) -> Commit:
        """A commit; KeyError."""
        found = self.get(name)
        if found is None or found[0] != "commit":
            raise KeyError(name)
        return Commit.decode(found[1])

    def names(self, prefix: str) -> list[str]:
        """The objects whose names begin so."""
        folder = f"{self.folder}/{prefix[:2]}"
        if len(prefix) < 4 or not self.fs.is_dir(folder):
            return []
        return [prefix[:2] + rest for rest in self.fs.listdir(folder) if rest.startswith(prefix[2:])]

    def files(self, tree: str, prefix: str = "") -> dict[str, tuple[str, str]]:
        """All files of a tree."""
        found: dict[str, tuple[str, str]] = {}
        data = (self.get(tree) or ("", b""))[1]
        while data:
            head, _, rest = data.partition(b"\0")
            mode, _, name = head.decode("utf-8", "surrogateescape").partition(" ")
            child, data = rest[:20].hex(), rest[20:]
            if mode == FOLDER:
                found |= self.files(child, f"{prefix}{name}/")
            else:
                found[f"{prefix}{name}"] = (mode, child)
        return found

    def put_tree(self, files: Files) -> str:
        """Store the trees of some files; returns the name of the topmost."""
        rows: dict[str, tuple[str, str]] = {}
        below: dict[str, dict[str, tuple[str, str]]] = {}
        for path, entry in files.items():
            first, slash, rest = path.partition("/")
            if slash:
                below.setdefault(first, {})[rest] = entry
            else:
                rows[first] = entry
        rows |= {name: (FOLDER, self.put_tree(inner)) for name, inner in below.items()}
        # Git sorts as if the names of folders ended with a slash.
        ordered = sorted(rows.items(), key=lambda row: row[0].encode() + b"/" * (row[1][0] == FOLDER))
        return self.put(
            "tree", b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(child) for name, (mode, child) in ordered)
        )

    def _path(self, name: str) -> str:
        return f"{self.folder}/{name[:2]}/{name[2:]}"


def stored(data: bytes) -> bytes:
    """zlib's format with stored blocks (RFC 1950, RFC 1951 section 3.2.4): readable by all, the same everywhere."""
    pieces = [b"\x78\x01"]
    for at in range(0, max(len(data), 1), _STORED_BLOCK):
        block = data[at : at + _STORED_BLOCK]
        last = at + _STORED_BLOCK >= len(data)
        size = len(block)
        pieces += [bytes([last]), size.to_bytes(2, "little"), (size ^ 0xFFFF).to_bytes(2, "little"), block]
    return b"".join([*pieces, zlib.adler32(data).to_bytes(4, "big")])
