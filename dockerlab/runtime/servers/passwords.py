"""Passwords as files of `htpasswd` keep them (httpd.apache.org, docs/2.4/misc/password_encryptions)."""

from __future__ import annotations

import base64
import hashlib

from dockerlab.runtime.servers.bcrypt import check_password

DIGITS = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
APR1, ROUNDS = "$apr1$", 1000
_TRIPLES = ((0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5))


def fits(password: str, kept: str) -> bool:
    """Whether a password is the one of a line: bcrypt, Apache's MD5, SHA-1, or plain text behind {PLAIN}."""
    raw = password.encode()
    if kept.startswith("$2"):
        return check_password(raw, kept)
    if kept.startswith(APR1):
        return apr1(raw, kept[len(APR1) :].partition("$")[0]) == kept
    if kept.startswith("{SHA}"):
        return sha1(raw) == kept
    return kept == f"{{PLAIN}}{password}"


def sha1(password: bytes) -> str:
    """'{SHA}…'."""
    return "{SHA}" + base64.b64encode(hashlib.sha1(password).digest()).decode()


def apr1(password: bytes, salt: str) -> str:
    """'$apr1$…': MD5 over and over, as Apache mixes it."""
    seed = salt.encode()
    inner = hashlib.md5(password + seed + password).digest()
    mixed = password + APR1.encode() + seed
    mixed += (inner * (len(password) // 16 + 1))[: len(password)]
    left = len(password)
    while left:
        mixed += b"\0" if left & 1 else password[:1]
        left >>= 1
    digest = hashlib.md5(mixed).digest()
    for number in range(ROUNDS):
        first, last = (password, digest) if number & 1 else (digest, password)
        middle = (seed if number % 3 else b"") + (password if number % 7 else b"")
        digest = hashlib.md5(first + middle + last).digest()
    return f"{APR1}{salt}${_digits(digest)}"


def _digits(digest: bytes) -> str:
    pieces = [(digest[a] << 16 | digest[b] << 8 | digest[c], 4) for a, b, c in _TRIPLES] + [(digest[11], 2)]
    return "".join(DIGITS[value >> 6 * at & 63] for value, size in pieces for at in range(size))
