"""Git's index, the staging area: version 2 of gitformat-index, without extensions."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping

from dockerlab.fs.filesystem import FileSystem
from dockerlab.runtime.git.objects import Files

_ENTRY = struct.Struct(">10I20sH")
_NAME_MASK = 0xFFF


def read_index(fs: FileSystem, path: str) -> dict[str, tuple[str, str]]:
    """The staged files; none where there is no index."""
    if not fs.is_file(path):
        return {}
    data = fs.read(path)
    _, _, count = struct.unpack_from(">4sII", data)
    found: dict[str, tuple[str, str]] = {}
    at = 12
    for _ in range(count):
        fields = _ENTRY.unpack_from(data, at)
        end = data.index(b"\0", at + _ENTRY.size)
        name = data[at + _ENTRY.size : end].decode("utf-8", "surrogateescape")
        found[name] = (f"{fields[6]:o}", fields[10].hex())
        at += (end - at + 8) // 8 * 8
    return found


def write_index(fs: FileSystem, path: str, files: Files, root: str) -> None:
    """Write the staged files; sizes and times are those of the working tree below `root`."""
    pieces = [struct.pack(">4sII", b"DIRC", 2, len(files))]
    for name in sorted(files, key=str.encode):
        pieces.append(_entry(fs, root, name, files[name]))
    data = b"".join(pieces)
    fs.write(path, data + hashlib.sha1(data, usedforsecurity=False).digest())


def _entry(fs: FileSystem, root: str, name: str, entry: tuple[str, str]) -> bytes:
    mode, digest = entry
    status = fs.find(f"{root}/{name}", follow=False)
    seconds, rest = divmod(status.mtime if status else 0, 10**9)
    facts: Mapping[str, int] = (
        {"ino": status.inode, "uid": status.uid, "gid": status.gid, "size": status.size} if status else {}
    )
    encoded = name.encode("utf-8", "surrogateescape")
    fixed = _ENTRY.pack(
        seconds & 0xFFFFFFFF, rest, seconds & 0xFFFFFFFF, rest, 0, facts.get("ino", 0) & 0xFFFFFFFF, int(mode, 8),
        facts.get("uid", 0), facts.get("gid", 0), facts.get("size", 0), bytes.fromhex(digest),
        min(len(encoded), _NAME_MASK),
    )  # fmt: skip
    size = len(fixed) + len(encoded)
    return fixed + encoded + b"\0" * (8 - size % 8)
