"""apk on Alpine: `apk add --no-cache` is the usual line, and without an index nothing is known."""

from __future__ import annotations

import pytest


@pytest.fixture
def alpine(busybox):  # type: ignore[no-untyped-def]
    """A machine that says it is Alpine."""
    busybox.fs.write("/etc/os-release", b"ID=alpine\nVERSION_ID=3.22.1\n")
    for name in ("curl", "python3"):
        busybox.fs.unlink(f"/bin/{name}")
    return busybox


def test_add_without_a_cache(alpine) -> None:  # type: ignore[no-untyped-def]
    result = alpine.run("apk add --no-cache curl")
    assert result.lines[0].startswith("fetch https://")
    assert result.lines[2] == "(1/10) Installing ca-certificates (20250911-r0)"
    assert result.lines[-1] == "OK: 13 MiB in 25 packages"
    assert alpine.run("which curl").stdout == "/usr/bin/curl\n"
    assert not alpine.fs.exists("/var/cache/apk")


def test_update_keeps_an_index(alpine) -> None:  # type: ignore[no-untyped-def]
    assert alpine.sh("apk update && apk add python3").exit_code == 0
    assert alpine.fs.disk_usage("/var/cache/apk") > 2e6
    assert alpine.run("python3 --version").stdout == "Python 3.12.12\n"


def test_what_is_not_there(alpine) -> None:  # type: ignore[no-untyped-def]
    result = alpine.run("apk add --no-cache nosuch")
    assert result.lines[-3:] == [
        "ERROR: unable to select packages:", "  nosuch (no such package):", "    required by: world[nosuch]",
    ]  # fmt: skip
    assert result.exit_code == 1


def test_del_takes_what_only_it_needed(alpine) -> None:  # type: ignore[no-untyped-def]
    alpine.run("apk add --no-cache curl")
    assert alpine.run("apk del curl").lines[0] == "(1/10) Purging curl (8.14.1-r2)"
    assert alpine.run("apk info -e curl").exit_code == 1


def test_a_virtual_package_can_be_deleted_again(alpine) -> None:  # type: ignore[no-untyped-def]
    alpine.run("apk add --no-cache --virtual .build make")
    assert ".build" in alpine.fs.read("/etc/apk/world").decode()


def test_del_of_a_virtual_package_takes_what_it_stands_for(alpine) -> None:  # type: ignore[no-untyped-def]
    alpine.run("apk add --no-cache --virtual .build-deps make gcc")
    result = alpine.run("apk del .build-deps")
    assert result.exit_code == 0
    assert alpine.run("apk info -e gcc").exit_code == 1
    assert alpine.run("apk info -e make").exit_code == 1


def test_upgrade_follows_the_clock(alpine) -> None:  # type: ignore[no-untyped-def]
    alpine.run("apk add --no-cache curl")
    assert alpine.run("apk upgrade --no-cache").lines[-1].startswith("OK: ")
    alpine.clock.advance(weeks=8)
    assert any("Upgrading curl (8.14.1-r2 -> 8.14.1-r" in line for line in alpine.run("apk upgrade --no-cache").lines)


def test_info_and_search(alpine) -> None:  # type: ignore[no-untyped-def]
    alpine.run("apk add --no-cache tree")
    assert alpine.run("apk info -L tree").lines[:2] == ["tree-2.2.1-r0 contains:", "usr/bin/tree"]
    assert "nginx-" in alpine.run("apk search --no-cache nginx").stdout


def test_alpines_python_is_managed_too(alpine) -> None:  # type: ignore[no-untyped-def]
    for name in ("pip", "pip3"):
        alpine.fs.unlink(f"/bin/{name}")
    alpine.run("apk add --no-cache py3-pip")
    result = alpine.run("pip install flask")
    assert "╰─> The system-wide python installation should be maintained using the system" in result.stderr
    assert result.exit_code == 1
