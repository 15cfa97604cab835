"""Capabilities (capabilities(7)): which set a container's processes get, and who can use it."""

from __future__ import annotations

import pytest

from dockerlab import Lab
from dockerlab.runtime.capabilities import CONTAINERS, EVERY, Capability, bounding_set, mask_of


@pytest.mark.parametrize(
    ("added", "dropped", "mask"),
    [
        ([], [], 0xA80425FB),
        (["CAP_NET_ADMIN"], [], 0xA80435FB),
        ([], ["ALL"], 0),
        (["CAP_CHOWN"], ["ALL"], 0x1),
        (["CAP_CHOWN"], ["CAP_CHOWN"], 0xA80425FB),
        (["CAP_SYS_TIME"], ["CAP_SYS_TIME"], 0xAA0425FB),
    ],
)
def test_sets(added: list[str], dropped: list[str], mask: int) -> None:
    """As /proc/self/status showed them (transcript capabilities)."""
    assert bounding_set(added, dropped, privileged=False) == mask


def test_all_of_them() -> None:
    assert bounding_set(["ALL"], ["CAP_SYS_ADMIN"], privileged=False) == EVERY & ~mask_of([Capability.SYS_ADMIN])
    assert bounding_set([], ["ALL"], privileged=True) == EVERY
    assert bin(CONTAINERS).count("1") == 14


def _inside(flags: str, script: str) -> tuple[str, str]:
    result = Lab().run(f"docker pull -q busybox > /dev/null; docker run --rm {flags} busybox sh -c '{script}'")
    return result.stdout, result.stderr


def test_only_user_0_can_use_them() -> None:
    assert "CapEff:\t0000000000000000" in _inside("-u 1000", "cat /proc/self/status")[0]
    assert "CapBnd:\t00000000a80425fb" in _inside("-u 1000", "cat /proc/self/status")[0]


def test_a_tmpfs_is_mounted_by_who_may() -> None:
    script = "mkdir /m; mount -t tmpfs x /m && touch /m/a && ls /m && umount /m; ls /m"
    assert _inside("--cap-add SYS_ADMIN", script) == ("a\n", "")
    assert "permission denied" in _inside("", script)[1]
    assert _inside("--privileged", "mkdir /b; mount --bind /etc /b && ls /b/passwd")[0] == "/b/passwd\n"


def test_exec_can_be_privileged() -> None:
    lab = Lab()
    lab.run("docker run -d --name one --cap-drop ALL busybox sleep 100")
    show = "one grep CapEff /proc/self/status"
    assert lab.run(f"docker exec {show}").stdout == "CapEff:\t0000000000000000\n"
    assert lab.run(f"docker exec --privileged {show}").stdout == f"CapEff:\t{EVERY:016x}\n"


def test_a_build_has_those_of_a_container() -> None:
    lab = Lab()
    lab.host.write("/lab/Dockerfile", b"FROM busybox\nRUN grep CapEff /proc/self/status > /caps\n")
    assert lab.run("docker build -q -t caps . > /dev/null; docker run --rm caps cat /caps").stdout == (
        "CapEff:\t00000000a80425fb\n"
    )
