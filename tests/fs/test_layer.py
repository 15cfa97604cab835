"""Layers as changesets: whiteouts, opaque directories, sizes, digests (OCI image-spec, layer.md)."""

from __future__ import annotations

import gzip
import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.fs.archive import Entry, write_tar
from dockerlab.fs.content import Bytes
from dockerlab.fs.layer import Layer, apply, apply_all, diff, squash
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Node, Symlink, lookup, walk

BASE = Layer.of(
    [
        Entry("etc", "d", 0o755),
        Entry("etc/passwd", content=Bytes(b"root")),
        Entry("etc/my-app.d", "d"),
        Entry("etc/my-app.d/default.cfg", content=Bytes(b"cfg")),
        Entry("usr/lib/x", content=Bytes(b"library")),
    ]
)


def paths(tree: Directory) -> list[str]:
    return [path for path, node in walk(tree) if node.kind != "d"]


def test_all_follows_from_the_changeset() -> None:
    raw = write_tar(BASE.entries).read()
    assert BASE.tar.read() == raw
    assert BASE.diff_id == "sha256:" + hashlib.sha256(raw).hexdigest()
    assert gzip.decompress(BASE.blob.read()) == raw
    assert BASE.digest == "sha256:" + hashlib.sha256(BASE.blob.read()).hexdigest()
    assert BASE.size == len("rootcfglibrary")


def test_a_blob_that_came_compressed_stays_as_it_came() -> None:
    packed = Bytes(gzip.compress(BASE.tar.read(), 1))
    layer = Layer.from_tar(packed)
    assert layer.diff_id == BASE.diff_id
    assert layer.blob is packed
    assert layer == BASE


def test_size_counts_symlinks_and_hard_links_once() -> None:
    # Asked of the engine: a file of 3 bytes with a second name and a symlink of 60 bytes make 63 bytes.
    layer = Layer.of(
        [Entry("f", content=Bytes(b"abc")), Entry("g", "h", linkname="f"), Entry("l", "l", linkname="x" * 60)]
    )
    assert layer.size == 63


def test_a_whiteout_hides_a_name_and_all_below_it() -> None:
    tree = apply(Layer.of([Entry("etc/.wh.my-app.d")]), apply(BASE, EMPTY))
    assert paths(tree) == ["etc/passwd", "usr/lib/x"]


def test_an_opaque_directory_hides_its_lower_children() -> None:
    # The example of the specification: bin/ made anew, in either order of its entries.
    for entries in (
        [Entry("etc", "d"), Entry("etc/.wh..wh..opq"), Entry("etc/new")],
        [Entry("etc", "d"), Entry("etc/new"), Entry("etc/.wh..wh..opq")],
    ):
        assert paths(apply(Layer.of(entries), apply(BASE, EMPTY))) == ["etc/new", "usr/lib/x"]


def test_a_whiteout_spares_what_its_own_layer_brings() -> None:
    layer = Layer.of([Entry("etc/passwd", content=Bytes(b"new")), Entry("etc/.wh.passwd")])
    assert lookup(apply(layer, apply(BASE, EMPTY)), "etc/passwd") == File(Metadata(0o644), Bytes(b"new"))


def test_marks_of_aufs_mean_nothing() -> None:
    assert paths(apply(Layer.of([Entry(".wh..wh.plnk", "f"), Entry("a")]), EMPTY)) == ["a"]


def test_kinds_may_change_between_layers() -> None:
    tree = apply(BASE, EMPTY)
    tree = apply(Layer.of([Entry("etc", content=Bytes(b"a file"))]), tree)
    assert paths(tree) == ["etc", "usr/lib/x"]
    tree = apply(Layer.of([Entry("etc", "d", 0o700), Entry("etc/a")]), tree)
    assert paths(tree) == ["etc/a", "usr/lib/x"]


def test_directories_that_are_only_implied_keep_what_the_lower_ones_say() -> None:
    lower = apply(Layer.of([Entry("tmp", "d", 0o1777)]), EMPTY)
    assert apply(Layer.of([Entry("tmp/x")]), lower).entries["tmp"].meta.mode == 0o1777


def test_untouched_directories_are_shared() -> None:
    lower = apply(BASE, EMPTY)
    assert apply(Layer.of([Entry("etc/new")]), lower).entries["usr"] is lower.entries["usr"]


def test_diff_writes_a_whiteout_per_name_and_the_changed_directories() -> None:
    old = apply(BASE, EMPTY)
    new = apply(Layer.of([Entry("etc/.wh.my-app.d"), Entry("etc/new"), Entry("etc", "d", 0o700)]), old)
    layer = diff(old, new, mtime=7)
    assert [(entry.path, entry.mtime) for entry in layer.entries] == [
        ("etc", 0),
        ("etc/.wh.my-app.d", 7),
        ("etc/new", 0),
    ]
    assert apply(layer, old) == new
    assert diff(old, old).entries == ()


def test_squash_leaves_out_what_comes_and_goes() -> None:
    add = Layer.of([Entry("big", content=Bytes(b"x" * 1000)), Entry("kept")])
    drop = Layer.of([Entry(".wh.big"), Entry("etc/.wh.passwd")])
    base = apply(BASE, EMPTY)
    layer = squash([add, drop], base)
    assert [entry.path for entry in layer.entries] == ["etc", "etc/.wh.passwd", "kept"]
    assert layer.size == 0
    assert apply(layer, base) == apply_all([add, drop], base)


names = st.sampled_from("abc")
leaves: st.SearchStrategy[Node] = st.one_of(
    st.builds(File, st.builds(Metadata, st.sampled_from([0o600, 0o644])), st.binary(max_size=2).map(Bytes)),
    st.builds(Symlink, st.just(Metadata(0o777)), st.just("target")),
)
directories = st.recursive(
    leaves,
    lambda nodes: st.builds(Directory, st.builds(Metadata, st.just(0o755)), st.dictionaries(names, nodes, max_size=3)),
    max_leaves=10,
)
trees = st.dictionaries(names, directories, max_size=3).map(lambda entries: Directory(Metadata(0o755), entries))


@settings(deadline=None)
@given(trees, trees)
def test_the_difference_makes_the_one_of_the_other(old: Directory, new: Directory) -> None:
    layer = diff(old, new)
    assert apply(layer, old) == new
    assert apply(Layer.from_tar(Bytes(layer.tar.read())), old) == new


@settings(deadline=None)
@given(st.lists(trees, max_size=4))
def test_squash_equals_the_stack(stack: list[Directory]) -> None:
    layers = [diff(old, new) for old, new in zip([EMPTY, *stack], stack, strict=False)]
    assert apply(squash(layers), EMPTY) == apply_all(layers)
