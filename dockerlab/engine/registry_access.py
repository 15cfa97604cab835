"""A registry's `auth: htpasswd` in a container: its own file, and bcrypt without a compiled library."""

from __future__ import annotations

from dockerlab.errors import FileSystemError
from dockerlab.fs.filesystem import FileSystem
from dockerlab.registry.htpasswd import Htpasswd
from dockerlab.runtime.servers.bcrypt import check_password


def container_htpasswd(fs: FileSystem, path: str, realm: str) -> Htpasswd:
    """Lets in who knows a password of a file in `fs`."""

    def read() -> str:
        try:
            return fs.read(path).decode("utf-8", "replace")
        except FileSystemError:
            return ""

    return Htpasswd(read, check_password, realm)
