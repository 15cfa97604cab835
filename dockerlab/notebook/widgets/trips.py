"""Trips of an image or a container, really made: packed on one lab, unpacked on another, and looked at there.

Nothing here says what a trip keeps: each item brings a docker command that is typed where the trip ends, and what that
prints decides.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from dockerlab.lab import Lab
from dockerlab.registry import hub
from dockerlab.world import Clock

DOCKERFILE = """FROM busybox
ENV COLOR=blue
WORKDIR /trip
RUN echo map > map.txt
RUN dd if=/dev/zero of=/big.bin bs=1000 count=1000
RUN rm /big.bin
CMD ["sleep", "1000"]
"""
PACKING = (
    "docker build -q -t case:1 case",
    "docker tag case:1 case:stable",
    "docker run -d --name box -v things:/data case:1",
    "docker exec box sh -c 'echo note > /trip/note.txt; echo kept > /data/kept.txt'",
)
"""How the suitcase is packed: an image with two tags, and a running container with a file of its own and a volume."""


@dataclass(frozen=True, slots=True)
class Trip:
    """Commands at home and (after `carried` was brought there) on another host; `arrived` is what it is called then."""

    label: str
    home: tuple[str, ...]
    arrived: str
    away: tuple[str, ...] = ()
    carried: str = ""

    @property
    def lines(self) -> list[str]:
        """What is typed, each with the host that it is typed on."""
        return [*(f"home$ {line}" for line in self.home), *(f"away$ {line}" for line in self.away)]


@dataclass(frozen=True, slots=True)
class Item:
    """Something that may survive a trip: it did where the command prints what the pattern finds."""

    label: str
    line: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What was typed at the end of a trip, what it printed, and so whether the item is there."""

    line: str
    printed: str
    survives: bool


TRIPS: Mapping[str, Trip] = {
    "save": Trip("save, load", ("docker save -o case.tar case:1",), "case:1", ("docker load -i case.tar",), "case.tar"),
    "push": Trip(
        "push, pull",
        (
            "echo secret | docker login -u student --password-stdin",
            "docker tag case:1 student/case:1",
            "docker push -q student/case:1",
        ),
        "student/case:1",
        ("docker pull -q student/case:1",),
    ),
    "export": Trip(
        "export, import",
        ("docker export -o box.tar box",),
        "moved:1",
        ("docker import box.tar moved:1",),
        "box.tar",
    ),
    "commit": Trip("commit", ("docker commit box moved:1",), "moved:1"),
    "squash": Trip(
        "build --squash", ("DOCKER_BUILDKIT=0 docker build -q --squash -t moved:1 case 2>/dev/null",), "moved:1"
    ),
}
HISTORY = "docker history --no-trunc --format '{{{{.Size}}}} {{{{.CreatedBy}}}}' {image}"
ITEMS: Mapping[str, Item] = {
    "files": Item("the image's files", "docker run --rm {image} cat /trip/map.txt", r"^map$"),
    "written": Item("a file that the container wrote", "docker run --rm {image} cat /trip/note.txt", r"^note$"),
    "volume": Item("the volume's data", "docker run --rm {image} cat /data/kept.txt", r"^kept$"),
    "process": Item("the running process", "docker ps --filter ancestor={image} --format '{{{{.Command}}}}'", r"sleep"),
    "settings": Item(
        "settings (ENV, CMD)",
        "docker image inspect -f '{{{{.Config.Env}}}} {{{{.Config.Cmd}}}}' {image}",
        r"COLOR=blue.*sleep",
    ),
    "history": Item("the history of its steps", HISTORY, r"echo map"),
    "layers": Item(
        "its layers, one by one", "docker image inspect -f '{{{{len .RootFS.Layers}}}}' {image}", r"^[5-9]$"
    ),
    "deleted": Item("1 MB that a step deleted", HISTORY, r"^1(\.\d+)?MB .*dd if"),
    "tag": Item("the tag that was named (:1)", "docker image inspect -f '{{{{.RepoTags}}}}' {image}", r"case:1\b"),
    "other tag": Item(
        "its other tag (:stable)", "docker image inspect -f '{{{{.RepoTags}}}}' {image}", r"case:stable\b"
    ),
}


@dataclass(frozen=True, slots=True)
class Journey:
    """A trip that was made: what was typed and printed, and a proof for each item."""

    transcript: str
    proofs: Mapping[str, Proof]


def travel(name: str, release: int) -> Journey:
    """Pack, make a trip, unpack, and look what is there; on labs that exist only for this."""
    trip = TRIPS[name]
    server = hub(Clock())
    home = packed(Lab(server, experimental=True, release=release))
    shown = [typed(home, "home", line) for line in trip.home]
    end = home
    if trip.away:
        end = Lab(server, release=release)
        if trip.carried:
            end.host.write(end.path(trip.carried), home.host.read(home.path(trip.carried)))
        shown += [typed(end, "away", line) for line in trip.away]
    return Journey("\n".join(shown), {key: proof(end, item, trip.arrived) for key, item in ITEMS.items()})


def packed(lab: Lab) -> Lab:
    """A lab with the suitcase."""
    lab.host.write("/lab/case/Dockerfile", DOCKERFILE.encode())
    for line in PACKING:
        lab.run(line)
    return lab


def typed(lab: Lab, host: str, line: str) -> str:
    """A line with what it printed, as on the terminal of that host."""
    result = lab.run(line)
    return "\n".join([f"{host}$ {line}", *filter(None, [result.stdout.rstrip() or result.stderr.rstrip()])])


def proof(lab: Lab, item: Item, image: str) -> Proof:
    """Look for an item."""
    line = item.line.format(image=image)
    result = lab.run(line)
    printed = (result.stdout + result.stderr).rstrip()
    return Proof(line, printed, bool(re.search(item.pattern, result.stdout, re.M)))
