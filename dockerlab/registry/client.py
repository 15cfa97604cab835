"""What the engine asks of registries, as requests over the `Network`; errors have the texts that Docker prints.

The same client speaks to a server in this process, to one in the lab's network, and over httpx to a real one. What it
asks, and in which order, is what Docker asks (tests/registry/data/exchanges.json).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from dockerlab.errors import (
    CredentialsError,
    DigestMismatchError,
    InvalidParameterError,
    NotFoundError,
    SystemError_,
    UnauthorizedError,
)
from dockerlab.fs.content import Content
from dockerlab.oci import gojson
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.manifest import Index, Manifest, parse_manifest
from dockerlab.oci.media_types import INDEXES, MANIFESTS, OCI_INDEX
from dockerlab.oci.reference import Reference
from dockerlab.registry import index
from dockerlab.registry.download import Download
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.session import BASE, Session, pulling, pushing
from dockerlab.registry.tokens import Credentials
from dockerlab.registry.transport import HUB, HUB_INDEX, Network, url
from dockerlab.registry.upload import Upload
from dockerlab.registry.wire import NOBODY, Follower
from dockerlab.registry.words import error_of, status_line

Auth = Any
"""`{"username": …, "password": … or "identitytoken": …, "serveraddress": …}`, or None."""

_ACCEPT = {"Accept": ", ".join(sorted(MANIFESTS | INDEXES))}
_NEXT = re.compile(r'<([^>]+)>\s*;\s*rel="?next"?')


class Client:
    """Pulls from, pushes to, searches and logs in to the registries of a network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._sessions: dict[str, tuple[Credentials, Session]] = {}

    def is_remote(self, repository: Reference) -> bool:
        """Whether blobs travel over a real wire, so that it is worth it to bring several at once."""
        return self._network.remote(repository.domain) is not None

    def _session(self, repository: Reference, auth: Auth) -> Session:
        """The conversation with a registry, begun when nobody with this name has one."""
        credentials = Credentials.of(auth)
        known = self._sessions.get(repository.domain)
        if known is None or known[0] != credentials:
            known = credentials, Session(self._network, repository.domain, credentials)
            self._sessions[repository.domain] = known
        return known[1]

    def ping(self, repository: Reference, *, auth: Auth = None) -> None:
        """GET /v2/: fails where nobody answers at that name. Whether credentials are needed shows later."""
        self._sessions.pop(repository.domain, None)
        self._session(repository, auth).ping()

    def login(self, serveraddress: str, credentials: Mapping[str, Any]) -> str:
        """Try credentials at GET /v2/; returns a refresh token in place of the password, '' where there is none.

        What refuses them raises `UnauthorizedError` where a hub or a token server says why, else `SystemError_`.
        """
        domain = domain_of(serveraddress)
        address = url(domain, BASE)
        session = Session(self._network, domain, Credentials.of(credentials))
        session.ping()
        try:
            headers = session.headers([], offline=True)
        except UnauthorizedError as error:
            raise UnauthorizedError(f'Get "{address}": {error}') from error
        response = self._network.send(domain, Request("GET", BASE, headers))
        if response.status == 200:
            return session.authority.refresh_token
        if response.status == 401 and domain == HUB:
            raise UnauthorizedError(f'Get "{address}": unauthorized: incorrect username or password')
        failed = f"login attempt to {address} failed with status: {status_line(response.status)}"
        raise SystemError_(failed)

    def tags(self, repository: Reference, *, auth: Auth = None) -> Sequence[str]:
        """All tags of a repository, page after page."""
        path, found, seen = "tags/list", list[str](), set[str]()
        address = self._path(repository, path)
        while address and address not in seen:
            seen.add(address)
            response = self._named("GET", repository, address, auth)
            if response.status != 200:
                raise error_of(response)
            answer = gojson.decode(response.body, stream=True)
            found += _texts(answer, "tags")
            more = _NEXT.search(response.header("Link"))
            address = more[1] if more else ""
        return tuple(found)

    def catalog(self, domain: str, *, auth: Auth = None) -> Sequence[str]:
        """A registry's repositories, as far as it tells them: Docker's own registry does, hubs do not."""
        request = Request("GET", f"{BASE}_catalog?n=1000")
        response = self._session(Reference(domain, "_"), auth).ask(request, ["registry:catalog:*"])
        if response.status != 200:
            raise error_of(response)
        return tuple(_texts(gojson.decode(response.body, stream=True), "repositories"))

    def resolve(self, reference: Reference, *, auth: Auth = None) -> Descriptor:
        """What a tag means now: HEAD, and GET where that says too little. A digest means itself."""
        if reference.digest is not None:
            return Descriptor("", reference.digest, 0)
        address = self._path(reference, f"manifests/{reference.tag}")
        response = self._named("HEAD", reference, address, auth)
        digest = response.header("Docker-Content-Digest")
        if response.status != 200 or not digest:
            document = self.get_manifest(reference, auth=auth)
            return document.descriptor
        size = response.header("Content-Length")
        kind = response.header("Content-Type").partition(";")[0]
        return Descriptor(kind, Digest(digest), int(size) if size.isdigit() else 0)

    def get_manifest(self, reference: Reference, *, auth: Auth = None) -> Manifest | Index:
        """By digest, or else by tag; other bytes than a digest says raise `DigestMismatchError`."""
        address = self._path(reference, f"manifests/{reference.digest or reference.tag}")
        response = self._named("GET", reference, address, auth)
        if response.status == 404 and not response.body.startswith(b"{"):
            raise NotFoundError("manifest unknown: manifest unknown")
        if response.status != 200:
            raise error_of(response)
        try:
            document = parse_manifest(response.body, response.header("Content-Type").partition(";")[0] or None)
        except InvalidParameterError as error:
            known = response.header("Docker-Content-Digest")
            raise type(error)(f"{error}" if known else f"error unmarshalling content: {error}") from error
        expected = reference.digest or document.digest
        actual = Digest.of(document.raw, expected.algorithm)
        if actual != expected:
            raise DigestMismatchError(expected, actual, f"manifest verification failed for digest {expected}")
        return document

    def get_blob(
        self, repository: Reference, blob: Descriptor, *, auth: Auth = None, follower: Follower = NOBODY
    ) -> Content:
        """The bytes of a blob, by reference; wrong ones raise `DigestMismatchError`."""
        return Download(self._session(repository, auth), repository, blob, follower).run()

    def has_blob(self, repository: Reference, digest: Digest, *, auth: Auth = None) -> bool:
        """Whether the repository has the blob."""
        response = self._ask("HEAD", repository, self._path(repository, f"blobs/{digest}"), auth)
        if response.status in (200, 404):
            return response.status == 200
        raise error_of(response)

    def mount_blob(self, repository: Reference, digest: Digest, source: Reference, *, auth: Auth = None) -> bool:
        """Take a blob over from another repository of the same registry; False where that isn't possible."""
        mount = f"blobs/uploads/?from={quote(source.path, safe='')}&mount={quote(digest)}"
        response = self._ask("POST", repository, self._path(repository, mount), auth, source=source)
        if response.status == 202:
            self._ask("DELETE", repository, response.header("Location"), auth)
        elif response.status != 201:
            raise error_of(response)
        return response.status == 201

    def put_blob(
        self,
        repository: Reference,
        content: Content,
        *,
        digest: Digest | None = None,
        sources: Sequence[Reference] = (),
        auth: Auth = None,
        follower: Follower = NOBODY,
    ) -> Reference | None:
        """Mount a blob from one of the `sources`, which is then returned, or else upload it, by its `digest`."""
        session = self._session(repository, auth)
        return Upload(session, repository, content, digest or content.digest, follower, sources).run()

    def put_manifest(self, reference: Reference, manifest: Manifest | Index, *, auth: Auth = None) -> Digest:
        """Upload a manifest under a tag or its digest."""
        address = self._path(reference, f"manifests/{reference.tag or manifest.digest}")
        headers = {"Content-Type": manifest.media_type}
        response = self._ask("PUT", reference, address, auth, headers, manifest.raw)
        if response.status not in (200, 201, 202):
            raise error_of(response)
        return manifest.digest

    def referrers(self, repository: Reference, subject: Digest, *, auth: Auth = None) -> Index | None:
        """What belongs to a manifest, by the registry's own list; None where it keeps none."""
        response = self._ask("GET", repository, self._path(repository, f"referrers/{subject}"), auth)
        if response.status == 404:
            return None
        if response.status != 200:
            raise error_of(response)
        document = parse_manifest(response.body, OCI_INDEX)
        return document if isinstance(document, Index) else None

    def search(self, term: str, limit: int) -> list[dict[str, Any]]:
        """Repositories: star_count, is_official, name, is_automated, description. Only the hub answers."""
        return index.search(self._network.send, term, limit)

    def _named(self, method: str, repository: Reference, address: str, auth: Auth) -> Response:
        """Ask for what has a name; what keeps the question from being asked is told with it, as Go's client does."""
        try:
            return self._ask(method, repository, address, auth, _ACCEPT if "/manifests/" in address else None)
        except CredentialsError as error:
            text = f'{method.title()} "{url(repository.domain, address)}": {error}'
            raise CredentialsError(text, asked=error.asked, details=error.details) from error

    def _ask(
        self,
        method: str,
        repository: Reference,
        address: str,
        auth: Auth,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        source: Reference | None = None,
    ) -> Response:
        request = Request(method, address, headers or {}, body)
        reads = method in ("GET", "HEAD") and "/blobs/" not in address
        scopes = [pulling(repository) if reads else pushing(repository), *([pulling(source)] if source else [])]
        return self._session(repository, auth).ask(request, scopes)

    @staticmethod
    def _path(repository: Reference, rest: str) -> str:
        return f"/v2/{repository.path}/{rest}"


def _texts(answer: Any, name: str) -> list[str]:
    """The texts of a list in an answer, none where it is null or missing."""
    listed = answer.get(name) if isinstance(answer, dict) else None
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


def domain_of(serveraddress: str) -> str:
    """The registry of an address as `docker login` knows it: 'https://index.docker.io/v1/' is the hub."""
    host = serveraddress.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return HUB if host in ("", HUB, HUB_INDEX) else host
