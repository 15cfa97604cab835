"""Bringing a blob to a registry: begun, streamed, finished with its digest (OCI distribution-spec v1.1, end-4 to 11).

Docker's way and order: where other repositories of the registry are known to have the blob, the upload begins with a
request to mount it; a broken stream is taken up again where the registry says that it ended (end-13).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from dockerlab.errors import SystemError_
from dockerlab.fs.content import Content, Span
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.retries import UPLOADS, tried
from dockerlab.registry.session import Session, pulling, pushing
from dockerlab.registry.wire import Follower, ignored
from dockerlab.registry.words import error_of

_ARRIVED = re.compile(r"(?:bytes=)?0-(\d+)")


@dataclass
class Upload:
    """One blob on its way to a repository; `sources` are others that may have it.

    It is known there by its `digest`, whose algorithm may be another than SHA-256.
    """

    session: Session
    repository: Reference
    content: Content
    digest: Digest
    follower: Follower
    sources: Sequence[Reference] = ()
    _location: str = ""
    _arrived: int = 0
    _mounted: Reference | None = None

    def run(self) -> Reference | None:
        """Mount or upload it; returns the repository that it was mounted from."""
        tried(self._brought, self.session, self.follower, UPLOADS)
        self._ask(Request("HEAD", self._path(f"blobs/{self.digest}")))
        return self._mounted

    def _brought(self) -> None:
        if not self._location:
            self._begin()
        elif not self._taken_up():
            self._location = ""
            self._begin()
        if self._mounted is None:
            self._stream()
            self._finish()

    def _begin(self) -> None:
        self._arrived = 0
        for source in self.sources:
            mount = f"?from={quote(source.path, safe='')}&mount={quote(self.digest)}"
            response = self._ask(Request("POST", self._path(f"blobs/uploads/{mount}")), source)
            if response.status == 201:
                self._mounted = source
                return
            if response.status == 202:
                self._location = self._next(response)
                return
        self._location = self._next(self._expect(202, Request("POST", self._path("blobs/uploads/"))))

    def _stream(self) -> None:
        """The bytes that are still missing."""
        size = self.content.size
        body, headers = self.content, {}
        if self._arrived:
            body = Span(self.content, self._arrived, size - self._arrived)
            headers = {"Content-Range": f"{self._arrived}-{size - 1}"}
        request = Request("PATCH", self._location, {**headers, "Content-Type": "application/octet-stream"}, body)
        self._location = self._next(self._expect(202, request))
        self._arrived = size
        self.follower.moved(size)

    def _finish(self) -> None:
        joint = "&" if "?" in self._location else "?"
        address = f"{self._location}{joint}digest={quote(self.digest)}"
        self._expect(201, Request("PUT", address))

    def _taken_up(self) -> bool:
        """Ask how much has arrived; whether the upload can go on from there."""
        response = self._ask(Request("GET", self._location))
        found = _ARRIVED.fullmatch(response.header("Range"))
        if response.status not in (200, 204) or found is None or int(found[1]) == 0:
            return False
        self._location = self._next(response)
        self._arrived = min(int(found[1]) + 1, self.content.size)
        return True

    def _next(self, response: Response) -> str:
        """Where the upload goes on; without a word about it, where it was."""
        location = response.header("Location") or self._location
        if not location:
            raise SystemError_("missing Location header in the registry's answer to an upload")
        return location

    def _expect(self, status: int, request: Request) -> Response:
        response = self._ask(request)
        if response.status != status and not (status == 202 and response.status == 201):
            raise error_of(response)
        return response

    def _ask(self, request: Request, source: Reference | None = None) -> Response:
        scopes = [pushing(self.repository), *([pulling(source)] if source else [])]
        already = self._arrived
        sent = (lambda count: self.follower.moved(already + count)) if request.method == "PATCH" else ignored
        return self.session.ask(request, scopes, sent=sent)

    def _path(self, rest: str) -> str:
        return f"/v2/{self.repository.path}/{rest}"
