"""Searching, on the engine's side: which index is asked, and what is said where none is (moby, registry/search.go).

It is Docker's old API (v1). Docker Hub still answers it; any other registry is pinged first, and then has no search.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeAlias
from urllib.parse import quote_plus

from dockerlab.errors import InvalidParameterError, SystemError_, UnavailableError
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.transport import HUB, HUB_INDEX, scheme

Send: TypeAlias = Callable[[str, Request], Response]
"""Brings a request to the registry of a name (`Network.send`)."""

DEFAULT_LIMIT = 25
MAX_LIMIT = 100
_NOT_IN_HOSTS = re.compile(r"[\x00-\x20\\^`{|}\x7f%]")
_SCHEMES = ("http://", "https://")


def search(send: Send, term: str, limit: int) -> list[dict[str, Any]]:
    """Repositories: star_count, is_official, name, is_automated, description; 25 where the limit is 0."""
    if term.startswith(_SCHEMES):
        raise InvalidParameterError('Invalid repository name (ex: "registry.domain.tld/myrepos")')
    domain, term = place(term)
    if domain == HUB:
        term = term.removeprefix("library/")
    else:
        _check(domain)
        _ping(send, domain)
    limit = limit or DEFAULT_LIMIT
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidParameterError(f"Limit {limit} is outside the range of [1, {MAX_LIMIT}]")
    response = send(domain, Request("GET", f"/v1/search?q={quote_plus(term)}&n={limit}"))
    if response.status != 200:
        raise SystemError_(f"Unexpected status code {response.status}")
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def place(term: str) -> tuple[str, str]:
    """The index to ask and the term for it: 'localhost:5000/x' is a search for x at localhost:5000."""
    first, slash, rest = term.partition("/")
    if not slash or not ("." in first or ":" in first or first == "localhost"):
        return HUB, term
    return HUB if first in (HUB, HUB_INDEX) else first, rest


def _check(domain: str) -> None:
    """Refuse what can't be the host of a URL, in the words of Go's net/url."""
    if domain.startswith("-") or domain.endswith("-"):
        raise InvalidParameterError(f"invalid index name ({domain}). Cannot begin or end with a hyphen")
    bad = _NOT_IN_HOSTS.search(domain)
    if bad is not None:
        raise InvalidParameterError(f'parse "https://{domain}": invalid character "{bad[0]}" in host name')
    port = domain.rpartition(":")[2] if ":" in domain and not domain.endswith("]") else ""
    if port and not re.fullmatch(r"[0-9]+", port):
        raise InvalidParameterError(f'parse "https://{domain}": invalid port ":{port}" after host')


def _ping(send: Send, domain: str) -> None:
    """Fail where nobody answers. A loopback address may speak plain HTTP, which the engine tries second."""
    try:
        send(domain, Request("GET", "/v1/_ping"))
    except UnavailableError as error:
        if scheme(domain) == "http":
            encrypted = str(error).replace("http://", "https://", 1)
            text = f'"http://{domain}/v1/". HTTPS attempt: {encrypted}. HTTP attempt: {error}'
        else:
            text = (
                f"https://{domain}/v1/: {error}. If this private registry supports only HTTP or HTTPS with an unknown "
                f"CA certificate, please add `--insecure-registry {domain}` to the daemon's arguments. In the case of "
                "HTTPS, if you have access to the registry's CA certificate, no need for the flag; simply place the CA "
                f"certificate at /etc/docker/certs.d/{domain}/ca.crt"
            )
        raise UnavailableError(f"invalid registry endpoint {text}") from error
