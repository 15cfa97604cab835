"""docker manifest inspect (transcript registry.json)."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

Host: TypeAlias = Callable[..., tuple[str, str, int]]


def test_a_manifest_is_indented_with_tabs(host: Host) -> None:
    host("docker tag busybox:1.35 localhost:5005/bb:v1; docker push localhost:5005/bb:v1")
    out = host("docker manifest inspect --insecure localhost:5005/bb:v1")[0]
    assert out.startswith('{\n\t"schemaVersion": 2,\n\t"mediaType": "application/vnd.docker.distribution.manifest')
    assert list(json.loads(host("docker manifest inspect --insecure -v localhost:5005/bb:v1")[0])) == [
        "Ref", "Descriptor", "Raw", "SchemaV2Manifest",
    ]  # fmt: skip


def test_without_https_there_is_no_manifest(host: Host) -> None:
    text = "no such manifest: localhost:5005/bb:v1\n"
    assert host("docker manifest inspect localhost:5005/bb:v1") == ("", text, 1)
