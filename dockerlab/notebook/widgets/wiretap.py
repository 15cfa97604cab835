"""What a push or a pull really asks of registries: which blobs go over the wire, which are there, which are mounted.

A `Tap` takes the place of the engine's client for a while. It passes everything on, and writes down what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

from dockerlab.engine import Engine
from dockerlab.engine.image_context import RegistryClient
from dockerlab.fs.content import Content
from dockerlab.notebook.views.images import history_rows
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest
from dockerlab.oci.reference import Reference
from dockerlab.store.images import Image

HERE, SENT, MOUNTED, THERE = "here", "sent", "mounted", "there"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A blob or a manifest; `turn` counts those that travelled, from 1 (0: it did not), `source` is where it came from.

    `fate` is 'sent' (it travelled, whichever way), 'mounted', 'there' (a push found it), 'here' (a pull has it).
    """

    kind: str
    digest: Digest
    size: int
    name: str
    fate: str
    source: str = ""
    turn: int = 0


class Tap:
    """A client that writes down what it is asked; `_client` does the work."""

    def __init__(self, client: RegistryClient) -> None:
        self._client = client
        self.travelled: dict[Digest, int] = {}
        """Bytes by digest, in the order of travel."""
        self.mounted: dict[Digest, str] = {}
        self.manifests: list[Manifest | Index] = []
        self.pushing = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def get_blob(self, repository: Reference, blob: Descriptor, **options: Any) -> Content:
        """A blob comes."""
        content = self._client.get_blob(repository, blob, **options)
        self.travelled[blob.digest] = blob.size
        return content

    def get_manifest(self, reference: Reference, **options: Any) -> Manifest | Index:
        """A manifest comes."""
        return self._kept(self._client.get_manifest(reference, **options))

    def put_blob(self, repository: Reference, content: Content, **options: Any) -> Reference | None:
        """A blob goes, or is mounted."""
        source = self._client.put_blob(repository, content, **options)
        digest = content.digest
        if source is None:
            self.travelled[digest] = content.size
        else:
            self.mounted[digest] = source.path
        return source

    def put_manifest(self, reference: Reference, manifest: Manifest | Index, **options: Any) -> Digest:
        """A manifest goes."""
        self.pushing = True
        digest = self._client.put_manifest(reference, manifest, **options)
        self._kept(manifest)
        return digest

    def _kept(self, manifest: Manifest | Index) -> Manifest | Index:
        self.manifests.append(manifest)
        self.travelled[manifest.digest] = len(manifest.raw)
        return manifest

    # What came of it.

    def parcels(self, image: Image) -> Iterator[Parcel]:
        """All that belongs to the image: its layers, top first, its configuration, what is attached, the manifests."""
        manifest = self._manifest_of(image)
        rows = [f"{row.keyword} {row.arguments}".rstrip() for row in history_rows(image) if not row.metadata]
        if manifest is None:  # Everything was here: nobody asked for a manifest.
            blobs = [(layer.digest, layer.blob.size) for layer in image.layers]
        else:
            blobs = [(layer.digest, layer.size) for layer in manifest.layers]
        named = list(zip(blobs, rows, strict=False))
        yield from (self._parcel("layer", digest, size, name) for (digest, size), name in reversed(named))
        if manifest is not None:
            yield self._parcel("config", manifest.config.digest, manifest.config.size, "the image's configuration")
        for other in self.manifests:
            if isinstance(other, Manifest) and other is not manifest:
                blob = (*other.layers, other.config)
                yield from (self._parcel("attached", it.digest, it.size, "attached: how it was built") for it in blob)
        for each in self.manifests:
            name = "the manifest" if each is manifest else "the list of manifests"
            name = name if isinstance(each, Index) or each is manifest else "the manifest of what is attached"
            yield self._parcel("manifest", each.digest, len(each.raw), name)

    def _manifest_of(self, image: Image) -> Manifest | None:
        """The manifest of the image itself: others say how it was built."""
        config = Digest.of(image.config.raw)
        found = (it for it in self.manifests if isinstance(it, Manifest) and it.config.digest == config)
        return next(found, None)

    def _parcel(self, kind: str, digest: Digest, size: int, name: str) -> Parcel:
        if digest in self.travelled:
            return Parcel(kind, digest, size, name, SENT, turn=list(self.travelled).index(digest) + 1)
        if digest in self.mounted:
            return Parcel(kind, digest, size, name, MOUNTED, self.mounted[digest])
        return Parcel(kind, digest, size, name, THERE if self.pushing else HERE)


@contextmanager
def tapped(engine: Engine) -> Iterator[Tap]:
    """Listen to an engine's client for a while."""
    context = engine.images.context
    client, tap = context.client, Tap(context.client)
    context.client = cast(RegistryClient, tap)
    try:
        yield tap
    finally:
        context.client = client
