"""`python -m dockerlab.registry.catalogue`: compute the digests of all layers and write them to digests.json."""

from __future__ import annotations

import json
from pathlib import Path

from dockerlab.fs.gzip import gzip
from dockerlab.registry.catalogue.images import recipes
from dockerlab.registry.catalogue.layers import LayerRecipe

Row = tuple[str, int, str, int]
"""Digest and size of an archive, then of its compressed form."""


def measure(layer: LayerRecipe) -> Row:
    """What digests.json says about a layer."""
    tar = layer.tar()
    packed = gzip(tar)
    return tar.digest, tar.size, packed.digest, packed.size


def main() -> None:
    """Write the file, a layer a line."""
    layers = (layer for recipe in recipes() for layer in recipe.own_layers)
    rows = [f" {json.dumps(layer.key)}: {json.dumps(measure(layer))}" for layer in layers]
    text = "{\n" + ",\n".join(rows) + "\n}\n"
    Path(__file__).with_name("digests.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
