"""What takes space on a host: images with the layers that they share, containers' writable layers, volumes."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dockerlab.engine import Engine
from dockerlab.engine.disk_foresight import Deletion, Freed
from dockerlab.oci.digest import SHORT, Digest
from dockerlab.oci.reference import Reference
from dockerlab.store import Image


@dataclass(frozen=True, slots=True)
class Part:
    """A part of what an image takes: a layer, and the other images that stand on it, by name."""

    size: int
    layer: Digest | None
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Spender:
    """Something that takes space: `names` are what a docker command would be given."""

    kind: str
    names: tuple[str, ...]
    about: str
    size: int
    parts: tuple[Part, ...]

    @property
    def key(self) -> str:
        """Its own among all."""
        return f"{self.kind}:{self.names[0]}"


def spenders(engine: Engine) -> list[Spender]:
    """All that takes space, images first."""
    df = engine.system.df()
    containers = [_container(row) for row in df["Containers"]]
    mounted = {row["Name"]: engine.volumes.users(row["Name"]) for row in df["Volumes"]}
    names = {row["Id"]: row["Names"][0].lstrip("/") for row in df["Containers"]}
    return [*_images(engine, df["Images"]), *containers, *(_volume(row, mounted, names) for row in df["Volumes"])]


def deletion(chosen: Collection[Spender]) -> Deletion:
    """The deletion of some of them, in docker's words."""
    by_kind = {kind: tuple(name for each in chosen if each.kind == kind for name in each.names) for kind in KINDS}
    return Deletion(by_kind["container"], by_kind["image"], by_kind["volume"])


KINDS = {"container": "docker rm -f", "image": "docker rmi", "volume": "docker volume rm"}
"""By the kind, the command that deletes it; in the order in which they succeed."""


def commands(planned: Deletion) -> list[str]:
    """The lines that a person would type for it."""
    names = {"container": planned.containers, "image": planned.images, "volume": planned.volumes}
    return [" ".join([verb, *names[kind]]) for kind, verb in KINDS.items() if names[kind]]


def goes(spender: Spender, part: Part, freed: Freed) -> bool:
    """Whether a part of something that is to be deleted would really go."""
    if part.layer is not None:
        return part.layer not in freed.layers
    return not any(name in freed.refused for name in spender.names)


def _images(engine: Engine, rows: list[dict[str, Any]]) -> Iterator[Spender]:
    images = {row["Id"]: engine.images.context.stores.images.get(Digest(row["Id"])) for row in rows}
    names = {row["Id"]: image_names(row) for row in rows}
    users: dict[Digest, list[str]] = {}
    for key, image in images.items():
        for chain in image.chain_ids:
            users.setdefault(chain, []).append(names[key][0])
    for row in rows:
        parts = _parts(engine, images[row["Id"]], row["Size"], names[row["Id"]][0], users)
        yield Spender("image", names[row["Id"]], ", ".join(names[row["Id"]][1:]), row["Size"], parts)


def _parts(engine: Engine, image: Image, size: int, name: str, users: Mapping[Digest, list[str]]) -> tuple[Part, ...]:
    """The image's layers; what it takes besides (packed layers, on 29) is its own."""
    layer_size = engine.images.context.ways.layer_size
    layers = [
        Part(layer_size(stored), stored.chain_id, tuple(each for each in users[stored.chain_id] if each != name))
        for stored in image.stack
        if layer_size(stored)
    ]
    more = size - sum(part.size for part in layers)
    return (*layers, *([Part(more, None)] if more > 0 else []))


def image_names(row: Mapping[str, Any]) -> tuple[str, ...]:
    """All tags, or the ID of what has none."""
    tags = [name for name in row["RepoTags"] or [] if name != "<none>:<none>"]
    familiar = tuple(Reference.parse(name).familiar for name in tags)
    return familiar or (row["Id"].removeprefix("sha256:")[:SHORT],)


def _container(row: Mapping[str, Any]) -> Spender:
    size = row.get("SizeRw") or 0
    return Spender(
        "container", (row["Names"][0].lstrip("/"),), f"{row['State']}, of {row['Image']}", size, _whole(size)
    )


def _volume(row: Mapping[str, Any], mounted: Mapping[str, list[str]], names: Mapping[str, str]) -> Spender:
    users = [names.get(user, user[:SHORT]) for user in mounted[row["Name"]]]
    size = row["UsageData"]["Size"]
    about = f"mounted by {', '.join(users)}" if users else "mounted by nobody"
    return Spender("volume", (row["Name"],), about, size, _whole(size))


def _whole(size: int) -> tuple[Part, ...]:
    return (Part(size, None),) if size else ()
