"""From a trusted root to the tags: what the docker client believes (TUF specification 1.0, 5.3 to 5.6).

python-tuf's TrustedMetadataSet decides what may follow what; here is only the order in which it is asked, where the
documents come from, and what Docker says of those that are refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from dockerlab.registry.trust.errors import (
    ChecksumError,
    ExpiredError,
    MetadataError,
    NoChecksumError,
    NotServedError,
    OfflineError,
    RollbackError,
    RootChangedError,
    SignatureError,
    UnknownTargetError,
)
from dockerlab.registry.trust.metadata import (
    ROOT,
    SNAPSHOT,
    TARGETS,
    TIMESTAMP,
    Role,
    Target,
    garbage,
    parse,
    read,
    tags_of,
)

if TYPE_CHECKING:
    from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

Fetch = Callable[[str], bytes]
"""Gets a document by its name; NotServedError where the server has none, OfflineError where nobody answers."""

_CACHED = (
    "Error while downloading remote metadata, using cached timestamp"
    " - this might not be the latest version available remotely"
)


@dataclass(frozen=True)
class Trusted:
    """What was verified: the documents by role, those of root apart."""

    documents: Mapping[str, bytes]

    @property
    def roles(self) -> Sequence[Role]:
        """All roles that there are, those of root first."""
        root = read(self.documents[ROOT])
        rows = [Role(name, role.keyids, role.threshold, self._signers(name)) for name, role in root.roles.items()]
        return (*rows, *self.delegations)

    @property
    def delegations(self) -> Sequence[Role]:
        """The delegated roles, in the order in which they were made."""
        return [
            Role(name, role.keyids, role.threshold, self._signers(name))
            for name, role in delegated(read(self.documents[TARGETS])).items()
        ]

    def _signers(self, role: str) -> Sequence[str]:
        return list(parse(self.documents[role]).signatures) if role in self.documents else ()

    @property
    def versions(self) -> Mapping[str, int]:
        """The version of every role's document that the snapshot lists, of roles that are no more, too."""
        listed = read(self.documents[SNAPSHOT]).meta
        return {name.removesuffix(".json"): file.version for name, file in listed.items()}

    def tags(self, role: str) -> Mapping[str, Target]:
        """The tags that a role has signed."""
        return tags_of(read(self.documents[role])) if role in self.documents else {}

    def signed(self, tag: str = "") -> Sequence[tuple[str, Target]]:
        """(role, target) of every signature of a tag, or of all tags."""
        names = (TARGETS, *(role.name for role in self.delegations))
        return [(name, row) for name in names for row in self.tags(name).values() if not tag or row.name == tag]

    def find(self, tag: str, *roles: str) -> Target:
        """What a tag means to the first of some roles that knows it; UnknownTargetError where none does."""
        for role in roles:
            if tag in (known := self.tags(role)):
                return known[tag]
        raise UnknownTargetError(tag)


def delegated(targets: Any) -> Mapping[str, Any]:
    """The delegated roles of targets by name."""
    return (targets.delegations.roles if targets.delegations else None) or {}


