"""The POSIX calls, on an overlay with nothing below: what they do, and the errno with which they refuse."""

from __future__ import annotations

import errno
from collections.abc import Callable

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.fs.content import Bytes, Filler
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, Directory, File, Metadata
from dockerlab.world import NANOSECOND, Clock


@pytest.fixture
def fs() -> OverlayFs:
    made = OverlayFs(EMPTY, Clock())
    made.mkdir("/etc")
    made.mkdir("/home/ann", parents=True)
    made.write("/etc/passwd", b"root:x:0:0\n")
    made.symlink("/etc/passwd", "/home/ann/users")
    made.symlink("ann", "/home/me")
    made.symlink("loop2", "/loop1")
    made.symlink("loop1", "/loop2")
    return made


def number_of(call: Callable[[], object]) -> str:
    """The name of the errno that the call fails with."""
    with pytest.raises(FileSystemError) as caught:
        call()
    return caught.value.name


class TestLooking:
    def test_stat_follows_symlinks_and_lstat_does_not(self, fs: OverlayFs) -> None:
        assert fs.stat("/home/me/users").kind == "f"
        link = fs.stat("/home/me/users", follow=False)
        assert (link.kind, link.target, link.size, link.mode) == ("l", "/etc/passwd", 11, 0o777)

    def test_dots_and_slashes(self, fs: OverlayFs) -> None:
        assert fs.realpath("//home/./me/../ann/users") == "/etc/passwd"
        assert fs.realpath("/../..") == "/"
        # '..' behind a symlink is above the symlink's target, not above the link (POSIX pathname resolution).
        fs.symlink("/home/ann", "/here")
        assert fs.realpath("/here/..") == "/home"

    def test_the_last_name_of_realpath_may_be_missing(self, fs: OverlayFs) -> None:
        assert fs.realpath("/home/me/new") == "/home/ann/new"

    def test_listdir_is_sorted(self, fs: OverlayFs) -> None:
        assert fs.listdir("/") == ["etc", "home", "loop1", "loop2"]
        assert fs.listdir("/home/me/") == ["users"]

    def test_walk_has_parents_first(self, fs: OverlayFs) -> None:
        assert [path for path, _ in fs.walk("/home")] == ["/home", "/home/ann", "/home/ann/users", "/home/me"]

    def test_find_exists_is_dir_is_file(self, fs: OverlayFs) -> None:
        assert fs.find("/nosuch/file") is None
        assert [call("/home/me") for call in (fs.exists, fs.is_dir, fs.is_file)] == [True, True, False]
        assert [call("/home/me/users") for call in (fs.exists, fs.is_dir, fs.is_file)] == [True, False, True]
        assert not fs.exists("/loop1")

    def test_a_directory_counts_its_directories(self, fs: OverlayFs) -> None:
        assert fs.stat("/home").nlink == 3
        assert fs.stat("/etc").nlink == 2

    @pytest.mark.parametrize(
        ("path", "expected"),
        [
            ("/nosuch", "ENOENT"),
            ("/nosuch/file", "ENOENT"),
            ("", "ENOENT"),
            ("/etc/passwd/x", "ENOTDIR"),
            ("/etc/passwd/", "ENOTDIR"),
            ("/etc/passwd/..", "ENOTDIR"),
            ("/loop1", "ELOOP"),
            ("/loop1/x", "ELOOP"),
            ("/" + "n" * 256, "ENAMETOOLONG"),
            ("/" + "ü" * 128, "ENAMETOOLONG"),
            ("/x" * 2048, "ENAMETOOLONG"),
        ],
    )
    def test_paths_that_lead_nowhere(self, fs: OverlayFs, path: str, expected: str) -> None:
        assert number_of(lambda: fs.stat(path)) == expected

    def test_forty_symlinks_are_followed_and_no_more(self, fs: OverlayFs) -> None:
        # Linux, path_resolution(7): "the maximum number of symbolic links … is 40".
        fs.write("/s0", b"end")
        for number in range(1, 42):
            fs.symlink(f"s{number - 1}", f"/s{number}")
        assert fs.read("/s40") == b"end"
        assert number_of(lambda: fs.read("/s41")) == "ELOOP"

    def test_readlink_and_listdir_refuse_other_kinds(self, fs: OverlayFs) -> None:
        assert number_of(lambda: fs.readlink("/etc")) == "EINVAL"
        assert number_of(lambda: fs.listdir("/etc/passwd")) == "ENOTDIR"
        assert number_of(lambda: fs.read("/etc")) == "EISDIR"


