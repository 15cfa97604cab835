"""Storage drivers, as `docker info` and `docker inspect` show them."""

from __future__ import annotations

import pytest

from dockerlab.fs.archive import Entry
from dockerlab.fs.content import Bytes
from dockerlab.fs.drivers import DRIVERS, Overlay2, StorageDriver, Vfs
from dockerlab.fs.layer import Layer, apply
from dockerlab.fs.tree import EMPTY
from dockerlab.world import Clock

LAYERS = [Layer.of([Entry("a", content=Bytes(b"x" * 1000))]), Layer.of([Entry("b", content=Bytes(b"y" * 10))])]


def test_overlay2_names_the_directories_of_a_mount() -> None:
    # As the engine's inspect shows a container: its own directory on top, its init layer and the image's below.
    data = Overlay2().graph_data(["top", "base"], init="top-init")
    assert data == {
        "LowerDir": "/var/lib/docker/overlay2/top-init/diff:/var/lib/docker/overlay2/base/diff",
        "MergedDir": "/var/lib/docker/overlay2/top/merged",
        "UpperDir": "/var/lib/docker/overlay2/top/diff",
        "WorkDir": "/var/lib/docker/overlay2/top/work",
    }


def test_the_lowest_layer_has_no_lower_directory() -> None:
    data = Overlay2().graph_data(["only"])
    assert data is not None
    assert list(data) == ["MergedDir", "UpperDir", "WorkDir"]
    assert Vfs().graph_data(["only"]) is None


@pytest.mark.parametrize(("driver", "expected"), [(Overlay2(), 1010), (Vfs(), 1000 + 1010)])
def test_vfs_copies_what_overlay2_shares(driver: StorageDriver, expected: int) -> None:
    assert driver.disk_usage(LAYERS) == expected


@pytest.mark.parametrize(("driver", "expected"), [(Overlay2(), 3), (Vfs(), 1003)])
def test_a_containers_own_bytes(driver: StorageDriver, expected: int) -> None:
    fs = driver.mount(apply(LAYERS[0], EMPTY), Clock())
    fs.write("/new", b"abc")
    assert driver.writable_usage(fs) == expected


def test_drivers_are_found_by_name() -> None:
    assert [driver().name for driver in DRIVERS.values()] == list(DRIVERS)
