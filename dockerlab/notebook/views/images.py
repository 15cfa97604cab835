"""An image as rows: its history, its layers, and who shares them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from dockerlab.engine import Engine
from dockerlab.notebook.diagrams.views import ImageView, LayerView
from dockerlab.oci.digest import Digest
from dockerlab.store.images import Image

NOP = re.compile(r"^/bin/sh -c #\(nop\)\s+")
SHELL_RUN = re.compile(r"^(?:RUN\s+)?(?:\|\d+ .*? )?/bin/sh -c\s+")
BUILDKIT = re.compile(r"\s+# buildkit$")


def image_view(engine: Engine, image: Image, name: str | None = None) -> ImageView:
    """An image as rows; the rows of the image that it was built on are one row, FROM."""
    rows = list(history_rows(image))
    owners = sharers(engine, image)
    for number, (row, place) in enumerate(zip(rows, places(rows), strict=True)):
        rows[number] = replace(row, sharers=owners.get(image.chain_ids[place], ())) if place is not None else row
    base = base_of(engine, image)
    if base is not None:
        below = len(base.config.history)
        layers = [row for row in rows[:below] if row.digest]
        digest, shared = (layers[-1].digest, layers[-1].sharers) if layers else ("", ())
        size = sum(row.size for row in layers)
        rows[:below] = [LayerView("FROM", familiar_name(engine, base), digest, size, base=True, sharers=shared)]
    elif rows:
        lowest = next((number for number, row in enumerate(rows) if row.digest), 0)
        rows[lowest] = replace(rows[lowest], base=True)
    name = name or familiar_name(engine, image)
    return ImageView(name, image.id.short, tuple(rows), engine.images.context.driver().name)


def places(rows: list[LayerView]) -> Iterator[int | None]:
    """Which layer of the image each row is, None for those that made none."""
    count = 0
    for row in rows:
        yield None if row.metadata else count
        count += not row.metadata


def sharers(engine: Engine, image: Image) -> dict[Digest, tuple[str, ...]]:
    """The names of the other images that stand on each of the image's layers, by the layer's chain ID."""
    found: dict[Digest, tuple[str, ...]] = {}
    own = set(image.chain_ids)
    for row in engine.images.list():
        other = engine.images.find(row["Id"])
        if other.id != image.id and named(row):
            for chain in own.intersection(other.chain_ids):
                found[chain] = (*found.get(chain, ()), familiar_name(engine, other))
    return found


def named(row: dict[str, object]) -> bool:
    """Whether a row of `docker images` has a name."""
    tags = row["RepoTags"]
    return isinstance(tags, list) and any(tag != "<none>:<none>" for tag in tags)


def history_rows(image: Image) -> Iterator[LayerView]:
    """One row for each step of the image's history, bottom first."""
    layers = iter(image.layers)
    for step in image.config.history:
        keyword, arguments = instruction(step.created_by) if step.created_by else ("layer", step.comment)
        layer = None if step.empty_layer else next(layers, None)
        yield LayerView(keyword, arguments, layer.diff_id.short if layer else "", layer.size if layer else 0)
    # An image without a history (skopeo may write one) still has layers.
    for layer in layers:
        yield LayerView("layer", "", layer.diff_id.short, layer.size)


def instruction(created_by: str) -> tuple[str, str]:
    """The Dockerfile instruction behind a history line, as (keyword, arguments)."""
    text = BUILDKIT.sub("", created_by).strip()
    if NOP.match(text):
        text = NOP.sub("", text)
    elif SHELL_RUN.match(text):
        return "RUN", SHELL_RUN.sub("", text)
    keyword, _, arguments = text.partition(" ")
    return (keyword, arguments.strip()) if keyword.isupper() else ("layer", text)


def base_of(engine: Engine, image: Image) -> Image | None:
    """The local, named image with the longest history that `image` begins with."""
    found = None
    for row in engine.images.list():
        other = engine.images.find(row["Id"])
        steps = other.config.history
        within = len(steps) < len(image.config.history) and image.config.history[: len(steps)] == steps
        if named(row) and within and (found is None or len(steps) > len(found.config.history)):
            found = other
    return found


def familiar_name(engine: Engine, image: Image) -> str:
    """The image's first name, else its short ID."""
    names = engine.images.inspect(str(image.id))["RepoTags"]
    return names[0] if names else image.id.short