class TestWriting:
    def test_a_new_file_has_the_asked_mode_and_an_old_one_keeps_its_own(self, fs: OverlayFs) -> None:
        fs.write("/etc/shadow", b"secret", mode=0o640, gid=42)
        fs.write("/etc/shadow", b"changed", mode=0o777)
        found = fs.stat("/etc/shadow")
        assert (found.mode, found.gid, found.size) == (0o640, 42, 7)

    def test_append_and_truncate(self, fs: OverlayFs) -> None:
        fs.write("/log", b"one\n", append=True)
        fs.write("/log", b"two\n", append=True)
        assert fs.read("/log") == b"one\ntwo\n"
        fs.truncate("/log", 3)
        fs.truncate("/log", 5)
        assert fs.read("/log") == b"one\0\0"

    def test_contents_are_taken_by_reference(self, fs: OverlayFs) -> None:
        big = Filler("program", 1 << 30)
        fs.write("/bin", big)
        assert fs.content("/bin") is big
        assert fs.disk_usage("/") == (1 << 30) + 11

    def test_a_write_goes_through_a_symlink_that_leads_to_nothing_yet(self, fs: OverlayFs) -> None:
        fs.symlink("ann/notes", "/home/notes")
        fs.write("/home/notes", b"here")
        assert fs.read("/home/ann/notes") == b"here"

    def test_changes_stamp_the_file_and_its_directory(self, fs: OverlayFs) -> None:
        fs.clock.advance(seconds=5)
        fs.write("/etc/hosts", b"")
        assert fs.stat("/etc").mtime == fs.stat("/etc/hosts").mtime == fs.clock.now
        fs.clock.advance(seconds=5)
        fs.write("/etc/hosts", b"x")
        assert fs.stat("/etc").mtime == fs.clock.now - 5 * NANOSECOND
        assert fs.stat("/etc/hosts").mtime == fs.clock.now

    def test_devices_swallow_what_is_written(self, fs: OverlayFs) -> None:
        fs.mknod("/null", "c", 0o666, 1, 3)
        fs.mknod("/full", "c", 0o666, 1, 7)
        fs.write("/null", b"gone")
        assert fs.read("/null") == b""
        assert number_of(lambda: fs.write("/full", b"x")) == "ENOSPC"

    def test_refusals(self, fs: OverlayFs) -> None:
        assert number_of(lambda: fs.write("/etc", b"")) == "EISDIR"
        assert number_of(lambda: fs.write("/nosuch/file", b"")) == "ENOENT"
        assert number_of(lambda: fs.write("/etc/new/", b"")) == "EISDIR"
        assert number_of(lambda: fs.truncate("/etc", 0)) == "EISDIR"


