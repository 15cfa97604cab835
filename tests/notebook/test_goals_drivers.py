"""Goals about storage drivers and volumes: met, not met, nothing there."""

from __future__ import annotations

import pytest

from dockerlab.lab import Lab
from dockerlab.notebook.learning.goals import (
    DirectoryNoted,
    DriverIs,
    DriverWaits,
    ImageUnder,
    VolumeFile,
    WritableBelow,
)


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker run -d --name box -v data:/data busybox sleep 1000")
    return lab


def ask_for(lab: Lab, driver: str) -> None:
    lab.run(f"""echo '{{"storage-driver": "{driver}"}}' > /etc/docker/daemon.json""")


def test_a_driver_waits_until_the_daemon_is_restarted(lab: Lab) -> None:
    assert DriverIs("overlay2").look(lab).met
    assert not DriverWaits("btrfs").look(lab).met
    ask_for(lab, "btrfs")
    assert DriverWaits("btrfs").look(lab).met
    assert DriverIs("btrfs").look(lab).have == "it uses overlay2"
    lab.run("systemctl restart docker")
    assert DriverIs("btrfs").look(lab).met
    assert not DriverWaits("btrfs").look(lab).met


@pytest.mark.parametrize("text", ["", "{", "[]"])
def test_no_driver_waits_in_a_configuration_that_names_none(lab: Lab, text: str) -> None:
    lab.host.write("/etc/docker/daemon.json", text.encode())
    assert DriverWaits("btrfs").look(lab).have == "the file asks for none, the daemon uses overlay2"


def test_an_image_is_there_only_with_its_own_driver(lab: Lab) -> None:
    assert ImageUnder("overlay2", "busybox").look(lab).met
    assert ImageUnder("vfs", "busybox").look(lab).have == "it uses overlay2"
    ask_for(lab, "vfs")
    lab.run("systemctl restart docker")
    assert ImageUnder("vfs", "busybox").look(lab).have == "images named (none)"


def test_the_writable_layer_is_measured(lab: Lab) -> None:
    assert WritableBelow("box", 1000).look(lab).met
    lab.run("docker exec box dd if=/dev/zero of=/big bs=1000 count=2")
    assert WritableBelow("box", 1000).look(lab).have == "it holds 2000 bytes"
    assert WritableBelow("none", 1000).look(lab).have == "no container none"


def test_a_directory_of_a_container_is_noted(lab: Lab) -> None:
    noted = DirectoryNoted("/lab/upper", "box", "UpperDir")
    assert noted.look(lab).have == "no /lab/upper"
    lab.run("docker inspect -f '{{.GraphDriver.Data.LowerDir}}' box > /lab/upper")
    assert not noted.look(lab).met
    lab.run("docker inspect -f '{{.GraphDriver.Data.UpperDir}}' box > /lab/upper")
    assert noted.look(lab).met
    lab.run("docker rm -f box")
    assert noted.look(lab).have == "no container box"


def test_a_file_is_read_in_the_volume_or_in_the_folder_of_the_host(lab: Lab) -> None:
    assert VolumeFile("box", "/data", "log", "today").look(lab).have == "no file log in it"
    lab.run("docker exec box sh -c 'echo today > /data/log'")
    assert VolumeFile("box", "/data", "log", "today").look(lab).met
    assert VolumeFile("box", "/data", "log", "yesterday").look(lab).have == "'yesterday' is not in it"
    assert VolumeFile("box", "/other", "log", "today").look(lab).have == "nothing is mounted at /other"
    assert VolumeFile("none", "/data", "log", "today").look(lab).have == "no container none"
    lab.run("mkdir /lab/d; docker run --name bound -v /lab/d:/data busybox sh -c 'echo today > /data/log'")
    assert VolumeFile("bound", "/data", "log", "today").look(lab).met
