"""The simulated Docker Hub: the catalogue's images, accounts, private repositories, a limit of pulls, and a search."""

from dockerlab.registry.hub.hub import Hub, hub

__all__ = ["Hub", "hub"]
