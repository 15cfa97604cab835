"""A simulated Notary server: keeps what signers publish, and signs snapshot and timestamp itself.

It takes only what the keys of the root that it knows allow, so a stolen registry password signs nothing; but a client
believes no server, it verifies everything again. The timestamp is signed anew when its two weeks are over, as long as
the server lives. API and answers: theupdateframework/notary 0.7, server/.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from dockerlab.fs.content import Bytes
from dockerlab.oci.digest import Digest
from dockerlab.registry.access import READS, Access, Open
from dockerlab.registry.protocol import JSON_TYPE, Refusal, Request, Response, json_response
from dockerlab.registry.trust.errors import GarbageError
from dockerlab.registry.trust.keys import PrivateKey
from dockerlab.registry.trust.metadata import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    new_snapshot,
    new_timestamp,
    parse,
    read,
    sign,
)
from dockerlab.registry.trust.verify import delegated
from dockerlab.world import World

if TYPE_CHECKING:
    from tuf.api.metadata import Metadata

HUB = "notary.docker.io"
"""Docker Hub's Notary server. The real one is switched off on 8 December 2026."""

LARGEST = 5 << 20
"""Bytes of one update."""

_PATH = re.compile(r"/v2/(?P<gun>.+)/_trust/tuf/(?P<name>.*)")
_BOUNDARY = "dockerlab-trust-metadata"
_MISSING = ("METADATA_NOT_FOUND", "You have requested metadata that does not exist.", 404)
_MALFORMED = ("MALFORMED_UPLOAD", "The body of your request is malformed.", 400)
_NO_JSON = ("MALFORMED_JSON", "JSON sent by the client could not be parsed by the server", 400)
_INVALID = ("INVALID_UPDATE", "Update sent by the client is invalid.", 400)


class _RefusedError(Exception):  # a control flow inside the server that always ends as a response
    """Why the server doesn't do what it is asked."""

    def __init__(self, reason: tuple[str, str, int]) -> None:
        super().__init__(reason[0])
        self.reason = reason


@dataclass
class Publication:
    """What one GUN has published: the newest documents by role, all that ever were by name, and the server's keys.

    `ended` has the last documents of roles that are no more: a snapshot lists what was listed once (TUF 1.0, 5.5.5).
    """

    keys: Mapping[str, PrivateKey]
    current: dict[str, bytes] = field(default_factory=dict)
    ended: dict[str, bytes] = field(default_factory=dict)
    named: dict[str, bytes] = field(default_factory=dict)

    def put(self, role: str, raw: bytes) -> None:
        """Make a document the newest of its role; it stays to be had by its checksum and its version."""
        self.current[role] = raw
        self.ended.pop(role, None)
        self.named[f"{role}.{Digest.of(raw).hex}"] = raw
        self.named[f"{read(raw).version}.{role}"] = raw

    def version(self, role: str) -> int:
        """The newest version of a role's document, 0 before there is one."""
        raw = self.current.get(role) or self.ended.get(role)
        return int(read(raw).version) if raw else 0

    def close(self, now: datetime) -> None:
        """Sign what all targets are now, and that this is the newest."""
        listed = {**self.ended, **self.current}
        documents = {role: raw for role, raw in listed.items() if role.partition("/")[0] == TARGETS}
        snapshot = new_snapshot(documents, self.version(SNAPSHOT) + 1, now)
        self.put(SNAPSHOT, sign(snapshot, [self.keys[SNAPSHOT]]))
        self.stamp(now)

    def stamp(self, now: datetime) -> None:
        """Sign that the snapshot is still the newest."""
        timestamp = new_timestamp(self.current[SNAPSHOT], self.version(TIMESTAMP) + 1, now)
        self.put(TIMESTAMP, sign(timestamp, [self.keys[TIMESTAMP]]))

    def refresh(self, now: datetime) -> None:
        """Sign anew what the server signs, where its time has run out."""
        if SNAPSHOT in self.current and read(self.current[SNAPSHOT]).is_expired(now):
            self.close(now)
        elif TIMESTAMP in self.current and read(self.current[TIMESTAMP]).is_expired(now):
            self.stamp(now)


