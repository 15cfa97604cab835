"""`python -m dockerlab.registry.catalogue`: compute the digests of all layers and write them to digests.json."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from dockerlab.fs.gzip import gzip
from dockerlab.registry.catalogue.images import Recipe, recipes


def measure(recipe: Recipe) -> dict[str, Any]:
    """What digests.json says about a layer."""
    tar = recipe.tar()
    packed = gzip(tar)
    return {"diff_id": tar.digest, "unpacked": tar.size, "digest": packed.digest, "size": packed.size}


def main() -> None:
    """Write the file."""
    rows = {recipe.key: measure(recipe) for recipe in recipes()}
    Path(__file__).with_name("digests.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
