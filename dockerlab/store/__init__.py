"""Where things live: blobs, layers, images, names and volumes, and the archives that images travel in."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.store.blobs import BlobStore
from dockerlab.store.images import Image, ImageStore, Makes, classic_image
from dockerlab.store.layers import LayerStore, StoredLayer
from dockerlab.store.origins import Origins
from dockerlab.store.references import ReferenceStore
from dockerlab.store.volumes import Volume, VolumeStore


@dataclass
class Stores:
    """All that one engine keeps; every part of the engine shares the same bundle."""

    blobs: BlobStore = field(default_factory=BlobStore)
    layers: LayerStore = field(default_factory=LayerStore)
    references: ReferenceStore = field(default_factory=ReferenceStore)
    volumes: VolumeStore = field(default_factory=VolumeStore)
    origins: Origins = field(default_factory=Origins)
    make_image: Makes = classic_image
    images: ImageStore = field(init=False)

    def __post_init__(self) -> None:
        """Images stand on layers and names."""
        self.images = ImageStore(self.layers, self.references, self.make_image)

    def go_on_with(self, other: Stores) -> None:
        """Take over another bundle's images, with layers, names and origins; blobs and volumes stay."""
        self.layers, self.references, self.origins, self.images = (
            other.layers,
            other.references,
            other.origins,
            other.images,
        )


__all__ = [
    "BlobStore",
    "Image",
    "ImageStore",
    "LayerStore",
    "Origins",
    "ReferenceStore",
    "StoredLayer",
    "Stores",
    "Volume",
    "VolumeStore",
]
