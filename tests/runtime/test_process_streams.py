"""Streams: files with a place, pipes with two ends, devices by name (open(2), pipe(7))."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.runtime.process import Buffer, Callback, Feed, Machine, Pipe, Process, Tee, User

Make = Callable[..., Machine]


def opener(machine: Machine, user: User | None = None) -> Process:
    """A process that has not run yet, to open files with."""
    return machine.start(["prog"], stdout=Buffer(), user=user or User())


@pytest.fixture
def proc(tiny_machine: Make) -> Process:
    return opener(tiny_machine(prog=lambda proc: 0))


def test_a_pipe_ends_with_its_last_writer() -> None:
    pipe = Pipe()
    first, second = pipe.writer.acquire(), pipe.writer.acquire()
    pipe.write(b"x\ny")
    first.release()
    assert [pipe.take_line(), pipe.take_line()] == [b"x\n", None]
    second.release()
    assert [pipe.take_line(), pipe.take_line()] == [b"y", b""]


def test_a_pipe_breaks_with_its_last_reader() -> None:
    pipe = Pipe()
    pipe.reader.acquire().release()
    with pytest.raises(BrokenPipeError):
        pipe.write(b"x")


def test_a_full_pipe_asks_its_writer_to_wait() -> None:
    pipe = Pipe()
    pipe.write(bytes(65536))
    assert not pipe.writer.has_room()
    pipe.take(1)
    assert pipe.writer.has_room()


def test_output_can_go_to_several_places() -> None:
    buffer, heard = Buffer(), list[bytes]()
    tee = Tee(buffer, Callback(heard.append))
    tee.write(b"a")
    assert (buffer.value, heard) == (b"a", [b"a"])


def test_a_feed_gives_lines_and_pieces() -> None:
    feed = Feed("one\ntwo\nthree")
    assert [feed.take_line(), feed.take(2), feed.take_line(), feed.take_line(), feed.take_line()] == [
        b"one\n",
        b"tw",
        b"o\n",
        b"three",
        b"",
    ]


def test_two_descriptors_share_one_place_in_a_file(proc: Process) -> None:
    # Why `>f 2>&1` does not overwrite itself.
    stream = proc.open("/tmp/f", "w")
    proc.set_fd(1, stream)
    proc.set_fd(2, stream)
    proc.out("a")
    proc.err("b")
    proc.out("c")
    assert proc.fs.read("/tmp/f") == b"abc"


def test_two_openings_have_a_place_each(proc: Process) -> None:
    first, second = proc.open("/tmp/f", "w"), proc.open("/tmp/f", "rw")
    first.write(b"aaaa")
    second.write(b"bb")
    assert proc.fs.read("/tmp/f") == b"bbaa"


def test_appending_goes_to_the_end_whatever_others_do(proc: Process) -> None:
    log, other = proc.open("/tmp/f", "a"), proc.open("/tmp/f", "a")
    log.write(b"1")
    other.write(b"2")
    log.write(b"3")
    assert proc.fs.read("/tmp/f") == b"123"


def test_a_removed_file_takes_no_more(proc: Process) -> None:
    stream = proc.open("/tmp/f", "w")
    proc.fs.unlink("/tmp/f")
    stream.write(b"x")
    assert not proc.fs.exists("/tmp/f")


def test_new_files_belong_to_the_user_and_obey_the_umask(proc: Process) -> None:
    proc.uid, proc.gid, proc.umask = 0, 50, 0o027
    proc.open("/tmp/f", "w")
    status = proc.fs.stat("/tmp/f")
    assert (status.uid, status.gid, status.mode & 0o777) == (0, 50, 0o640)


def test_permissions_are_checked(tiny_machine: Make) -> None:
    machine = tiny_machine(prog=lambda proc: 0)
    machine.fs.write("/tmp/secret", b"", mode=0o600)
    user = opener(machine, User(1000, 1000))
    for path, mode in (("/tmp/secret", "r"), ("/tmp/secret", "w"), ("/tmp/new", "w")):
        with pytest.raises(FileSystemError) as caught:
            user.open(path, mode)
        assert (caught.value.name, caught.value.path) == ("EACCES", path)


@pytest.mark.parametrize(
    ("path", "mode", "name"),
    [
        ("/tmp", "w", "EISDIR"),
        ("/nosuch", "r", "ENOENT"),
        ("/no/such", "w", "ENOENT"),
        ("/bin/prog", "x", "EEXIST"),
        ("", "w", "ENOENT"),
    ],
)
def test_what_cannot_be_opened(proc: Process, path: str, mode: str, name: str) -> None:
    with pytest.raises(FileSystemError) as caught:
        proc.open(path, mode)
    assert caught.value.name == name


def test_devices_need_no_files(proc: Process) -> None:
    assert proc.open("/dev/null").take(5) == b""
    assert proc.open("/dev/zero").take(3) == b"\0\0\0"
    with pytest.raises(FileSystemError):
        proc.open("/dev/full", "w").write(b"x")
    assert proc.open("/dev/stdout", "w") is proc.stdout


def test_a_log_that_links_to_dev_stdout(proc: Process) -> None:
    # As images of servers have it, so that `docker logs` shows their log.
    proc.fs.symlink("/dev/stdout", "/tmp/access.log")
    assert proc.open("/tmp/access.log", "a") is proc.stdout
