"""Storage drivers on a whole host: daemon.json, what hides, what comes back, what lies where, what work costs."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from dockerlab import Lab
from dockerlab.engine.storage import kept_containers
from dockerlab.errors import InvalidParameterError
from dockerlab.fs.drivers import DRIVERS, REMOVED, Zfs
from dockerlab.fs.tree import Directory, Symlink, lookup
from dockerlab.lab.comparison import Comparison

PAGE = Path(__file__).parent.parent / "docs" / "storage-drivers.md"


@pytest.fixture
def lab() -> Lab:
    lab = Lab()
    lab.run("docker pull -q busybox")
    return lab


def choose(lab: Lab, driver: str) -> str:
    """Write daemon.json and restart, as tutorials say; returns what went wrong."""
    lab.run(f"""echo '{{"storage-driver": "{driver}"}}' | sudo tee /etc/docker/daemon.json""")
    return lab.run("sudo systemctl restart docker").stderr


def said(lab: Lab, line: str) -> str:
    result = lab.run(line)
    assert result.exit_code == 0, result.stderr
    return result.stdout.strip()


def test_another_driver_hides_images_and_containers_until_the_first_comes_back(lab: Lab) -> None:
    said(lab, "docker run -d --name web --restart always busybox sleep 1000; docker volume create kept")
    assert choose(lab, "vfs") == ""
    assert said(lab, "docker info -f '{{.Driver}} {{.Images}} {{.Containers}}'") == "vfs 0 0"
    assert said(lab, "docker images -q; docker ps -aq; docker volume ls -q") == "kept"
    said(lab, "docker pull -q busybox; docker create --name web busybox")
    assert choose(lab, "overlay2") == ""
    assert said(lab, "docker ps --format '{{.Names}} {{.State}}'") == "web running"
    assert choose(lab, "vfs") == ""
    assert said(lab, "docker ps -a --format '{{.Names}} {{.State}}'") == "web created"


def test_status_rows(lab: Lab) -> None:
    rows = {}
    for driver in DRIVERS:
        choose(lab, driver)
        text = said(lab, "docker info")
        rows[driver] = re.findall(r"^  (.*)$", text[text.index("Storage Driver") : text.index(" Logging")], re.M)
    assert rows["overlay2"][0] == "Backing Filesystem: extfs"
    assert (rows["vfs"], rows["fuse-overlayfs"], rows["btrfs"]) == ([], [], ["Btrfs: "])
    assert [row.partition(":")[0] for row in rows["zfs"]] == [
        "Zpool", "Zpool Health", "Parent Dataset", "Space Used By Parent", "Space Available", "Parent Quota",
        "Compression",
    ]  # fmt: skip


def test_inspect_tells_where_a_driver_keeps_a_container(lab: Lab) -> None:
    told = {}
    for driver in DRIVERS:
        choose(lab, driver)
        said(lab, "docker pull -q busybox; docker create --name box busybox")
        told[driver] = json.loads(said(lab, "docker inspect box -f '{{json .GraphDriver}}'"))
    assert {driver: each["Name"] for driver, each in told.items()} == {driver: driver for driver in DRIVERS}
    assert told["vfs"]["Data"] is told["btrfs"]["Data"] is None
    assert told["fuse-overlayfs"]["Data"]["UpperDir"].startswith("/var/lib/docker/fuse-overlayfs/")
    assert sorted(told["zfs"]["Data"]) == ["Dataset", "Mountpoint"]


@pytest.mark.parametrize("driver", REMOVED)
def test_drivers_of_the_past_are_refused_by_name(lab: Lab, driver: str) -> None:
    error = choose(lab, driver)
    assert (
        "failed to start daemon: error initializing graphdriver: [graphdriver] ERROR: the "
        f"{driver} storage-driver has been deprecated and removed; visit "
        f"https://docs.docker.com/go/storage-driver/ for more information: {driver}\n"
    ) in error
    assert said(lab, "docker images --format '{{.Repository}}'") == "busybox"


def test_an_unknown_driver_is_not_supported(lab: Lab) -> None:
    assert "error initializing graphdriver: driver not supported: nosuch\n" in choose(lab, "nosuch")


@pytest.mark.parametrize(("value", "error"), [("5", "cannot unmarshal number"), ("null", ""), ('""', "")])
def test_a_driver_is_a_name_or_nothing(lab: Lab, value: str, error: str) -> None:
    lab.host.write("/etc/docker/daemon.json", f'{{"storage-driver": {value}}}'.encode())
    stderr = lab.run("systemctl restart docker").stderr
    assert error in stderr
    assert bool(stderr) == bool(error)


def test_containerd_keeps_its_snapshots_elsewhere() -> None:
    lab = Lab(release=29)
    said(lab, "docker pull -q busybox; docker run -d busybox sleep 10")
    assert said(lab, "ls /var/lib/docker") == "volumes"
    assert choose(lab, "vfs") == ""
    assert said(lab, "docker ps -aq | wc -l") == "1"


def test_a_daemon_that_is_told_no_driver_takes_the_one_that_was_in_use(lab: Lab) -> None:
    choose(lab, "vfs")
    said(lab, "rm /etc/docker/daemon.json; systemctl restart docker")
    assert said(lab, "docker info -f '{{.Driver}}'") == "overlay2"  # what vfs has left is not looked for
    choose(lab, "btrfs")
    said(lab, "docker pull -q busybox; rm /etc/docker/daemon.json")
    error = lab.run("systemctl restart docker").stderr
    assert "/var/lib/docker contains several valid graphdrivers: overlay2, btrfs; cleanup or explicitly" in error


@pytest.mark.parametrize("driver", DRIVERS)
def test_sizes_and_layers_stay_right(lab: Lab, driver: str) -> None:
    choose(lab, driver)
    said(lab, "docker pull -q busybox; docker run --name box busybox sh -c 'echo hello > /greeting; rm /etc/group'")
    assert said(lab, "docker diff box | sort -k2").split("\n") == ["C /etc", "D /etc/group", "A /greeting"]
    assert said(lab, "docker ps -a --size --format '{{.Size}}'").startswith("6B (virtual ")
    said(lab, "docker commit box two")
    assert said(lab, "docker history two --format '{{.Size}}' | head -1") == "6B"
    assert said(lab, "docker run --rm two sh -c 'cat /greeting; ls /etc/group || true'") == "hello"
    said(lab, "docker system df")


def test_what_lies_where(lab: Lab) -> None:
    said(lab, "docker run -d --name box busybox sh -c 'rm /etc/group; rm -r /tmp; mkdir /tmp; sleep 1000'")
    upper = said(lab, "docker inspect box -f '{{.GraphDriver.Data.UpperDir}}'")
    assert said(lab, f"ls {upper} {upper}/..").split() == [
        f"{upper}:", "etc", "tmp", f"{upper}/..:", "diff", "link", "lower", "merged", "work",
    ]  # fmt: skip
    assert said(lab, f"stat -c '%F %t,%T' {upper}/etc/group") == "character special file 0,0"
    assert said(lab, f"ls {upper}/../merged/etc/group 2>&1 || true").endswith("No such file or directory")
    layout = lab.driver_layout()
    links = lookup(layout, "l")
    assert isinstance(links, Directory)
    lower = said(lab, f"cat {upper}/../lower").split(":")
    assert all(isinstance(lookup(layout, each), Symlink) for each in lower)
    assert {len(name) for name in links.entries} == {26}
    assert said(lab, "docker stop -t 0 box; ls " + upper + "/..") == "box\ndiff\nlink\nlower\nwork"
    assert "Read-only file system" in lab.run("rm -r /var/lib/docker/overlay2").stderr


def test_copies_subvolumes_and_datasets(lab: Lab) -> None:
    names = {}
    for driver, folder in (("vfs", "dir"), ("btrfs", "subvolumes"), ("zfs", "graph")):
        choose(lab, driver)
        said(lab, "docker pull -q busybox; docker run -d busybox sleep 1000")
        names[driver] = said(lab, f"ls /var/lib/docker/{driver}/{folder}").split()
        assert "bin" in said(lab, f"ls /var/lib/docker/{driver}/{folder}/{names[driver][-1]}")
    assert [len(each) for each in names.values()] == [3, 3, 1]
    assert sum(name.endswith("-init") for name in names["vfs"]) == 1
    assert said(lab, "ls /var/lib/docker").split() == ["btrfs", "overlay2", "vfs", "volumes", "zfs"]


def test_a_copy_takes_room_again(lab: Lab) -> None:
    choose(lab, "vfs")
    said(lab, "docker pull -q busybox; docker create busybox")
    once = int(said(lab, "docker image inspect busybox -f '{{.Size}}'"))
    (container,) = lab.engine.containers.context.registry
    assert lab.engine.usage().disk > 3 * once
    assert lab.engine.usage().copied == 2 * lab.engine.driver.writable_usage(container.files)


def test_datasets_are_clones_of_snapshots() -> None:
    lab = Lab()
    choose(lab, "zfs")
    said(lab, "docker pull -q busybox; docker create busybox")
    containers = kept_containers(lab.engine.containers.context.registry)
    rows = Zfs().datasets(list(lab.engine.stores.layers), containers)
    assert [origin.partition("@")[0] for _, origin in rows] == ["-", rows[0][0], rows[1][0]]


SETUP = """docker pull -q busybox
docker run --name maker busybox sh -c 'dd if=/dev/urandom of=/big bs=1000000 count=200 2>/dev/null'
docker commit maker big && docker rm maker"""
WORK = {
    "one byte": "docker run big sh -c 'printf X | dd of=/big bs=1 seek=100000000 conv=notrunc 2>/dev/null'",
    "a mode": "docker run big chmod 600 /big",
    "a deletion": "docker run big rm /big",
    "ten containers": "for i in 1 2 3 4 5 6 7 8 9 10; do docker run big true; done",
}


@pytest.mark.parametrize("name", WORK)
def test_the_page_about_drivers_says_what_the_lab_counts(name: str) -> None:
    table = str(Lab().compare_drivers(WORK[name], SETUP))
    assert f"    $ {WORK[name]}\n" in PAGE.read_text()
    assert "".join(f"    {line}\n" for line in table.split("\n")) in PAGE.read_text()


def test_what_a_container_copied_counts_when_it_is_gone() -> None:
    result = Lab().compare_drivers("docker run --rm big sh -c 'echo x >> /big'", SETUP, ["overlay2", "vfs"])
    assert result.of("overlay2").bytes_copied == 200_000_000
    assert [row.disk_grown for row in result.rows] == [0, 0]
    assert result.series()["bytes_copied"]["overlay2"] == 200_000_000


def test_a_comparison_repeats_itself_and_leaves_the_lab_alone(lab: Lab) -> None:
    def work(fresh: Lab) -> None:
        fresh.run("docker pull -q alpine; docker run -d alpine sh -c 'echo x >> /etc/passwd'")

    first = lab.compare_drivers(work)
    assert (first, str(first)) == (lab.compare_drivers(work), str(first))
    assert isinstance(first, Comparison)
    assert said(lab, "docker images --format '{{.Repository}}'") == "busybox"


def test_work_that_fails_is_no_figure(lab: Lab) -> None:
    with pytest.raises(InvalidParameterError, match="exit code"):
        lab.compare_drivers("docker run nosuch-image-at-all")
    with pytest.raises(InvalidParameterError, match="no storage driver is called 'aufs'"):
        lab.compare_drivers("true", drivers=["aufs"])


def test_work_may_be_a_text_or_lines_one_by_one() -> None:
    lines = ["docker run --name one busybox sh -c 'echo x >> /etc/passwd'", "docker rm one"]
    compare = Lab().compare_drivers
    assert compare(lines, drivers=["overlay2"]) == compare("\n".join(lines), drivers=["overlay2"])
