"""Which Docker a lab shows: every value and format in which releases differ is chosen here, and nowhere else.

28 is what lessons are written for: images in graph drivers' stores, `docker images` as a table, `docker trust`.
29 is what a new installation has: images in containerd's store, `docker images` as a list of names. Whoever needs to
know asks the lab's `Release` for the value itself, not for its number.

Sources: versions of 28.2.2 from its own `docker version`; of 29.8.0 from docker/cli 28f756087eea and moby b985e2313a86.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from dockerlab.errors import UnknownReleaseError

Helper = tuple[str, str, str]
"""A program beside the daemon: name, version, commit."""


class ImageKeeping(Enum):
    """What keeps images: the daemon with a storage driver, or containerd with a snapshotter."""

    GRAPH_DRIVER = "graph driver"
    CONTAINERD = "containerd"


class ImageList(Enum):
    """What `docker images` shows without further wishes: the table of old, or a list of names with their usage."""

    TABLE = "table"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class Build:
    """One program as `docker version` tells of it."""

    version: str
    api: str
    commit: str
    go: str
    built: str


@dataclass(frozen=True, slots=True)
class Release:
    """All that is not the same in every release of Docker.

    `list_columns` are the columns of lists that others lack, for `--format`. `firewall` is what makes the rules for
    published ports, where `docker info` says so. `command_changes` names the file beside `cli/commands.json` that says
    what its client's commands have otherwise.
    """

    number: int
    client: Build
    server: Build
    oldest_api: str
    helpers: tuple[Helper, Helper, Helper]
    image_keeping: ImageKeeping
    image_list: ImageList
    list_columns: frozenset[str] = frozenset()
    firewall: str = ""
    command_changes: str = ""

    @staticmethod
    def of(number: int) -> Release:
        """The release of that number; `UnknownReleaseError` where there is none here."""
        try:
            return RELEASES[number]
        except (KeyError, TypeError):
            raise UnknownReleaseError(number, tuple(RELEASES)) from None


DOCKER_28 = Release(
    number=28,
    client=Build("28.2.2", "1.50", "e6534b4", "go1.24.3", "Fri May 30 12:07:14 2025"),
    server=Build("28.2.2", "1.50", "45873be", "go1.24.3", "2025-05-30T12:07:14.000000000+00:00"),
    oldest_api="1.24",
    helpers=(
        ("containerd", "1.7.27", "05044ec0a9a75232cad458027ca83437aae3f4da"),
        ("runc", "1.2.5", "v1.2.5-0-g59923ef"),
        ("docker-init", "0.19.0", "de40ad0"),
    ),
    image_keeping=ImageKeeping.GRAPH_DRIVER,
    image_list=ImageList.TABLE,
    list_columns=frozenset({"VirtualSize"}),
)

DOCKER_29 = Release(
    number=29,
    client=Build("29.8.0", "1.55", "28f7560", "go1.26.7", "Thu Aug 20 12:38:49 2026"),
    server=Build("29.8.0", "1.55", "b985e23", "go1.26.7", "2026-08-23T00:28:30.000000000+00:00"),
    oldest_api="1.40",
    helpers=(
        ("containerd", "v2.3.4", ""),
        ("runc", "1.4.3", ""),
        ("docker-init", "0.19.0", "de40ad0"),
    ),
    image_keeping=ImageKeeping.CONTAINERD,
    image_list=ImageList.NAMES,
    list_columns=frozenset({"HealthStatus"}),
    firewall="iptables",
    command_changes="commands_29.json",
)

RELEASES: Mapping[int, Release] = {release.number: release for release in (DOCKER_28, DOCKER_29)}
"""The releases that a lab can show."""
