"""A fresh host for each test: no hub, two registries, the image busybox:1.35, and `docker` to type."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import dockerlab

BASE = Path(__file__).parents[2] / "transcripts" / "data" / "busybox-1.35.tar.gz"


@pytest.fixture
def lab() -> Any:
    """The host, with an open registry and one that wants alice's password."""
    lab = dockerlab.Lab(hub=None, experimental=True)
    lab.serve_registry("localhost:5005", users=None)
    lab.serve_registry("localhost:5006", users={"alice": "secret"})
    lab.host.write("/tmp/base.tar.gz", BASE.read_bytes())
    lab.run("mkdir -p /lab && cd /lab && docker load -q -i /tmp/base.tar.gz")
    return lab


@pytest.fixture
def host(lab: Any) -> Callable[..., tuple[str, str, int]]:
    """Types a line into the host's shell: (standard output, standard error, exit code)."""

    def run(line: str, stdin: str = "") -> tuple[str, str, int]:
        result = lab.run(line, stdin=stdin)
        return result.stdout, result.stderr, result.exit_code

    return run
