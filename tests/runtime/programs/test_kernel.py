"""mount, umount, chroot, sysctl: what takes a capability."""

from __future__ import annotations

import pytest

from dockerlab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def _said(lab: Lab, script: str, flags: str = "") -> str:
    result = lab.run(f"docker run --rm {flags} busybox sh -c '{script}'")
    return result.stdout + result.stderr


def test_a_new_root_hides_all_else(lab: Lab) -> None:
    made = "mkdir -p /r/bin; cp /bin/busybox /r/bin/sh; echo in > /r/file; chroot /r /bin/sh -c"
    assert _said(lab, f'{made} "pwd; echo /*"') == "/\n/bin /file\n"
    assert "can't execute '/bin/ls': No such file or directory" in _said(lab, "mkdir /r; chroot /r /bin/ls")
    assert "Operation not permitted" in _said(lab, "chroot / true", "--cap-drop SYS_CHROOT")
    assert "No such file or directory" in _said(lab, "chroot /nosuch true")


def test_what_is_no_mount(lab: Lab) -> None:
    assert _said(lab, "umount /etc", "--privileged") == "umount: can't unmount /etc: Invalid argument\n"
    assert "No such file or directory" in _said(lab, "mount -t tmpfs x /nosuch", "--privileged")
    assert "No such file or directory" in _said(lab, "mount /dev/sdz /etc", "--privileged")


def test_mounts_are_described(lab: Lab) -> None:
    assert "proc on /proc type proc (rw,nosuid,nodev,noexec,relatime)\n" in _said(lab, "mount")


def test_all_parameters_have_names(lab: Lab) -> None:
    lines = _said(lab, "sysctl -a").splitlines()
    assert "kernel.ostype = Linux" in lines
    assert lines == sorted(lines)
