"""What a deletion would free is, to the byte, what `docker system df` has less after really deleting in a copy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dockerlab.cli.units import human_size_with_precision
from dockerlab.engine.disk_foresight import Deletion, foresee_deletion
from dockerlab.engine.image_foresight import foresee_prune
from dockerlab.lab import Lab

SETUP = """mkdir a b
printf 'FROM busybox\\nRUN dd if=/dev/zero of=/one bs=1000 count=3000\\n' > a/Dockerfile
printf 'FROM one\\nRUN dd if=/dev/zero of=/two bs=1000 count=2000\\n' > b/Dockerfile
docker build -q -t one a
docker tag one uno
docker build -q -t two b
docker pull -q busybox
docker pull -q alpine
docker run -d --name web -v data:/data one sh -c 'dd if=/dev/zero of=/data/d bs=1000 count=700; sleep 1000'
docker run --name batch two sh -c 'dd if=/dev/zero of=/own bs=1000 count=90; rm /two'
docker volume create empty"""

DELETIONS = {
    "nothing": Deletion(),
    "an image that nobody shares": Deletion(images=("alpine",)),
    "one of two names": Deletion(images=("uno",)),
    "both names, but a container stands on it": Deletion(images=("uno", "one")),
    "an image whose layers another one needs": Deletion(containers=("web",), images=("uno", "one")),
    "the base too": Deletion(images=("busybox",)),
    "all that share": Deletion(("web", "batch"), ("two", "one", "uno", "busybox")),
    "containers": Deletion(containers=("web", "batch")),
    "a volume in use": Deletion(volumes=("data",)),
    "a volume with its container": Deletion(containers=("web",), volumes=("data", "empty")),
    "what is not there": Deletion(("nosuch",), ("nosuch",), ("nosuch",)),
    "everything": Deletion(("web", "batch"), ("two", "one", "uno", "busybox", "alpine"), ("data", "empty")),
}


def lab_of_28() -> Lab:
    return Lab()


def lab_of_29() -> Lab:
    return Lab(release=29)


def lab_with(driver: str) -> Lab:
    lab = Lab()
    lab.host.write("/etc/docker/daemon.json", f'{{"storage-driver": "{driver}"}}'.encode())
    lab.run("systemctl restart docker")
    assert lab.engine.driver.name == driver
    return lab


def used(lab: Lab) -> tuple[int, int, int]:
    """Images, containers and volumes in bytes, as `docker system df` counts them."""
    df = lab.engine.system.df()
    containers = sum(row.get("SizeRw") or 0 for row in df["Containers"])
    return df["LayersSize"], containers, sum(row["UsageData"]["Size"] for row in df["Volumes"])


@pytest.mark.parametrize("deletion", DELETIONS.values(), ids=DELETIONS)
@pytest.mark.parametrize(
    "make",
    [lab_of_28, lab_of_29, lambda: lab_with("vfs"), lambda: lab_with("btrfs"), lambda: lab_with("zfs")],
    ids=["28", "29", "vfs", "btrfs", "zfs"],
)
def test_the_sum_is_what_system_df_has_less_afterwards(make: Callable[[], Lab], deletion: Deletion) -> None:
    lab = make()
    lab.run(SETUP)
    before = used(lab)
    seen = foresee_deletion(lab.engine, deletion)
    assert used(lab) == before
    printed = "".join(
        lab.run(f"{command} {name}").stderr
        for command, names in zip(
            ("docker rm -f", "docker rmi", "docker volume rm"),
            (deletion.containers, deletion.images, deletion.volumes),
            strict=True,
        )
        for name in names
    )
    freed = tuple(old - new for old, new in zip(before, used(lab), strict=True))
    assert (seen.images, seen.containers, seen.volumes) == freed
    assert all(reason in printed for reason in seen.refused.values())
    assert bool(seen.refused) == ("Error" in printed)


def test_what_is_freed_is_told_by_kind() -> None:
    lab = lab_of_28()
    lab.run(SETUP)
    seen = foresee_deletion(lab.engine, DELETIONS["everything"])
    assert (seen.volumes, seen.refused, seen.layers) == (700_000, {}, frozenset())
    assert seen.total == seen.images + seen.containers + 700_000


def test_layers_that_others_need_are_left() -> None:
    lab = lab_of_28()
    lab.run(SETUP)
    left = foresee_deletion(lab.engine, Deletion(("web",), ("uno", "one"))).layers
    assert {*lab.engine.images.find("one").chain_ids} <= left


@pytest.mark.parametrize(
    ("make", "flags", "filters"),
    [
        (lab_of_28, "-f", {}),
        (lab_of_28, "-af", {"dangling": ["false"]}),
        (lab_of_29, "-af", {"dangling": ["false"]}),
    ],
)
def test_a_prune_is_foreseen(make: Callable[[], Lab], flags: str, filters: dict[str, list[str]]) -> None:
    lab = make()
    lab.run(SETUP)
    lab.run("printf 'RUN echo > /more\\n' >> b/Dockerfile; docker build -q -t two b")
    lab.run("docker rm -f batch")
    seen = foresee_prune(lab.engine.images.context, filters)
    assert seen.deleted
    printed = lab.run(f"docker image prune {flags}").stdout.splitlines()
    assert printed[-1] == f"Total reclaimed space: {human_size_with_precision(seen.freed, 4)}"
    told = [line.split(": ")[1] for line in printed if line.startswith(("untagged", "deleted"))]
    assert sorted([*seen.untagged, *seen.deleted]) == sorted(told)
