"""The virtual network: what the programs of containers and of the host say to each other over TCP.

`stack` is a network namespace with its interfaces and listening ports, and the bridge that joins namespaces;
`sockets` what a connection's two ends hold, `names` how a name becomes an address, `dialling` how a client gets there,
`http` the messages that most servers here speak, and `crew` how one server talks to many at once. No packet is ever
sent: a connection is two pipes, and the machine's own network is out of reach.
"""

from dockerlab.runtime.net.crew import crew
from dockerlab.runtime.net.dialling import dial
from dockerlab.runtime.net.errors import (
    AddressInUseError,
    HostError,
    NetworkError,
    NoRouteError,
    RefusedError,
    ResetError,
    TimedOutError,
    UnreachableError,
)
from dockerlab.runtime.net.http import Answer, Asked, EmptyReplyError, HttpError, Request, TlsError, fetch, serve
from dockerlab.runtime.net.names import LOOPBACK, resolve
from dockerlab.runtime.net.sockets import Listener, Socket, receive, receive_line
from dockerlab.runtime.net.stack import Forward, Interface, Link, Stack

__all__ = [
    "AddressInUseError",
    "Answer",
    "Asked",
    "EmptyReplyError",
    "Forward",
    "HostError",
    "HttpError",
    "Interface",
    "LOOPBACK",
    "Link",
    "Listener",
    "NetworkError",
    "NoRouteError",
    "RefusedError",
    "Request",
    "ResetError",
    "Socket",
    "Stack",
    "TimedOutError",
    "UnreachableError",
    "TlsError",
    "crew",
    "dial",
    "fetch",
    "receive",
    "receive_line",
    "resolve",
    "serve",
]
