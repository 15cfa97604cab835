"""Archives of every make are read, and what is written every tar reads (the oracle here: Python's tarfile)."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dockerlab.errors import ArchiveError
from dockerlab.fs.archive import Entry, decompress, entries_of, is_compressed, read_tar, tree_of, write_tar
from dockerlab.fs.compression import first_bytes
from dockerlab.fs.content import EMPTY_CONTENT, Bytes, Filler, Span
from dockerlab.fs.tree import Directory, File, Metadata, Symlink, lookup

SECOND = 1_000_000_000
LONG = "a-rather-long-directory-name/" * 9 + "file"

EVERYTHING = [
    Entry("bin", "d", 0o755, mtime=5 * SECOND),
    Entry("bin/sh", "f", 0o4755, 1, 2, 5 * SECOND, Bytes(b"#!" * 300)),
    Entry("bin/ash", "h", 0o4755, 1, 2, 5 * SECOND, linkname="bin/sh"),
    Entry("bin/bash", "l", 0o777, mtime=5 * SECOND, linkname="/bin/sh"),
    Entry("dev/null", "c", 0o666, major=1, minor=3),
    Entry("dev/sda", "b", 0o660, 0, 6, major=8, minor=0),
    Entry("run/pipe", "p", 0o600),
    Entry(LONG, "f", content=Bytes(b"deep")),
    Entry("größe/ファイル", "f", uname="anna", gname="staff"),
    Entry("caps", "f", xattrs=(("security.capability", b"\1\0\n\2="), ("user.note", "ü".encode()))),
    Entry("link", "l", 0o777, linkname="x" * 200),
    Entry("rich", "f", uid=1 << 30, gid=1 << 31),
]


def test_what_is_written_is_read_again() -> None:
    assert list(read_tar(write_tar(EVERYTHING))) == EVERYTHING


def test_tarfile_reads_what_is_written() -> None:
    with tarfile.open(fileobj=io.BytesIO(write_tar(EVERYTHING).read())) as archive:
        members = {member.name: member for member in archive}
        assert list(members) == [entry.path for entry in EVERYTHING]
        assert archive.extractfile(members[LONG]).read() == b"deep"  # type: ignore[union-attr]
        assert (members["rich"].uid, members["rich"].gid) == (1 << 30, 1 << 31)
        assert members["bin/ash"].islnk()
        assert members["dev/sda"].devmajor == 8


def tar_of(style: int, *members: tuple[tarfile.TarInfo, bytes]) -> Bytes:
    """An archive made by Python's tarfile in one of its formats."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=style) as archive:
        for info, data in members:
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return Bytes(file.getvalue())


