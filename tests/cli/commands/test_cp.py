"""docker cp (transcript g16_diff_cp_exec.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import pytest

Host: TypeAlias = Callable[..., tuple[str, str, int]]


@pytest.fixture
def box(host: Host) -> Host:
    host("docker run -d --name box busybox:1.35 sleep 1000; echo 'host file' > h.txt; mkdir -p dir/s; echo b > dir/s/b")
    return host


def test_into_a_container_and_back(box: Host) -> None:
    assert box("docker cp h.txt box:/root/renamed") == ("", "", 0)
    assert box("docker exec box cat /root/renamed")[0] == "host file\n"
    assert box("docker cp box:/root/renamed back && cat back")[0] == "host file\n"


def test_a_folder_its_contents_and_its_new_name(box: Host) -> None:
    box("docker cp dir box:/root; docker cp dir box:/root/new; docker cp dir/. box:/root/dot")
    assert box("docker exec box find /root -type f | sort")[0].split() == [
        "/root/dir/s/b", "/root/dot/s/b", "/root/new/s/b",
    ]  # fmt: skip
    box("docker cp box:/root/dir out; docker cp box:/root/dir/. out2")
    assert box("find out out2 -type f | sort")[0].split() == ["out/s/b", "out2/s/b"]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("docker cp nosuchfile box:/", "lstat /lab/nosuchfile: no such file or directory\n"),
        ("docker cp box:/etc/passwd box:/x", "copying between containers is not supported\n"),
        ("docker cp a b", "must specify at least one container source\n"),
        ("docker cp box:/nosuch x", "Error response from daemon: Could not find the file /nosuch in container box\n"),
        ("docker cp h.txt box:/nodir/x",
         "Error response from daemon: Could not find the file /nodir in container box\n"),
        ("docker cp nosuch:/x x", "Error response from daemon: No such container: nosuch\n"),
        ("docker cp h.txt box:", "no such directory\n"),
    ],
)  # fmt: skip
def test_what_can_not_be_copied(box: Host, line: str, text: str) -> None:
    assert box(line) == ("", text, 1)


def test_a_tar_either_way(box: Host) -> None:
    assert box("tar -C dir -c . | docker cp - box:/tmp; docker exec box cat /tmp/s/b") == ("b\n", "", 0)
    assert box("docker cp box:/tmp/s - | tar -t")[0].split() == ["s/", "s/b"]


def test_a_folder_never_takes_a_files_place(host: Host) -> None:
    """Client 28.2.2: `docker cp c1:/etc .` where ./etc is a file."""
    host("docker create --name c1 busybox:1.35; mkdir /lab/to; touch /lab/to/etc")
    text = 'cannot overwrite non-directory "/lab/to/etc" with directory "/lab/to"\n'
    assert host("docker cp c1:/etc /lab/to") == ("", text, 1)


def test_empty_names(host: Host) -> None:
    """Client 28.2.2."""
    assert host("docker cp '' c1:/x") == ("", "source can not be empty\n", 1)
    assert host("docker cp c1:/x ''") == ("", "destination can not be empty\n", 1)
