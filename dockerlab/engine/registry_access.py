"""A registry's `auth: htpasswd`: names and bcrypt hashes in a file (distribution, registry/auth/htpasswd)."""

from __future__ import annotations

from dockerlab.errors import FileSystemError
from dockerlab.fs.filesystem import FileSystem
from dockerlab.registry.access import credentials
from dockerlab.registry.protocol import Refusal, Request
from dockerlab.runtime.servers.bcrypt import check_password


class Htpasswd:
    """Lets in who knows a password of the file, which is read again whenever it has changed."""

    def __init__(self, fs: FileSystem, path: str, realm: str) -> None:
        self._fs, self._path = fs, path
        self._challenge = {"Www-Authenticate": f'Basic realm="{realm}"'}
        self._known: set[tuple[str, str, str]] = set()
        """(name, password, hash) that were found to fit; bcrypt is slow on purpose."""

    def check(self, request: Request, repository: str, *, exists: bool) -> None:
        """No credentials and wrong ones get the same answer."""
        name, password = credentials(request) or ("", "")
        kept = self._hash_of(name)
        if not kept or not self._fits(name, password, kept):
            raise Refusal("UNAUTHORIZED", headers=self._challenge)

    def _hash_of(self, name: str) -> str:
        try:
            lines = self._fs.read(self._path).decode("utf-8", "replace").splitlines()
        except FileSystemError:
            return ""
        return dict(line.strip().partition(":")[::2] for line in lines).get(name, "") if name else ""

    def _fits(self, name: str, password: str, kept: str) -> bool:
        if (name, password, kept) in self._known:
            return True
        fits = check_password(password.encode(), kept)
        if fits:
            self._known.add((name, password, kept))
        return fits
