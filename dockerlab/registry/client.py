"""What the engine asks of registries, as requests over the `Network`; errors have the texts that Docker prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dockerlab.errors import (
    DigestMismatchError,
    DockerlabError,
    ForbiddenError,
    InvalidParameterError,
    NotFoundError,
    SystemError_,
    UnauthorizedError,
)
from dockerlab.fs.content import Content
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import INDEXES, MANIFESTS
from dockerlab.oci.reference import Reference
from dockerlab.registry import index
from dockerlab.registry.access import basic
from dockerlab.registry.protocol import CODES, Request, Response
from dockerlab.registry.transport import HUB, HUB_INDEX, Network, url

Auth = Any
"""`{"username": …, "password": …, "serveraddress": …}`, or None."""

_ACCEPT = ", ".join(sorted(MANIFESTS | INDEXES))
_ERRORS: Mapping[int, type[DockerlabError]] = {
    400: InvalidParameterError,
    401: UnauthorizedError,
    403: ForbiddenError,
    404: NotFoundError,
}
_ACCESS = ("DENIED", "UNAUTHORIZED")
_REASONS = {401: "401 Unauthorized", 403: "403 Forbidden", 404: "404 Not Found"}
_HEADS = {code.status: [{"code": name, "message": code.message}] for name, code in CODES.items() if name in _ACCESS}
"""What the answers to HEAD, which have no body, would say."""
_NO_CREDENTIALS = "no basic auth credentials"


class Client:
    """Pulls from, pushes to, searches and logs in to the registries of a network."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def ping(self, repository: Reference, *, auth: Auth = None) -> None:
        """GET /v2/: fails where nobody answers at that name. Whether credentials are needed shows later."""
        response = self._network.send(repository.domain, Request("GET", "/v2/"))
        if response.status not in (200, 401):
            raise SystemError_(f'Get "{url(repository.domain, "/v2/")}": unexpected status {response.status}')

    def login(self, serveraddress: str, username: str, password: str) -> None:
        """Try credentials at GET /v2/; what refuses them raises `UnauthorizedError`."""
        domain = domain_of(serveraddress)
        response = self._network.send(domain, Request("GET", "/v2/", basic(username, password)))
        if response.status == 200:
            return
        address = url(domain, "/v2/")
        if response.status == 401 and domain == HUB:
            raise UnauthorizedError(f'Get "{address}": unauthorized: incorrect username or password')
        reason = _REASONS.get(response.status, str(response.status))
        kind = _ERRORS.get(response.status, SystemError_)
        raise kind(f"login attempt to {address} failed with status: {reason}")

    def tags(self, repository: Reference, *, auth: Auth = None) -> Sequence[str]:
        """All tags of a repository."""
        response = self._ask("GET", repository, "tags/list", auth)
        if response.status != 200:
            raise _error(response, auth)
        return tuple(response.json()["tags"])

    def get_manifest(self, reference: Reference, *, auth: Auth = None) -> Manifest | Index:
        """By digest, or else by tag."""
        path = f"manifests/{reference.digest or reference.tag}"
        response = self._ask("GET", reference, path, auth, {"Accept": _ACCEPT})
        if response.status == 401 and not _has_credentials(auth):
            # The engine asks for the head first, and that is what fails.
            asked = url(reference.domain, f"/v2/{reference.path}/{path}")
            raise UnauthorizedError(f'Head "{asked}": {_NO_CREDENTIALS}')
        if response.status == 404:
            raise NotFoundError("manifest unknown: manifest unknown")
        if response.status != 200:
            raise _error(response, auth)
        return parse_manifest(response.body, response.header("Content-Type"))

    def get_blob(self, repository: Reference, blob: Descriptor, *, auth: Auth = None) -> Content:
        """The bytes of a blob, by reference; wrong ones raise `DigestMismatchError`."""
        response = self._ask("GET", repository, f"blobs/{blob.digest}", auth)
        if response.status != 200:
            raise _error(response, auth)
        if response.content.digest != blob.digest:
            raise DigestMismatchError(blob.digest, response.content.digest)
        return response.content

    def has_blob(self, repository: Reference, digest: Digest, *, auth: Auth = None) -> bool:
        """Whether the repository has the blob."""
        response = self._ask("HEAD", repository, f"blobs/{digest}", auth)
        if response.status in (200, 404):
            return response.status == 200
        raise _error(response, auth)

    def mount_blob(self, repository: Reference, digest: Digest, source: Reference, *, auth: Auth = None) -> bool:
        """Take a blob over from another repository of the same registry; False where that isn't possible."""
        path = f"blobs/uploads/?mount={quote(digest)}&from={quote(source.path, safe='')}"
        response = self._ask("POST", repository, path, auth)
        if response.status == 202:
            self._network.send(repository.domain, Request("DELETE", response.header("Location"), _credentials(auth)))
        elif response.status != 201:
            raise _error(response, auth)
        return response.status == 201

    def put_blob(self, repository: Reference, content: Content, *, auth: Auth = None) -> Digest:
        """Upload a blob, as Docker does it: begin, stream, finish with the digest."""
        begun = self._ask("POST", repository, "blobs/uploads/", auth)
        if begun.status != 202:
            raise _error(begun, auth)
        sent = self._upload(repository, "PATCH", begun.header("Location"), content, auth)
        closing = f"{sent.header('Location')}?digest={quote(content.digest)}"
        self._upload(repository, "PUT", closing, b"", auth)
        return content.digest

    def _upload(self, repository: Reference, method: str, path: str, body: Content | bytes, auth: Auth) -> Response:
        request = Request(method, path, _credentials(auth), body)
        response = self._network.send(repository.domain, request)
        if response.status not in (201, 202):
            raise _error(response, auth)
        return response

    def put_manifest(self, reference: Reference, manifest: Manifest | Index, *, auth: Auth = None) -> Digest:
        """Upload a manifest under a tag or its digest."""
        path = f"manifests/{reference.tag or manifest.digest}"
        response = self._ask("PUT", reference, path, auth, {"Content-Type": manifest.media_type}, manifest.raw)
        if response.status != 201:
            raise _error(response, auth)
        return manifest.digest

    def search(self, term: str, limit: int) -> list[dict[str, Any]]:
        """Repositories: star_count, is_official, name, is_automated, description. Only the hub answers."""
        return index.search(self._network.send, term, limit)

    def _ask(
        self,
        method: str,
        repository: Reference,
        path: str,
        auth: Auth,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        request = Request(method, f"/v2/{repository.path}/{path}", {**_credentials(auth), **(headers or {})}, body)
        return self._network.send(repository.domain, request)


def domain_of(serveraddress: str) -> str:
    """The registry of an address as `docker login` knows it: 'https://index.docker.io/v1/' is the hub."""
    host = serveraddress.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return HUB if host in ("", HUB, HUB_INDEX) else host


def _has_credentials(auth: Auth) -> bool:
    return bool(auth and auth.get("username"))


def _credentials(auth: Auth) -> dict[str, str]:
    """The header for the credentials of a request, where there are any."""
    return basic(auth["username"], auth.get("password", "")) if _has_credentials(auth) else {}


def _error(response: Response, auth: Auth) -> DockerlabError:
    """The error of a response, worded as Go's errcode package words it: 'denied: requested access …'."""
    if response.status == 401 and not _has_credentials(auth):
        return UnauthorizedError(_NO_CREDENTIALS)
    kind = _ERRORS.get(response.status, SystemError_)
    rows = response.json().get("errors", []) if response.body.startswith(b"{") else _HEADS.get(response.status, [])
    if not rows:
        return kind(f"unexpected status code {response.status}")
    return kind(f"{rows[0]['code'].lower().replace('_', ' ')}: {rows[0]['message']}")
