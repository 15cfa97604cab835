"""Image configurations: what an image ID is the digest of (OCI image-spec, config.md; moby, image/image.go)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from dockerlab.errors import DockerlabError, InvalidParameterError
from dockerlab.oci import fields, gojson
from dockerlab.oci.config import NIL, NIL_MAP, ContainerConfig, Healthcheck
from dockerlab.oci.digest import Digest
from dockerlab.oci.platform import Platform

ZERO_TIME = "0001-01-01T00:00:00Z"
"""Go's zero time, written where nobody knows when."""

_HISTORY_TEXTS = ("created", "created_by", "author", "comment")


@dataclass(frozen=True, slots=True)
class History:
    """One step of an image's making; one with `empty_layer` changed no file."""

    created: str = ""
    created_by: str = ""
    author: str = ""
    comment: str = ""
    empty_layer: bool = False

    def to_json(self) -> dict[str, Any]:
        """As moby writes it."""
        rest = {"author": self.author, "created_by": self.created_by, "comment": self.comment}
        filled = {key: value for key, value in rest.items() if value}
        return {"created": self.created or ZERO_TIME, **filled, **({"empty_layer": True} if self.empty_layer else {})}

    @staticmethod
    def from_json(document: Mapping[str, Any]) -> History:
        """Read one entry of a configuration's history."""
        created, created_by, author, comment = (fields.text(document, key) for key in _HISTORY_TEXTS)
        return History(created, created_by, author, comment, fields.flag(document, "empty_layer"))


@dataclass(frozen=True, slots=True)
class RootFS:
    """The diff IDs of an image's layers, lowest first."""

    diff_ids: tuple[Digest, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As moby writes it."""
        return {"type": "layers", **({"diff_ids": list(self.diff_ids)} if self.diff_ids else {})}

    def append(self, diff_id: Digest) -> RootFS:
        """The same with one more layer on top."""
        return RootFS((*self.diff_ids, diff_id))


@dataclass(frozen=True)
class ImageConfig:
    """An image's configuration. One that was parsed keeps its bytes; an edit (`dataclasses.replace`) makes new ones.

    `oci` is how `config` is written: as BuildKit does (True) or as moby does (False). `container_config` is None in
    images that BuildKit or others made.
    """

    architecture: str = "amd64"
    os: str = "linux"
    config: ContainerConfig = field(default_factory=ContainerConfig)
    rootfs: RootFS = field(default_factory=RootFS)
    history: tuple[History, ...] = ()
    created: str = ""
    author: str = ""
    comment: str = ""
    container: str = ""
    container_config: ContainerConfig | None = None
    docker_version: str = ""
    variant: str = ""
    os_version: str = ""
    oci: bool = False

    @staticmethod
    def new(
        rootfs: RootFS | Iterable[Digest] = (),
        config: ContainerConfig | None = None,
        history: Iterable[History] = (),
        **others: Any,
    ) -> ImageConfig:
        """A configuration of these parts; `others` are fields by name."""
        stack = rootfs if isinstance(rootfs, RootFS) else RootFS(tuple(rootfs))
        return ImageConfig(config=config or ContainerConfig(), rootfs=stack, history=tuple(history), **others)

    @staticmethod
    def parse(raw: bytes) -> ImageConfig:
        """The configuration that the bytes hold; `InvalidParameterError` where they hold none."""
        document = gojson.decode_object(raw)
        if document.get("rootfs") is None:
            raise InvalidParameterError("invalid image JSON, no RootFS key")
        image = _read(document)
        image.__dict__["raw"] = bytes(raw)
        return image

    @cached_property
    def raw(self) -> bytes:
        """The exact bytes: as they came, or as moby would write them."""
        return gojson.encode(gojson.sort_keys(self.to_json()))

    @cached_property
    def image_id(self) -> Digest:
        """The digest of the bytes, which is the image's ID in Docker's classic store."""
        return Digest.of(self.raw)

    @property
    def platform(self) -> Platform:
        """For which machines it is."""
        return Platform(self.os, self.architecture, self.variant)

    def to_json(self) -> dict[str, Any]:
        """The fields as moby's struct has them (whose top level is then sorted by key)."""
        made_in = self.container_config
        named = {
            "architecture": self.architecture,
            "author": self.author,
            "comment": self.comment,
            "container": self.container,
            "container_config": made_in and made_in.to_json(),
            "docker_version": self.docker_version,
            "os": self.os,
            "os.version": self.os_version,
            "variant": self.variant,
            "history": [step.to_json() for step in self.history],
        }
        return {
            "config": self.config.to_oci_json() if self.oci else self.config.to_json(),
            "created": self.created or ZERO_TIME,
            "rootfs": self.rootfs.to_json(),
            **{key: value for key, value in named.items() if value},
        }


def _read(document: Mapping[str, Any]) -> ImageConfig:
    rootfs = fields.checked(document["rootfs"], dict, "rootfs")
    config, made_in = (fields.read(document, key, dict, {}) for key in ("config", "container_config"))
    try:
        diff_ids = tuple(Digest(text) for text in fields.texts(rootfs, "diff_ids") or ())
    except DockerlabError as error:
        raise InvalidParameterError(f"invalid image JSON: {error}") from error
    return ImageConfig(
        architecture=fields.text(document, "architecture"),
        os=fields.text(document, "os"),
        config=ContainerConfig.from_json(config),
        rootfs=RootFS(diff_ids),
        history=tuple(History.from_json(step) for step in fields.objects(document, "history")),
        created=fields.text(document, "created"),
        author=fields.text(document, "author"),
        comment=fields.text(document, "comment"),
        container=fields.text(document, "container"),
        container_config=ContainerConfig.from_json(made_in) if made_in else None,
        docker_version=fields.text(document, "docker_version"),
        variant=fields.text(document, "variant"),
        os_version=fields.text(document, "os.version"),
        oci="Hostname" not in config,
    )


__all__ = [
    "NIL",
    "NIL_MAP",
    "ZERO_TIME",
    "ContainerConfig",
    "Healthcheck",
    "History",
    "ImageConfig",
    "Platform",
    "RootFS",
]
