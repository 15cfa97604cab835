"""cp and mv: contents are shared by reference, and what a layer keeps follows from it."""

from __future__ import annotations

from dockerlab.fs.content import Filler
from dockerlab.fs.overlay import OverlayFs
from dockerlab.runtime.process import Machine
from dockerlab.runtime.programs import PROGRAMS


def test_a_copy_shares_its_content(box) -> None:  # type: ignore[no-untyped-def]
    box.fs.write("/lab/big", Filler("big", 1 << 30))
    assert box.run("cp big copy").exit_code == 0
    assert box.fs.content("/lab/copy") is box.fs.content("/lab/big")


def test_cp_a_keeps_owner_mode_time_and_hard_links(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("mkdir d; echo 1 > d/a; ln d/a d/b; chmod 640 d/a; chown me:staff d/a; touch -d 2020-01-01 d/a d")
    box.run("cp -a d e")
    assert box.run("stat -c '%a %U:%G %h %Y' e/a").stdout == "640 me:staff 2 1577836800\n"
    assert box.run("stat -c %Y e").stdout == "1577836800\n"


def test_without_p_the_copy_is_ones_own(box) -> None:  # type: ignore[no-untyped-def]
    box.sh("echo 1 > a; chmod 4755 a; chown me a; cp a b")
    assert box.run("stat -c '%a %U' b").stdout == "755 root\n"


def test_mv_copies_a_folder_of_a_lower_layer(box) -> None:  # type: ignore[no-untyped-def]
    """rename(2) of a lower directory fails with EXDEV on overlay2, so mv copies and removes (SURPRISES 18)."""
    box.sh("mkdir old; echo 1 > old/f")
    upper = OverlayFs(box.fs.tree(), box.clock)
    box.machine = Machine(box.machine.kernel, upper, "box", PROGRAMS)
    box.fs = upper
    assert box.run("mv old new").exit_code == 0
    assert box.run("ls new old").stdout == "new:\nf\n"


def test_install_makes_folders_and_modes(box) -> None:  # type: ignore[no-untyped-def]
    box.write("a", "1")
    assert box.run("install -D -m 750 -o me a deep/er/b").exit_code == 0
    assert box.run("stat -c '%a %U' deep/er/b").stdout == "750 me\n"


def test_others_may_not_write_where_root_may(box) -> None:  # type: ignore[no-untyped-def]
    box.write("a", "1")
    result = box.run("touch b", uid=1000)
    assert (result.stderr, result.exit_code) == ("touch: cannot touch 'b': Permission denied\n", 1)
    assert box.run("rm -f a", uid=1000).stderr == "rm: cannot remove 'a': Permission denied\n"
