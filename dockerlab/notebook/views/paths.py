"""The search for a path through the layers of an image or a container, layer by layer as overlayfs sees them."""

from __future__ import annotations

import posixpath
from dataclasses import replace

from dockerlab.engine import Engine
from dockerlab.fs.changeset import Changeset
from dockerlab.fs.layer import Layer
from dockerlab.fs.upper import UpperDir, UpperLeaf, Whiteout
from dockerlab.notebook.diagrams.views import ImageView, PlaceView, SearchView, Stop
from dockerlab.notebook.views.images import history_rows, image_view
from dockerlab.store.images import Image

KINDS = {"d": "directory", "f": "file", "l": "link", "p": "pipe", "c": "device", "b": "device"}


def search_in_image(engine: Engine, image: Image, path: str) -> SearchView:
    """The search in an image."""
    path = posixpath.normpath("/" + path.strip("/"))
    view = image_view(engine, image)
    rows = [f"{row.keyword} {row.arguments}".rstrip() for row in history_rows(image) if not row.metadata]
    base = base_layers(view, image)
    names = [f"{base[1]}: {row}" if number < base[0] else row for number, row in enumerate(rows)]
    places = [in_layer(layer, path, name) for layer, name in zip(image.layers, names, strict=False)]
    return SearchView(path, view.name, tuple(reversed(places)), view.driver)


def base_layers(view: ImageView, image: Image) -> tuple[int, str]:
    """How many of the layers belong to the image that it was built on, and that image's name."""
    bottom = next((row for row in view.rows if row.base and row.keyword == "FROM"), None)
    digests = [layer.diff_id.short for layer in image.layers]
    if bottom is None or bottom.digest not in digests:
        return 0, ""
    return digests.index(bottom.digest) + 1, bottom.arguments


def search_in_container(engine: Engine, name: str, path: str) -> SearchView:
    """The search in a container: its writable layer first."""
    container = engine.containers.find(name)
    shown = container.name.lstrip("/")
    below = search_in_image(engine, container.image, path)
    top = in_upper(container.files.upper, below.path, f"writable layer of {shown}")
    return replace(below, owner=shown, places=(top, *below.places))


def in_layer(layer: Layer, path: str, name: str) -> PlaceView:
    """What a layer's changeset has at a path."""
    place = PlaceView(name, layer.diff_id.short)
    here, at = layer.changeset, ""
    names = path.strip("/").split("/") if path != "/" else []
    if here.opaque:
        place = replace(place, stop=Stop.OPAQUE, at="/")
    for part in names:
        at = f"{at}/{part}"
        if part in here.whiteouts and place.stop is Stop.NOTHING:
            place = replace(place, stop=Stop.WHITEOUT, at=at)
        found = here.entries.get(part)
        if found is None:
            return place
        if not isinstance(found, Changeset):
            return leaf(place, found.kind, found.size, at, path)
        here = found
        if here.opaque and place.stop is Stop.NOTHING:
            place = replace(place, stop=Stop.OPAQUE, at=at)
    return replace(place, kind="directory")


def leaf(place: PlaceView, kind: str, size: int, at: str, path: str) -> PlaceView:
    """A file at the path; one in the place of a directory above it cuts off all that lies below."""
    if at == path:
        return replace(place, kind=KINDS.get(kind, "file"), size=size)
    return replace(place, stop=Stop.REPLACED, at=at)


def in_upper(root: UpperDir, path: str, name: str) -> PlaceView:
    """What a writable layer has at a path."""
    place = PlaceView(name, writable=True)
    here, at = root, ""
    for part in path.strip("/").split("/") if path != "/" else []:
        at = f"{at}/{part}"
        found = here.names.get(part)
        if found is None:
            return place
        if isinstance(found, Whiteout):
            return replace(place, stop=Stop.WHITEOUT, at=at)
        if isinstance(found, UpperLeaf):
            return leaf(place, found.node.kind, found.node.size, at, path)
        here = found
        if here.opaque and place.stop is Stop.NOTHING:
            place = replace(place, stop=Stop.OPAQUE, at=at)
    return replace(place, kind="directory")
