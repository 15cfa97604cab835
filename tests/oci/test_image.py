"""Image configurations, byte for byte as the real engine wrote them (data/configs.json)."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dockerlab.errors import InvalidParameterError
from dockerlab.oci.config import NIL, NIL_MAP, ContainerConfig, Healthcheck
from dockerlab.oci.digest import Digest
from dockerlab.oci.image import History, ImageConfig, RootFS

CASES = json.loads((Path(__file__).parent / "data" / "configs.json").read_text(encoding="utf-8"))["cases"]
recorded = pytest.mark.parametrize("case", CASES, ids=lambda case: case["what"])


@recorded
def test_the_image_id_is_the_digest_of_the_bytes(case: dict[str, Any]) -> None:
    """Docker's classic store: ID = sha256 of the configuration."""
    config = ImageConfig.parse(case["raw"].encode())
    assert config.image_id == case["id"]
    assert config.raw.decode() == case["raw"]


@recorded
def test_what_is_made_anew_has_the_bytes_that_moby_writes(case: dict[str, Any]) -> None:
    """Key order, omitempty, null or [] and <>& as \\u escapes: all from Go's structs."""
    assert replace(ImageConfig.parse(case["raw"].encode())).raw.decode() == case["raw"]


def test_a_parsed_configuration_keeps_bytes_that_nobody_would_write() -> None:
    raw = b'{ "rootfs": {"type":"layers"},\n "os":"linux" , "unknown": 1}'
    config = ImageConfig.parse(raw)
    assert config.raw == raw
    assert config.image_id == Digest.of(raw)
    assert b"unknown" not in replace(config, author="me").raw


def test_a_new_configuration() -> None:
    """moby, daemon/images/image_import.go: what `docker import` makes."""
    layer = Digest.of(b"layer")
    config = ImageConfig.new(
        [layer],
        ContainerConfig(cmd=("sh",), env=("A=<1>",)),
        [History("2026-11-23T09:00:00Z", comment="Imported from -")],
        created="2026-11-23T09:00:00Z",
        comment="Imported from -",
    )
    document = json.loads(config.raw)
    assert list(document) == ["architecture", "comment", "config", "created", "history", "os", "rootfs"]
    assert document["rootfs"] == {"type": "layers", "diff_ids": [layer]}
    assert document["history"] == [{"created": "2026-11-23T09:00:00Z", "comment": "Imported from -"}]
    assert b'"Env":["A=\\u003c1\\u003e"]' in config.raw


def test_nil_and_empty_differ_only_in_the_bytes() -> None:
    """Go writes a nil slice or map as null, an empty one as [] or {}."""
    nil, empty = ContainerConfig(), ContainerConfig(env=(), volumes=(), labels={}, cmd=())
    assert nil.env == empty.env == ()
    assert [nil.to_json()[key] for key in ("Env", "Volumes", "Labels", "Cmd")] == [None] * 4
    assert [empty.to_json()[key] for key in ("Env", "Volumes", "Labels", "Cmd")] == [[], {}, {}, []]
    again = ContainerConfig.from_json(nil.to_json())
    assert (again.env is NIL, again.labels is NIL_MAP, again.cmd) == (True, True, None)


def test_fields_that_are_only_written_when_set() -> None:
    config = ContainerConfig(
        exposed_ports=("80/tcp", "443/tcp"),
        healthcheck=Healthcheck(("NONE",), retries=3),
        stop_signal="SIGINT",
        stop_timeout=0,
        shell=("/bin/ash", "-c"),
    )
    written = config.to_json()
    assert list(written["ExposedPorts"]) == ["443/tcp", "80/tcp"]
    assert written["Healthcheck"] == {"Test": ["NONE"], "Retries": 3}
    assert (written["StopSignal"], written["StopTimeout"], written["Shell"]) == ("SIGINT", 0, ["/bin/ash", "-c"])
    assert not {"StopSignal", "StopTimeout", "Shell", "Healthcheck"} & set(ContainerConfig().to_json())
    assert ContainerConfig.from_json(written) == replace(config, exposed_ports=("443/tcp", "80/tcp"))


def test_what_buildkit_writes() -> None:
    """BuildKit leaves out what is not set, but for OnBuild."""
    assert ContainerConfig().to_oci_json() == {"OnBuild": None}
    assert list(ContainerConfig(user="u", cmd=("c",), entrypoint=("e",)).to_oci_json()) == [
        "User",
        "Entrypoint",
        "Cmd",
        "OnBuild",
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"[]",
        b"null",
        b"{}",
        b'{"rootfs":null}',
        b'{"rootfs":5}',
        b'{"rootfs":{"diff_ids":["sha256:x"]}}',
        b'{"rootfs":{"diff_ids":[5]}}',
        b'{"rootfs":{},"config":[]}',
        b'{"rootfs":{},"config":{"Env":{"A":1}}}',
        b'{"rootfs":{},"config":{"Labels":{"a":5}}}',
        b'{"rootfs":{},"config":{"Tty":1}}',
        b'{"rootfs":{},"history":[5]}',
        b'{"rootfs":{},"created":5}',
        b'{"rootfs":{},"os":NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_broken_configuration_is_refused(raw: bytes) -> None:
    with pytest.raises(InvalidParameterError):
        ImageConfig.parse(raw)


def test_one_more_layer() -> None:
    assert RootFS().append(Digest.of(b"")).to_json() == {"type": "layers", "diff_ids": [str(Digest.of(b""))]}
    assert RootFS().to_json() == {"type": "layers"}
