"""All that is on a lab's host, as cards with links between them, and what has changed from one moment to another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.lab import Lab
from dockerlab.notebook.diagrams.wording import size_text
from dockerlab.oci.digest import SHORT
from dockerlab.oci.reference import Reference
from dockerlab.registry.hub.shelves import catalogued

KINDS = ("registry", "image", "container", "volume", "network")
UNUSED = frozenset({"host", "none"})
"""Networks that every host has, and that are only shown where a container is in them."""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing on the host. `links` are the keys of the cards that it stands on."""

    key: str
    kind: str
    name: str
    state: str = ""
    facts: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What has become of a card: 'A' added, 'C' changed, 'D' deleted; `was` is what it said before."""

    mark: str
    card: Card
    was: str = ""


def host_view(lab: Lab) -> tuple[Card, ...]:
    """Everything on the host, kind after kind."""
    return (*registries(lab), *images(lab), *containers(lab), *volumes(lab), *networks(lab))


def registries(lab: Lab) -> Iterator[Card]:
    """What the lab's registries keep besides the Docker Hub's own catalogue."""
    known = {row["name"] for row in catalogued()}
    for name, server in sorted(lab.registries.items()):
        for path in sorted(server.storage.repositories):
            if name != "docker.io" or not (path.startswith("library/") or path in known):
                tags = tuple(sorted(server.storage.repositories[path].tags))
                yield Card(f"registry:{name}/{path}", "registry", Reference(name, path).familiar, facts=tags)


def images(lab: Lab) -> Iterator[Card]:
    """All images by their IDs, each with all of its names."""
    for row in lab.engine.images.list():
        names = [Reference.parse(name).familiar for name in row["RepoTags"] or () if name != "<none>:<none>"]
        title = ", ".join(names) or "<none>:<none>"
        state = "" if names else "dangling"
        yield Card(f"image:{row['Id']}", "image", title, state, (_short(row["Id"]), size_text(row["Size"])))


def containers(lab: Lab) -> Iterator[Card]:
    """All containers, the newest first, with what they stand on."""
    for row in lab.engine.containers.list(all=True):
        mounts = [mount for mount in row["Mounts"] if mount["Type"] == "volume"]
        links = [f"image:{row['ImageID']}", *(f"volume:{mount['Name']}" for mount in mounts)]
        links += [f"network:{name}" for name in row["NetworkSettings"]["Networks"]]
        facts = [f"from {row['Image']}", *_ports(row["Ports"])]
        facts += [f"{mount.get('Name') or mount['Source']} at {mount['Destination']}" for mount in row["Mounts"]]
        name = row["Names"][0].lstrip("/")
        yield Card(f"container:{row['Id']}", "container", name, _state(row), tuple(facts), tuple(links))


def _state(row: Mapping[str, Any]) -> str:
    """'running', 'exited (0)' …"""
    code = row["Status"].partition("(")[2].partition(")")[0]
    return f"exited ({code})" if row["State"] == "exited" else str(row["State"])


def _ports(ports: Iterable[Mapping[str, Any]]) -> list[str]:
    published = {(port["PublicPort"], port["PrivatePort"]) for port in ports if port.get("PublicPort")}
    return [f"port {public} → {private}" for public, private in sorted(published)]


def volumes(lab: Lab) -> Iterator[Card]:
    """All volumes."""
    for row in lab.engine.volumes.list():
        yield Card(f"volume:{row['Name']}", "volume", _short(row["Name"]) if _anonymous(row) else row["Name"])


def _anonymous(row: Mapping[str, Any]) -> bool:
    return len(row["Name"]) == 64


def networks(lab: Lab) -> Iterator[Card]:
    """The networks; those that every host has only where they are of use."""
    for row in lab.engine.networks.list():
        if row["Name"] not in UNUSED or row.get("Containers"):
            subnets = tuple(each["Subnet"] for each in row["IPAM"]["Config"] or () if "Subnet" in each)
            yield Card(f"network:{row['Name']}", "network", row["Name"], facts=(row["Driver"], *subnets))


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:SHORT]


def changes(before: Iterable[Card], after: Iterable[Card]) -> dict[str, Change]:
    """What became of each card that is not as it was, by its key."""
    old, new = {card.key: card for card in before}, {card.key: card for card in after}
    found = {key: Change("D", card) for key, card in old.items() if key not in new}
    for key, card in new.items():
        if key not in old:
            found[key] = Change("A", card)
        elif old[key] != card:
            found[key] = Change("C", card, was(old[key], card))
    return found


def was(old: Card, new: Card) -> str:
    """What a card said before, in as far as it says something else now."""
    parts = [old.name] if old.name != new.name else []
    parts += [old.state] if old.state != new.state else []
    return ", ".join([*parts, *(fact for fact in old.facts if fact not in new.facts)])
