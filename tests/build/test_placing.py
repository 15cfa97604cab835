"""Where COPY and ADD put things (g04_multistage_args_onbuild: ad, sl; build_copy_add)."""

from __future__ import annotations

import pytest

from dockerlab.build.copying import OwnerError, parse_mode, parse_owner
from dockerlab.build.following import follow
from dockerlab.build.placing import OccupiedError, Owner, Placer
from dockerlab.build.sources import Source, expand, find, has_wildcards
from dockerlab.errors import ArchiveError, FileSystemError, InvalidParameterError
from dockerlab.fs.archive import entries_of, write_tar
from dockerlab.fs.content import Bytes, Content
from dockerlab.fs.gzip import gzip
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata, Symlink, insert
from dockerlab.world import Clock
from tests.build.workshop import GROUP, PASSWD, tree_of_texts

ROOT = Owner()
CONTEXT = insert(tree_of_texts({"d/one": "1\n", "d/e/two": "2\n", "a.txt": "a"}), "link", Symlink(Metadata(0o777), "d"))


def sources(*patterns: str, tree: Directory = CONTEXT) -> list[Source]:
    return find(patterns, tree, lambda path: LookupError(path), lambda path: False)


def placed(found: list[Source], target: str, owner: Owner = ROOT, *, unpack: bool = False) -> OverlayFs:
    files = OverlayFs(tree_of_texts({"etc/motd": "hi"}), Clock())
    Placer(files, owner, unpack).place(found, target)
    return files


@pytest.mark.parametrize(
    ("pattern", "target", "path"),
    [
        ("d/one", "/exact", "/exact"),
        ("d/one", "/dir/", "/dir/one"),
        ("d/one", "/etc", "/etc/one"),
        ("d/one", "/deep/er/f", "/deep/er/f"),
        ("d", "/tree", "/tree/e/two"),
        ("d/", "/tree/", "/tree/one"),
        ("d*", "/star/", "/star/e/two"),
        ("/d/one", "/rooted", "/rooted"),
        ("./d/one", "/dotted", "/dotted"),
        ("link", "/linked", "/linked/e/two"),
    ],
)
def test_places(pattern: str, target: str, path: str) -> None:
    files = placed(sources(pattern), target)
    assert files.is_file(path)


def test_missing_directories_are_made_with_755_whatever_the_source_has() -> None:
    """Asked of the engine: COPY of a directory of mode 700 makes one of 755, those below keep theirs."""
    inner = Directory(Metadata(0o700), {"e": Directory(Metadata(0o700), {})})
    files = placed([Source("d", inner)], "/new")
    assert [files.stat(path).mode for path in ("/new", "/new/e")] == [0o755, 0o700]


def test_files_keep_mode_and_time_and_become_roots() -> None:
    node = File(Metadata(0o640, 7, 7, mtime=5), Bytes(b"x"))
    found = placed([Source("f", node)], "/f").stat("/f")
    assert (found.mode, found.uid, found.gid, found.mtime) == (0o640, 0, 0, 5)


def test_chown_and_chmod() -> None:
    files = placed(sources("d"), "/made/here/", Owner(33, 34, 0o600))
    assert (files.stat("/made").uid, files.stat("/made/here").gid) == (33, 34)
    assert (files.stat("/made/here/one").uid, files.stat("/made/here/one").mode) == (33, 0o600)


def test_what_stands_there_gives_way_or_stays() -> None:
    files = placed(sources("a.txt"), "/etc/motd")
    assert files.read("/etc/motd") == b"a"
    with pytest.raises(FileSystemError):
        Placer(files).place([Source("x", Directory(Metadata(), {"motd": Directory()}))], "/etc")


def test_the_legacy_builder_replaces_what_is_in_the_way_of_a_folders_contents() -> None:
    """Asked of engine 20.10.24 (tests/transcripts/copy_over.console)."""
    files = OverlayFs(tree_of_texts({"x/e": "file", "x/one/deep": "below"}), Clock())
    files.symlink("/x", "/x/link")
    folder = tree_of_texts({"e/two": "2", "one": "1", "link/three": "3"})
    Placer(files, legacy=True).place([Source("d", folder)], "/x")
    assert [files.read(f"/x/{path}") for path in ("e/two", "one", "link/three")] == [b"2", b"1", b"3"]


def test_symlinks_at_the_destination_lead_on_also_to_where_nothing_is() -> None:
    files = OverlayFs(EMPTY, Clock())
    files.symlink("/no/such", "/link")
    Placer(files).place(sources("a.txt"), "/link")
    Placer(files).place(sources("d"), "/link2/../dir")
    assert files.read("/no/such") == b"a"
    assert files.is_file("/dir/one")


