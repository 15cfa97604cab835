"""Manifest lists in the making: the files under ~/.docker/manifests (docker/cli, cli/manifest/store).

A folder for each list, in it a file for each image: its manifest as the registry has it, with the platform that
`docker manifest annotate` may change. File names are references with `-` for `:` and `_` for `/`.
"""

from __future__ import annotations

import base64
import json
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from dockerlab.cli.context import Context
from dockerlab.cli.credentials import config_path
from dockerlab.errors import CommandError
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import DOCKER_MANIFEST_LIST, OCI_INDEX, OCI_MANIFEST
from dockerlab.oci.platform import Platform
from dockerlab.oci.reference import Reference


@dataclass(frozen=True)
class ListedImage:
    """One image of a list: its name as the client shows it, its manifest, and for which platform it is."""

    name: str
    manifest: Manifest
    platform: Platform

    @property
    def descriptor(self) -> Descriptor:
        """As the list names it."""
        size = len(self.manifest.raw)
        return Descriptor(self.manifest.media_type, self.manifest.digest, size, platform=self.platform)

    def to_json(self) -> dict[str, Any]:
        """All that is known of it: what `-v` shows, and what the file holds."""
        kind = "SchemaV2Manifest" if self.manifest.is_docker else "OCIManifest"
        return {
            "Ref": self.name,
            "Descriptor": {
                "mediaType": self.manifest.media_type,
                "digest": str(self.manifest.digest),
                "size": len(self.manifest.raw),
                "platform": self.platform.to_json(),
            },
            "Raw": base64.b64encode(self.manifest.raw).decode(),
            kind: self.manifest.to_json(),
        }

    @staticmethod
    def from_json(document: dict[str, Any]) -> ListedImage:
        """Read a file."""
        described = document["Descriptor"]
        manifest = parse_manifest(base64.b64decode(document["Raw"]), described["mediaType"])
        assert isinstance(manifest, Manifest), "a list in a list is refused before it is kept"
        return ListedImage(document["Ref"], manifest, Platform.from_json(described["platform"]))


def index_of(images: Sequence[ListedImage]) -> Index:
    """The manifest list, indented by three; the first image decides whether it is Docker's or OCI's."""
    kind = OCI_INDEX if images and images[0].manifest.media_type == OCI_MANIFEST else DOCKER_MANIFEST_LIST
    entries = [image.descriptor.to_json(docker=True) for image in images]
    document = {"schemaVersion": 2, "mediaType": kind, "manifests": entries}
    index = parse_manifest(gojson.encode(document, indent=3), kind)
    assert isinstance(index, Index)
    return index


class ManifestStore:
    """The lists of the user who types."""

    def __init__(self, ctx: Context) -> None:
        self._fs = ctx.fs
        self._root = posixpath.join(posixpath.dirname(config_path(ctx)), "manifests")

    def __contains__(self, name: Reference) -> bool:
        return self._fs.is_dir(self._folder(name))

    def images(self, name: Reference) -> list[ListedImage]:
        """The images of a list in the order of their files; raises CommandError where there is no such list."""
        if name not in self:
            raise CommandError(f"No such manifest: {name}")
        folder = self._folder(name)
        return [self._read(posixpath.join(folder, entry)) for entry in sorted(self._fs.listdir(folder))]

    def find(self, name: Reference, image: Reference) -> ListedImage | None:
        """One image of a list."""
        path = self._path(name, image)
        return self._read(path) if self._fs.is_file(path) else None

    def save(self, name: Reference, image: Reference, listed: ListedImage) -> None:
        """Keep an image in a list."""
        if name not in self:
            self._fs.mkdir(self._folder(name), 0o755, parents=True)
        text = json.dumps(listed.to_json(), separators=(",", ":"), ensure_ascii=False)
        self._fs.write(self._path(name, image), text.encode(), mode=0o644)

    def remove(self, name: Reference) -> None:
        """Forget a list."""
        self._fs.remove_tree(self._folder(name))

    def _read(self, path: str) -> ListedImage:
        try:
            return ListedImage.from_json(json.loads(self._fs.read(path)))
        except (ValueError, KeyError, TypeError) as error:
            raise CommandError(f"{path} holds no manifest") from error

    def _folder(self, name: Reference) -> str:
        return posixpath.join(self._root, _file_name(name))

    def _path(self, name: Reference, image: Reference) -> str:
        return posixpath.join(self._folder(name), _file_name(image))


def _file_name(name: Reference) -> str:
    return str(name).replace(":", "-").replace("/", "_")
