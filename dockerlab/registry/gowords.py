"""What Go's net/http says of an exchange that failed, for the errors of httpx.

httpx wraps the errors of sockets and of TLS; what they are is found by their classes and numbers, never by their text.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import ssl
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from dockerlab.registry.wire import Stalled

_PORTS = {"http": 80, "https": 443}
_NUMBERS: Mapping[int, str] = {
    errno.ECONNREFUSED: "connection refused",
    errno.EHOSTUNREACH: "no route to host",
    errno.ENETUNREACH: "network is unreachable",
    errno.ECONNRESET: "connection reset by peer",
    errno.EPIPE: "broken pipe",
    errno.ETIMEDOUT: "connection timed out",
}


def reason(error: BaseException, address: str, *, in_body: bool = False) -> str:
    """Why an exchange with a URL failed, as it stands behind 'Get "URL": '; `in_body`: its answer had begun."""
    import h11
    import httpx

    if isinstance(error, httpx.TooManyRedirects):
        return "stopped after 10 redirects"
    causes = list(_causes(error))
    for cause in causes:
        if text := _of_cause(cause, address, connecting=isinstance(error, httpx.ConnectError)):
            return text
    if isinstance(error, httpx.ConnectTimeout):
        return f"dial tcp {_dialled(address)}: i/o timeout"
    if isinstance(error, httpx.TimeoutException):
        return str(Stalled(in_body=in_body))
    if in_body:
        return "unexpected EOF"
    if any(isinstance(cause, h11.RemoteProtocolError) for cause in causes):
        return "net/http: HTTP/1.x transport connection broken: malformed HTTP response"
    if isinstance(error, httpx.RemoteProtocolError):
        return "EOF"
    return str(error) or type(error).__name__


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _of_cause(cause: BaseException, address: str, *, connecting: bool) -> str:
    """What one cause says by itself, '' where it says nothing."""
    if isinstance(cause, socket.gaierror):
        return f"dial tcp: lookup {urlsplit(address).hostname}: no such host"
    if isinstance(cause, ssl.SSLCertVerificationError):
        return f"tls: failed to verify certificate: x509: {_certificate(cause, address)}"
    if isinstance(cause, ssl.SSLError):
        return "http: server gave HTTP response to HTTPS client" if connecting else "tls: handshake failure"
    if isinstance(cause, OSError) and (words := _NUMBERS.get(cause.errno or 0)):
        return f"dial tcp {_dialled(address)}: connect: {words}" if connecting else f"read tcp: {words}"
    return ""


def _certificate(error: ssl.SSLCertVerificationError, address: str) -> str:
    """OpenSSL's verdict in Go's words (openssl, x509_vfy.h: the numbers)."""
    if error.verify_code == 10:
        return "certificate has expired or is not yet valid"
    if error.verify_code in (62, 64):
        return f"certificate is not valid for any names, but wanted to match {urlsplit(address).hostname}"
    return "certificate signed by unknown authority"


def _dialled(address: str) -> str:
    """The address that was dialled: '127.0.0.1:5000'."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    with contextlib.suppress(OSError):
        host = str(socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)[0][4][0])
    shown = f"[{host}]" if ":" in host else host
    return f"{shown}:{parts.port or _PORTS[parts.scheme]}"
