"""Bind mounts, volumes and tmpfs on top of a container's files (mount(2))."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.errors import FileSystemError
from dockerlab.fs.mounts import MountedFs, ReadOnlyFs, SubFs
from dockerlab.fs.overlay import OverlayFs
from dockerlab.fs.tree import EMPTY, lookup
from dockerlab.world import Clock


@pytest.fixture
def host() -> OverlayFs:
    fs = OverlayFs(EMPTY, Clock())
    fs.mkdir("/srv/site", parents=True)
    fs.write("/srv/site/index.html", b"<p>")
    fs.write("/srv/conf", b"a=1")
    return fs


@pytest.fixture
def container(host: OverlayFs) -> MountedFs:
    root = OverlayFs(EMPTY, Clock())
    for name in ("/web", "/etc", "/tmp"):
        root.mkdir(name)
    root.write("/etc/conf", b"default")
    root.write("/web/hidden", b"below the mount")
    fs = MountedFs(root)
    fs.mount("/web", host, subpath="/srv/site")
    fs.mount("/etc/conf", host, subpath="/srv/conf", read_only=True)
    fs.mount("/tmp", OverlayFs(EMPTY, Clock()))
    return fs


def number_of(call: Callable[[], object]) -> str:
    with pytest.raises(FileSystemError) as caught:
        call()
    return caught.value.name


def test_both_sides_of_a_bind_mount_see_each_other(host: OverlayFs, container: MountedFs) -> None:
    container.write("/web/new.html", b"from inside")
    assert host.read("/srv/site/new.html") == b"from inside"
    host.write("/srv/site/index.html", b"from outside")
    assert container.read("/web/index.html") == b"from outside"


def test_what_stood_at_the_mount_point_is_hidden_and_comes_back(container: MountedFs) -> None:
    assert container.listdir("/web") == ["index.html"]
    container.umount("/web")
    assert container.listdir("/web") == ["hidden"]
    assert number_of(lambda: container.umount("/web")) == "EINVAL"


def test_the_later_mount_hides_those_below_it_until_it_goes(host: OverlayFs, container: MountedFs) -> None:
    container.mount("/etc", host, subpath="/srv/site")
    assert container.listdir("/etc") == ["index.html"]
    container.umount("/etc")
    assert container.read("/etc/conf") == b"a=1"


def test_a_single_file_can_be_mounted(container: MountedFs) -> None:
    assert container.read("/etc/conf") == b"a=1"
    assert number_of(lambda: container.write("/etc/conf", b"a=2")) == "EROFS"


def test_a_mounted_file_can_not_be_replaced(container: MountedFs) -> None:
    # Why `sed -i` fails on /etc/hosts in a container: "Device or resource busy".
    container.write("/etc/new", b"")
    assert number_of(lambda: container.rename("/etc/new", "/etc/conf")) == "EBUSY"
    assert number_of(lambda: container.unlink("/etc/conf")) == "EBUSY"
    assert number_of(lambda: container.remove_tree("/etc")) == "EBUSY"


def test_names_do_not_cross_from_mount_to_mount(container: MountedFs) -> None:
    assert number_of(lambda: container.rename("/web/index.html", "/tmp/x")) == "EXDEV"
    assert number_of(lambda: container.link("/web/index.html", "/x")) == "EXDEV"


def test_symlinks_lead_from_one_mount_into_another(container: MountedFs) -> None:
    container.symlink("/tmp/up", "/web/link")
    container.write("/web/link", b"!")
    assert container.read("/tmp/up") == b"!"
    assert container.realpath("/web/link") == "/tmp/up"


def test_mount_needs_the_same_kind(host: OverlayFs, container: MountedFs) -> None:
    assert number_of(lambda: container.mount("/web", host, subpath="/srv/conf")) == "ENOTDIR"
    assert number_of(lambda: container.mount("/nosuch", host)) == "ENOENT"
    assert number_of(lambda: container.mount("/web", host, subpath="/nosuch")) == "ENOENT"


def test_the_snapshot_shows_the_mounts(container: MountedFs) -> None:
    tree = container.tree()
    assert lookup(tree, "web/index.html") is not None
    assert lookup(tree, "web/hidden") is None
    assert "web" in container.root.tree().entries


def test_writes_to_a_mount_are_not_in_the_containers_layer(container: MountedFs) -> None:
    container.write("/web/x", b"")
    container.write("/tmp/x", b"")
    root = container.root
    assert isinstance(root, OverlayFs)
    assert not [change for change in root.changes() if change.path.endswith("/x")]


def test_a_mount_on_a_mount(container: MountedFs) -> None:
    container.mkdir("/tmp/deep")
    container.mount("/tmp/deep", OverlayFs(EMPTY, Clock()))
    container.write("/tmp/deep/file", b"")
    assert number_of(lambda: container.umount("/tmp")) == "EBUSY"
    assert container.mount_at("/tmp/deep/file").path == "/tmp/deep"
    assert len(container.mounts) == 4


def test_a_part_of_a_file_system_as_one_of_its_own(host: OverlayFs) -> None:
    site = SubFs(host, "/srv/site")
    assert site.listdir("/") == ["index.html"]
    site.write("/more", b"")
    assert host.exists("/srv/site/more")
    # Nothing leads out of it.
    assert site.realpath("/../..") == "/"


def test_a_read_only_view(host: OverlayFs) -> None:
    view = ReadOnlyFs(host)
    assert view.read("/srv/conf") == b"a=1"
    assert number_of(lambda: view.write("/srv/conf", b"")) == "EROFS"
    assert number_of(lambda: view.mkdir("/new")) == "EROFS"
