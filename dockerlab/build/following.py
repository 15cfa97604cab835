"""Following a path in a tree through symlinks, without ever leaving the tree."""

from __future__ import annotations

from dockerlab.errors import FileSystemError
from dockerlab.fs.paths import resolve
from dockerlab.fs.tree import Directory, Node, Symlink, lookup


def locate(tree: Directory, path: str) -> tuple[str, Node] | None:
    """Where a path leads to, symlinks followed (absolute ones from the tree's root): 'a/b' and what stands there."""

    def kind(place: str) -> str:
        node = lookup(tree, place)
        return node.kind if node else ""

    def target(place: str) -> str:
        node = lookup(tree, place)
        return node.target if isinstance(node, Symlink) else ""

    try:
        place = resolve(f"/{path}", True, kind, target)
    except FileSystemError:
        return None
    node = lookup(tree, place)
    return None if node is None else (place.lstrip("/"), node)


def follow(tree: Directory, path: str) -> Node | None:
    """What a path leads to, None where that is nothing."""
    found = locate(tree, path)
    return found[1] if found else None
