"""Every check of the OCI conformance suite by its name (data/oci-checks.json), in process, in a folder, on a socket."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dockerlab.registry import Server
from dockerlab.registry.folder import FolderStorage
from tests.registry.asking import Exchangeable, Registry, Wire, serving
from tests.registry.checks import Suite, blobs, data_set, nothing_there

NAMES = json.loads((Path(__file__).parent / "data" / "oci-checks.json").read_text(encoding="utf-8"))["names"]
NOTHING = ("ping", "empty", "missing-manifest", "invalid-digest-format")
BLOBS = ("sha256 blobs", "sha512 blobs")
GROUPS = ["nothing", *dict.fromkeys(group for name in NAMES if (group := name.partition("/")[0]) not in NOTHING)]


def runner(group: str) -> Callable[[Suite, str], None]:
    """What does the checks of a group."""
    if group == "nothing":
        return nothing_there
    return (lambda suite, name: blobs(suite, name.partition(" ")[0])) if group in BLOBS else data_set


@pytest.fixture(scope="module")
def socket() -> Iterator[tuple[Exchangeable, Wire]]:
    behind = Exchangeable()
    with serving(behind) as wire:
        yield behind, wire


@pytest.mark.parametrize("kind", ["memory", "folder", "socket"])
@pytest.mark.parametrize("group", GROUPS)
def test_all_checks_of_a_group_pass(group: str, kind: str, tmp_path: Path, socket: tuple[Exchangeable, Wire]) -> None:
    server = Server() if kind == "memory" else Server(FolderStorage(tmp_path))
    behind, wire = socket
    behind.server = server
    suite = Suite(Registry(wire if kind == "socket" else server))
    runner(group)(suite, group)
    wanted = {name for name in NAMES if name.partition("/")[0] in (NOTHING if group == "nothing" else (group,))}
    assert wanted - suite.done == set()
