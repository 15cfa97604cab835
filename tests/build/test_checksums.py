"""The sums in the legacy builder's history, asked of the real engine (20.10.24)."""

from __future__ import annotations

from dockerlab.build.checksums import source_sum, total
from dockerlab.fs.content import Bytes
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Symlink, insert


def file(text: str, mode: int = 0o644, mtime: int = 0) -> File:
    return File(Metadata(mode, mtime=mtime), Bytes(text.encode()))


def test_a_file() -> None:
    """g01_build_basic: COPY f / with 'data' in f."""
    expected = "file:662ccb3385420becb5514f28e79a6bbe83af61451ee56dd11678a81bfcfefa3f"
    assert source_sum("f", file("data\n")).text == expected


def test_the_time_does_not_count_and_the_mode_does() -> None:
    """SURPRISES 12."""
    first = source_sum("f", file("data\n")).text
    assert source_sum("f", file("data\n", mtime=10**18)).text == first
    assert source_sum("f", file("data\n", mode=0o600)).text != first


def test_a_directory() -> None:
    """COPY d /dd with d of mode 700 that holds f."""
    directory = Directory(Metadata(0o700), {"f": file("data\n")})
    found = source_sum("d", directory)
    assert found.text == "dir:ec8199ea6f26a1a020f4db8567e471ef7ce194b8841d07e264406f94fa42f184"
    assert [path for path, _ in found.files] == ["d", "d/f"]


def test_a_directory_of_directories() -> None:
    """COPY d/e /ee: a sticky directory with a file and an empty directory."""
    inner = Directory(Metadata(0o1777), {"g": Directory(), "two": file("2\n")})
    assert source_sum("d/e", inner).text == "dir:2f27809aa22acc0f00485b510cd86f7d181089ca46caecab68f6a9c051e82f02"


def test_the_legacy_builder_sums_what_symlinks_lead_to() -> None:
    """COPY d /d2: lnk -> one counts as one."""
    inner = Directory(Metadata(0o1777), {"g": Directory(), "two": file("2\n")})
    link = Symlink(Metadata(0o777), "one")
    directory = Directory(Metadata(0o755), {"e": inner, "lnk": link, "one": file("1\n", 0o4755)})
    tree = Directory(Metadata(0o755), {"d": directory})
    found = source_sum("d", directory, tree)
    assert found.text == "dir:f95102c5789690fe12ef1f033938feb22cb2ae4a7e8146993d1a86732cfcd559"


def test_several_sources() -> None:
    """COPY d/one d/e/two /m/."""
    sums = [source_sum("d/one", file("1\n", 0o4755)), source_sum("d/e/two", file("2\n"))]
    assert total(sums) == "multi:dabae16d16c74d5c60579e72ba553f4361a15e5c2c62d3986525b6198bd45849"
    assert total(sums[:1]) == sums[0].text


def test_the_whole_context() -> None:
    tree = insert(EMPTY, "a", file("x"))
    assert [path for path, _ in source_sum("", tree).files] == ["a"]
