"""Basic authentication against a file of names and bcrypt hashes (distribution, registry/auth/htpasswd).

The file is read again when it has changed. Where it lies, and who computes bcrypt, is given: the registry in a
container has its own files and needs no compiled library.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping

from dockerlab.errors import InvalidParameterError
from dockerlab.registry.access import REALM, credentials
from dockerlab.registry.protocol import Refusal, Request

LONGEST = 72
"""Bytes of a password that bcrypt looks at."""

_BCRYPT = re.compile(r"\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}")
_KINDS = {"$apr1$": "MD5", "{SHA}": "SHA-1", "$5$": "SHA-256", "$6$": "SHA-512", "$argon2": "Argon2"}


def check_password(password: bytes, kept: str) -> bool:
    """Whether a password fits a bcrypt hash."""
    import bcrypt

    return bcrypt.checkpw(password[:LONGEST], kept.encode())


def hash_password(password: bytes) -> str:
    """A new bcrypt hash of a password; a longer one than bcrypt looks at raises."""
    import bcrypt

    if len(password) > LONGEST:
        raise InvalidParameterError(f"a password may have {LONGEST} bytes at most")
    return bcrypt.hashpw(password, bcrypt.gensalt(10)).decode()


def parse_htpasswd(text: str) -> Mapping[str, str]:
    """The hash of each name; what is no bcrypt raises, since nobody could get in by it."""
    users = {}
    for number, name, kept in _entries(text):
        if not name or not kept:
            raise InvalidParameterError(f"line {number} is not NAME:HASH")
        if not _BCRYPT.fullmatch(kept):
            kind = next((kind for start, kind in _KINDS.items() if kept.startswith(start)), "another kind")
            raise InvalidParameterError(f"line {number}: the password of {name!r} is of {kind}, only bcrypt is known")
        users[name] = kept
    return users


def _entries(text: str) -> Iterator[tuple[int, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            name, _, kept = line.strip().partition(":")
            yield number, name, kept


class Htpasswd:
    """Lets in who knows a password of the file, for everything; `read` gives its text, '' where it is gone."""

    def __init__(
        self, read: Callable[[], str], fits: Callable[[bytes, str], bool] = check_password, realm: str = REALM
    ) -> None:
        self._read, self._fits = read, fits
        self._challenge = {"Www-Authenticate": f'Basic realm="{realm}"'}
        self._text, self._users = "", dict[str, str]()
        self._known: set[bytes] = set()
        """Digests of (name, password, hash) that were found to fit; bcrypt is slow on purpose."""

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """No credentials and wrong ones get the same answer."""
        name, password = credentials(request) or ("", "")
        if not name or not self._is(name, password):
            raise Refusal("UNAUTHORIZED", headers=self._challenge)

    def _is(self, name: str, password: str) -> bool:
        text = self._read()
        if text != self._text:
            users = {name: kept for _, name, kept in _entries(text) if _BCRYPT.fullmatch(kept)}
            self._text, self._users, self._known = text, users, set()
        kept = self._users.get(name, "")
        entry = hashlib.sha256("\0".join((name, password, kept)).encode()).digest()
        if entry in self._known:
            return True
        # Somebody's hash is tried for a name that nobody has, so that the time tells nothing about names.
        tried = kept or next(iter(self._users.values()), "")
        fits = bool(tried) and self._fits(password.encode(), tried) and bool(kept)
        if fits:
            self._known.add(entry)
        return fits


__all__ = ["Htpasswd", "check_password", "hash_password", "parse_htpasswd"]
