"""Removals, upgrades, pins, archives and questions; forms compared with apt 2.6.1 and dpkg 1.21 of Debian 12."""

from __future__ import annotations

import pytest

from dockerlab.runtime.packages.catalogue import debian as packages_of


@pytest.fixture
def debian(box):  # type: ignore[no-untyped-def]
    """Debian 12 with fresh lists."""
    box.fs.write("/etc/os-release", b"ID=debian\nVERSION_CODENAME=bookworm\n")
    for name in ("curl", "tree", "nginx", "wget", "python3"):
        box.fs.unlink(f"/bin/{name}")
    box.run("apt-get update")
    return box


def test_what_came_along_can_go(debian) -> None:  # type: ignore[no-untyped-def]
    debian.run("apt-get install -y curl")
    result = debian.run("apt-get remove -y curl")
    assert "The following packages were automatically installed and are no longer required:" in result.lines
    assert "Use 'apt-get autoremove' to remove them." in result.lines
    assert "libcurl4" in debian.run("apt-mark showauto").lines
    debian.run("apt-get autoremove -y")
    assert debian.run("dpkg -s libcurl4").exit_code == 1


def test_removing_takes_the_users_too(debian) -> None:  # type: ignore[no-untyped-def]
    debian.run("apt-get install -y curl")
    assert "  curl libcurl4" in debian.run("apt-get remove -s libcurl4").lines


def test_settings_stay_until_purged(debian) -> None:  # type: ignore[no-untyped-def]
    debian.run("apt-get install -y --no-install-recommends nginx")
    debian.run("apt-get remove -y nginx-common")
    assert debian.fs.exists("/etc/nginx/nginx.conf")
    assert debian.run("dpkg -l nginx-common").lines[-1].startswith("rc  nginx-common ")
    result = debian.run("apt-get purge -y nginx-common")
    assert "Purging configuration files for nginx-common (1.22.1-9+deb12u11) ..." in result.lines
    assert not debian.fs.exists("/etc/nginx/nginx.conf")


def test_recommends_can_be_left_out(debian) -> None:  # type: ignore[no-untyped-def]
    result = debian.run("apt-get install -s --no-install-recommends wget")
    assert result.stdout.count("Recommended packages:\n  ca-certificates\n") == 1
    assert any(line.startswith("Inst ca-certificates ") for line in debian.run("apt-get install -s wget").lines)


def test_pins(debian) -> None:  # type: ignore[no-untyped-def]
    assert debian.run("apt-get install -y tree=2.1.0-1").exit_code == 0
    assert debian.run("apt-get install -y tree=9.9").stderr == "E: Version '9.9' for 'tree' was not found\n"
    assert debian.run("apt-get install -s 'curl=7.88.*'").exit_code == 0


def test_packages_that_are_only_named_by_others(debian) -> None:  # type: ignore[no-untyped-def]
    result = debian.run("apt-get install -y mysql-client")
    assert result.lines[3] == "Package mysql-client is not available, but is referred to by another package."
    assert result.stderr == "E: Package 'mysql-client' has no installation candidate\n"


def test_an_archive_by_hand(debian) -> None:  # type: ignore[no-untyped-def]
    result = debian.sh("apt-get download tree && dpkg -i tree_2.1.0-1_amd64.deb && which tree")
    assert result.lines[-2:] == ["Setting up tree (2.1.0-1) ...", "/usr/bin/tree"]
    assert debian.fs.stat("/lab/tree_2.1.0-1_amd64.deb").size == 52464
    assert debian.run("dpkg -S /usr/bin/tree").stdout == "tree: /usr/bin/tree\n"
    assert debian.run("dpkg -L tree").lines[:4] == ["/.", "/usr", "/usr/bin", "/usr/bin/tree"]


def test_an_archive_without_what_it_needs(debian) -> None:  # type: ignore[no-untyped-def]
    result = debian.sh("apt-get download curl && dpkg -i curl_*.deb")
    assert "dpkg: dependency problems prevent configuration of curl:" in result.stderr
    assert result.stderr.endswith("Errors were encountered while processing:\n curl\n")


def test_apt_takes_an_archive_with_what_it_needs(debian) -> None:  # type: ignore[no-untyped-def]
    result = debian.sh("apt-get download curl && apt-get install -y ./curl_7.88.1-10+deb12u15_amd64.deb")
    assert "Note, selecting 'curl' instead of './curl_7.88.1-10+deb12u15_amd64.deb'" in result.lines
    assert result.exit_code == 0
    assert debian.run("apt-get install -y ./no.deb").stderr == "E: Unsupported file ./no.deb given on commandline\n"


def test_dpkg_lists_in_columns(debian) -> None:  # type: ignore[no-untyped-def]
    debian.run("apt-get install -y tree")
    assert debian.run("dpkg -l tree").lines[3:] == [
        "||/ Name           Version      Architecture Description",
        "+++-==============-============-============-=============================================",
        "ii  tree           2.1.0-1      amd64        displays an indented directory tree, in color",
    ]


def test_an_upgrade_follows_the_clock(debian) -> None:  # type: ignore[no-untyped-def]
    debian.run("apt-get install -y curl")
    debian.clock.advance(weeks=8)
    debian.run("apt-get update")
    assert "curl/oldstable-security" in debian.run("apt list --upgradable").stdout
    assert debian.run("apt-get upgrade -y").exit_code == 0
    assert debian.run("apt list --upgradable").lines == ["Listing..."]


def test_questions(debian) -> None:  # type: ignore[no-untyped-def]
    assert debian.run("apt-cache policy tree").lines == [
        "tree:", "  Installed: (none)", "  Candidate: 2.1.0-1", "  Version table:", "     2.1.0-1 500",
        "        500 http://debian.example/debian bookworm/main amd64 Packages",
    ]  # fmt: skip
    assert debian.run("apt list tree").lines == ["Listing...", "tree/oldstable 2.1.0-1 amd64"]
    assert debian.run("apt-cache search ^tree$").stdout == "tree - displays an indented directory tree, in color\n"
    assert debian.run("apt show tree").lines[:2] == ["Package: tree", "Version: 2.1.0-1"]
    assert debian.run("apt-cache show nosuch").stderr == "E: No packages found\n"


def test_one_at_a_time(debian) -> None:  # type: ignore[no-untyped-def]
    """While one apt fetches, another finds the lock taken."""
    result = debian.sh("apt-get install -y curl >/dev/null 2>&1 & sleep 0.1; apt-get install -y tree; wait")
    assert "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process " in result.stderr


def test_a_frontend_that_nobody_can_answer(debian) -> None:  # type: ignore[no-untyped-def]
    assert "debconf: unable to initialize frontend: Dialog" in debian.run("apt-get install -y tzdata").stderr
    debian.run("apt-get purge -y tzdata")
    assert "Dialog" not in debian.sh("DEBIAN_FRONTEND=noninteractive apt-get install -y tzdata").stderr


@pytest.mark.parametrize(
    ("suite", "python"), [("bookworm", "3.11"), ("trixie", "3.13"), ("noble", "3.12"), ("jammy", "3.10")]
)
def test_versions_of_a_suite_go_together(suite: str, python: str) -> None:
    packages = packages_of(suite)
    assert packages["python3"].version.startswith(python)
    assert packages[f"python{python}"].version.startswith(python)
    assert f"python{python}" in packages["python3"].depends
    assert f"/usr/bin/python{python}" in packages[f"python{python}-minimal"].programs
    assert len(packages) >= 150
