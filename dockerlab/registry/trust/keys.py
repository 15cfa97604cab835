"""Signing keys: ECDSA on P-256, as the docker client and cosign make them, and the files that they are kept in.

A key's ID is Notary's: the SHA-256 of the canonical JSON of its type and its public half. Private keys are kept as PEM
with headers that say what they are for (theupdateframework/notary, tuf/utils/x509.go), locked as `pkcs8` says. Keys
and salts come from the lab's seed, signatures from RFC 6979, so the same lesson gives the same bytes: these keys are
for lessons alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING

from dockerlab.registry.trust.errors import KeyFileError, NoLibraryError, PassphraseError
from dockerlab.registry.trust.pkcs8 import lock, unlock
from dockerlab.world import Chance

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey

_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""How many keys there are on P-256 (SEC 2, 2.4.2), and one more."""
_LIBRARIES = ("cryptography", "securesystemslib", "tuf")
_PEM = re.compile(rb"-----BEGIN ([A-Z ]+)-----\r?\n(.*?)-----END \1-----", re.DOTALL)
ENCRYPTED = "ENCRYPTED PRIVATE KEY"
_PRIVATE = (ENCRYPTED, "PRIVATE KEY", "EC PRIVATE KEY")


def need_libraries() -> None:
    """NoLibraryError where this Python can't sign: asked for once, before a command begins."""
    missing = [name for name in _LIBRARIES if find_spec(name) is None]
    if missing:
        raise NoLibraryError(missing)


@dataclass(frozen=True)
class PemBlock:
    """One block of a PEM file: its type, its headers, its bytes (RFC 1421, 4.6; RFC 7468)."""

    kind: str
    headers: Mapping[str, str]
    der: bytes

    @classmethod
    def parse(cls, text: bytes) -> PemBlock:
        """The first block of a file; KeyFileError where there is none."""
        found = _PEM.search(text)
        if not found:
            raise KeyFileError("no PEM block")
        head, blank, body = found[2].decode("latin-1").partition("\n\n")
        headers = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line) if blank else {}
        try:
            der = base64.b64decode("".join((body if blank else head).split()), validate=True)
        except ValueError as error:
            raise KeyFileError("no PEM block") from error
        return cls(found[1].decode(), headers, der)

    def __bytes__(self) -> bytes:
        rows = [f"{name}: {self.headers[name]}" for name in sorted(self.headers)]
        text = base64.b64encode(self.der).decode()
        lines = [*rows, *([""] if rows else []), *(text[at : at + 64] for at in range(0, len(text), 64))]
        return "\n".join([f"-----BEGIN {self.kind}-----", *lines, f"-----END {self.kind}-----", ""]).encode()


@dataclass(frozen=True)
class PublicKey:
    """The half of a key that verifies: a SubjectPublicKeyInfo in DER."""

    der: bytes

    @cached_property
    def id(self) -> str:
        """Notary's ID of the key."""
        value = {"private": None, "public": base64.b64encode(self.der).decode()}
        canonical = json.dumps({"keytype": "ecdsa", "keyval": value}, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @classmethod
    def parse(cls, text: bytes) -> PublicKey:
        """The key of a PEM file; KeyFileError where it is none on P-256."""
        try:
            block = PemBlock.parse(text)
        except KeyFileError as error:
            raise KeyFileError("no valid public key found") from error
        if block.kind != "PUBLIC KEY":
            raise KeyFileError("no valid public key found")
        _loaded_public(block.der)
        return cls(block.der)

    def pem(self, role: str = "") -> bytes:
        """The key as a file, with the role that it signs for."""
        return bytes(PemBlock("PUBLIC KEY", {"role": role} if role else {}, self.der))

    def verifies(self, signature: bytes, data: bytes) -> bool:
        """Whether the key's other half signed this."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        try:
            _loaded_public(self.der).verify(signature, data, ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, repr=False)
class PrivateKey:
    """The half of a key that signs; nothing ever shows its number."""

    number: int

    @classmethod
    def of(cls, chance: Chance) -> PrivateKey:
        """A new key, drawn from the lab's seed."""
        return cls(int(chance.hex(), 16) % (_ORDER - 1) + 1)

    @cached_property
    def _key(self) -> EllipticCurvePrivateKey:
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key

        return derive_private_key(self.number, SECP256R1())

    @cached_property
    def public(self) -> PublicKey:
        """The other half."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        return PublicKey(self._key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    @cached_property
    def der(self) -> bytes:
        """The key as PKCS #8 (RFC 5208), bare."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        return self._key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())

    def sign(self, data: bytes) -> bytes:
        """ECDSA with SHA-256, in DER; the same data get the same signature (RFC 6979)."""
        from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
        from cryptography.hazmat.primitives.hashes import SHA256

        return self._key.sign(data, ECDSA(SHA256(), deterministic_signing=True))

    def pem(self, passphrase: str, chance: Chance, *, role: str, gun: str = "") -> bytes:
        """The key as a file that only the passphrase opens."""
        from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

        headers = {"role": role} | ({"gun": gun} if gun else {})
        drawn = bytes.fromhex(chance.hex(48))
        inner = self._key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        return bytes(PemBlock(ENCRYPTED, headers, lock(inner, passphrase, drawn[:8], drawn[8:])))

    @classmethod
    def parse(cls, text: bytes, passphrase: str = "") -> PrivateKey:
        """The key of a file; KeyFileError where there is none, PassphraseError where it stays locked."""
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        block = PemBlock.parse(text)
        if block.kind not in _PRIVATE:
            raise KeyFileError("no valid private key found")
        locked = block.kind == ENCRYPTED or "DEK-Info" in block.headers
        kept = {name: text for name, text in block.headers.items() if name in ("Proc-Type", "DEK-Info")}
        bare = PemBlock(block.kind, kept, block.der)
        inner = unlock(block.der, passphrase) if block.kind == ENCRYPTED else None
        if inner is not None:
            bare, locked = PemBlock("EC PRIVATE KEY", {}, inner), False
        try:
            key = load_pem_private_key(bytes(bare), passphrase.encode() if locked else None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise (PassphraseError if locked else KeyFileError)("no valid private key found") from error
        if not isinstance(key, EllipticCurvePrivateKey) or not isinstance(key.curve, SECP256R1):
            raise KeyFileError("only ECDSA keys on the curve P-256 are understood here")
        return cls(key.private_numbers().private_value)


def is_private(text: bytes) -> bool:
    """Whether a file looks like one with a private key."""
    try:
        return PemBlock.parse(text).kind in _PRIVATE
    except KeyFileError:
        return False


def _loaded_public(der: bytes) -> EllipticCurvePublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    try:
        key = load_der_public_key(der)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise KeyFileError("no valid public key found") from error
    if not isinstance(key, EllipticCurvePublicKey):
        raise KeyFileError("no valid public key found")
    return key