def test_the_legacy_builder_takes_set_id_bits_away_where_it_gives_files_away() -> None:
    node = File(Metadata(0o6755), Bytes(b"x"))
    modes = []
    for owner in (Owner(), Owner(keep=True)):
        files = OverlayFs(EMPTY, Clock())
        Placer(files, owner, legacy=True).place([Source("f", node)], "/f")
        modes.append(files.stat("/f").mode)
    assert modes == [0o755, 0o6755]


def test_hard_links_of_one_source_stay_hard_links() -> None:
    node = File(Metadata(), Bytes(b"x"))
    files = placed([Source("d", Directory(Metadata(0o755), {"a": node, "b": node}))], "/x")
    assert files.stat("/x/a").nlink == 2


def test_what_stands_where_a_folder_is_needed() -> None:
    with pytest.raises(OccupiedError) as caught:
        placed(sources("d"), "/etc/motd")
    assert (caught.value.what, caught.value.path) == ("directory", "/etc/motd")


def archive() -> Content:
    owned = insert(EMPTY, "p/q", File(Metadata(0o644, 33, 33), Bytes(b"q")))
    return write_tar(entries_of(owned))


@pytest.mark.parametrize("packed", [archive(), gzip(archive())], ids=["tar", "tar.gz"])
@pytest.mark.parametrize(("legacy", "owner", "folder"), [(True, 33, 0), (False, 1, 1)], ids=["legacy", "BuildKit"])
def test_add_unpacks_archives(packed: Content, legacy: bool, owner: int, folder: int) -> None:
    """With --chown the legacy builder leaves what is in an archive its owner, BuildKit gives it away, too."""
    found = [Source("p.tgz", File(Metadata(), packed))]
    files = OverlayFs(EMPTY, Clock())
    Placer(files, Owner(1, 1), unpack=True, legacy=legacy).place(found, "/x")
    assert files.stat("/x/p/q").uid == owner
    assert files.stat("/x").uid == folder


def test_an_archive_that_breaks_off_is_one_all_the_same() -> None:
    """Asked of engine 20.10.24: 'Error processing tar file(exit status 1): unexpected EOF'."""
    packed = gzip(archive()).read()
    cut = Source("cut.tgz", File(Metadata(), Bytes(packed[: len(packed) - 12])))
    with pytest.raises(ArchiveError, match="unexpected EOF"):
        placed([cut], "/x", unpack=True)


@pytest.mark.parametrize("content", [gzip(Bytes(b"1\n")), Bytes(b"nottar\n")], ids=["gz of no tar", "no tar"])
def test_add_copies_what_is_no_archive(content: Content) -> None:
    """g04: one.gz and fake.tar."""
    files = placed([Source("one.gz", File(Metadata(), content))], "/z/", unpack=True)
    assert files.content("/z/one.gz") == content


def test_copy_unpacks_nothing() -> None:
    assert placed([Source("t.tar", File(Metadata(), archive()))], "/t").is_file("/t")


def test_symlinks_do_not_leave_the_context() -> None:
    """g04: COPY abs with abs -> /etc/passwd finds nothing."""
    tree = insert(CONTEXT, "abs", Symlink(Metadata(0o777), "/etc/passwd"))
    assert follow(tree, "abs") is None
    with pytest.raises(LookupError):
        sources("abs", tree=tree)
    assert follow(insert(CONTEXT, "loop", Symlink(Metadata(0o777), "loop")), "loop") is None


def test_wildcards() -> None:
    assert expand("*.txt", CONTEXT) == ["a.txt"]
    assert expand("*/o*", CONTEXT) == ["d/one"]
    assert expand("*.nope", CONTEXT) == []
    assert not has_wildcards(r"a\*b")


def test_owners_are_looked_up_in_the_image() -> None:
    tree = tree_of_texts({"etc/passwd": PASSWD, "etc/group": GROUP})
    assert parse_owner("www-data", tree) == Owner(33, 33)
    assert parse_owner("33", tree) == Owner(33, 33)
    assert parse_owner("root:www-data", tree) == Owner(0, 33)
    with pytest.raises(OwnerError, match="can't find uid for user nosuch: no such user: nosuch"):
        parse_owner("nosuch", tree)


def test_modes() -> None:
    assert [parse_mode(text) for text in ("", "600", "4755")] == [None, 0o600, 0o4755]
    with pytest.raises(InvalidParameterError):
        parse_mode("rwx")
