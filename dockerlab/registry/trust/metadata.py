"""TUF metadata as documents: how they begin, how long they live, how they are signed (TUF specification 1.0, 4).

The documents are python-tuf's, the roles and their lifetimes Notary's: root signs for ten years, targets and snapshot
for three, the timestamp for two weeks. A signed tag is a target: its name, and the digest and size of its manifest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.gojson import decode
from dockerlab.registry.trust.errors import GarbageError
from dockerlab.registry.trust.keys import PrivateKey, PublicKey

if TYPE_CHECKING:
    from tuf.api.metadata import Key, Metadata, Root, Snapshot, Targets, Timestamp

    AnyDocument: TypeAlias = Metadata[Any]

ROOT, TARGETS, SNAPSHOT, TIMESTAMP = "root", "targets", "snapshot", "timestamp"
RELEASES = "targets/releases"
"""The delegated role whose tags the docker client pulls; every signer has a role beside it, 'targets/alice'."""

_YEAR = timedelta(days=365)
_LIVES = {ROOT: 10 * _YEAR, TIMESTAMP: timedelta(days=14)}
_OTHERS_LIVE = 3 * _YEAR
_SCHEME = "ecdsa-sha2-nistp256"
_EVERY_TAG = "*"


@dataclass(frozen=True)
class Target:
    """A signed tag: the SHA-256 of the manifest that it means, in hex, and the manifest's size."""

    name: str
    sha256: str
    length: int


@dataclass(frozen=True)
class Role:
    """Who may sign what: a role's keys, how many of them are needed, and which of them did sign."""

    name: str
    key_ids: Sequence[str]
    threshold: int
    signed_by: Sequence[str] = ()


def expiry(role: str, now: datetime) -> datetime:
    """When a document that is signed now runs out."""
    return now.replace(microsecond=0) + _LIVES.get(role, _OTHERS_LIVE)


def tuf_key(key: PublicKey) -> Key:
    """A key as TUF 1.0 has it, under Notary's ID."""
    from securesystemslib.signer import SSlibKey

    return SSlibKey(key.id, "ecdsa", _SCHEME, {"public": key.pem().decode()})


def new_root(keys: Mapping[str, PublicKey], now: datetime) -> Metadata[Root]:
    """A first root, which says whose key signs each of the four roles."""
    from tuf.api.metadata import Metadata, Root

    root = Root(expires=expiry(ROOT, now), consistent_snapshot=False)
    for role, key in keys.items():
        root.add_key(tuf_key(key), role)
    return Metadata(root)


def new_targets(now: datetime, version: int = 1) -> Metadata[Targets]:
    """Targets without any tag yet."""
    from tuf.api.metadata import Metadata, Targets

    return Metadata(Targets(version, expires=expiry(TARGETS, now)))


def new_snapshot(documents: Mapping[str, bytes], version: int, now: datetime) -> Metadata[Snapshot]:
    """What the targets and all delegated targets are at one moment."""
    from tuf.api.metadata import Metadata, MetaFile, Snapshot

    meta = {f"{role}.json": MetaFile.from_data(read(raw).version, raw, ["sha256"]) for role, raw in documents.items()}
    return Metadata(Snapshot(version=version, expires=expiry(SNAPSHOT, now), meta=meta))


def new_timestamp(snapshot: bytes, version: int, now: datetime) -> Metadata[Timestamp]:
    """Which snapshot is the newest."""
    from tuf.api.metadata import Metadata, MetaFile, Timestamp

    meta = MetaFile.from_data(read(snapshot).version, snapshot, ["sha256"])
    return Metadata(Timestamp(version=version, expires=expiry(TIMESTAMP, now), snapshot_meta=meta))


def parse(raw: bytes) -> AnyDocument:
    """A document from its bytes; GarbageError where they are none."""
    from tuf.api.metadata import Metadata
    from tuf.api.serialization import DeserializationError

    try:
        document: AnyDocument = Metadata.from_bytes(raw)
    except DeserializationError as error:
        raise garbage(raw) from error
    return document


def garbage(raw: bytes) -> GarbageError:
    """What is wrong with bytes that are no document: Go's words where they are no JSON at all."""
    try:
        decode(raw)
    except InvalidParameterError as error:
        return GarbageError(str(error))
    return GarbageError("the trust data are no TUF metadata")


def read(raw: bytes) -> Any:
    """The signed part of a document, whoever signed it."""
    return parse(raw).signed


def sign(document: AnyDocument, keys: Iterable[PrivateKey]) -> bytes:
    """Sign a document anew, and return its bytes."""
    from securesystemslib.signer import Signature

    document.signatures.clear()
    data = document.signed_bytes
    for key in keys:
        document.signatures[key.public.id] = Signature(key.public.id, key.sign(data).hex())
    return document.to_bytes()


def renew(document: AnyDocument, role: str, now: datetime) -> None:
    """One version further, and a whole life long again."""
    document.signed.version += 1
    document.signed.expires = expiry(role, now)


def put_target(targets: Metadata[Targets], target: Target) -> None:
    """Let a tag mean a manifest."""
    from tuf.api.metadata import TargetFile

    targets.signed.targets[target.name] = TargetFile(target.length, {"sha256": target.sha256}, target.name)


def tags_of(targets: Targets) -> dict[str, Target]:
    """The tags of targets that are signed by their SHA-256."""
    return {
        name: Target(name, file.hashes["sha256"], file.length)
        for name, file in targets.targets.items()
        if "sha256" in file.hashes
    }


def delegate(targets: Metadata[Targets], role: str, keys: Iterable[PublicKey]) -> None:
    """Let some more keys sign every tag in a delegated role."""
    from tuf.api.metadata import DelegatedRole, Delegations

    delegations = targets.signed.delegations
    if delegations is None or delegations.roles is None:
        delegations = targets.signed.delegations = Delegations({}, {})
    assert delegations.roles is not None
    delegations.roles.setdefault(role, DelegatedRole(role, [], 1, terminating=False, paths=[_EVERY_TAG]))
    for key in keys:
        targets.signed.add_key(tuf_key(key), role)


def end_delegation(targets: Metadata[Targets], role: str, key_ids: Iterable[str]) -> None:
    """Take keys out of a delegated role; a signer's own role goes with its keys, the role of the releases stays."""
    delegations = targets.signed.delegations
    assert delegations is not None
    assert delegations.roles is not None
    for key_id in key_ids:
        if key_id in delegations.roles[role].keyids:
            targets.signed.revoke_key(key_id, role)
    if role != RELEASES:
        del delegations.roles[role]
