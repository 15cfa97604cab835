"""apt in a container: lists, installation, sizes, and what an old list leads to (misconceptions 1, 27 and 28)."""

from __future__ import annotations

import pytest

UBUNTU = b'NAME="Ubuntu"\nID=ubuntu\nVERSION_ID="24.04"\nVERSION_CODENAME=noble\n'
DEBIAN = b"ID=debian\nVERSION_CODENAME=bookworm\n"
LISTS = "/var/lib/apt/lists"


@pytest.fixture
def ubuntu(box):  # type: ignore[no-untyped-def]
    """A machine that says it is Ubuntu 24.04, without what is not installed."""
    box.fs.write("/etc/os-release", UBUNTU)
    for name in ("curl", "python3", "pip", "sshd", "nano", "gcc"):
        box.fs.unlink(f"/bin/{name}")
    return box


def test_nothing_is_known_before_an_update(ubuntu) -> None:  # type: ignore[no-untyped-def]
    result = ubuntu.run("apt-get install -y curl")
    assert (result.stderr, result.exit_code) == ("E: Unable to locate package curl\n", 100)


def test_an_update_fills_the_lists(ubuntu) -> None:  # type: ignore[no-untyped-def]
    result = ubuntu.run("apt-get update")
    assert result.lines[0].startswith("Get:1 ")
    assert result.lines[-1] == "Reading package lists..."
    assert 40e6 < ubuntu.fs.disk_usage(LISTS) < 60e6
    assert ubuntu.run("apt-get update").lines[0].startswith("Hit:1 ")


def test_installing_brings_programs_and_size(ubuntu) -> None:  # type: ignore[no-untyped-def]
    result = ubuntu.sh(
        "apt-get update -qq && apt-get install -y --no-install-recommends curl && curl -s http://x; echo $?"
    )
    assert "Setting up curl (8.5.0-2ubuntu10.6) ..." in result.lines
    assert result.lines[-1] == "6"
    assert ubuntu.run("dpkg -s curl").lines[1] == "Status: install ok installed"
    assert "curl is already the newest version (8.5.0-2ubuntu10.6)." in ubuntu.run("apt-get install curl").lines


def test_the_chapters_sample(ubuntu) -> None:  # type: ignore[no-untyped-def]
    result = ubuntu.sh("apt -y update && apt -y install python3 python3-pip openssh-server")
    assert result.exit_code == 0
    assert "WARNING: apt does not have a stable CLI interface. Use with caution in scripts." in result.stderr
    assert ubuntu.run("python3 --version").stdout == "Python 3.12.3\n"
    assert ubuntu.sh("which pip sshd gcc").lines == ["/usr/bin/pip", "/usr/sbin/sshd", "/usr/bin/gcc"]
    assert ubuntu.fs.disk_usage("/usr") > 200e6


def test_without_a_terminal_only_yes_counts(ubuntu) -> None:  # type: ignore[no-untyped-def]
    ubuntu.run("apt-get update")
    result = ubuntu.run("apt-get install curl")
    assert (result.lines[-1], result.exit_code) == ("Do you want to continue? [Y/n] Abort.", 1)
    assert ubuntu.run("apt-get install curl", "y\n").exit_code == 0


def test_old_lists_lead_nowhere(ubuntu) -> None:  # type: ignore[no-untyped-def]
    """A cached `apt-get update` goes stale: the repository no longer has what the list names."""
    ubuntu.run("apt-get update")
    ubuntu.clock.advance(weeks=14)
    result = ubuntu.run("apt-get install -y curl")
    assert result.exit_code == 100
    assert result.stderr.endswith(
        "E: Unable to fetch some archives, maybe run apt-get update or try with --fix-missing?\n"
    )
    assert ubuntu.sh("apt-get update && apt-get install -y curl").exit_code == 0


def test_removed_lists_are_gone(ubuntu) -> None:  # type: ignore[no-untyped-def]
    ubuntu.sh("apt-get update && apt-get clean && rm -rf /var/lib/apt/lists/*")
    assert ubuntu.fs.listdir(LISTS) == []
    assert ubuntu.run("apt-get install -y nano").exit_code == 100


def test_removing(ubuntu) -> None:  # type: ignore[no-untyped-def]
    ubuntu.sh("apt-get update && apt-get install -y curl")
    assert "Removing curl (8.5.0-2ubuntu10.6) ..." in ubuntu.run("apt-get purge -y curl").lines
    assert ubuntu.run("which curl").exit_code == 1


def test_only_root_may(ubuntu) -> None:  # type: ignore[no-untyped-def]
    result = ubuntu.run("apt-get update", uid=1000)
    assert result.stderr.splitlines()[-1] == "E: Unable to lock directory /var/lib/apt/lists/"


def test_sources_are_those_of_the_machine(ubuntu) -> None:  # type: ignore[no-untyped-def]
    ubuntu.fs.mkdir("/etc/apt")
    ubuntu.fs.write("/etc/apt/sources.list", b"# mine\ndeb http://mirror.example/x noble main\n")
    assert ubuntu.run("apt-get update").lines[0] == "Get:1 http://mirror.example/x noble InRelease [151 kB]"


def test_wrong_words(ubuntu) -> None:  # type: ignore[no-untyped-def]
    assert ubuntu.run("apt-get instal x").stderr == "E: Invalid operation instal\n"
    assert ubuntu.run("apt-get install -Z").stderr == "E: Command line option 'Z' [from -Z] is not known.\n"


def test_debian_has_its_own_versions(box) -> None:  # type: ignore[no-untyped-def]
    box.fs.write("/etc/os-release", DEBIAN)
    box.run("apt-get update")
    assert box.run("apt-cache policy python3").lines[2].startswith("  Candidate: 3.11.2-")


def test_pip_respects_the_distribution(ubuntu) -> None:  # type: ignore[no-untyped-def]
    ubuntu.sh("apt-get update && apt-get install -y python3-pip")
    assert ubuntu.run("pip install flask").stderr.startswith("error: externally-managed-environment\n")
    assert ubuntu.run("pip install --break-system-packages flask").lines[-1].startswith("Successfully installed ")
    assert ubuntu.run(["python3", "-c", "import flask; print('ok')"]).stdout == "ok\n"
