"""What can be wrong with trust data, and with whom one asks for it; the texts are those of the docker client.

TrustError
├── NoTrustDataError            the server knows nothing of the repository
├── UnknownTargetError          the repository is signed, but not this tag
├── NotServedError              the server does not have a document
├── OfflineError                nobody answers at the server's address
├── UpdateRefusedError          the server does not take what was published
├── MissingKeysError            no key that may sign is here, or its passphrase is wrong
├── MetadataError               what was served is not what the keys say
│   ├── MalformedMetadataError      what was kept can't be read at all
│   ├── GarbageError                what the server answers is no metadata
│   ├── SignatureError              too few valid signatures of keys that may sign
│   ├── RollbackError               older than what was seen before
│   ├── ExpiredError                its time has run out
│   ├── ChecksumError               other bytes than the ones that were vouched for
│   └── RootChangedError            another root than the one that was trusted first
├── KeyFileError                a file that holds no key
└── PassphraseError             a key that stays locked
"""

from __future__ import annotations

from collections.abc import Sequence

from dockerlab.errors import CommandError


class TrustError(CommandError):
    """Root of the tree; the client prints these texts, some of them after a word of its own."""


class NoTrustDataError(TrustError):
    """The server knows nothing of the repository."""

    def __init__(self, server: str, gun: str) -> None:
        super().__init__(f"{server} does not have trust data for {gun}")
        self.server, self.gun = server, gun


class UnknownTargetError(TrustError):
    """The repository is signed, but not this tag."""

    def __init__(self, tag: str) -> None:
        super().__init__(f"No valid trust data for {tag}")
        self.tag = tag


class NotServedError(TrustError):
    """The server does not have a document."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name} trust data unavailable.  Has a notary repository been initialized?")


class OfflineError(TrustError):
    """Nobody answers at the server's address."""


class ServerError(OfflineError):
    """The server answers that it can't, or won't."""

    def __init__(self, status: int) -> None:
        known = {401: "you are not authorized to perform this operation: server returned 401."}
        super().__init__(known.get(status, f"unable to reach trust server at this time: {status}."))
        self.status = status


class UpdateRefusedError(TrustError):
    """The server does not take what was published."""


class MissingKeysError(TrustError):
    """No key that may sign is here, or its passphrase is wrong."""

    def __init__(self, role: str, key_ids: Sequence[str]) -> None:
        named = ", ".join(key_ids)
        super().__init__(
            f"could not find necessary signing keys, at least one of these keys must be available: {named}"
        )
        self.role, self.key_ids = role, tuple(key_ids)


class MetadataError(TrustError):
    """What was served is not what the keys say."""


class GarbageError(MetadataError):
    """Bytes that are no metadata."""


class SignatureError(MetadataError):
    """Too few valid signatures of keys that may sign for a role."""

    def __init__(self, role: str) -> None:
        super().__init__(f"valid signatures did not meet threshold for {role}")
        self.role = role


class RollbackError(MetadataError):
    """Metadata that are older than those that were seen before."""

    def __init__(self, actual: int, current: int) -> None:
        super().__init__(f"version {actual} is lower than current version {current}")
        self.actual, self.current = actual, current


class ExpiredError(MetadataError):
    """Metadata whose time has run out."""

    def __init__(self, role: str, expired: str) -> None:
        super().__init__(f"{role} expired at {expired}")
        self.role = role


class ChecksumError(MetadataError):
    """Other bytes than the ones that the snapshot vouches for."""

    def __init__(self, role: str, expected: str) -> None:
        super().__init__(f"sha256 checksum for {role} did not match: expected {expected}")
        self.role, self.expected = role, expected


class NoChecksumError(MetadataError):
    """A document that nobody vouches for."""

    def __init__(self, role: str) -> None:
        super().__init__(f"no checksums for supported algorithms were provided for {role}")
        self.role = role


class RootChangedError(MetadataError):
    """Another root than the one that was trusted first."""

    def __init__(self) -> None:
        reason = "failed to validate data with current trusted certificates"
        super().__init__(f"could not rotate trust to a new trusted root: {reason}")


class NoLibraryError(TrustError):
    """This Python lacks what signing stands on; everything else of the lab does without."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"dockerlab: signatures need Python packages that are missing here: {', '.join(names)}")
        self.names = tuple(names)


class KeyFileError(TrustError):
    """A file that holds no key of a kind that is understood."""


class PassphraseError(TrustError):
    """A key that stays locked."""
