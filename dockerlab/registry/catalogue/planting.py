"""What a step's layer holds: users, folders, links, texts, packages, programs, and filler up to a size.

Keys of a step's object: `users` (name uid gid home shell), `folders` (path: mode uid gid), `links`, `texts`, `copies`
(path: a file of `files/`), `programs` (path: kB), `debs` (roots of packages.json), `packages` (name: version, of the
makers' own repositories), `apks` (name: version), `spread` (folder: names that share what is left), `mb` (10^6 bytes).
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

from dockerlab.registry.catalogue.building import Tree
from dockerlab.registry.catalogue.data import read_file
from dockerlab.registry.catalogue.packages import alpine_records, debian_closure, library_path
from dockerlab.registry.catalogue.packages import debian_record as record

Read: TypeAlias = Callable[[str], str]
"""Reads a text of the layers below."""

_STATUS = "/var/lib/dpkg/status"
_INSTALLED = "/lib/apk/db/installed"


def plant(tree: Tree, spec: Mapping[str, Any], below: Read) -> None:
    """Fill a layer's tree."""
    _folders(tree, spec.get("folders", {}))
    _users(tree, spec.get("users", ()), below)
    for path, target in spec.get("links", {}).items():
        tree.link(path, target)
    for path, text in spec.get("texts", {}).items():
        tree.text(path, text)
    for path, name in spec.get("copies", {}).items():
        tree.text(path, read_file(name), _mode(name))
    for path, kilobytes in spec.get("programs", {}).items():
        tree.program(path, kilobytes << 10)
    shares = dict(_spread(spec.get("spread", {})))
    shares |= _debs(tree, spec.get("debs", ""), spec.get("packages", {}), below)
    _apks(tree, spec.get("apks", {}), below)
    if "mb" in spec:
        _fill(tree, round(float(spec["mb"]) * 1_000_000) - tree.size, shares)


def _mode(name: str) -> int:
    """Scripts may be run."""
    return 0o755 if name.endswith((".sh", ".envsh")) or "." not in name.rpartition("/")[2] else 0o644


def _folders(tree: Tree, folders: Mapping[str, str]) -> None:
    for path, words in folders.items():
        mode, uid, gid = [*words.split(), "0", "0"][:3]
        tree.folder(path, int(mode, 8), int(uid), int(gid))


def _users(tree: Tree, rows: list[str], below: Read) -> None:
    """New lines in passwd(5), group(5) and shadow(5)."""
    if not rows:
        return
    users = [row.split() for row in rows]
    passwd = [f"{name}:x:{uid}:{gid}::{home}:{shell}\n" for name, uid, gid, home, shell in users]
    tree.text("/etc/passwd", below("/etc/passwd") + "".join(passwd))
    groups = below("/etc/group")
    new = "".join(f"{row[0]}:x:{row[2]}:\n" for row in users if f"\n{row[0]}:" not in groups)
    tree.text("/etc/group", groups + new)
    shadow = "".join(f"{row[0]}:!:20361::::::\n" for row in users)
    tree.text("/etc/shadow", below("/etc/shadow") + shadow, 0o640, 42)


def _debs(tree: Tree, roots: str, own: Mapping[str, str], below: Read) -> dict[str, int]:
    """Install Debian's packages and others; returns the files that stand for the rest of each, with their weights."""
    if not roots and not own:
        return {}
    status = below(_STATUS)
    shares: dict[str, int] = {}
    paragraphs = [record(name, version, 1024) for name, version in own.items()]
    for name, row in debian_closure(roots.split(), status):
        paragraphs.append(record(name, row["version"], row["kb"], row["section"], everywhere=row.get("all", False)))
        paths = [*row.get("programs", {}), *row.get("links", {}), library_path(name)]
        for path, kilobytes in row.get("programs", {}).items():
            tree.program(path, kilobytes << 10)
        for path, target in row.get("links", {}).items():
            tree.link(path, target)
        shares[paths[-1]] = max(1, row["kb"] - sum(row.get("programs", {}).values()))
        tree.text(f"/var/lib/dpkg/info/{name}.list", "/.\n" + "".join(f"{path}\n" for path in paths))
    tree.text(_STATUS, status + "".join(f"\n{paragraph}" for paragraph in paragraphs))
    return shares


def _apks(tree: Tree, versions: Mapping[str, str], below: Read) -> None:
    if versions:
        tree.text(_INSTALLED, below(_INSTALLED) + alpine_records(versions))
        world = {*below("/etc/apk/world").split(), *(name for name in versions if not name.startswith("."))}
        tree.text("/etc/apk/world", "".join(f"{name}\n" for name in sorted(world)))


def _spread(folders: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """Files that share what is left, each with a weight of its own."""
    for folder, names in folders.items():
        for name in names.split():
            path = f"{folder}/{name}"
            yield path, 1 + zlib.crc32(path.encode()) % 9


def _fill(tree: Tree, left: int, shares: Mapping[str, int]) -> None:
    """Give each file its share of the bytes; the last one takes the rest, so that the size is right to the byte."""
    total, unit = sum(shares.values()), left
    *first, last = shares or {"/usr/share/misc/data": 1}
    for path in first:
        size = unit * shares[path] // total
        tree.filler(path, size, _filler_mode(path))
        left -= size
    tree.filler(last, left, _filler_mode(last))


def _filler_mode(path: str) -> int:
    return 0o755 if "/bin/" in path or "/sbin/" in path else 0o644
