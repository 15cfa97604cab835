"""What images take on disk, for `docker system df` (moby, daemon/images: image_list with extra attributes, service.go).

A layer that several images share counts once in the sum, and for each of them as shared.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from dockerlab.engine.image_context import ImageContext
from dockerlab.engine.image_list import Listing
from dockerlab.oci.digest import Digest
from dockerlab.store import Image


def image_usage(context: ImageContext) -> dict[str, Any]:
    """`LayersSize`, and the rows of `docker images` with `SharedSize` and `Containers` filled in."""
    images = context.stores.images
    rows = Listing(context, {}, everything=False).rows()
    listed = [images.get(Digest(row["Id"])) for row in rows]
    users = Counter(chain for image in listed for chain in image.chain_ids)
    layers = {stored.chain_id: stored.own_size for image in listed for stored in image.stack}
    for row, image in zip(rows, listed, strict=True):
        row["SharedSize"] = _shared(image, users)
        row["Containers"] = len(context.containers_using(image.id))
    return {"LayersSize": sum(layers.values()), "Images": rows}


def _shared(image: Image, users: Counter[Digest]) -> int:
    return sum(stored.own_size for stored in image.stack if users[stored.chain_id] > 1)