@dataclass
class Update:
    """One update of what is known of a repository, from what was kept and from what the server has now.

    `alone` says whether what was kept will do without the server.
    """

    kept: MutableMapping[str, bytes]
    fetch: Fetch
    now: datetime
    warn: Callable[[str], None]
    alone: bool = True

    def run(self) -> Trusted:
        """Verify everything anew; what is right is kept for the next time."""
        trusted, root = self._root()
        documents = {ROOT: root}
        try:
            documents[TIMESTAMP] = self._timestamp(trusted)
            documents[SNAPSHOT] = self._snapshot(trusted)
        except SignatureError as error:
            self._complain_of_root(documents[ROOT], error)
        documents[TARGETS] = self._targets(trusted, TARGETS, trusted.update_targets)
        self._delegated(trusted, documents)
        self.kept.update(documents)
        return Trusted(documents)

    # The root: trusted when it is first seen, and then only followed by what its own keys have signed.

    def _root(self) -> tuple[TrustedMetadataSet, bytes]:
        from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
        from tuf.ngclient.config import EnvelopeType

        raw = self.kept[ROOT] if ROOT in self.kept else self.fetch(ROOT)
        with _worded(ROOT, raw):
            trusted = TrustedMetadataSet(raw, EnvelopeType.METADATA)
        trusted.reference_time = self.now
        with suppress(NotServedError, OfflineError):
            while True:
                following = self.fetch(f"{trusted.root.version + 1}.{ROOT}")
                with _worded(ROOT, following, trusted.root.version):
                    trusted.update_root(following)
                raw = following
        if trusted.root.is_expired(self.now):
            raise _expired(ROOT, raw)
        return trusted, raw

    def _complain_of_root(self, root: bytes, error: SignatureError) -> NoReturn:
        """What the root's keys have not signed may come with a root of its own, which is another matter."""
        served = parse(self.fetch(ROOT))
        with _worded(ROOT, root):
            known = parse(root)
        from tuf.api.exceptions import UnsignedMetadataError

        try:
            known.verify_delegate(ROOT, served)
        except UnsignedMetadataError as refused:
            raise RootChangedError from refused
        raise error

    # Timestamp and snapshot: what is newest, and never older than before.

    def _timestamp(self, trusted: TrustedMetadataSet) -> bytes:
        from tuf.api.exceptions import EqualVersionNumberError, RepositoryError

        kept = self.kept.get(TIMESTAMP, b"")
        with suppress(RepositoryError):
            trusted.update_timestamp(kept)
        known = TIMESTAMP in trusted
        try:
            raw = self.fetch(TIMESTAMP)
        except (NotServedError, OfflineError):
            if not known or not self.alone:
                raise
            self.warn(_CACHED)
            raw = kept
        try:
            with _worded(TIMESTAMP, raw, trusted.timestamp.version if known else 0):
                trusted.update_timestamp(raw)
        except EqualVersionNumberError:
            raw = kept
        if trusted.timestamp.is_expired(self.now):
            raise _expired(TIMESTAMP, raw)
        return raw

    def _snapshot(self, trusted: TrustedMetadataSet) -> bytes:
        from tuf.api.exceptions import RepositoryError

        kept = self.kept.get(SNAPSHOT, b"")
        with suppress(RepositoryError):
            trusted.update_snapshot(kept, trusted=True)
            return kept
        known = trusted.snapshot.version if SNAPSHOT in trusted else 0
        expected = trusted.timestamp.snapshot_meta
        raw = self._listed(SNAPSHOT, expected)
        with _worded(SNAPSHOT, raw, known, expected):
            trusted.update_snapshot(raw)
        return raw

    # Targets: what the snapshot lists.

    def _targets(self, trusted: TrustedMetadataSet, role: str, accept: Callable[[bytes], object]) -> bytes:
        from tuf.api.exceptions import RepositoryError

        kept = self.kept.get(role, b"")
        with suppress(RepositoryError):
            accept(kept)
            return kept
        expected = trusted.snapshot.meta.get(f"{role}.json")
        raw = self._listed(role, expected)
        with _worded(role, raw, expected=expected):
            accept(raw)
        return raw

    def _listed(self, role: str, expected: Any) -> bytes:
        """A document by its checksum, as the list that names it says."""
        return self.fetch(f"{role}.{_checksum(role, expected)}")

    def _delegated(self, trusted: TrustedMetadataSet, documents: dict[str, bytes]) -> None:
        """The delegated roles; one that can't be trusted counts for nothing, but does not spoil the others."""
        for role in delegated(trusted.targets):
            if f"{role}.json" not in trusted.snapshot.meta:
                continue

            def accept(raw: bytes, role: str = role) -> object:
                return trusted.update_delegated_targets(raw, role, TARGETS)

            try:
                documents[role] = self._targets(trusted, role, accept)
            except MetadataError as error:
                self.warn(f"Error getting {role}: {error}")


@contextmanager
def _worded(role: str, raw: bytes, known: int = 0, expected: Any = None) -> Iterator[None]:
    """python-tuf's refusals in Docker's words; `known` is the version that was seen before."""
    from tuf.api import exceptions as tuf

    try:
        yield
    except tuf.EqualVersionNumberError:
        raise
    except tuf.UnsignedMetadataError as error:
        raise (RootChangedError() if role == ROOT and known else SignatureError(role)) from error
    except tuf.LengthOrHashMismatchError as error:
        raise ChecksumError(role, _checksum(role, expected)) from error
    except tuf.ExpiredMetadataError as error:
        raise _expired(role, raw) from error
    except tuf.BadVersionNumberError as error:
        raise RollbackError(read(raw).version, known or getattr(expected, "version", 0)) from error
    except tuf.RepositoryError as error:
        raise garbage(raw) from error


def _checksum(role: str, expected: Any) -> str:
    """The SHA-256 that a list gives for a document."""
    checksum = ((expected.hashes if expected else None) or {}).get("sha256")
    if not checksum:
        raise NoChecksumError(role)
    return str(checksum)


def _expired(role: str, raw: bytes) -> ExpiredError:
    return ExpiredError(role, go_date(read(raw).expires))


def go_date(moment: datetime) -> str:
    """As Go's time.UnixDate shows it: 'Mon Nov 26 15:00:00 UTC 2029'."""
    return f"{moment:%a %b} {moment.day} {moment:%H:%M:%S} UTC {moment.year}"
