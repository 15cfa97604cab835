"""The images of the simulated Docker Hub: facts as data (the JSON files here), trees made of them when they are read.

`python -m dockerlab.registry.catalogue` computes the digests of all layers anew, after a change to any of this.
"""

from dockerlab.registry.catalogue.images import Recipe, recipes

__all__ = ["Recipe", "recipes"]
