"""/proc and /sys: read at the moment, by whoever asks (proc(5), sysfs(5); transcript kernel_files)."""

from __future__ import annotations

import pytest

from dockerlab import Lab
from dockerlab.runtime.kernel_files.processes import ranges
from dockerlab.runtime.kernel_files.sysctl import USUAL, is_number


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def _shown(lab: Lab, script: str, flags: str = "") -> str:
    result = lab.run(f"docker run --rm {flags} busybox sh -c '{script}'")
    return result.stdout + result.stderr


def test_self_is_whoever_reads(lab: Lab) -> None:
    assert (
        _shown(lab, "cat /proc/self/comm; head -1 /proc/self/status; cat /proc/1/comm; true")
        == "cat\nName:\thead\nsh\n"
    )
    assert _shown(lab, "sleep 9 & cat /proc/$!/comm; kill $!; wait; ls /proc/$! 2>&1 | wc -l") == "sleep\n1\n"


def test_credentials(lab: Lab) -> None:
    lines = _shown(lab, "cat /proc/self/status", "-u 5:6 --group-add 7").splitlines()
    assert "Uid:\t5\t5\t5\t5" in lines
    assert "Groups:\t6 7 " in lines


def test_descriptors_and_links(lab: Lab) -> None:
    assert _shown(lab, "readlink /proc/self/fd/1 > /out; cat /out") == "/out\n"
    assert _shown(lab, "cd /etc; readlink /proc/self/cwd; readlink /proc/1/exe; true") == "/etc\n/bin/sh\n"


def test_cards_are_those_of_the_network(lab: Lab) -> None:
    assert _shown(lab, "ls /sys/class/net; cat /sys/class/net/lo/mtu", "--network none") == "lo\n65536\n"
    answer = _shown(lab, "ls /sys/class/net; cat /sys/class/net/eth0/address", "--mac-address 02:42:ac:11:00:99")
    assert answer == "eth0\nlo\n02:42:ac:11:00:99\n"


def test_limits_of_the_cgroup(lab: Lab) -> None:
    read = "cd /sys/fs/cgroup; cat memory.max pids.max cpu.max cpuset.cpus.effective"
    assert _shown(lab, read) == "max\nmax\nmax 100000\n0-1\n"
    flags = "-m 64m --pids-limit 9 --cpus 0.5 --cpuset-cpus 1"
    assert _shown(lab, read, flags) == "67108864\n9\n50000 100000\n1\n"


def test_parameters(lab: Lab) -> None:
    assert _shown(lab, "cat /proc/sys/net/core/somaxconn", "--sysctl net.core.somaxconn=77") == "77\n"
    assert "Read-only file system" in _shown(lab, "echo 1 > /proc/sys/kernel/msgmax")
    assert is_number(USUAL["kernel.msgmax"])
    assert not is_number(USUAL["kernel.ostype"])


def test_mounts_with_their_options(lab: Lab) -> None:
    lines = _shown(
        lab, "cat /proc/mounts", "--read-only --tmpfs /t:exec,size=1m --shm-size 2m -v /lab:/l:ro"
    ).splitlines()
    assert lines[0] == "overlay / overlay ro,relatime 0 0"
    assert "tmpfs /t tmpfs rw,nosuid,nodev,relatime,size=1024k 0 0" in lines
    assert "shm /dev/shm tmpfs rw,nosuid,nodev,noexec,relatime,size=2048k 0 0" in lines
    assert any(line.split()[1:4] == ["/l", "ext4", "ro,relatime"] for line in lines)


def test_ranges_of_processors() -> None:
    assert ranges((0, 1, 2, 5)) == "0-2,5"
    assert ranges((3,)) == "3"