class TestNames:
    def test_mkdir(self, fs: OverlayFs) -> None:
        fs.mkdir("/a/b/c/", 0o700, parents=True)
        fs.mkdir("/a/b/c", parents=True)
        assert fs.stat("/a/b/c").mode == 0o700
        assert number_of(lambda: fs.mkdir("/a/b")) == "EEXIST"
        assert number_of(lambda: fs.mkdir("/x/y")) == "ENOENT"
        assert number_of(lambda: fs.mkdir("/etc/passwd", parents=True)) == "EEXIST"
        assert number_of(lambda: fs.mkdir("/etc/passwd/x", parents=True)) == "ENOTDIR"

    def test_mkdir_with_parents_goes_through_symlinks(self, fs: OverlayFs) -> None:
        fs.mkdir("/home/me/src/app", parents=True)
        assert fs.is_dir("/home/ann/src/app")

    def test_unlink_rmdir_and_remove_tree(self, fs: OverlayFs) -> None:
        assert number_of(lambda: fs.unlink("/etc")) == "EISDIR"
        assert number_of(lambda: fs.rmdir("/etc")) == "ENOTEMPTY"
        assert number_of(lambda: fs.rmdir("/etc/passwd")) == "ENOTDIR"
        assert number_of(lambda: fs.rmdir("/")) == "EBUSY"
        fs.unlink("/home/me/users")
        assert fs.exists("/etc/passwd")
        fs.remove_tree("/home")
        assert fs.listdir("/") == ["etc", "loop1", "loop2"]

    def test_hard_links_are_one_file(self, fs: OverlayFs) -> None:
        fs.link("/etc/passwd", "/etc/passwd-")
        fs.write("/etc/passwd-", b"changed")
        fs.chmod("/etc/passwd-", 0o600)
        first, second = fs.stat("/etc/passwd"), fs.stat("/etc/passwd-")
        assert first == second
        assert (first.nlink, first.mode, first.size) == (2, 0o600, 7)
        fs.unlink("/etc/passwd")
        assert fs.stat("/etc/passwd-").nlink == 1
        assert number_of(lambda: fs.link("/etc", "/etc2")) == "EPERM"
        assert number_of(lambda: fs.link("/etc/passwd-", "/etc")) == "EEXIST"

    def test_a_hard_link_to_a_symlink_is_a_symlink(self, fs: OverlayFs) -> None:
        fs.link("/home/ann/users", "/users")
        assert fs.readlink("/users") == "/etc/passwd"

    def test_rename(self, fs: OverlayFs) -> None:
        fs.write("/etc/group", b"g")
        fs.rename("/etc/group", "/etc/passwd")
        assert fs.read("/etc/passwd") == b"g"
        assert fs.listdir("/etc") == ["passwd"]
        fs.mkdir("/etc2")
        fs.rename("/etc", "/etc2")
        assert fs.listdir("/etc2") == ["passwd"]

    def test_rename_of_one_name_of_a_file_over_another_does_nothing(self, fs: OverlayFs) -> None:
        # rename(2): "If oldpath and newpath are existing hard links referring to the same file, does nothing".
        fs.link("/etc/passwd", "/etc/other")
        fs.rename("/etc/passwd", "/etc/other")
        assert fs.listdir("/etc") == ["other", "passwd"]

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ("/nosuch", "/x", "ENOENT"),
            ("/home", "/home/ann/home", "EINVAL"),
            ("/etc/passwd", "/home", "EISDIR"),
            ("/etc", "/loop1", "ENOTDIR"),
            ("/etc", "/home", "ENOTEMPTY"),
            ("/", "/x", "EBUSY"),
        ],
    )
    def test_rename_refuses(self, fs: OverlayFs, old: str, new: str, expected: str) -> None:
        assert number_of(lambda: fs.rename(old, new)) == expected

    def test_graft_keeps_metadata_and_hard_links(self, fs: OverlayFs) -> None:
        twin = File(Metadata(0o755, 1, 2, 3), Bytes(b"x"))
        tree = Directory(Metadata(0o700, mtime=7), {"a": twin, "d": Directory(Metadata(mtime=9), {"b": twin})})
        fs.graft("/copy", tree)
        assert fs.tree("/copy") == tree
        assert fs.stat("/copy/a").nlink == 2
        assert number_of(lambda: fs.graft("/copy", tree)) == "EEXIST"


class TestMetadata:
    def test_chmod_chown_utime(self, fs: OverlayFs) -> None:
        fs.chmod("/home/me/users", 0o4755)
        fs.chown("/etc/passwd", 5, -1)
        fs.utime("/etc/passwd", 12)
        found = fs.stat("/etc/passwd")
        # A change of owner takes the set-uid bit away (chown(2)).
        assert (found.mode, found.uid, found.gid, found.mtime) == (0o755, 5, 0, 12)

    def test_chown_of_the_link_itself(self, fs: OverlayFs) -> None:
        fs.chown("/home/ann/users", 7, 7, follow=False)
        assert fs.stat("/home/ann/users", follow=False).uid == 7
        assert fs.stat("/etc/passwd").uid == 0

    def test_extended_attributes(self, fs: OverlayFs) -> None:
        fs.setxattr("/etc/passwd", "user.note", b"hello")
        assert fs.stat("/etc/passwd").xattrs == (("user.note", b"hello"),)
        fs.setxattr("/etc/passwd", "user.note", None)
        assert fs.stat("/etc/passwd").xattrs == ()
        assert number_of(lambda: fs.setxattr("/etc/passwd", "user.note", None)) == "ENODATA"


def test_a_read_only_mount_refuses_every_change() -> None:
    fs = OverlayFs(EMPTY, Clock(), read_only=True)
    for change in (lambda: fs.write("/x", b""), lambda: fs.mkdir("/d"), lambda: fs.chmod("/", 0o700)):
        assert number_of(change) == errno.errorcode[errno.EROFS]
