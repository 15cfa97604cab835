"""cosign's private key files: PEM around JSON, locked with a password (go-securesystemslib, encrypted/encrypted.go)."""

from __future__ import annotations

import base64
import json
from typing import Any

from dockerlab.registry.signatures.errors import LockedKeyError
from dockerlab.registry.signatures.secretbox import TAG, seal, unseal
from dockerlab.registry.trust.errors import KeyFileError
from dockerlab.registry.trust.keys import PemBlock, PrivateKey
from dockerlab.world import Chance

_KIND = "ENCRYPTED SIGSTORE PRIVATE KEY"
_OLD_KIND = "ENCRYPTED COSIGN PRIVATE KEY"
_COST = {"N": 65536, "r": 8, "p": 1}
_MOST = 1 << 20
"""A file that asks for more memory than that many blocks is none of cosign's."""


def lock(key: PrivateKey, password: str, chance: Chance) -> bytes:
    """A key as a file that only the password opens."""
    drawn = bytes.fromhex(chance.hex(112))
    salt, nonce = drawn[:32], drawn[32:]
    box = seal(key.der, nonce, _derived(password, salt, _COST))
    document = {
        "kdf": {"name": "scrypt", "params": _COST, "salt": _text(salt)},
        "cipher": {"name": "nacl/secretbox", "nonce": _text(nonce)},
        "ciphertext": _text(box),
    }
    return bytes(PemBlock(_KIND, {}, json.dumps(document, separators=(",", ":")).encode()))


def unlock(text: bytes, password: str) -> PrivateKey:
    """The key of a file; LockedKeyError where there is none, or the password is another one."""
    try:
        block = PemBlock.parse(text)
    except KeyFileError as error:
        raise LockedKeyError("invalid pem block") from error
    if block.kind not in (_KIND, _OLD_KIND):
        raise LockedKeyError(f"unsupported pem type: {block.kind}")
    der = _opened(block.der, password)
    try:
        return PrivateKey.parse(bytes(PemBlock("PRIVATE KEY", {}, der)))
    except KeyFileError as error:
        raise LockedKeyError(f"parsing private key: {error}") from error


def _opened(document: bytes, password: str) -> bytes:
    try:
        kept = json.loads(document)
        cost, salt = kept["kdf"]["params"], base64.b64decode(kept["kdf"]["salt"])
        nonce, box = base64.b64decode(kept["cipher"]["nonce"]), base64.b64decode(kept["ciphertext"])
        readable = cost["N"] * cost["r"] * cost["p"] <= _MOST and len(nonce) == 24 and len(box) >= TAG
    except (ValueError, KeyError, TypeError) as error:
        raise LockedKeyError(f"decrypt: {error}") from error
    if not readable:
        raise LockedKeyError("decrypt: encrypted: unsupported parameters")
    der = unseal(box, nonce, _derived(password, salt, cost))
    if der is None:
        raise LockedKeyError("decrypt: encrypted: decryption failed")
    return der


def _derived(password: str, salt: bytes, cost: dict[str, Any]) -> bytes:
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

    try:
        return Scrypt(salt=salt, length=32, n=cost["N"], r=cost["r"], p=cost["p"]).derive(password.encode())
    except (ValueError, TypeError) as error:
        raise LockedKeyError("decrypt: encrypted: unsupported parameters") from error


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
