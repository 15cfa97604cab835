"""Goals about an image's files: met, not met, nothing there."""

from __future__ import annotations

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import ImageFile


def test_a_file_of_an_image_is_wanted_with_a_text_with_any_or_not_at_all() -> None:
    lab = Lab()
    assert ImageFile("busybox", "/etc/passwd", "root").look(lab).have == "no image busybox"
    lab.run("docker pull -q busybox")
    assert ImageFile("busybox", "/etc/passwd", "root").look(lab).met
    assert ImageFile("busybox", "/etc/passwd", "").look(lab).met
    assert ImageFile("busybox", "/etc/hostname", "box").look(lab).have == "no file /etc/hostname"
    unwanted = ImageFile("busybox", "/etc/passwd", None).look(lab)
    assert (unwanted.met, unwanted.have) == (False, "a file /etc/passwd")
    assert ImageFile("busybox", "/big", None).look(lab).met
