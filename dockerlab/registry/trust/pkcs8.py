"""The lock of the docker client's key files: PKCS #8 with PBES2 (RFC 5208; RFC 8018, 6.2), as Notary writes it.

PBKDF2 makes a key of the passphrase, AES-256 in CBC mode locks what is inside: a private key with the version 1, which
PKCS #8 does not have, so that libraries refuse to read it. That is why it is read and written here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

_ROUNDS = 2048
_MOST_ROUNDS = 1_000_000
_BLOCK = 16
_PBES2, _PBKDF2, _AES256_CBC = (
    bytes.fromhex(each) for each in ("2a864886f70d01050d", "2a864886f70d01050c", "60864801650304012a")
)
_EC_KEY, _P256 = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d030107")
_INTEGER, _OCTETS, _OBJECT, _SEQUENCE = 0x02, 0x04, 0x06, 0x30


def lock(key: bytes, passphrase: str, salt: bytes, iv: bytes) -> bytes:
    """An ECPrivateKey in DER (RFC 5915), locked."""
    kind = _sequence(_tagged(_OBJECT, _EC_KEY), _tagged(_OBJECT, _P256))
    data = _sequence(_tagged(_INTEGER, b"\x01"), kind, _tagged(_OCTETS, key))
    missing = _BLOCK - len(data) % _BLOCK
    locked = _cipher(passphrase, salt, _ROUNDS, iv, data + bytes([missing]) * missing, locks=True)
    rounds = _ROUNDS.to_bytes(2, "big")
    derivation = _sequence(_tagged(_OBJECT, _PBKDF2), _sequence(_tagged(_OCTETS, salt), _tagged(_INTEGER, rounds)))
    cipher = _sequence(_tagged(_OBJECT, _AES256_CBC), _tagged(_OCTETS, iv))
    scheme = _sequence(_tagged(_OBJECT, _PBES2), _sequence(derivation, cipher))
    return _sequence(scheme, _tagged(_OCTETS, locked))


def unlock(der: bytes, passphrase: str) -> bytes | None:
    """The ECPrivateKey inside; None where it is locked in another way, or the passphrase is another one."""
    try:
        (scheme, locked) = _parts(_parts(der)[0])
        (name, parameters) = _parts(scheme)
        (derivation, cipher) = _parts(parameters)
        (function, salted) = _parts(derivation)
        (salt, rounds) = _parts(salted)
        (algorithm, iv) = _parts(cipher)
        if (name, function, algorithm) != (_PBES2, _PBKDF2, _AES256_CBC) or len(locked) % _BLOCK or len(iv) != _BLOCK:
            return None
        number = int.from_bytes(rounds, "big")
        if not 0 < number <= _MOST_ROUNDS:
            return None
        data = _cipher(passphrase, salt, number, iv, locked, locks=False)
        (_, _, key) = _parts(_parts(data[: -data[-1]])[0])
    except (ValueError, IndexError):
        return None
    return key


def _cipher(passphrase: str, salt: bytes, rounds: int, iv: bytes, data: bytes, *, locks: bool) -> bytes:
    from cryptography.hazmat.primitives.ciphers import Cipher
    from cryptography.hazmat.primitives.ciphers.algorithms import AES256
    from cryptography.hazmat.primitives.ciphers.modes import CBC

    key = hashlib.pbkdf2_hmac("sha1", passphrase.encode(), salt, rounds, 32)
    cipher = Cipher(AES256(key), CBC(iv))
    turned = cipher.encryptor() if locks else cipher.decryptor()
    return turned.update(data) + turned.finalize()


def _tagged(tag: int, body: bytes) -> bytes:
    """A value in DER (X.690, 8.1), shorter than 256 bytes."""
    length = bytes([len(body)]) if len(body) < 0x80 else bytes([0x81, len(body)])
    return bytes([tag]) + length + body


def _sequence(*parts: bytes) -> bytes:
    return _tagged(_SEQUENCE, b"".join(parts))


def _parts(data: bytes) -> Sequence[bytes]:
    """The bodies of the values that stand one after the other; ValueError where that is no DER."""
    bodies, at = [], 0
    while at < len(data):
        length, start = data[at + 1], at + 2
        if length > 0x80:
            start += length - 0x80
            length = int.from_bytes(data[at + 2 : start], "big")
        if length == 0x80 or start + length > len(data):
            raise ValueError("no DER")
        bodies.append(data[start : start + length])
        at = start + length
    return bodies
