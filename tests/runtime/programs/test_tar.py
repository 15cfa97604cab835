"""tar and gzip: archives go round, and nothing leaves the folder that it is unpacked into."""

from __future__ import annotations

import io
import tarfile

from dockerlab.fs.archive import Entry, write_tar


def test_a_folder_goes_round(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("mkdir -p d/s; echo 1 > d/a; ln d/a d/h; ln -s a d/l; chmod 4755 d/a; touch -d 2020-01-01 d/s")
    assert box.run("tar -C d -czf t.tgz .").exit_code == 0
    assert box.sh("mkdir out; tar -xzpf t.tgz -C out; ls out; stat -c '%a %h' out/a; readlink out/l").lines == [
        "a", "h", "l", "s", "4755 2", "a",
    ]  # fmt: skip
    assert box.run("stat -c %Y out/s").stdout == "1577836800\n"


def test_pythons_tarfile_reads_it(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("mkdir d; echo hello > d/a; tar cf t.tar d")
    with tarfile.open(fileobj=io.BytesIO(box.fs.read("/lab/t.tar"))) as archive:
        assert archive.getnames() == ["d", "d/a"]
        assert archive.extractfile("d/a").read() == b"hello\n"  # type: ignore[union-attr]


def test_lists(box, busybox) -> None:  # type: ignore[no-untyped-def]
    for each in (box, busybox):
        each.sh("mkdir d; echo 1 > d/a; touch -d '2020-01-01 10:00' d/a; tar cf t.tar d")
    assert box.run("tar tvf t.tar d/a").stdout == "-rw-r--r-- root/root         2 2020-01-01 10:00 d/a\n"
    assert busybox.run("tar tvf t.tar d/a").stdout == "-rw-r--r-- root/root         2 2020-01-01 10:00:00 d/a\n"
    assert box.run("tar cvf - d").stderr == "d/\nd/a\n"


def test_to_stdout_by_wildcards(box) -> None:  # type: ignore[no-untyped-def]
    """The line of the oracle's diff_cow: tar xO --wildcards '*/layer.tar' | tar tv --ignore-zeros."""
    box.sh("mkdir -p x y; echo 1 > f; tar cf x/layer.tar f; tar cf y/layer.tar f; tar cf all.tar x y")
    assert box.sh("tar xOf all.tar --wildcards '*/layer.tar' | tar t --ignore-zeros").lines == ["f", "f"]


def test_nothing_leaves_the_folder(box) -> None:  # type: ignore[no-untyped-def]
    archive = write_tar([Entry("out", "l", linkname="/etc"), Entry("out/passwd", "f")])
    box.fs.write("/lab/evil.tar", archive)
    result = box.sh("mkdir in; tar xf evil.tar -C in")
    assert result.exit_code == 2
    assert box.fs.read("/etc/passwd").startswith(b"root:")


def test_gzip_gives_the_same_bytes_each_time(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("seq 1000 > n; gzip -kn n; cp n m; gzip -n m")
    assert box.fs.read("/lab/n.gz") == box.fs.read("/lab/m.gz")
    assert box.sh("zcat n.gz | sha256sum; sha256sum < n").lines[0] == box.sh("sha256sum < n").lines[0]


def test_owners_may_be_given(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("echo 1 > a; tar --owner=me --group=staff --mtime=2020-01-01 -cf t.tar a")
    assert box.run("tar tvf t.tar").stdout == "-rw-r--r-- me/staff          2 2020-01-01 00:00 a\n"


def test_gnu_tar_fills_its_last_record(box) -> None:  # type: ignore[no-untyped-def]
    """Asked of tar 1.34: 20 blocks of 512 bytes, unless -b says otherwise; busybox fills up nothing."""
    box.sh("echo hi > a; tar -cf twenty.tar a; tar -b 1 -cf one.tar a")
    assert [len(box.fs.read(f"/lab/{name}")) for name in ("twenty.tar", "one.tar")] == [10_240, 2_048]


def test_gnu_gzip_keeps_name_and_time(box) -> None:  # type: ignore[no-untyped-def]
    """The bytes of gzip 1.12."""
    box.sh("echo hi > a; touch -d @1800000000 a; gzip -k a; gzip -nc a > b.gz")
    packed = "cbc8e402007a7a6fed03000000"
    assert box.fs.read("/lab/a.gz").hex() == "1f8b080800d2496b00036100" + packed
    assert box.fs.read("/lab/b.gz").hex() == "1f8b0800000000000003" + packed