class Notary:
    """A Notary server; `publications` are what it has, by GUN, for whoever wants to play an attacker."""

    def __init__(self, world: World, access: Access | None = None) -> None:
        self._world = world
        self._access: Access = access or Open()
        self.publications: dict[str, Publication] = {}

    def handle(self, request: Request) -> Response:
        """Answer a request; what goes wrong is an answer too."""
        if request.route == "/v2/":
            return Response(200, {"Content-Length": "2"}, Bytes(b"{}"))
        found = _PATH.fullmatch(request.route)
        try:
            if not found:
                raise _RefusedError(_MISSING)
            if request.method not in READS:
                self._access.check(request, found["gun"].partition("/")[2], exists=found["gun"] in self.publications)
            return self._answer(request, found["gun"], found["name"])
        except Refusal as refusal:
            return refusal.response()
        except _RefusedError as refused:
            code, message, status = refused.reason
            return json_response({"errors": [{"code": code, "message": message}]}, status)

    def _answer(self, request: Request, gun: str, name: str) -> Response:
        if request.method == "POST" and not name:
            self._publish(gun, unpack(request))
        elif request.method == "DELETE" and not name:
            self.publications.pop(gun, None)
        elif name.endswith(".key") and name.removesuffix(".key") in (SNAPSHOT, TIMESTAMP):
            return _key(self._publication(gun).keys[name.removesuffix(".key")])
        else:
            return self._document(gun, name.removesuffix(".json"))
        return Response(200, {"Content-Length": "0"})

    def _publication(self, gun: str) -> Publication:
        """What a GUN has published; its keys are made when they are first asked for."""
        if gun not in self.publications:
            keys = {role: PrivateKey.of(self._world.chance) for role in (SNAPSHOT, TIMESTAMP)}
            self.publications[gun] = Publication(keys)
        return self.publications[gun]

    def _document(self, gun: str, name: str) -> Response:
        known = self.publications.get(gun)
        if known is None:
            raise _RefusedError(_MISSING)
        known.refresh(self._world.clock.date())
        raw = known.current.get(name) or known.named.get(name)
        if raw is None:
            raise _RefusedError(_MISSING)
        return Response(200, {"Content-Length": str(len(raw)), "Content-Type": JSON_TYPE}, Bytes(raw))

    def _publish(self, gun: str, documents: Mapping[str, bytes]) -> None:
        """Take an update whose every document is signed by who may sign it, and follows the one before."""
        known = self._publication(gun)
        try:
            parsed = {role: parse(raw) for role, raw in documents.items()}
        except GarbageError as error:
            raise _RefusedError(_NO_JSON) from error
        everything = {role: parse(raw) for role, raw in known.current.items()} | parsed
        if not {ROOT, TARGETS} <= set(everything):
            raise _RefusedError(_INVALID)
        for role, document in parsed.items():
            if document.signed.version != known.version(role) + 1 or not _allowed(role, everything, known):
                raise _RefusedError(_INVALID)
        for role, raw in documents.items():
            known.put(role, raw)
        for role in set(known.current) - _roles(everything):
            known.ended[role] = known.current.pop(role)
        known.close(self._world.clock.date())


def _allowed(role: str, documents: Mapping[str, Metadata[Any]], known: Publication) -> bool:
    """Whether a document is signed by who may sign it: by the old root too, where it is the root."""
    from tuf.api.exceptions import UnsignedMetadataError

    if role in (SNAPSHOT, TIMESTAMP) or documents[role].signed.type != role.partition("/")[0]:
        return False
    delegators = [documents[TARGETS if "/" in role else ROOT]]
    delegators += [parse(known.current[ROOT])] if role == ROOT and ROOT in known.current else []
    try:
        for delegator in delegators:
            delegator.verify_delegate(role, documents[role])
    except (UnsignedMetadataError, ValueError):
        return False
    return True


def _roles(documents: Mapping[str, Metadata[Any]]) -> set[str]:
    """The roles that still have documents."""
    return {ROOT, TARGETS, SNAPSHOT, TIMESTAMP, *delegated(documents[TARGETS].signed)}


def _key(key: PrivateKey) -> Response:
    public = b64encode(key.public.der).decode()
    return json_response({"keytype": "ecdsa", "keyval": {"public": public, "private": None}})


def pack(documents: Mapping[str, bytes]) -> tuple[dict[str, str], bytes]:
    """Documents as a form with a file for each (RFC 7578): (headers, body)."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="{role}"\r\n'
        f"Content-Type: application/octet-stream\r\n\r\n".encode()
        + raw
        + b"\r\n"
        for role, raw in documents.items()
    ]
    body = b"".join(parts) + f"--{_BOUNDARY}--\r\n".encode()
    return {"Content-Type": f"multipart/form-data; boundary={_BOUNDARY}"}, body


def unpack(request: Request) -> Mapping[str, bytes]:
    """The documents of such a form, by role."""
    from email.parser import BytesParser
    from email.policy import HTTP

    head = f"Content-Type: {request.header('Content-Type')}\r\n\r\n".encode()
    form = BytesParser(policy=HTTP).parsebytes(head + (request.read(LARGEST) or b""))
    if not form.is_multipart():
        raise _RefusedError(_MALFORMED)
    files = {part.get_filename(): part.get_payload(decode=True) for part in form.iter_parts()}
    documents = {name: raw for name, raw in files.items() if name and isinstance(raw, bytes)}
    if not documents:
        raise _RefusedError(_MALFORMED)
    return documents
