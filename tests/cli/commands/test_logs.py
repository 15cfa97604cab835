"""docker logs: each line on the stream that it was printed to (transcript g14_lifecycle.json)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_logs_keep_the_streams_apart(host: Host) -> None:
    host("docker run --name c1 busybox:1.35 sh -c 'echo out; echo err >&2'")
    assert host("docker logs c1") == ("out\n", "err\n", 0)
    assert host("docker logs -n 1 c1") == ("", "err\n", 0)
    assert host("docker logs --tail 0 c1") == ("", "", 0)


def test_since_counts_back_from_now(host: Host) -> None:
    host("docker run --name c1 busybox:1.35 echo out; sleep 60")
    assert host("docker logs --since 10s c1")[0] == ""
    assert host("docker logs --since 10m c1")[0] == "out\n"
