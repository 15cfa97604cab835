"""One repository's trust data as a client sees them: asked for over Notary's HTTP API, verified, changed, published.

The API is Notary's (theupdateframework/notary, server/server.go): /v2/<gun>/_trust/tuf/<role>.json, where the GUN
("globally unique name") is an image's name with its registry, without its tag.
"""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable, Generator, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dockerlab.errors import UnavailableError
from dockerlab.events import Wait
from dockerlab.registry.protocol import Request, Response
from dockerlab.registry.transport import Network, scheme
from dockerlab.registry.trust.draft import Draft
from dockerlab.registry.trust.errors import (
    GarbageError,
    MissingKeysError,
    NoTrustDataError,
    NotServedError,
    OfflineError,
    ServerError,
    UpdateRefusedError,
)
from dockerlab.registry.trust.keys import PrivateKey, PublicKey
from dockerlab.registry.trust.metadata import ROOT, SNAPSHOT, TARGETS, TIMESTAMP, sign
from dockerlab.registry.trust.notary import Notary, pack
from dockerlab.registry.trust.verify import Trusted, Update

Unlock = Callable[[str], Generator[Wait, Any, PrivateKey | None]]
"""Gets the private key of an ID, which may have to ask for a passphrase; None where it can't be had."""

_NO_TLS = "tls: first record does not look like a TLS handshake"


@dataclass(frozen=True)
class Connection:
    """The way to a Notary server for one GUN; `server` is its host, with a port where that is not 443."""

    network: Network
    server: str
    gun: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> bytes:
        """A document by its name: 'root', '2.root', 'targets.<checksum>'."""
        response = self._ask(Request("GET", self._path(f"{name}.json"), self.headers))
        if response.status == 404:
            raise NotServedError(name)
        return self._good(response).body

    def key(self, role: str) -> PublicKey:
        """The key that the server itself signs a role with."""
        response = self._good(self._ask(Request("GET", self._path(f"{role}.key"), self.headers)))
        try:
            return PublicKey(b64decode(json.loads(response.body)["keyval"]["public"]))
        except (ValueError, KeyError, TypeError) as error:
            raise GarbageError("what the trust server answers is no key") from error

    def post(self, documents: Mapping[str, bytes]) -> None:
        """Publish documents, all or none."""
        headers, body = pack(documents)
        response = self._ask(Request("POST", self._path(""), {**self.headers, **headers}, body))
        if response.status == 400:
            raise UpdateRefusedError(f"trust server rejected operation: {_reason(response)}")
        self._good(response)

    def _path(self, name: str) -> str:
        return f"/v2/{self.gun}/_trust/tuf/{name}"

    @staticmethod
    def _good(response: Response) -> Response:
        if response.status != 200:
            raise ServerError(response.status)
        return response

    def _ask(self, request: Request) -> Response:
        try:
            response = self.network.send(self.server, request)
        except UnavailableError as error:
            raise OfflineError(str(error).rpartition('": ')[2]) from error
        if scheme(self.server) == "http" and not isinstance(self.network.find(self.server), Notary):
            raise OfflineError(_NO_TLS)
        return response


def _reason(response: Response) -> str:
    """What a refusal says."""
    try:
        return str(json.loads(response.body)["errors"][0]["message"])
    except (ValueError, LookupError, TypeError):
        return "400 Bad Request"


@dataclass
class Repository:
    """The trust data of one image name. `kept` is what the client knows from before, by role."""

    connection: Connection
    kept: MutableMapping[str, bytes]
    now: datetime
    warn: Callable[[str], None]

    def update(self, *, to_publish: bool = False) -> Trusted:
        """What is signed now; NoTrustDataError where there is nothing, neither at the server nor from before.

        To publish, what is known from before does not do.
        """
        try:
            return Update(self.kept, self.connection.get, self.now, self.warn, alone=not to_publish).run()
        except NotServedError as error:
            raise NoTrustDataError(self.connection.server, self.connection.gun) from error

    def begin(self, root: PublicKey, targets: PublicKey) -> Draft:
        """The first trust data: root and targets are signed here, snapshot and timestamp by the server."""
        keys = {role: self.connection.key(role) for role in (TIMESTAMP, SNAPSHOT)}
        return Draft.begin({ROOT: root, TARGETS: targets, **keys}, self.now)

    def publish(self, draft: Draft, unlock: Unlock) -> Generator[Wait, Any, None]:
        """Sign what was changed and bring it to the server; MissingKeysError where nobody here may sign it."""
        signed = {}
        for name in draft.changed:
            role = draft.role(name)
            found = []
            for key_id in role.key_ids:
                found.append((yield from unlock(key_id)))
            keys = [key for key in found if key is not None]
            if len(keys) < role.threshold:
                raise MissingKeysError(name, role.key_ids)
            signed[name] = sign(draft.document(name), keys)
        if signed:
            self.connection.post(signed)
