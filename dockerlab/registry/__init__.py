"""Registries: the network they are found in, a server, a client, a simulated Docker Hub (OCI distribution v1.1)."""

from dockerlab.registry.client import Client
from dockerlab.registry.hub import hub
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.server import Server
from dockerlab.registry.storage import Storage
from dockerlab.registry.transport import Network

__all__ = ["Client", "Network", "Request", "Response", "Server", "Storage", "hub"]
