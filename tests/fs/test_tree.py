"""Trees are values: an edit makes a new one and shares the rest."""

from __future__ import annotations

import pytest

from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import (
    EMPTY,
    Device,
    Directory,
    Fifo,
    File,
    Metadata,
    Node,
    Symlink,
    insert,
    lookup,
    remove,
    walk,
)

FILE = File(Metadata(), Bytes(b"x"))
TREE = insert(insert(insert(EMPTY, "etc/passwd", FILE), "/usr/bin/env", FILE), "etc/a", FILE)


def test_insert_makes_missing_directories() -> None:
    assert [path for path, _ in walk(TREE)] == ["etc", "etc/a", "etc/passwd", "usr", "usr/bin", "usr/bin/env"]
    assert EMPTY.entries == {}


def test_an_edit_shares_what_it_does_not_touch() -> None:
    edited = insert(TREE, "etc/hosts", FILE)
    assert edited.entries["usr"] is TREE.entries["usr"]
    assert lookup(TREE, "etc/hosts") is None
    assert lookup(edited, "/etc//./hosts") is FILE


def test_remove() -> None:
    assert lookup(remove(TREE, "etc/a"), "etc/a") is None
    assert remove(TREE, "etc/nosuch") is TREE
    assert remove(TREE, "etc/a/b") is TREE


def test_insert_over_a_file_and_at_the_root() -> None:
    assert lookup(insert(TREE, "etc/passwd/x", FILE), "etc/passwd/x") is FILE
    assert insert(TREE, "/", EMPTY) is EMPTY
    with pytest.raises(ValueError, match="directory"):
        insert(TREE, "", FILE)


def test_hard_links_are_names_of_one_object() -> None:
    twin = File(Metadata(), Bytes(b"x"))
    assert TREE.links == {id(FILE): 3}
    assert insert(TREE, "twin", twin).links == {id(FILE): 3}
    assert twin == FILE


def test_sizes_and_kinds() -> None:
    meta = Metadata()
    nodes: list[Node] = [FILE, Directory(), Symlink(meta, "ü"), Device(meta, "b", 8, 1), Fifo(meta)]
    assert [(node.kind, node.size) for node in nodes] == [("f", 1), ("d", 4096), ("l", 2), ("b", 0), ("p", 0)]


def test_walk_goes_by_name_as_go_does() -> None:
    # filepath.Walk sorts the names of each directory: 'a' with all below it stands before 'a-b'.
    tree = insert(insert(EMPTY, "a-b", FILE), "a/c", FILE)
    assert [path for path, _ in walk(tree)] == ["a", "a/c", "a-b"]
