"""Fetching a blob: hashed on its way, taken up again where it broke off (moby, distribution/pull_v2.go and xfer)."""

from __future__ import annotations

from dataclasses import dataclass, field

from dockerlab.errors import DigestMismatchError, DockerlabError, NotFoundError, UnavailableError
from dockerlab.fs.content import Content
from dockerlab.oci.descriptor import Descriptor
from dockerlab.oci.digest import Digest
from dockerlab.oci.reference import Reference
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.retries import DOWNLOADS, tried
from dockerlab.registry.session import Session, pulling
from dockerlab.registry.spool import Spool
from dockerlab.registry.wire import Follower
from dockerlab.registry.words import error_of


@dataclass
class Download:
    """One blob of a repository on its way here."""

    session: Session
    repository: Reference
    blob: Descriptor
    follower: Follower
    spool: Spool = field(init=False)

    def __post_init__(self) -> None:
        self.spool = Spool(self.blob.size, self.follower.moved, self.blob.digest.algorithm)

    def run(self) -> Content:
        """The blob; `DigestMismatchError` for other bytes, which get a second chance where they came over a wire."""
        content = tried(self._fetched, self.session, self.follower, DOWNLOADS)
        if self._digest(content) != self.blob.digest and self.spool.size:
            self.spool.restart()
            content = tried(self._fetched, self.session, self.follower, DOWNLOADS)
        if (digest := self._digest(content)) != self.blob.digest:
            text = f"filesystem layer verification failed for digest {self.blob.digest}"
            raise DigestMismatchError(self.blob.digest, digest, text)
        return content

    def _digest(self, content: Content) -> Digest:
        """Of what has arrived, by the algorithm of the digest that was asked for (OCI image-spec, descriptor.md)."""
        return self.spool.digest if self.spool.begun else content.digest_in(self.blob.digest.algorithm)

    def _fetched(self) -> Content:
        path = f"/v2/{self.repository.path}/blobs/{self.blob.digest}"
        rest = {"Range": f"bytes={self.spool.size}-"} if self.spool.size else {}
        response = self.session.ask(Request("GET", path, rest), [pulling(self.repository)], self.spool)
        if response.status == 416:
            self.spool.restart()
            raise UnavailableError("the registry has no such range")
        if response.status not in (200, 206):
            raise _refused(response)
        if self.spool.begun:
            return self.spool.content()
        self.follower.moved(response.content.size)
        return response.content


def _refused(response: Response) -> DockerlabError:
    return NotFoundError("unknown blob") if response.status == 404 else error_of(response)
