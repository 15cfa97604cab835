"""Where `docker cp` puts what, as cp(1) does (moby, pkg/archive/copy.go; transcript g16_diff_cp_exec.json)."""

from __future__ import annotations

import pytest

from dockerlab.cli.copying import Place, Target, renamed, target_of
from dockerlab.errors import CommandError
from dockerlab.fs.archive import Entry

FILE, FOLDER = Place("/h.txt"), Place("/dir", is_dir=True)


@pytest.mark.parametrize(
    ("source", "destination", "target"),
    [
        (FILE, Place("/root/", is_dir=True), Target("/root")),
        (FILE, Place("/root/renamed", exists=False), Target("/root", "renamed")),
        (FILE, Place("/root/there"), Target("/root", "there")),
        (FOLDER, Place("/root", is_dir=True), Target("/root")),
        (FOLDER, Place("/root/new", exists=False), Target("/root", "new")),
    ],
)
def test_a_copy_goes_into_a_folder_or_takes_the_name(source: Place, destination: Place, target: Target) -> None:
    assert target_of(source, destination) == target


@pytest.mark.parametrize(
    ("source", "destination", "text"),
    [
        (FILE, Place("/nodir/", exists=False), "no such directory"),
        (FOLDER, Place("/root/file"), "cannot copy directory"),
    ],
)
def test_what_can_not_be_copied(source: Place, destination: Place, text: str) -> None:
    with pytest.raises(CommandError, match=text):
        target_of(source, destination)


def paths(base: str, target: Target, *names: str) -> list[str]:
    return [entry.path for entry in renamed([Entry(name) for name in names], base, target)]


def test_entries_are_named_anew() -> None:
    """An archive's first name, `base`, gives way to the new one; mere contents have none."""
    assert paths("dir", Target("/"), "dir", "dir/a") == ["dir", "dir/a"]
    assert paths("dir", Target("/", "new"), "dir", "dir/a") == ["new", "new/a"]
    assert paths("", Target("/x"), "./", "./a") == ["./", "./a"]
