"""Why a connection does not come about (connect(2), getaddrinfo(3)).

NetworkError
├── HostError            no such name (EAI_NONAME)
├── RefusedError         nobody listens at the port (ECONNREFUSED)
├── ResetError           the other side closed at once (ECONNRESET)
├── UnreachableError     no interface leads there (ENETUNREACH)
├── NoRouteError         nobody on the link has the address (EHOSTUNREACH)
├── TimedOutError        a way leads there, but no answer comes back (ETIMEDOUT)
└── AddressInUseError    somebody listens at the port already (EADDRINUSE)
"""

from __future__ import annotations

from dockerlab.errors import UnavailableError


class NetworkError(UnavailableError):
    """The root; `text` is what strerror(3) says."""

    text = "Network is down"


class HostError(NetworkError):
    """No machine of that name is known."""

    text = "Name or service not known"


class RefusedError(NetworkError):
    """The machine is there, but nobody listens at the port."""

    text = "Connection refused"


class ResetError(NetworkError):
    """The other side closed the connection before it said anything."""

    text = "Connection reset by peer"


class UnreachableError(NetworkError):
    """There is no interface that leads there."""

    text = "Network is unreachable"


class NoRouteError(NetworkError):
    """Nobody on the link has the address."""

    text = "No route to host"


class TimedOutError(NetworkError):
    """What is sent gets lost on the way; whoever tries has waited for long."""

    text = "Connection timed out"


class AddressInUseError(NetworkError):
    """Two can't listen at the same port."""

    text = "Address already in use"
