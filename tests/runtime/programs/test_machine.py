"""What a machine is and has, and the advice of programs that need a screen."""

from __future__ import annotations

import pytest

import dockerlab


def test_the_clock_is_the_labs(box) -> None:  # type: ignore[no-untyped-def]
    assert box.run("date").stdout == "Mon Nov 23 15:00:00 UTC 2026\n"
    box.clock.advance(days=1)
    assert box.run("date +%F").stdout == "2026-11-24\n"


def test_uname_names_the_hosts_kernel(box) -> None:  # type: ignore[no-untyped-def]
    assert box.run("uname -sn").stdout == "Linux box\n"
    assert box.run("hostname").stdout == "box\n"
    assert box.run("hostname other").stderr == "hostname: sethostname: Operation not permitted\n"


@pytest.mark.parametrize("editor", ["vi", "nano"])
def test_editors_say_how_to_write_a_file(box, editor: str) -> None:  # type: ignore[no-untyped-def]
    result = box.run(f"{editor} Dockerfile")
    assert result.exit_code == 1
    assert "cat > Dockerfile" in result.stderr


def test_sudo_just_runs(box) -> None:  # type: ignore[no-untyped-def]
    assert box.run("sudo A=1 env", uid=1000).stdout.splitlines()[-1] == "A=1"
    assert box.run("sudo id -u", uid=1000).stdout == "0\n"
    assert box.run("sudo nosuch").stderr == "sudo: nosuch: command not found\n"


def test_df_shows_the_disk(box, busybox) -> None:  # type: ignore[no-untyped-def]
    assert box.run("df -h /").lines[0].split()[:2] == ["Filesystem", "Size"]
    assert box.run("df /").lines[1].startswith("/dev/vda1 ")
    assert busybox.run("df /").lines[0] == "Filesystem           1K-blocks      Used Available Use% Mounted on"


def test_df_tells_of_each_mount() -> None:
    """Asked of a container of engine 20.10.24: a tmpfs has its own size, volumes lie on the host's disk."""
    lab = dockerlab.Lab()
    shown = lab.run("docker run --rm -v data:/d --tmpfs /t:size=1m alpine sh -c 'df -h /t /d /etc; df nosuch'")
    rows = [line.split() for line in shown.stdout.splitlines()[1:]]
    assert [(row[0], row[-1]) for row in rows] == [("tmpfs", "/t"), ("/dev/vda1", "/d"), ("overlay", "/")]
    assert rows[0][1:4] == ["1.0M", "0", "1.0M"]
    assert shown.stderr.endswith("df: nosuch: can't find mount point\n")
