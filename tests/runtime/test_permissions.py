"""Who may do what with a file, where neither owner nor mode says it alone."""

from __future__ import annotations

import pytest

from dockerlab import Lab


@pytest.fixture(scope="module")
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def _as_root(lab: Lab, script: str, flags: str = "") -> str:
    result = lab.run(f"docker run --rm {flags} busybox sh -c '{script}'")
    return result.stdout + result.stderr


def test_in_a_sticky_folder_only_owners_remove(lab: Lab) -> None:
    made = "mkdir -m 1777 /s; touch /s/root; su -s /bin/sh nobody -c"
    assert "Operation not permitted" in _as_root(lab, f'{made} "rm -f /s/root"')
    assert _as_root(lab, f'{made} "touch /s/own; rm /s/own; ls /s"') == "root\n"


def test_an_owner_chooses_among_his_groups_only(lab: Lab) -> None:
    made = "touch /f; chown 8:1 /f; su -s /bin/sh mail -c"
    assert "Operation not permitted" in _as_root(lab, f'{made} "chgrp 5 /f"')
    assert _as_root(lab, f'{made} "chgrp mail /f" && stat -c %G /f') == "mail\n"


def test_copies_ask_for_permission(lab: Lab) -> None:
    assert "Permission denied" in _as_root(lab, "cp /etc/passwd /new", "-u 1000")
    assert "Permission denied" in _as_root(lab, "echo x | cp /etc/group /etc/passwd", "-u 1000")


def test_a_read_only_mount_refuses_even_to_append(lab: Lab) -> None:
    """Transcript run_mounts: the shell can't open the file, it is not echo that fails."""
    lab.host.write("/lab/f", b"x\n")
    answer = _as_root(lab, "echo y >> /f", "-v /lab/f:/f:ro")
    assert answer == "sh: can't create /f: Read-only file system\n"