def member(name: str, kind: bytes = tarfile.REGTYPE, linkname: str = "", **more: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, linkname
    for key, value in more.items():
        setattr(info, key, value)
    return info


@pytest.mark.parametrize("style", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_each_format(style: int) -> None:
    path = "/".join(["directory"] * 15)
    content = tar_of(
        style,
        (member("./", tarfile.DIRTYPE), b""),
        (member(f"./{path}/file", mtime=77, mode=0o600), b"data"),
        (member(f"./{path}/link", tarfile.LNKTYPE, f"./{path}/file"[-99:]), b""),
    )
    root, file, link = read_tar(content)
    assert (root.path, root.kind) == ("", "d")
    assert (file.path, file.mode, file.mtime, file.content.read()) == (f"{path}/file", 0o600, 77 * SECOND, b"data")
    assert link.kind == "h"


def test_gnu_long_names_and_numbers() -> None:
    content = tar_of(tarfile.GNU_FORMAT, (member("n" * 300, uid=1 << 40), b""), (member("s", b"2", "t" * 300), b""))
    long, link = read_tar(content)
    assert (long.path, long.uid) == ("n" * 300, 1 << 40)
    assert link.linkname == "t" * 300


def test_pax_times_have_fractions_and_globals_hold_for_all() -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT, pax_headers={"uname": "everyone"}) as archive:
        archive.addfile(member("a", mtime=1.25))
        archive.addfile(member("b"))
    first, second = read_tar(Bytes(file.getvalue()))
    assert first.mtime == SECOND * 5 // 4
    assert second.uname == "everyone"


def test_a_v7_archive_has_no_magic_and_marks_directories_by_a_slash() -> None:
    plain = bytearray(write_tar([Entry("d", "d"), Entry("d/f", content=Bytes(b"x"))]).read())
    for start, flag in ((0, b"\0"), (512, b"\0")):
        plain[start + 156 : start + 157] = flag
        plain[start + 257 : start + 512] = bytes(255)
        plain[start + 148 : start + 156] = b"        "
        plain[start + 148 : start + 155] = b"%06o\0" % sum(plain[start : start + 512])
    assert [(entry.path, entry.kind) for entry in read_tar(Bytes(bytes(plain)))] == [("d", "d"), ("d/f", "f")]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_archives(pack: object) -> None:
    packed = Bytes(pack(write_tar(EVERYTHING).read()))  # type: ignore[operator]
    assert is_compressed(packed)
    assert list(read_tar(packed)) == EVERYTHING


def test_several_gzip_members_in_a_row_and_padding_behind_them() -> None:
    # RFC 1952, 2.2: "A gzip file consists of a series of members".
    packed = gzip.compress(b"one ") + gzip.compress(b"") + gzip.compress(b"two") + bytes(100)
    assert decompress(Bytes(packed)).read() == b"one two"


def test_contents_are_spans_of_the_archive() -> None:
    archive = Bytes(write_tar([Entry("big", content=Filler("x", 100_000))]).read())
    (entry,) = read_tar(archive)
    assert isinstance(entry.content, Span)
    assert entry.content.content is archive


def test_an_empty_archive_may_lack_even_its_end() -> None:
    assert list(read_tar(EMPTY_CONTENT)) == []
    assert list(read_tar(Bytes(bytes(512)))) == []
    assert list(read_tar(Bytes(write_tar(EVERYTHING).read()[:-1024]))) == EVERYTHING


def test_a_tree_of_what_real_images_hold() -> None:
    tree = tree_of(
        [
            Entry("", "d", 0o700),
            Entry("a/b/c", "f", 0o4755, content=Bytes(b"x")),
            Entry("a/twin", "h", linkname="a/b/c"),
            Entry("abs", "l", linkname="/etc/passwd"),
            Entry("up", "l", linkname="../../.."),
            Entry("a", "d", 0o711),
        ]
    )
    assert tree.meta.mode == 0o700
    assert lookup(tree, "a/twin") is lookup(tree, "a/b/c")
    assert lookup(tree, "a") is not None
    # No entry speaks of a/b: it gets what mkdir gives.
    assert [lookup(tree, path).meta.mode for path in ("a", "a/b")] == [0o711, 0o755]  # type: ignore[union-attr]


def test_a_hundred_thousand_entries() -> None:
    tree = tree_of(Entry(f"d{number % 100}/{number}") for number in range(100_000))
    assert sum(1 for _ in entries_of(tree)) == 100_100


names = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=120).filter(
    lambda name: name not in (".", "..") and len(name.encode()) <= 255
)
metas = st.builds(
    Metadata,
    st.integers(0, 0o7777),
    st.integers(0, 1 << 22),
    st.integers(0, 1 << 22),
    st.integers(-100, 1 << 34).map(lambda seconds: seconds * SECOND),
)
trees = st.recursive(
    st.one_of(
        st.builds(File, metas, st.binary(max_size=700).map(Bytes)),
        st.builds(Symlink, metas, st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)),
    ),
    lambda nodes: st.builds(Directory, metas, st.dictionaries(names, nodes, max_size=4)),
    max_leaves=12,
).map(lambda node: Directory(Metadata(0o755), {"top": node}))


@settings(deadline=None, max_examples=60)
@given(trees)
def test_any_tree_survives_and_tarfile_agrees(tree: Directory) -> None:
    content = write_tar(entries_of(tree))
    assert tree_of(read_tar(content)) == tree
    with tarfile.open(fileobj=io.BytesIO(content.read())) as archive:
        found = [(info.name, info.uid, info.gid, info.linkname, int(info.mtime)) for info in archive]
    assert found == [
        (entry.path, entry.uid, entry.gid, entry.linkname, entry.mtime // SECOND) for entry in entries_of(tree)
    ]


@settings(deadline=None)
@given(st.integers(0, 4000), st.integers(0, 255))
def test_a_damaged_archive_is_read_or_refused_but_never_crashes(position: int, value: int) -> None:
    damaged = bytearray(write_tar(EVERYTHING).read())
    damaged[position] = value
    with contextlib.suppress(ArchiveError):
        tree_of(read_tar(Bytes(bytes(damaged))))


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress], ids=["plain", "gz", "bz2", "xz"])
def test_how_a_content_begins(pack: Callable[[bytes], bytes]) -> None:
    """Also where the rest of it is missing: ADD takes what begins as an archive for one."""
    packed = pack(b"x" * 70_000)
    assert first_bytes(Bytes(packed), 3) == b"xxx"
    assert first_bytes(Bytes(packed[:6]), 3) in (b"", b"xxx")
