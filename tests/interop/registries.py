"""A real docker-registry on loopback, for the tests and for the benchmark: open, with passwords, or with tokens."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

PASSWORDS = "alice:$2y$05$cYXWHDh9lRyl.vZkOyk6K.Y/3fKDd2f29rfv2UcvkhyLzRGvW1MJu\n"
"""alice's is 'secret'."""

_CONFIG = """
version: 0.1
log: {{level: error, accesslog: {{disabled: true}}}}
storage: {{filesystem: {{rootdirectory: {folder}/data}}, delete: {{enabled: true}}}}
http: {{addr: 127.0.0.1:{port}}}
{auth}
"""


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def docker_registry(folder: Path, auth: str = "") -> Iterator[str]:
    """Debian's docker-registry in a folder, with the `auth` section of its configuration; yields its 'HOST:PORT'."""
    port = free_port()
    (folder / "config.yml").write_text(_CONFIG.format(folder=folder, port=port, auth=auth))
    server = subprocess.Popen(
        ["docker-registry", "serve", folder / "config.yml"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _await(f"http://127.0.0.1:{port}/v2/")
        yield f"127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(10)


def htpasswd(folder: Path) -> str:
    """The `auth` section for passwords."""
    (folder / "passwords").write_text(PASSWORDS)
    return f"auth: {{htpasswd: {{realm: Registry, path: {folder}/passwords}}}}"


def _await(url: str) -> None:
    deadline = time.monotonic() + 20
    while True:
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except urllib.error.HTTPError:
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return
