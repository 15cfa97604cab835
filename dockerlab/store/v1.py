"""Image configurations as Docker before 1.10 had them, one for each layer (moby, image/v1 and image.V1Image).

`docker save` still writes them beside the real configuration, under IDs that are digests of just these bytes, and
`docker load` makes images of them when an archive has nothing newer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from dockerlab.oci import fields, gojson
from dockerlab.oci.config import ContainerConfig
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import ZERO_TIME, History, ImageConfig, RootFS

EPOCH = "1970-01-01T00:00:00Z"
"""When all layers but the topmost were made, as far as `docker save` tells."""

CONFIG_FROM_1_8_3 = (1, 8, 3)
"""Engines before this one wrote configurations whose bytes can't be trusted to be moby's own."""

_ORDER = (
    "id",
    "parent",
    "comment",
    "created",
    "container",
    "container_config",
    "docker_version",
    "author",
    "config",
    "architecture",
    "variant",
    "os",
    "Size",
)
_OUTDATED = ("id", "parent", "Size", "parent_id", "layer_id", "throwaway")


def legacy_images(config: ImageConfig, chain: Iterable[Digest]) -> list[tuple[str, bytes]]:
    """The ID and the bytes of one old configuration for each layer, lowest first (tarexport, saveImage)."""
    chain = tuple(chain)
    images: list[tuple[str, bytes]] = []
    parent: Digest | None = None
    for index, chain_id in enumerate(chain):
        is_top = index == len(chain) - 1
        image = _document(gojson.decode_object(config.raw)) if is_top else _document({"created": EPOCH})
        own_id = _create_id(image, chain_id, parent)
        named = {"id": own_id.hex, **({"parent": parent.hex} if parent else {}), **image}
        if config.os:
            named["os"] = config.os
        images.append((own_id.hex, gojson.encode(_ordered(named))))
        parent = own_id
    return images


def _create_id(image: Mapping[str, Any], chain_id: Digest, parent: Digest | None) -> Digest:
    """The ID that moby's v1.CreateID computes."""
    document = {key: value for key, value in image.items() if key not in ("id", "parent")}
    document |= {"layer_id": str(chain_id), **({"parent": str(parent)} if parent else {})}
    return Digest.of(gojson.encode(gojson.sort_keys(document)))


def _document(source: Mapping[str, Any]) -> dict[str, Any]:
    """What moby's V1Image struct keeps of a configuration, with its zero values."""
    texts = ("comment", "container", "docker_version", "author", "architecture", "variant", "os")
    kept: dict[str, Any] = {key: text for key in texts if (text := fields.text(source, key))}
    kept["created"] = go_time(fields.text(source, "created"))
    kept["container_config"] = ContainerConfig.from_json(fields.read(source, "container_config", dict, {})).to_json()
    if source.get("config") is not None:
        kept["config"] = ContainerConfig.from_json(fields.read(source, "config", dict, {})).to_json()
    if size := fields.number(source, "Size"):
        kept["Size"] = size
    return _ordered(kept)


def _ordered(document: Mapping[str, Any]) -> dict[str, Any]:
    return {key: document[key] for key in _ORDER if key in document}


def go_time(text: str) -> str:
    """An RFC 3339 time as Go's time.Time writes it back: no zeros at the end of a fraction, +00:00 as Z."""
    trimmed = re.sub(r"(\.\d*?)0+(?=[Z+-]|$)", r"\1", text)
    return re.sub(r"\.(?=[Z+-]|$)", "", trimmed).replace("+00:00", "Z") or ZERO_TIME


def from_legacy(raw: bytes, below: ImageConfig | None, diff_id: Digest) -> ImageConfig:
    """The configuration that moby makes of an old one, its layer and the image below (v1.MakeConfigFromV1Config)."""
    source = gojson.decode_object(raw)
    rootfs = (below.rootfs if below else RootFS()).append(diff_id)
    history = (*(below.history if below else ()), _history(source))
    known = dict(source) if _is_recent(fields.text(source, "docker_version")) else _document(source)
    document = {key: value for key, value in known.items() if key not in _OUTDATED}
    document |= {"rootfs": rootfs.to_json(), "history": [step.to_json() for step in history]}
    return ImageConfig.parse(gojson.encode(gojson.sort_keys(document)))


def _history(source: Mapping[str, Any]) -> History:
    command = ContainerConfig.from_json(fields.read(source, "container_config", dict, {})).cmd or ()
    created, author, comment = (fields.text(source, key) for key in ("created", "author", "comment"))
    return replace(History(go_time(created), " ".join(command)), author=author, comment=comment)


def _is_recent(version: str) -> bool:
    numbers = tuple(int(digits) for digits in re.findall(r"\d+", version.partition("-")[0])[:3])
    return numbers >= CONFIG_FROM_1_8_3
