"""What an image ships in vain, to the byte, and who is to blame."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dockerlab.fs.content import Bytes
from dockerlab.fs.entry import Entry
from dockerlab.fs.layer import Layer, apply_all
from dockerlab.fs.tree import walk
from dockerlab.fs.waste import Account, Hidden, account_of


def file(path: str, size: int, fill: bytes = b"x", mode: int = 0o644) -> Entry:
    return Entry(path, "f", mode, content=Bytes(fill * size))


def layer(*entries: Entry) -> Layer:
    return Layer.of(entries)


def test_twenty_thousand_shipped_and_ten_thousand_visible_are_half() -> None:
    account = account_of([layer(file("a", 10_000)), layer(file("a", 10_000, b"y"))])
    assert (account.shipped, account.visible, account.wasted, account.efficiency) == (20_000, 10_000, 10_000, 0.5)
    assert account.hidden == (Hidden("/a", 10_000, 0, 1, "replaced"),)


def test_a_deleted_file_is_shipped_all_the_same() -> None:
    account = account_of([layer(file("keep", 1)), layer(file("big", 5_000)), layer(file(".wh.big", 0))])
    assert account == Account(5_001, 1, (Hidden("/big", 5_000, 1, 2, "deleted"),))


def test_a_changed_mode_ships_the_content_again() -> None:
    account = account_of([layer(file("a", 7)), layer(file("a", 7, mode=0o600))])
    assert account.hidden == (Hidden("/a", 7, 0, 1, "repeated"),)


def test_a_deleted_folder_hides_all_that_is_in_it() -> None:
    first = layer(Entry("d", "d"), file("d/a", 3), Entry("d/e", "d"), file("d/e/b", 4))
    assert [(each.path, each.size) for each in account_of([first, layer(file(".wh.d", 0))]).hidden] == [
        ("/d/e/b", 4),
        ("/d/a", 3),
    ]


def test_an_opaque_folder_hides_what_lies_below_and_shows_its_own() -> None:
    first = layer(Entry("d", "d"), file("d/a", 3), file("d/b", 4))
    second = layer(Entry("d", "d"), file("d/.wh..wh..opq", 0), file("d/a", 3))
    account = account_of([first, second])
    assert (account.shipped, account.visible) == (10, 3)
    assert {each.path: each.how for each in account.hidden} == {"/d/a": "repeated", "/d/b": "deleted"}


def test_a_hard_linked_file_is_wasted_with_its_last_name() -> None:
    linked = layer(file("a", 9), Entry("b", "h", linkname="a"))
    assert account_of([linked, layer(file(".wh.a", 0))]).wasted == 0
    assert account_of([linked, layer(file(".wh.a", 0), file(".wh.b", 0))]).wasted == 9


def test_a_folder_in_a_files_place_and_the_other_way_round() -> None:
    account = account_of([layer(file("x", 5)), layer(Entry("x", "d"), file("x/y", 6)), layer(file("x", 7))])
    assert [(each.path, each.shipped_by, each.hidden_by) for each in account.hidden] == [("/x/y", 1, 2), ("/x", 0, 1)]


def test_the_same_layer_twice_is_shipped_twice() -> None:
    one = layer(file("a", 4))
    assert account_of([one, one]) == Account(8, 4, (Hidden("/a", 4, 0, 1, "repeated"),))


def test_nothing_wastes_nothing() -> None:
    assert account_of([]).efficiency == 1.0


NAMES = st.sampled_from(["a", "b", "d/a", "d/b", "d/e/a"])
STEPS = st.lists(st.tuples(NAMES, st.booleans(), st.integers(0, 5)), min_size=1, max_size=4, unique_by=lambda t: t[0])


@given(st.lists(STEPS, max_size=6))
def test_shipped_less_hidden_is_what_the_merged_tree_holds(steps: list[list[tuple[str, bool, int]]]) -> None:
    layers = [
        layer(*(_white(path) if gone else file(path, size, bytes([size])) for path, gone, size in step))
        for step in steps
    ]
    account = account_of(layers)
    merged = {id(node): node.size for _, node in walk(apply_all(layers)) if node.kind != "d"}
    assert account.shipped == sum(each.size for each in layers)
    assert account.visible == sum(merged.values())


def _white(path: str) -> Entry:
    folder, _, name = path.rpartition("/")
    return file(f"{folder}/.wh.{name}".lstrip("/"), 0)
